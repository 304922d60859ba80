"""Asking for a run and following it: the id comes at once, the run when a worker is free."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from mailroll.audit.acting import Acting
from mailroll.audit.notes import note
from mailroll.directory.models import Domain
from mailroll.sync import answering, runs, tasks
from mailroll.sync.locking import taken
from mailroll.sync.models import UNDER_WAY, Outcome, Run, RunProgress, RunRequest, Trigger


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a run stands, from the moment it was asked for.

    Without a `run` it waits for a worker, or was cancelled before it began (`request.outcome`). `leads_to` is another
    run that answers in its place: one that was joined, or begun again after a worker died.
    """

    domain: Domain
    request: RunRequest | None
    run: Run | None
    progress: RunProgress | None
    leads_to: UUID | None


def ask(domain: Domain, trigger: Trigger, acting: Acting) -> UUID:
    """Ask for a run, and return its id. One under way is joined, and so is one of the same kind that waits."""
    syncs = Run.objects.filter(domain=domain, state__in=UNDER_WAY).exclude(trigger=Trigger.IMPORT)
    under_way = syncs.values_list("id", flat=True).first()
    if under_way is not None and taken(domain.id):
        return under_way
    request = RunRequest(id=uuid4(), domain=domain, trigger=trigger, actor=acting.actor, asked_at=acting.now())
    with transaction.atomic():
        # Of two clicks at once the second waits here for the first, and then finds what that one asked for.
        RunRequest.objects.bulk_create([request], ignore_conflicts=True)
        waiting = RunRequest.objects.filter(domain=domain, trigger=trigger, outcome="").first()
        if waiting is None or waiting.id != request.id:
            # Without one, the other was answered in this very moment.
            return waiting.id if waiting is not None else ask(domain, trigger, acting)
        tasks.enqueue([request])
        note(acting, "run.asked", domain, run=str(request.id), trigger=str(trigger))
    return request.id


def cancel(run_id: UUID, acting: Acting) -> None:
    """End a run before it applies anything, or drop it before it begins. Raises `Refused` where it is too late."""
    with transaction.atomic():
        # A worker that is about to begin waits here, or was faster and has named the run.
        request = RunRequest.objects.select_for_update().filter(id=run_id, outcome="").first()
        if request is None or request.run is not None:
            runs.cancel(run_id if request is None or request.run is None else request.run, acting)
            return
        answering.settle(request, Outcome.CANCELLED, acting.now())
        note(acting, "run.cancelled", request.domain, run=str(run_id))


def follow(run_id: UUID) -> Followed | None:
    """Find a run by its id, begun or not; None where there never was one."""
    run = runs.look_up(run_id)
    request = RunRequest.objects.select_related("domain").filter(id=run_id).first()
    if run is None and request is None:
        return None
    leads_to = request.run if request is not None and request.run != run_id else None
    progress = RunProgress.objects.filter(run=run_id).first()
    domain = run.domain if run is not None else request.domain if request is not None else None
    return None if domain is None else Followed(domain, request, run, progress, leads_to)
