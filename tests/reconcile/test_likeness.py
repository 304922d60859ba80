"""A new plan is applied unseen only where it does what people were shown, or the same with fewer removals."""

from dataclasses import replace
from uuid import uuid4

from hypothesis import assume, given
from hypothesis import strategies as st

from mailroll.reconcile.likeness import is_within
from mailroll.reconcile.plan import Action, Plan, advance
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.split import Ending, part
from tests.reconcile.world import World, worlds

REMOVALS = {Action.RETIRE, Action.REMOVE}


def _with(plan: Plan, changes: object) -> Plan:
    return Plan.of(plan.domain, plan.revision, plan.tenants, changes)  # type: ignore[arg-type]


@given(worlds())
def test_a_plan_is_within_itself(world: World) -> None:
    plan = world.proposal().plan
    assert is_within(plan, plan)


@given(worlds(), st.data())
def test_what_is_left_when_somebody_turns_out_to_be_there_is_within(world: World, data: st.DataObject) -> None:
    shown = world.proposal().plan
    ending = Ending.of(shown)
    spared = Ending(
        frozenset(data.draw(st.sets(st.sampled_from(sorted(ending.users))))) if ending.users else frozenset(),
        frozenset(data.draw(st.sets(st.sampled_from(sorted(ending.addresses))))) if ending.addresses else frozenset(),
    )
    remaining, _ = part(shown, spared)
    assert is_within(remaining, shown)


@given(worlds(), st.data())
def test_a_change_that_was_not_shown_is_never_within(world: World, data: st.DataObject) -> None:
    plan = world.proposal().plan
    assume(plan.changes)
    missing = data.draw(st.sampled_from(plan.changes))
    shown = _with(plan, [change for change in plan.changes if change != missing])
    assert not is_within(plan, shown)


@given(worlds(), st.data())
def test_what_was_shown_to_come_and_comes_no_more_is_not_within(world: World, data: st.DataObject) -> None:
    shown = world.proposal().plan
    gains = [change for change in shown.changes if change.action not in REMOVALS and change.gained]
    # What a removal passes on stays with whoever is not removed after all.
    passed = {address for change in shown.changes for address in change.lost}
    gains = [change for change in gains if not change.gained & passed]
    assume(gains)
    missing = data.draw(st.sampled_from(gains))
    assert not is_within(_with(shown, [change for change in shown.changes if change != missing]), shown)


@given(worlds(), worlds())
def test_what_is_within_accepts_all_that_the_plan_shown_accepts(world: World, other: World) -> None:
    """Nobody loses mail by it who was not shown to: seen from the roll, and not from the plans."""
    shown, plan = world.proposal().plan, replace(other.proposal().plan, domain=world.proposal().plan.domain)
    if not is_within(plan, shown):
        return
    serving = [
        {held for one in advance(world.current, each).users if not one.state.retired for held in one.state.addresses}
        for each in (shown, plan)
    ]
    assert serving[0] <= serving[1]


@given(worlds())
def test_another_reason_for_the_same_is_the_same(world: World) -> None:
    shown = world.proposal().plan
    said = (Reason.of(ReasonCode.WAITS, address="a@brightwater.example"),)
    assert is_within(_with(shown, [replace(change, reasons=said) for change in shown.changes]), shown)


@given(worlds())
def test_what_another_directory_says_is_never_the_same(world: World) -> None:
    shown = world.proposal().plan
    assert not is_within(replace(shown, tenants=("another",)), shown)
    assert not is_within(replace(shown, domain=uuid4()), shown)
