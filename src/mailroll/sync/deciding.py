"""What becomes of a stored plan: applied, parted and held, released, discarded, lapsed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter

from django.db import transaction
from django.db.models import Q, QuerySet

from mailroll.audit.acting import Acting
from mailroll.audit.notes import note
from mailroll.directory import apply as roll
from mailroll.directory import edit, load
from mailroll.directory.models import Domain
from mailroll.reconcile import imports
from mailroll.reconcile.errors import Refused
from mailroll.reconcile.guards import Level, judge_import, judge_plan, level
from mailroll.reconcile.plan import Plan, Touched, fingerprint
from mailroll.reconcile.split import split
from mailroll.sync import planning, store
from mailroll.sync.models import Run, RunState, Trigger

VALID = timedelta(hours=24)
"""How long a plan may wait for a decision."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What is applied now, and the removals that wait."""

    now: Plan
    waiting: Plan


def apply(run: Run, acting: Acting) -> None:
    """Apply a stored plan as far as the guards let it.

    1. Say that it begins, so that a crash is seen.
    2. In one transaction: the fingerprint, the guards again, the roll, what waits, and the run's end.
    """
    plan = store.read_plan(run)
    with _applying(run, plan) as touched:
        parts = _parted(run, plan)
        if parts is None:
            _to_roll(run, plan, touched, acting)
            _supersede_held(run, acting)
            _supersede_planned(run, acting)
            end(run, RunState.APPLIED, acting)
        elif parts.now.changes:
            _to_roll(run, parts.now, touched, acting)
            _replace_plan(run, parts.now)
            _hold_beside(run, parts.waiting, acting)
            _supersede_planned(run, acting)
            end(run, RunState.APPLIED, acting)
        else:
            _hold_whole(run, parts, touched, acting)
        _record(run, f"run.{run.state}", acting)


def release(run: Run, acting: Acting) -> None:
    """Apply a held plan whole: a person has decided what the guards left open."""
    plan = store.read_plan(run)
    with _applying(run, plan) as touched:
        _to_roll(run, plan, touched, acting)
        _supersede_planned(run, acting)
        run.decided_by = acting.actor
        end(run, RunState.APPLIED, acting)
        _record(run, "run.released", acting, reason=run.decision_reason)


def discard(run: Run, acting: Acting) -> None:
    with transaction.atomic():
        run.decided_by = acting.actor
        end(run, RunState.DISCARDED, acting)
        _record(run, "run.discarded", acting)


def wait(run: Run, state: RunState, acting: Acting) -> None:
    """Let a plan wait for its time: a day, or until what it touches moves."""
    run.state = state
    run.valid_until = acting.now() + VALID
    run.finished_at = acting.now()
    run.save()


def end(run: Run, state: RunState, acting: Acting) -> None:
    run.state = state
    run.valid_until = None
    run.finished_at = acting.now()
    run.save()


def unchanged(run: Run, acting: Acting) -> None:
    """Everything is as it should be: news of its own, which also ends removals that waited."""
    if run.trigger not in {Trigger.PREVIEW, Trigger.IMPORT}:
        _supersede_held(run, acting)
        _supersede_planned(run, acting)
        _confirm_reading(run, acting)
    end(run, RunState.UNCHANGED, acting)


def fail(run: Run, error: Mapping[str, str], acting: Acting) -> None:
    """End a run that failed. What it had in memory was rolled back with its transaction, so the row counts."""
    run.refresh_from_db()
    run.error = error
    end(run, RunState.FAILED, acting)


def cancel(run: Run, acting: Acting) -> None:
    """End a run that a person cancelled. Who did, the audit trail knows already."""
    run.refresh_from_db()
    end(run, RunState.CANCELLED, acting)


def lapse(run: Run, error: Mapping[str, str], acting: Acting) -> None:
    run.refresh_from_db()
    run.error = error
    end(run, RunState.LAPSED, acting)


@contextmanager
def _applying(run: Run, plan: Plan) -> Iterator[Touched]:
    """Hold the domain in one transaction, and make sure that what the plan touches is as it was."""
    began = perf_counter()
    with transaction.atomic():
        run.fence = edit.next_fence(run.domain_id)
        Run.objects.filter(id=run.id).update(state=RunState.APPLYING, fence=run.fence)
    with transaction.atomic():
        Domain.objects.select_for_update(no_key=True).get(id=run.domain_id)
        touched = load.touched(plan)
        if fingerprint(plan, touched) != run.fingerprint:
            raise Refused(
                "plan_moved_on",
                "What this plan would change has changed in the meantime, so it was not applied.",
                "Make a new preview.",
            )
        run.timings = {**run.timings, "apply": 0.0}
        yield touched
        # The run's own row is part of the transaction, and so is how long it took up to here.
        run.timings["apply"] = round(perf_counter() - began, 3)
        Run.objects.filter(id=run.id).update(timings=run.timings)


