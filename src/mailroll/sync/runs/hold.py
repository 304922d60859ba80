"""What is held: a plan parted into what is applied and what waits, the removals or all, and what ends that wait."""

from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from mailroll.audit.actor import Acting
from mailroll.directory import load, rollmarks
from mailroll.reconcile import imports
from mailroll.reconcile.departures import NO_DEPARTURES, Departures
from mailroll.reconcile.findings import FindingCode, Level
from mailroll.reconcile.guards import judge_import, judge_pause, judge_plan
from mailroll.reconcile.model import Current
from mailroll.reconcile.plan import Plan, fingerprint
from mailroll.reconcile.reasons import ReasonCode
from mailroll.reconcile.severity import doubted, level
from mailroll.reconcile.skips import Skips
from mailroll.reconcile.split import NOTHING, Ending, part, split
from mailroll.sync import departures, states, store
from mailroll.sync.departures import PlannedRoll
from mailroll.sync.models import Run, RunState, Trigger
from mailroll.sync.plans import plan_rows, planning
from mailroll.sync.readings.findings import of_pauses


@dataclass(frozen=True, slots=True)
class Parts:
    """What is applied now, and what waits: the removals, or all of it."""

    now: Plan
    waiting: Plan


def part_plan(
    run: Run, plan: Plan, acting: Acting, unasked: Ending = NOTHING, made_for: PlannedRoll | None = None
) -> Parts | None:
    """Judge the plan against the roll as it is at this moment; None where nothing is held.

    `made_for`: what of the roll it was made for. Where nobody has written that since, nothing is loaded.
    Where the guards hold, all removals wait, or all of the plan; otherwise those of whom nobody could be asked
    (`unasked`).
    """
    of_file = run.trigger == Trigger.IMPORT
    if made_for is not None and rollmarks.stamp(plan.domain) == made_for.stamp:
        recent_departures, current = made_for.departures, made_for.current
    else:
        recent_departures = NO_DEPARTURES if of_file else departures.recent(run.domain_id, acting.now())
        current = _roll(plan, recent_departures)
    if of_file:
        findings = judge_import(plan, current, planning.LIMITS)
    else:
        findings = judge_plan(plan, current, planning.LIMITS, recent_departures)
    findings += judge_pause(plan, of_pauses(run.domain))
    reading = store.findings_from_json(run.findings, "reading")
    run.findings = store.findings_to_json(reading, findings)
    strongest = level([finding for finding in (*reading, *findings) if finding.code is not FindingCode.NOT_ASKED])
    if strongest is Level.HOLDS_PLAN:
        parts = Parts(replace(plan, changes=()), plan)
    elif strongest is Level.HOLDS_REMOVALS:
        parts = Parts(*(map(imports.worded, split(plan)) if of_file else split(plan)))
    elif unasked:
        parts = Parts(*part(plan, unasked, (ReasonCode.WAITS,)))
    else:
        return None
    return parts if parts.waiting.changes else None


def _roll(plan: Plan, recent_departures: Departures) -> Current:
    """What guards have to know of a roll: whom the plan is about, and who left and may be back; the rest in sums.

    So a plan costs what it is about, however many are in the roll. Whom it makes, the roll does not have.
    """
    had_ids = {change.user for change in plan.others if change.before is not None}
    week = recent_departures.week
    return load.part(plan.domain, load.joined(plan.domain, had_ids | week.users, (), week.addresses))


def hold_beside(run: Run, waiting_plan: Plan, acting: Acting) -> None:
    """Let the removals wait in a run of their own; the same ones go on waiting where they are."""
    run.waits_in = same_held(run, waiting_plan, acting)
    if run.waits_in is not None:
        return
    supersede_held(run, acting)
    child = Run(
        domain=run.domain,
        parent=run,
        trigger=Trigger.HELD,
        actor=run.actor,
        fence=run.fence,
        revision=run.revision,
        tenants=run.tenants,
        digest=waiting_plan.digest,
        fingerprint=fingerprint(waiting_plan, load.touched(waiting_plan)),
        counts={
            **store.counts_to_json(waiting_plan, 0, Skips(), store.tally_after(run.counts)),
            **{name: number for name, number in run.counts.items() if name == "measured"},
        },
        findings=run.findings,
        started_at=acting.now(),
        read_at=run.read_at,
    )
    states.begin(child, RunState.HELD, acting.now())
    plan_rows.write(child.id, waiting_plan)
    run.waits_in = child


def same_held(run: Run, waiting_plan: Plan, acting: Acting) -> Run | None:
    """The run in which exactly these removals wait already; a newer reading that nobody doubts is behind it now."""
    digests = (waiting_plan.digest, waiting_plan.older_digest)
    held_runs = Run.objects.filter(domain=run.domain_id, state=RunState.HELD, digest__in=digests)
    same_run = held_runs.exclude(id=run.id).first()
    if same_run is not None and not doubtful(run):
        same_run.read_at, same_run.revision, same_run.findings = run.read_at, run.revision, run.findings
        same_run.sources = run.sources if same_run.sources else []
        same_run.fingerprint = fingerprint(waiting_plan, load.touched(waiting_plan))
        states.renew(same_run, acting.now())
    return same_run


def supersede_held(run: Run, acting: Acting) -> None:
    """A newer reading says otherwise: what waited before waits no more."""
    states.supersede(_alike(run).filter(state=RunState.HELD), acting.now())


def supersede_doubtful(run: Run, acting: Acting) -> None:
    """A reading in doubt takes the place of an older one that was held whole, never of removals that wait."""
    states.supersede(_alike(run).filter(state=RunState.HELD, changes__isnull=True), acting.now())


def supersede_planned(run: Run, acting: Acting) -> None:
    """What an older reading planned is stale once a newer one has had its effect."""
    states.supersede(_alike(run).filter(_stale(run, acting)), acting.now())


def supersede(run: Run, acting: Acting) -> None:
    """Both of these, where all of a reading has had its effect."""
    if not states.waits_any(run.domain_id):
        return
    states.supersede(_alike(run).filter(Q(state=RunState.HELD) | _stale(run, acting)), acting.now())


def _stale(run: Run, acting: Acting) -> Q:
    older = Q(started_at__lte=run.started_at) if run.read_at is None else Q(read_at__lte=run.read_at)
    # What is of the future was read while a clock was wrong.
    return Q(state=RunState.PLANNED) & (older | Q(started_at__gt=acting.now()))


def doubtful(run: Run) -> bool:
    """Whether the reading behind a run is one that another reading has to make right."""
    return doubted(store.findings_from_json(run.findings, "reading"))


def _alike(run: Run) -> "QuerySet[Run]":
    """Other runs of the domain that speak of the same: an import says nothing of what sources say, nor they of it."""
    of_files = Q(trigger=Trigger.IMPORT) | Q(parent__trigger=Trigger.IMPORT)
    runs = Run.objects.filter(domain=run.domain_id).exclude(id=run.id)
    return runs.filter(of_files) if run.of_file else runs.exclude(of_files)
