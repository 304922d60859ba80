"""Makes runs: reads the sources of a domain, plans, keeps the plan, and applies it where that was asked for."""

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from django.db import DatabaseError, transaction

from mailroll import log_context
from mailroll.audit.actor import Acting
from mailroll.connectors.urgency import Urgency, asked_by
from mailroll.directory import edit, endings, model_rows, waiting_addresses
from mailroll.directory.models import Domain
from mailroll.directory.staging import Staged
from mailroll.measures import table
from mailroll.measures.accumulator import PROCESS
from mailroll.reconcile.errors import MailrollError, Refused
from mailroll.reconcile.findings import Level
from mailroll.reconcile.likeness import is_within
from mailroll.reconcile.pipeline import Proposal
from mailroll.reconcile.plan import Action
from mailroll.reconcile.severity import level
from mailroll.schema import age
from mailroll.sync import faults, progress, states, store, totals
from mailroll.sync.footings import steady_state
from mailroll.sync.locks.domain_lock import alone
from mailroll.sync.models import Run, RunRequest, RunState, RunStep, Trigger
from mailroll.sync.plans import plan_rows, planning
from mailroll.sync.progress import Cancelled, Progress, Stop, Stopped
from mailroll.sync.runs import decide, hold, outcomes
from mailroll.sync.schedules import quiet, schedule

log = logging.getLogger(__name__)


def preview(domain: Domain, acting: Acting) -> Run:
    """Read and plan, and stop before anything is applied."""
    return carry_out(domain, Trigger.PREVIEW, uuid4(), acting)


def run(domain: Domain, acting: Acting) -> Run:
    """Read, plan and apply what the guards let through; removals that they hold wait for a person."""
    return carry_out(domain, Trigger.MANUAL, uuid4(), acting)


def carry_out(  # noqa: PLR0917 - what is asked of a run, all of it
    domain: Domain,
    trigger: Trigger,
    key: UUID,
    acting: Acting,
    stop: Stop = progress.never,
    request: RunRequest | None = None,
) -> Run:
    """Make one run of one domain under a given id: an edge, where every failure ends in the run's own row.

    Where its plan goes beyond the preview that its `request` names as shown, it becomes a preview, and nothing is
    applied. Only where `stop` ended it, or a later version changed the tables meanwhile, is that raised too
    (`Stopped`), so that it is made again; and `Settled` where the request was cancelled before it began.
    """
    asker = Urgency.CLOCK if trigger is Trigger.AUTOMATIC else Urgency.PERSON
    with alone(domain.id, acting.now()), log_context.bound(run=key, domain=domain.id), asked_by(asker):
        run = begin(domain, trigger, key, acting, request)
        try:
            with progress.follow(run, acting, stop) as along:
                _pass(run, along, acting, None if request is None else request.shown)
        except Cancelled:
            # Who did it, the audit trail knows already.
            _end(run, RunState.CANCELLED, acting)
        except Stopped as error:
            fail(run, error.as_json(), acting)
            raise
        except MailrollError as error:
            fail(run, error.as_json(), acting)
            schedule.failed(run, error, acting.now())
        except Exception as error:
            refusal = age.outdated() if isinstance(error, DatabaseError) else None
            if refusal is not None:
                # What the database said is of tables that this process does not know. It ends in a moment.
                fail(run, refusal.as_json(), acting)
                raise Stopped(refusal.code, refusal.message, refusal.help) from error
            log.exception("run failed")
            fail(run, faults.unexpected(error), acting)
            schedule.failed(run, None, acting.now())
        else:
            schedule.succeeded(run, acting.now())
        finally:
            _count(run, acting.now())
    return run


def begin(domain: Domain, trigger: Trigger, key: UUID, acting: Acting, request: RunRequest | None = None) -> Run:
    """Make the row of a run, and name it in its request; the caller holds the domain's lock."""
    with transaction.atomic():
        if request is not None:
            outcomes.name_run(request, key)
        # The domain's row is locked by this: no other run gets the same number.
        edit.take_over(domain)
        edit.refuse_unproved(domain)
        run = Run(
            id=key,
            domain=domain,
            trigger=trigger,
            actor=acting.actor,
            fence=domain.fence,
            revision=domain.revision,
            started_at=acting.now(),
        )
        states.begin(run, RunState.READING, acting.now())
        progress.begin(run, acting)
    return run


def keep(run: Run, planned: planning.Planned, acting: Acting) -> Staged | None:
    """Store a plan with its run; it waits to be applied, is held whole, or has nothing to do.

    Returns where its rows stand, if it has any.
    """
    proposal = planned.proposal
    run.tenants = list(proposal.plan.tenants)
    run.revision = proposal.plan.revision
    run.digest = proposal.plan.digest
    run.fingerprint = proposal.fingerprint
    run.counts = store.counts_to_json(proposal.plan, proposal.unchanged, proposal.skips, proposal.before)
    run.counts["measured"] = proposal.measured
    same = planned.same_as
    if same is not None:
        run.counts["skipped"] = same.counts["skipped"]
    if planned.part is not None:
        run.counts |= {"skipped": planned.part.skipped, "looked_at": len(planned.part.looked_at)}
    run.findings = store.findings_to_json(proposal.reading_findings, proposal.plan_findings)
    run.timings = planned.timings
    run.sources = list(planned.sources)
    with transaction.atomic():
        domain = _expect_newest(run)
        staged = plan_rows.write(run.id, proposal.plan) if proposal.plan.changes else None
        _write_skips(run, planned)
        if run.trigger != Trigger.IMPORT and not hold.doubtful(run):
            arriving = () if _fills(run, domain, planned) else proposal.plan.arriving
            waiting_addresses.replace(run.domain_id, arriving, acting.now())
        if level(proposal.reading_findings) is Level.HOLDS_PLAN:
            if run.trigger != Trigger.PREVIEW:
                hold.supersede_doubtful(run, acting)
            states.move(run, RunState.HELD, acting.now())
        elif proposal.plan.changes:
            states.move(run, RunState.PLANNED, acting.now())
        else:
            # Everything is as it should be: news of its own.
            if run.trigger not in {Trigger.PREVIEW, Trigger.IMPORT}:
                decide.confirm_reading(run, acting)
            states.move(run, RunState.UNCHANGED, acting.now())
            if planned.steady is not None:
                steady_state.keep(run, planned.steady, acting.now())
            elif planned.ours is not None and planned.since:
                steady_state.go_on(run.domain_id, planned.since, planned.ours)
            else:
                with steady_state.going_on(run, planned.amends):
                    pass
            quiet.begin(run.domain_id, planned.quiet, acting.now())
    return staged


