"""The use cases of a run: preview, run, cancel, apply, release, discard."""

import logging
from collections.abc import Callable
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from mailroll.audit.acting import Acting
from mailroll.audit.notes import note
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import BadInput, MailrollError, Refused
from mailroll.reconcile.guards import Level, level, releasable
from mailroll.reconcile.plan import Action
from mailroll.sync import deciding, planning, progress, schedule, store
from mailroll.sync.locking import alone
from mailroll.sync.models import Run, RunProgress, RunState, Step, Trigger
from mailroll.sync.progress import Cancelled, Progress, Stop, Stopped

log = logging.getLogger(__name__)


def preview(domain: Domain, acting: Acting) -> Run:
    """Read and plan, and stop before anything is applied."""
    return carry_out(domain, Trigger.PREVIEW, uuid4(), acting)


def run(domain: Domain, acting: Acting) -> Run:
    """Read, plan and apply what the guards let through; removals that they hold wait for a person."""
    return carry_out(domain, Trigger.MANUAL, uuid4(), acting)


def carry_out(domain: Domain, trigger: Trigger, key: UUID, acting: Acting, stop: Stop = progress.never) -> Run:
    """Make one run of one domain under a given id: an edge, where every failure ends in the run's own row.

    Only where `stop` ended it is that raised too (`Stopped`), so that it is made again.
    """
    with alone(domain.id, acting.now()):
        run = begin(domain, trigger, key, acting)
        try:
            with progress.of(run, acting, stop) as along:
                _pass(run, along, acting)
        except Cancelled:
            deciding.cancel(run, acting)
        except Stopped as error:
            deciding.fail(run, planning.failure(error), acting)
            raise
        except MailrollError as error:
            deciding.fail(run, planning.failure(error), acting)
            schedule.failed(run, error, acting.now())
        except Exception as error:
            log.exception("run %s of %s failed", run.id, domain.name)
            deciding.fail(run, planning.unexpected(error), acting)
            schedule.failed(run, None, acting.now())
        else:
            schedule.succeeded(run, acting.now())
    return run


def cancel(run_id: UUID, acting: Acting) -> None:
    """End a run before it applies anything; it notices within a second. Raises `Refused` where it is too late."""
    run = find(run_id)
    with transaction.atomic():
        waiting = RunProgress.objects.filter(run=run, run__state=RunState.READING).exclude(step=Step.APPLY)
        if not waiting.update(cancelled_by=acting.actor):
            raise Refused(
                "too_late_to_cancel",
                "This run applies its changes at this moment, or has ended.",
                "See what it did on its page.",
            )
        note(acting, "run.cancelled", run.domain, run=str(run.id))


def apply(run_id: UUID, acting: Acting) -> Run:
    """Apply exactly the plan that a preview stored. Raises `Refused` where the roll has moved on since."""

    def decide(run: Run) -> None:
        _expect(run, RunState.PLANNED, "applied")
        deciding.apply(run, acting)

    return _decide(find(run_id), acting, decide)


def release(run_id: UUID, reason: str, acting: Acting) -> Run:
    """Apply a held plan by a person's decision, which is kept with its reason."""
    if not reason.strip():
        raise BadInput("reason_missing", "A release needs a reason.", "Say why with --reason.")

    def decide(run: Run) -> None:
        _expect(run, RunState.HELD, "released")
        if not releasable(store.findings_from_json(run.findings)):
            raise Refused(
                "hold_not_for_release",
                "This run was held because its reading is in doubt, so it cannot be released.",
                "Mend what its findings name, then read again.",
            )
        run.decision_reason = reason
        deciding.release(run, acting)

    return _decide(_held_of(find(run_id)), acting, decide)


def discard(run_id: UUID, acting: Acting) -> Run:
    """Drop a plan that waits. A later sync may plan the same again."""

    def decide(run: Run) -> None:
        if run.state != RunState.PLANNED:
            _expect(run, RunState.HELD, "discarded")
        deciding.discard(run, acting)

    return _decide(_held_of(find(run_id)), acting, decide)


