"""Asking for a run or a decision, and following it: the id comes at once, the rest when a worker is free."""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import Refused
from mailroll.sync import states, tasks
from mailroll.sync.locks.domain_lock import AlreadyRunning, alone, taken
from mailroll.sync.models import (
    UNDER_WAY,
    Decision,
    RequestOutcome,
    Run,
    RunProgress,
    RunRequest,
    RunState,
    RunStep,
    Trigger,
)
from mailroll.sync.runs import decide, outcomes, rows
from mailroll.sync.runs.rows import find, look_up


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a run stands, from the moment it was asked for.

    Without a `run` it waits for a worker, or was cancelled before it began (`request.outcome`). `leads_to` is another
    run that answers in its place: one that was joined, or begun again after a worker died. `decision` is what was
    last asked about its plan.
    """

    domain: Domain
    request: RunRequest | None
    run: Run | None
    progress: RunProgress | None
    leads_to: UUID | None
    decision: RunRequest | None

    @property
    def under_way(self) -> bool:
        """Whether there is more to come by itself."""
        if self.decision is not None and not self.decision.outcome:
            return True
        if self.run is not None:
            return self.run.state in UNDER_WAY
        return self.leads_to is None and self.request is not None and not self.request.outcome


def for_run(domain: Domain, trigger: Trigger, acting: Acting, preview: Run | None = None) -> UUID:
    """Ask for a run, and return its id. One under way is joined, and so is one of the same kind that waits.

    One that began under other settings, or is being cancelled, applies nothing, and is no answer.

    `preview` is a preview that waits: what the run finds beyond it is not applied, but waits in its turn.
    """
    edit.refuse_unproved(domain)
    under_way = _under_way(domain)
    if under_way is not None and under_way.trigger != Trigger.IMPORT and rows.may_take_effect(under_way):
        return under_way.id
    request = RunRequest(
        id=uuid4(), domain=domain, trigger=trigger, actor=acting.actor, asked_at=acting.now(), shown=preview
    )
    with transaction.atomic():
        # Of one kind a request waits at a time, and this one is not to be answered by such a run.
        for open_request in RunRequest.objects.filter(domain=domain, trigger=trigger, decision="", outcome=""):
            if under_way is not None and open_request.run == under_way.id:
                # It ends for whoever asked for it.
                outcomes.settle(open_request, RequestOutcome.DONE, acting.now())
            elif open_request.run is not None and rows.is_dropped(open_request.run):
                # Its worker died before it could say so.
                outcomes.settle(open_request, RequestOutcome.CANCELLED, acting.now())
        # Of two clicks at once the second waits here for the first, and then finds what that one asked for.
        RunRequest.objects.bulk_create([request], ignore_conflicts=True)
        waiting_request = RunRequest.objects.filter(domain=domain, trigger=trigger, decision="", outcome="").first()
        if waiting_request is None or waiting_request.id != request.id:
            # Without one, the other was answered in this very moment.
            return waiting_request.id if waiting_request is not None else for_run(domain, trigger, acting, preview)
        tasks.enqueue([request])
        beside = {"shown": preview.digest} if preview is not None else {}
        note(acting, "run.asked", domain, run=str(request.id), trigger=str(trigger), **beside)
    return request.id


def for_decision(run_id: UUID, decision: Decision, acting: Acting, reason: str = "") -> UUID:
    """Ask for a stored plan to be applied or released, and return the id of its run. Asked for twice, it is done once.

    Raises what the decision itself would raise where that is plain already, and `AlreadyRunning`.
    """
    run = find(run_id)
    if decision is Decision.RELEASE:
        run = decide.held_part(run)
    if RunRequest.objects.filter(decides=run, outcome="").exists():
        return run.id
    under_way = _under_way(run.domain)
    if under_way is not None:
        raise AlreadyRunning(under_way.id)
    states.lapse_old(Run.objects.filter(id=run.id), acting.now())
    run.refresh_from_db()
    decide.check(run, decision, reason)
    request = RunRequest(
        id=uuid4(),
        domain=run.domain,
        trigger=run.trigger,
        actor=acting.actor,
        asked_at=acting.now(),
        run=run.id,
        decision=decision,
        decides=run,
        reason=reason,
    )
    with transaction.atomic():
        RunRequest.objects.bulk_create([request], ignore_conflicts=True)
        if RunRequest.objects.filter(id=request.id).exists():
            tasks.enqueue([request])
            details = {"reason": reason} if reason else {}
            decide.record(run, f"run.{decision.value}_asked", acting, **details)
    return run.id


def cancel(run_id: UUID, acting: Acting) -> None:
    """End a run before it applies anything, or drop it, or a decision on it, before that begins or begins again.

    A run under way notices within a second; should its worker die before it does, nobody makes it again. Raises
    `Refused` where it is too late.
    """
    _settle_dead(run_id, acting)
    if _discard_kept(run_id, acting):
        return
    with transaction.atomic():
        # A worker that is about to begin waits here, or was faster and has named the run.
        asked_for = Q(id=run_id) | Q(run=run_id) | Q(decides=run_id)
        requests = RunRequest.objects.select_for_update().filter(asked_for, outcome="")
        request = requests.order_by("-asked_at").first()
        if request is not None and request.decides is not None:
            if request.decides.state == RunState.APPLYING:
                raise _too_late()
            outcomes.settle(request, RequestOutcome.CANCELLED, acting.now())
            decide.record(request.decides, "run.decision_cancelled", acting, decision=request.decision)
            return
        run = run_id if request is None or request.run is None else request.run
        domain = request.domain if request is not None else find(run).domain
        reading = RunProgress.objects.filter(run=run, run__state=RunState.READING).exclude(step=RunStep.APPLY)
        if request is not None and not Run.objects.filter(id=run).exclude(state=RunState.FAILED).exists():
            # It has not begun, or waits to begin again since its worker died or was stopped.
            outcomes.settle(request, RequestOutcome.CANCELLED, acting.now())
        elif not reading.update(cancelled_by=acting.actor):
            raise _too_late()
        note(acting, "run.cancelled", domain, run=str(run))


def follow(run_id: UUID) -> Followed | None:
    """Find a run by its id, begun or not; None where there never was one."""
    run = look_up(run_id)
    of_run = RunRequest.objects.select_related("domain").filter(Q(id=run_id) | Q(decides=run_id))
    requests = list(of_run.order_by("-asked_at"))
    request = next((listed_request for listed_request in requests if listed_request.id == run_id), None)
    domain = run.domain if run is not None else request.domain if request is not None else None
    if domain is None:
        return None
    leads_to = request.run if request is not None and request.run != run_id else None
    has_ended = run is not None and run.state not in UNDER_WAY
    progress = None if has_ended else RunProgress.objects.filter(run=run_id).first()
    decision = next((listed_request for listed_request in requests if listed_request.decides_id == run_id), None)
    return Followed(domain, request, run, progress, leads_to, decision)


def _under_way(domain: Domain) -> Run | None:
    """The run of a domain that is really under way: its process lives."""
    run = Run.objects.filter(domain=domain, state__in=UNDER_WAY).first()
    return run if run is not None and taken(domain.id) else None


def _settle_dead(run_id: UUID, acting: Acting) -> None:
    """End what is under way in the domain of a run where its process died; the next run would, if one came."""
    run = Run.objects.filter(id=run_id, state__in=UNDER_WAY).first()
    if run is not None and not taken(run.domain_id):
        with suppress(AlreadyRunning), alone(run.domain_id, acting.now()):
            pass


def _discard_kept(run_id: UUID, acting: Acting) -> bool:
    """Drop the plan of a sync whose worker died between keeping it and applying it; False where there is none."""
    requests = RunRequest.objects.filter(Q(id=run_id) | Q(run=run_id), decision="", outcome="")
    planned = Run.objects.filter(id__in=requests.values("run"), state=RunState.PLANNED)
    kept_run = planned.exclude(trigger=Trigger.PREVIEW).first()
    if kept_run is None:
        return False
    try:
        decide.discard(kept_run.id, acting)
    except AlreadyRunning:
        return False  # its worker lives
    return True


def _too_late() -> Refused:
    return Refused(
        "too_late_to_cancel",
        "This run applies its changes at this moment, or has ended.",
        "See what it did on its page.",
    )
