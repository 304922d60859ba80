"""What becomes of a stored plan: applied as far as the guards let it, released, or discarded."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from time import perf_counter
from uuid import UUID

from django.db import connection, transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.connections import ages
from mailroll.directory import apply as roll
from mailroll.directory import edit, pauses
from mailroll.directory.models import Domain
from mailroll.directory.staging import Staged
from mailroll.reconcile.errors import BadInput, MailrollError, Refused
from mailroll.reconcile.plan import Plan
from mailroll.reconcile.reasons import ReasonCode
from mailroll.reconcile.severity import releasable
from mailroll.reconcile.split import NOTHING, Ending, part
from mailroll.sync import progress, states, store
from mailroll.sync.departures import PlannedRoll
from mailroll.sync.locks.domain_lock import alone
from mailroll.sync.models import Decision, RequestOutcome, Run, RunRequest, RunState
from mailroll.sync.plans import plan_rows
from mailroll.sync.readings import inquiry as inquiries
from mailroll.sync.runs import hold, outcomes, remainder
from mailroll.sync.runs.rows import find

Effect = Callable[[Run, Plan, Ending, Acting], None]
"""What a decision does with a plan, in the transaction under way; the ending is what could not be asked for."""
GoingOn = Callable[[], AbstractContextManager[None]]


def apply(run_id: UUID, acting: Acting, request: RunRequest | None = None) -> Run:
    """Apply the plan that a preview stored, or less of it where its reading is old: who is still there stays.

    Raises `Refused` where the roll has moved on since. A `request` that asked for it is settled in the same
    transaction.
    """

    def decide(run: Run, fence: int) -> None:
        check(run, Decision.APPLY)
        run.decided_by = acting.actor
        _carry_out(run, plan_rows.read(run), fence, acting, request, _apply_parts, asks=True)

    return _decide(find(run_id), acting, decide)


def release(run_id: UUID, reason: str, acting: Acting, request: RunRequest | None = None) -> Run:
    """Apply a held plan by a person's decision, which is kept with its reason; who is still there stays.

    Raises `Refused` where nobody could be asked whether they are.
    """
    _expect_reason(reason)

    def apply(run: Run, plan: Plan, unasked: Ending, acting: Acting) -> None:
        now, waiting_plan = part(plan, unasked, (ReasonCode.WAITS,))
        if waiting_plan.changes:
            plan_rows.replace(run, now)
        if now.changes:
            _to_roll(run, now, acting)
        if waiting_plan.changes:
            hold.hold_beside(run, waiting_plan, acting)
        hold.supersede_planned(run, acting)
        run.decided_by, run.decision_reason = acting.actor, reason
        states.move(run, RunState.APPLIED if now.changes else RunState.UNCHANGED, acting.now())
        record(run, "run.released", acting, reason=reason)

    def decide(run: Run, fence: int) -> None:
        check(run, Decision.RELEASE, reason)
        _expect_no_pause(run)
        _carry_out(run, plan_rows.read(run), fence, acting, request, apply, asks=True)

    return _decide(held_part(find(run_id)), acting, decide)


def discard(run_id: UUID, acting: Acting) -> Run:
    """Drop a plan that waits. A later sync may plan the same again."""

    def decide(run: Run, _: int) -> None:
        if run.state != RunState.PLANNED:
            _expect_held(run, "discarded")
        with transaction.atomic():
            run.decided_by = acting.actor
            states.move(run, RunState.DISCARDED, acting.now())
            # Of a sync whose worker died before it applied it, the request waits: whoever asks next is not to join it.
            for request in RunRequest.objects.filter(run=run.id, decision="", outcome=""):
                outcomes.settle(request, RequestOutcome.CANCELLED, acting.now())
            record(run, "run.discarded", acting)

    return _decide(held_part(find(run_id)), acting, decide)


def check(run: Run, decision: Decision, reason: str = "") -> None:
    """Raise where a run is not for this decision, as far as that shows before the roll is looked at."""
    if decision is Decision.APPLY:
        _expect_planned(run)
        return
    _expect_reason(reason)
    _expect_held(run, "released")
    if not run.changes.exists() or not releasable(store.findings_from_json(run.findings)):
        raise Refused(
            "hold_not_for_release",
            "This run was held because its reading is in doubt, so it cannot be released.",
            "Mend what its findings name, then read again.",
        )


def held_part(run: Run) -> Run:
    """The run itself, or the part of it whose removals wait: people name either."""
    waiting_run = run.waits_in
    return waiting_run if waiting_run is not None and waiting_run.state == RunState.HELD else run


def apply_own(  # noqa: PLR0917 - a run and its plan, and what is known of both
    run: Run,
    plan: Plan,
    staged: Staged | None,
    acting: Acting,
    going_on: GoingOn = nullcontext,
    made_for: PlannedRoll | None = None,
    *,
    asks: bool,
) -> None:
    """Apply the plan that a run has just made, as far as the guards let it. The caller holds the domain's lock.

    `staged` is where its rows stand, where they do. `going_on` is around its effect, in the same transaction.
    `made_for`: see `hold.part_plan`. `asks`: whether who would go is asked for by id where the reading is old, as for
    every older plan.
    """

    def effect(run: Run, remaining: Plan, unasked: Ending, acting: Acting) -> None:
        with going_on():
            # What was asked for again leaves another plan, with other rows.
            _apply_parts(run, remaining, unasked, acting, staged if remaining is plan else None, made_for)

    _carry_out(run, plan, run.fence, acting, None, effect, asks=asks)


def confirm_reading(run: Run, acting: Acting) -> None:
    """Note that the roll is what the sources said at this time, which also ends what waited for older readings."""
    hold.supersede(run, acting)
    _to_roll(run, Plan.of(run.domain_id, run.revision, run.tenants, ()), acting)


def record(run: Run, action: str, acting: Acting, **details: str) -> None:
    shown_details = {"shown": run.shown_digest} if run.shown_digest else {}
    note(acting, action, run.domain, run=str(run.id), digest=run.digest, **shown_details, **details)


def _decide(run: Run, acting: Acting, decide: Callable[[Run, int], None]) -> Run:
    """Let a person's decision on a stored plan take effect; a plan that has moved on lapses.

    It is told the domain's fence as that is while nobody else has the domain.
    """
    with alone(run.domain_id, acting.now()):
        run.refresh_from_db()
        before = Domain.objects.values_list("fence", flat=True).get(id=run.domain_id)
        progress.expect_lock(run.domain_id)
        try:
            decide(run, before)
        except MailrollError as error:
            fence = run.fence
            run.refresh_from_db()
            if run.state == RunState.APPLYING and run.fence == fence:
                run.error = error.as_json()
                states.move(run, RunState.LAPSED, acting.now())
            raise
    return run


def _carry_out(  # noqa: PLR0917 - a run and its plan, who decides what about it, and how
    run: Run, plan: Plan, fence: int, acting: Acting, request: RunRequest | None, effect: Effect, *, asks: bool
) -> None:
    """Let a run's plan take effect.

    1. Where its reading is old, ask whether who would go is really gone.
    2. Say that it begins, so that a crash is seen. Raise `Unguarded` where the domain's fence is not `fence` any more:
       another process has begun with the domain.
    3. In one transaction: the fingerprint, what stays, the guards again, the roll, what waits, and the run's end.
       Where that began so late that the answers are old as well, ask once more.
    """
    began = perf_counter()
    inquiry = inquiries.ask(run, plan, acting) if asks else None
    if inquiry is not None:
        progress.expect_lock(run.domain_id)
        remainder.expect_answer(run, plan, inquiry)
    with transaction.atomic():
        _expect_fence(run, fence)
        run.fence = edit.next_fence(run.domain_id)
        if request is not None:
            outcomes.expect_waiting(request)
        states.move(run, RunState.APPLYING, acting.now())
    try:
        _take_effect(run, plan, acting, request, effect, inquiry, began)
    except inquiries.Outdated:
        inquiry = inquiries.ask(run, plan, acting)
        progress.expect_lock(run.domain_id)
        _take_effect(run, plan, acting, request, effect, inquiry, began)


def _take_effect(  # noqa: PLR0917 - one transaction, with all that it is about
    run: Run,
    plan: Plan,
    acting: Acting,
    request: RunRequest | None,
    effect: Effect,
    inquiry: inquiries.Inquiry | None,
    began: float,
) -> None:
    with transaction.atomic():
        _expect_fence(run, run.fence)
        if inquiry is not None:
            inquiry.expect_fresh(acting.now())
        touched = roll.expect_unmoved(plan, run.fingerprint)
        run.timings = {**run.timings, "apply": 0.0}
        unasked = NOTHING
        if inquiry is not None:
            plan, unasked = remainder.shrink(run, plan, inquiry, touched)
        effect(run, plan, unasked, acting)
        if request is not None:
            outcomes.settle(request, RequestOutcome.DONE, acting.now())
        # The run's own row is part of the transaction, and so is how long it took up to here.
        run.timings["apply"] = round(perf_counter() - began, 3)
        Run.objects.filter(id=run.id).update(timings=run.timings)


def _expect_fence(run: Run, fence: int) -> None:
    """Lock the domain, and refuse a process that slept while another took it over: it may write nothing down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fence FROM directory_domain WHERE id = %s FOR NO KEY UPDATE", [run.domain_id])
        if cursor.fetchone() != (fence,):
            raise progress.Unguarded


