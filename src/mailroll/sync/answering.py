"""What a worker does with a request for a run: make it, join another, or drop it."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from mailroll.audit.acting import Acting
from mailroll.sync import runs
from mailroll.sync.locking import AlreadyRunning
from mailroll.sync.models import Outcome, Run, RunRequest, RunState, Schedule, Trigger
from mailroll.sync.progress import Stop, Stopped

_ENDED_WELL = (RunState.APPLIED, RunState.UNCHANGED, RunState.HELD)


def answer(request_id: UUID, stop: Stop) -> None:
    """Answer one request, whatever became of it before.

    1. Drop it where it is settled, or the domain is no longer synced by itself; join a sync that has begun since.
       Where a worker died after the run and before it could say so, say so.
    2. Name the run; it is a new one where a worker died over the first.
    3. Make the run; where another of the domain is under way, that one answers.
    """
    request = RunRequest.objects.select_related("domain").filter(id=request_id, outcome="").first()
    if request is None or stop():
        return
    acting = Acting(request.actor)
    if _unwanted(request):
        settle(request, Outcome.CANCELLED, acting.now())
        return
    if request.run is not None and _made(request.run):
        settle(request, Outcome.DONE, acting.now())
        return
    since = _since(request)
    if since is not None:
        request.run = since
        settle(request, Outcome.JOINED, acting.now())
        return
    key = uuid4() if Run.objects.filter(id=request.id).exists() else request.id
    if not RunRequest.objects.filter(id=request.id, outcome="").update(run=key):
        return
    request.run = key
    try:
        runs.carry_out(request.domain, Trigger(request.trigger), key, acting, stop)
    except Stopped:
        return  # it waits for the next worker
    except AlreadyRunning as running:
        if running.run is None or Run.objects.filter(id=running.run, trigger=Trigger.IMPORT).exists():
            return  # a decision takes effect or a file is compared, which takes a moment: it is queued again
        request.run = running.run
        settle(request, Outcome.JOINED, acting.now())
    else:
        settle(request, Outcome.DONE, acting.now())


def settle(request: RunRequest, outcome: Outcome, now: datetime) -> bool:
    """Write the outcome down once; False where another was faster."""
    with transaction.atomic():
        waiting = RunRequest.objects.filter(id=request.id, outcome="")
        return bool(waiting.update(outcome=outcome, run=request.run, settled_at=now))


def _unwanted(request: RunRequest) -> bool:
    if request.trigger != Trigger.AUTOMATIC:
        return False
    return not Schedule.objects.filter(domain=request.domain_id, automatic=True, paused__isnull=True).exists()


def _made(run: UUID) -> bool:
    made = (*_ENDED_WELL, RunState.PLANNED, RunState.CANCELLED)
    return Run.objects.filter(id=run, state__in=made).exists()


def _since(request: RunRequest) -> UUID | None:
    """The sync that began after this request and ended well, where it was no preview that was asked for."""
    if request.trigger == Trigger.PREVIEW:
        return None
    syncs = Run.objects.filter(domain=request.domain_id, trigger__in=(Trigger.MANUAL, Trigger.AUTOMATIC))
    found = syncs.filter(started_at__gt=request.asked_at, state__in=_ENDED_WELL).order_by("-started_at")
    return found.values_list("id", flat=True).first()