def look_up(run_id: UUID) -> Run | None:
    return Run.objects.select_related("domain", "waits_in__domain").filter(id=run_id).first()


def of_domain(domain: Domain) -> QuerySet[Run]:
    """The runs of a domain, the latest first."""
    return Run.objects.filter(domain=domain).select_related("domain", "waits_in").order_by("-started_at", "-id")


def find(run_id: UUID) -> Run:
    found = look_up(run_id)
    if found is None:
        raise BadInput("run_unknown", f"There is no run {run_id}.", "List them with: mailroll runs DOMAIN")
    return found


def _pass(run: Run, along: Progress, acting: Acting) -> None:
    _plan(run, along, acting)
    if run.state == RunState.PLANNED and run.trigger != Trigger.PREVIEW:
        along.enter(Step.APPLY, total=sum(run.counts[action.value] for action in Action))
        deciding.apply(run, acting)


def begin(domain: Domain, trigger: Trigger, key: UUID, acting: Acting) -> Run:
    """Make the row of a run; the caller holds the domain's lock."""
    with transaction.atomic():
        # The domain's row is locked by this: no other run gets the same number.
        fence = edit.next_fence(domain.id)
        domain.refresh_from_db()
        run = Run.objects.create(
            id=key,
            domain=domain,
            trigger=trigger,
            state=RunState.READING,
            actor=acting.actor,
            fence=fence,
            revision=domain.revision,
            started_at=acting.now(),
        )
        progress.begin(run, acting)
    return run


def _plan(run: Run, along: Progress, acting: Acting) -> None:
    run.read_at = acting.now()
    planned = planning.plan(run.domain, Trigger(run.trigger), acting, along)
    along.enter(Step.CHECK)
    keep_plan(run, planned, acting)


def keep_plan(run: Run, planned: planning.Planned, acting: Acting) -> None:
    """Store a plan with its run; it waits to be applied, is held whole, or has nothing to do."""
    proposal = planned.proposal
    run.tenants = list(proposal.plan.tenants)
    run.revision = proposal.plan.revision
    run.digest = proposal.plan.digest
    run.fingerprint = planned.fingerprint
    run.counts = store.counts_to_json(proposal.plan, proposal.unchanged, proposal.skips, proposal.before)
    run.findings = store.findings_to_json(proposal.reading_findings, proposal.plan_findings)
    run.timings = planned.timings
    with transaction.atomic():
        _expect_newest(run)
        store.write_plan(run.id, proposal.plan)
        store.write_skips(run.id, proposal.skips)
        if level(proposal.findings) is Level.HOLDS_PLAN:
            deciding.wait(run, RunState.HELD, acting)
        elif proposal.plan.changes:
            deciding.wait(run, RunState.PLANNED, acting)
        else:
            deciding.unchanged(run, acting)


def _expect_newest(run: Run) -> None:
    """Refuse a process that slept while another took its domain over: it must not write its plan down."""
    if Domain.objects.select_for_update(no_key=True).get(id=run.domain_id).fence != run.fence:
        raise Refused(
            "run_superseded", "A newer run of this domain has begun, so this one was dropped.", "See the newer one."
        )


def _decide(run: Run, acting: Acting, decide: Callable[[Run], None]) -> Run:
    """Let a person's decision on a stored plan take effect; a plan that has moved on lapses."""
    with alone(run.domain_id, acting.now()):
        run.refresh_from_db()
        try:
            decide(run)
        except MailrollError as error:
            if Run.objects.filter(id=run.id, state=RunState.APPLYING).exists():
                deciding.lapse(run, planning.failure(error), acting)
            raise
    return run


def _expect(run: Run, state: RunState, done: str) -> None:
    if run.state != state:
        raise Refused(
            f"run_not_{state.value}",
            f"This run is {run.state}; only one that is {state.value} can be {done}.",
            f"See where the runs of this domain stand with: mailroll runs {run.domain.name}",
        )


def _held_of(run: Run) -> Run:
    """The run itself, or the part of it whose removals wait: people name either."""
    waiting = run.waits_in
    return waiting if waiting is not None and waiting.state == RunState.HELD else run