def _apply_parts(  # noqa: PLR0917 - as above
    run: Run,
    plan: Plan,
    unasked: Ending,
    acting: Acting,
    staged: Staged | None = None,
    made_for: PlannedRoll | None = None,
) -> None:
    """Apply a plan as far as the guards let it; what they hold waits, and so does who could not be asked for."""
    parts = hold.part_plan(run, plan, acting, unasked, made_for)
    if parts is None:
        _to_roll(run, plan, acting, staged)
        hold.supersede(run, acting)
        states.move(run, RunState.APPLIED if plan.changes else RunState.UNCHANGED, acting.now())
    elif parts.now.changes:
        _to_roll(run, parts.now, acting)
        plan_rows.replace(run, parts.now)
        hold.hold_beside(run, parts.waiting, acting)
        hold.supersede_planned(run, acting)
        states.move(run, RunState.APPLIED, acting.now())
    else:
        _hold_whole(run, parts, acting)
    record(run, f"run.{run.state}", acting)


def _to_roll(run: Run, plan: Plan, acting: Acting, staged: Staged | None = None) -> None:
    roll.apply(plan, now=acting.now(), fence=run.fence, staged=staged)
    _note_reading(run, acting)


def _note_reading(run: Run, acting: Acting) -> None:
    """What a reading says has taken effect, or waits for a person: its sources were read as late as that."""
    sources = [source.id for source in store.sources_from_json(run.sources) if source.trusted]
    if sources and run.read_at is not None:
        ages.note_reading(run.domain_id, sources, run.read_at, acting.now())