def _parted(run: Run, plan: Plan) -> Parts | None:
    """Judge the plan against the roll as it is at this moment; None where nothing is held."""
    of_file = run.trigger == Trigger.IMPORT
    judge = judge_import if of_file else judge_plan
    findings = judge(plan, load.current(run.domain_id), planning.LIMITS)
    reading = store.findings_from_json(run.findings, "reading")
    run.findings = store.findings_to_json(reading, findings)
    if level(reading + findings) is not Level.HOLDS_REMOVALS:
        return None
    parts = Parts(*(map(imports.worded, split(plan)) if of_file else split(plan)))
    return parts if parts.waiting.changes else None


def _to_roll(run: Run, plan: Plan, touched: Touched, acting: Acting) -> None:
    roll.apply(
        plan,
        expected_fingerprint=fingerprint(plan, touched),
        now=acting.now(),
        fence=run.fence,
        read_at=run.read_at,
    )


def _confirm_reading(run: Run, acting: Acting) -> None:
    """Note on the domain that its roll is what the sources said at this time."""
    nothing = Plan.of(run.domain_id, run.revision, run.tenants, ())
    with transaction.atomic():
        _to_roll(run, nothing, Touched({}, {}), acting)


def _hold_beside(run: Run, waiting: Plan, acting: Acting) -> None:
    """Let the removals wait in a run of their own; the same ones go on waiting where they are."""
    run.waits_in = _same_held(run, waiting)
    if run.waits_in is not None:
        return
    _supersede_held(run, acting)
    child = Run(
        domain=run.domain,
        parent=run,
        trigger=Trigger.HELD,
        actor=run.actor,
        fence=run.fence,
        revision=run.revision,
        tenants=run.tenants,
        digest=waiting.digest,
        fingerprint=fingerprint(waiting, load.touched(waiting)),
        counts=store.counts_to_json(waiting, 0, (), store.tally_after(run.counts)),
        findings=run.findings,
        started_at=acting.now(),
        read_at=run.read_at,
    )
    wait(child, RunState.HELD, acting)
    store.write_plan(child.id, waiting)
    run.waits_in = child


def _hold_whole(run: Run, parts: Parts, touched: Touched, acting: Acting) -> None:
    """Nothing but removals: the run itself waits, unless the same ones wait already."""
    run.waits_in = _same_held(run, parts.waiting)
    if run.waits_in is None:
        _supersede_held(run, acting)
        wait(run, RunState.HELD, acting)
        return
    _replace_plan(run, parts.now)
    _to_roll(run, parts.now, touched, acting)
    end(run, RunState.UNCHANGED, acting)


def _replace_plan(run: Run, plan: Plan) -> None:
    """Keep as the run's plan what it really applies."""
    store.write_plan(run.id, plan)
    run.digest = plan.digest
    run.counts = {**run.counts, **store.changes_to_json(plan, store.tally_before(run.counts))}


def _same_held(run: Run, waiting: Plan) -> Run | None:
    """The run in which exactly these removals wait already; what the newer reading finds counts for it too."""
    held = Run.objects.filter(domain=run.domain_id, state=RunState.HELD, digest=waiting.digest)
    found = held.exclude(id=run.id).first()
    if found is not None:
        found.findings = run.findings
        found.save(update_fields=["findings"])
    return found


def _supersede_held(run: Run, acting: Acting) -> None:
    """A newer reading says otherwise: what waited before waits no more."""
    held = _alike(run).filter(state=RunState.HELD)
    held.exclude(id=run.id).update(state=RunState.SUPERSEDED, finished_at=acting.now())


def _supersede_planned(run: Run, acting: Acting) -> None:
    """What an older reading planned is stale once a newer one has had its effect."""
    planned = _alike(run).filter(state=RunState.PLANNED)
    older = planned.filter(started_at__lte=run.started_at)
    if run.read_at is not None:
        older = planned.filter(read_at__lte=run.read_at)
    older.exclude(id=run.id).update(state=RunState.SUPERSEDED, finished_at=acting.now())


def _alike(run: Run) -> "QuerySet[Run]":
    """The runs of the domain that speak of the same: an import says nothing of what sources say, nor they of it."""
    of_files = Q(trigger=Trigger.IMPORT) | Q(parent__trigger=Trigger.IMPORT)
    runs = Run.objects.filter(domain=run.domain_id)
    return runs.filter(of_files) if imported(run) else runs.exclude(of_files)


def imported(run: Run) -> bool:
    """Whether a file is behind a run, or behind the one that it is a part of."""
    return Trigger.IMPORT in {run.trigger, run.parent.trigger if run.parent is not None else None}


def _record(run: Run, action: str, acting: Acting, **details: str) -> None:
    note(acting, action, run.domain, run=str(run.id), digest=run.digest, **details)
