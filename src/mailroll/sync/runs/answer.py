"""What a worker does with a request: make the run, join another, carry a decision out, or drop it."""

import logging
from contextlib import suppress
from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import Q

from mailroll import log_context
from mailroll.audit.actor import Acting
from mailroll.connectors.urgency import Urgency, asked_by
from mailroll.reconcile.errors import MailrollError
from mailroll.sync import faults
from mailroll.sync.locks.domain_lock import AlreadyRunning, alone
from mailroll.sync.models import Decision, RequestOutcome, Run, RunRequest, RunState, Schedule, Trigger
from mailroll.sync.progress import Stop, Stopped
from mailroll.sync.runs import decide, make, rows
from mailroll.sync.runs.outcomes import Settled, settle

_ENDED_WELL = (RunState.APPLIED, RunState.UNCHANGED, RunState.HELD)

log = logging.getLogger(__name__)


def answer(request_id: UUID, stop: Stop) -> None:
    """Answer one request, whatever became of it before."""
    request = RunRequest.objects.select_related("domain", "decides", "shown").filter(id=request_id, outcome="").first()
    if request is None or stop():
        return
    if request.decides is not None:
        with log_context.bound(run=request.decides.id, domain=request.domain_id), asked_by(Urgency.PERSON):
            _carry_out(request, request.decides, Acting(request.actor))
    else:
        _make(request, Acting(request.actor), stop)


def _make(request: RunRequest, acting: Acting, stop: Stop) -> None:
    """Answer a request for a run.

    1. Drop it where the domain is no longer synced by itself, or a person has cancelled it; join a sync that has begun
       since. Where a worker died after the run and before it could say so, say so.
    2. Make the run; it is a new one where a worker died over the first. Where another of the domain is under way, that
       one answers.
    """
    if _unwanted(request):
        settle(request, RequestOutcome.CANCELLED, acting.now())
        return
    if request.run is not None and _is_made(request.run):
        settle(request, RequestOutcome.DONE, acting.now())
        return
    if request.run is not None and rows.is_cancelled(request.run):
        # Its worker died before it heard of that, or is silent and holds the lock.
        with suppress(AlreadyRunning), alone(request.domain_id, acting.now()):
            settle(request, RequestOutcome.CANCELLED, acting.now())
        return
    since = _since(request, acting.now())
    if since is not None:
        request.run = since
        settle(request, RequestOutcome.JOINED, acting.now())
        return
    key = uuid4() if Run.objects.filter(id=request.id).exists() else request.id
    try:
        make.carry_out(request.domain, Trigger(request.trigger), key, acting, stop, request)
    except (Stopped, Settled):
        return  # it waits for the next worker, or was cancelled in this moment
    except AlreadyRunning as running:
        # A decision takes effect, a file is compared, a person has a look: it is queued again. So it is where the run
        # is its own, of a worker that was silent for long: should that die yet, nobody else would make it again.
        if running.run is None or running.run == request.run or _answers_nobody(running.run, request):
            return
        request.run = running.run
        settle(request, RequestOutcome.JOINED, acting.now())
    else:
        settle(request, RequestOutcome.DONE, acting.now(), answer=key)


def _carry_out(request: RunRequest, run: Run, acting: Acting) -> None:
    """Carry a decision out in the name of who asked for it: an edge, where every failure ends in the request's row.

    It is settled in the transaction that applies the plan: wherever a worker dies, the next one knows whether to do it.
    """
    try:
        if request.decision == Decision.RELEASE:
            decide.release(run.id, request.reason, acting, request)
        else:
            decide.apply(run.id, acting, request)
    except (AlreadyRunning, Stopped):
        return  # it is queued again, and judged by what the run that is under way leaves
    except MailrollError as error:
        settle(request, RequestOutcome.REFUSED, acting.now(), error.as_json())
    except Exception as error:
        log.exception("decision failed")
        run.refresh_from_db()
        if run.state == RunState.APPLYING:
            make.fail(run, faults.unexpected(error), acting)
        settle(request, RequestOutcome.REFUSED, acting.now(), faults.unexpected(error))


def _answers_nobody(run: UUID, request: RunRequest) -> bool:
    """Whether a run that is under way is of a kind that is no answer to a request, or may not take effect any more."""
    # A preview applies nothing. Whoever asks for a run while one is made is told that they follow it.
    triggers = (Trigger.IMPORT, Trigger.PREVIEW) if request.trigger == Trigger.AUTOMATIC else (Trigger.IMPORT,)
    under_way = rows.look_up(run)
    return under_way is not None and (under_way.trigger in triggers or not rows.may_take_effect(under_way))


def _unwanted(request: RunRequest) -> bool:
    if request.trigger != Trigger.AUTOMATIC:
        return False
    return not Schedule.objects.filter(domain=request.domain_id, automatic=True, paused__isnull=True).exists()


def _is_made(run: UUID) -> bool:
    """Whether a run has come to its end. Of one that was to apply its plan, and still waits, the worker died before."""
    is_ended = Q(state__in=(*_ENDED_WELL, RunState.CANCELLED, RunState.DISCARDED))
    is_shown = Q(state=RunState.PLANNED, trigger=Trigger.PREVIEW)
    return Run.objects.filter(is_ended | is_shown, id=run).exists()


def _since(request: RunRequest, now: datetime) -> UUID | None:
    """The sync that began after this request and ended well, where it was no preview that was asked for."""
    if request.trigger == Trigger.PREVIEW:
        return None
    syncs = Run.objects.filter(domain=request.domain_id, trigger__in=(Trigger.MANUAL, Trigger.AUTOMATIC))
    since = syncs.filter(started_at__gt=request.asked_at, started_at__lte=now, state__in=_ENDED_WELL)
    return since.order_by("-number").values_list("id", flat=True).first()