def _hold_whole(run: Run, parts: hold.Parts, acting: Acting) -> None:
    """Nothing may be applied: the run itself waits, unless the same changes wait already."""
    run.waits_in = hold.same_held(run, parts.waiting, acting)
    if run.waits_in is None:
        hold.supersede_held(run, acting)
        _note_reading(run, acting)
        states.move(run, RunState.HELD, acting.now())
        return
    plan_rows.replace(run, parts.now)
    _to_roll(run, parts.now, acting)
    states.move(run, RunState.UNCHANGED, acting.now())


def _expect_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInput("reason_missing", "A release needs a reason.", "Say why with --reason.")


def _expect_no_pause(run: Run) -> None:
    standing_pauses = pauses.over(run.domain)
    if standing_pauses and Ending.of(plan_rows.read(run)):
        raise Refused(
            "removals_paused",
            f"Removals are paused {pauses.reach(standing_pauses[0], run.domain)}, so nothing was released.",
            "It goes on waiting. Resume removals first, or ask whoever paused them.",
        )


def _expect_planned(run: Run) -> None:
    if run.state != RunState.PLANNED:
        message = f"This run is {run.state}; only one that is planned can be applied."
        raise Refused("run_not_planned", message, _where_runs_stand(run))


def _expect_held(run: Run, done: str) -> None:
    if run.state != RunState.HELD:
        message = f"This run is {run.state}; only one that is held can be {done}."
        raise Refused("run_not_held", message, _where_runs_stand(run))


def _where_runs_stand(run: Run) -> str:
    return f"See where the runs of this domain stand with: mailroll runs {run.domain.name}"