def _fills(run: Run, domain: Domain, planned: planning.Planned) -> bool:
    """Whether a run goes on to apply its whole plan where nobody is in service, and nothing was ever read.

    There a gateway cannot say of anybody that they are unknown (`gateway.answers`), so nobody needs to be noted who
    comes into service in a moment: as many rows as addresses, written and deleted again.
    """
    proposal = planned.proposal
    return (
        run.trigger != Trigger.PREVIEW
        and domain.has_source
        and domain.read_at is None
        and proposal.before.users == 0
        and planned.went_on is None
        and level((*proposal.reading_findings, *proposal.plan_findings)) not in {Level.HOLDS_PLAN, Level.HOLDS_REMOVALS}
    )


def _write_skips(run: Run, planned: planning.Planned) -> None:
    if planned.proposal.skips:
        store.write_skips(run.id, planned.proposal.skips, planned.names)
    if planned.same_as is not None and planned.same_as.counts["skipped"]:
        store.repeat_skips(run.id, planned.same_as.id)
    if planned.part is not None:
        store.repeat_skips(run.id, planned.part.run.id, planned.part.looked_at)


def fail(run: Run, error: Mapping[str, str], acting: Acting) -> None:
    """End a run that failed, unless another process has ended it already."""
    _end(run, RunState.FAILED, acting, error)


def _end(run: Run, state: RunState, acting: Acting, error: Mapping[str, str] | None = None) -> None:
    # What the run had in memory was rolled back with its transaction, so the row counts.
    run.refresh_from_db()
    if states.may(run, state):
        run.error = error
        states.move(run, state, acting.now())


def _count(run: Run, now: datetime) -> None:
    """Count what a run came to. Should the database be away meanwhile, its row says so, and that has to do."""
    try:
        outcome = RunState.HELD.value if run.waits is not None else run.state
    except DatabaseError:
        return
    PROCESS.add(table.RUNS, run.trigger, outcome, (run.error or {}).get("code", ""))
    PROCESS.add(table.RUN_SECONDS, amount=max(0.0, (now - run.started_at).total_seconds()))
    totals.write_down()


def _pass(run: Run, along: Progress, acting: Acting, preview: Run | None) -> None:
    run.read_at = acting.now()
    planned = planning.plan(run.domain, Trigger(run.trigger), acting, along)
    run.read_at = planned.went_on or run.read_at
    along.enter(RunStep.CHECK)
    if preview is not None and not _is_settled(planned.proposal, preview):
        run.trigger = Trigger.PREVIEW
    staged = keep(run, planned, acting)
    if run.state == RunState.PLANNED and run.trigger != Trigger.PREVIEW:
        along.enter(RunStep.APPLY, total=sum(run.counts[action.value] for action in Action))
        # What was read hours ago removes nobody by itself: who would go is asked for by id.
        going_on = partial(steady_state.going_on, run, planned.amends)
        asks = planned.went_on is not None
        decide.apply_own(run, planned.proposal.plan, staged, acting, going_on, planned.roll, asks=asks)
    if run.trigger != Trigger.PREVIEW:
        _confirm(run, planned)


def _is_settled(proposal: Proposal, preview: Run) -> bool:
    """Whether there is nothing to look at that people have not seen: nothing to do, the plan shown, or less of it.

    Where the reading itself is in doubt, its plan is held, whatever people saw.
    """
    if not proposal.plan.changes or level(proposal.reading_findings) is Level.HOLDS_PLAN:
        return True
    return is_within(proposal.plan, plan_rows.read(preview))


def _confirm(run: Run, planned: planning.Planned) -> None:
    """Note which addresses that end this reading lacks. Where that fails, the next reading does it."""
    absent, amends = planned.proposal.absent, planned.amends
    if absent and run.read_at is not None:
        with transaction.atomic():
            _expect_newest(run)
            with steady_state.still_standing(run, None if amends is None else amends.ground):
                endings.confirm(run.domain_id, absent, run.read_at)


def _expect_newest(run: Run) -> Domain:
    """Refuse a process that slept while another took its domain over: it must not write its plan down.

    Returns the domain as it is, locked.
    """
    (domain,) = model_rows.select(Domain, "WHERE t.id = %s FOR NO KEY UPDATE", [run.domain_id])
    if domain.fence != run.fence:
        raise Refused(
            "run_superseded", "A newer run of this domain has begun, so this one was dropped.", "See the newer one."
        )
    return domain
