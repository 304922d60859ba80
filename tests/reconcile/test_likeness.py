"""A new plan is applied unseen only where it does what people were shown, or the same with fewer removals."""

from dataclasses import replace
from random import Random
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.likeness import is_within
from mailroll.reconcile.model import Current, Reading
from mailroll.reconcile.plan import Action, Plan
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.split import NOTHING, Ending, part
from tests.reconcile.outcome import advance
from tests.reconcile.stories import World, worlds
from tests.reconcile.world import FIRST, ask, oid, readings_of, record, roll, snapshot, user

REMOVALS = {Action.RETIRE, Action.REMOVE}


def _with(plan: Plan, changes: object) -> Plan:
    return Plan.of(plan.domain, plan.revision, plan.tenants, changes)  # type: ignore[arg-type]


def a_plan_is_within_itself(shown: Plan, _: Random) -> None:
    assert is_within(shown, shown)


def what_is_left_when_somebody_turns_out_to_be_there_is_within(shown: Plan, chance: Random) -> None:
    ending = Ending.of(shown)
    spared = Ending(
        frozenset(one for one in sorted(ending.users) if chance.random() < 0.5),
        frozenset(one for one in sorted(ending.addresses) if chance.random() < 0.5),
    )
    remaining, _ = part(shown, spared)
    assert is_within(remaining, shown)


def a_change_that_was_not_shown_is_never_within(shown: Plan, _: Random) -> None:
    for missing in shown.changes:
        assert not is_within(shown, _with(shown, [change for change in shown.changes if change != missing]))


def what_was_shown_to_come_and_comes_no_more_is_not_within(shown: Plan, _: Random) -> None:
    gains = [change for change in shown.changes if change.action not in REMOVALS and change.gained]
    # What a removal passes on stays with whoever is not removed after all.
    passed = {address for change in shown.changes for address in change.lost}
    for missing in gains:
        if not missing.gained & passed:
            assert not is_within(_with(shown, [change for change in shown.changes if change != missing]), shown)


def another_reason_for_the_same_is_the_same(shown: Plan, _: Random) -> None:
    said = (Reason.of(ReasonCode.WAITS, address="a@brightwater.example"),)
    assert is_within(_with(shown, [replace(change, reasons=said) for change in shown.changes]), shown)


def what_another_directory_says_is_never_the_same(shown: Plan, _: Random) -> None:
    assert not is_within(replace(shown, tenants=("another",)), shown)
    assert not is_within(replace(shown, domain=uuid4()), shown)


TRUTHS = (
    a_plan_is_within_itself,
    what_is_left_when_somebody_turns_out_to_be_there_is_within,
    a_change_that_was_not_shown_is_never_within,
    what_was_shown_to_come_and_comes_no_more_is_not_within,
    another_reason_for_the_same_is_the_same,
    what_another_directory_says_is_never_the_same,
)
"""Of every plan of every world: a world takes much longer to make up than to look at."""


def test_of_a_plain_plan_is_true_what_is_promised_of_every_one() -> None:
    current = roll(user("Ann", "a@d.example", "b@d.example"), user("Bob", "c@d.example"))
    here = snapshot(record("Ann", "SMTP:b@d.example"), record("Dan", "SMTP:dan@d.example"), asked={oid("Bob"): None})
    shown = ask(current, [Reading(FIRST, here)]).plan
    assert Ending.of(shown) != NOTHING
    for truth in TRUTHS:
        truth(shown, Random(1))


def test_who_waits_for_somebody_that_stays_needs_no_address_spared() -> None:
    """Who comes back by an address that another still has is no more changed by what is left than by nothing."""
    current = roll(user("Old", "a@d.example", retired=True), user("Ann", "b@d.example"))
    here = snapshot(record("Old", "SMTP:b@d.example"), asked={oid("Ann"): None})
    shown = ask(current, [Reading(FIRST, here)]).plan
    ending = Ending.of(shown)
    assert (len(ending.users), sorted(ending.addresses)) == (1, ["a@d.example"])
    for spared in (ending, replace(ending, addresses=frozenset())):
        remaining, _ = part(shown, spared)
        assert [change.action for change in remaining.changes] == [Action.RESTORE] * len(spared.addresses)
        assert is_within(remaining, shown)


@settings(max_examples=200)
@given(worlds(), st.randoms(use_true_random=False))
def test_of_every_plan_and_of_what_is_like_it_is_true_what_is_promised(world: World, chance: Random) -> None:
    shown = world.proposal().plan
    for truth in TRUTHS:
        truth(shown, chance)


@given(worlds(), readings_of())
def test_what_is_within_accepts_all_that_the_plan_shown_accepts(world: World, others: tuple[Reading, ...]) -> None:
    """Nobody loses mail by it who was not shown to: seen from the roll, and not from the plans."""
    shown, plan = world.proposal().plan, ask(world.current, others).plan
    spared, _ = part(shown, replace(Ending.of(shown), addresses=frozenset()))
    for each in (plan, spared):
        if is_within(each, shown):
            assert _accepted(world.current, shown) <= _accepted(world.current, each)


def _accepted(current: Current, plan: Plan) -> set[Address]:
    return {held for one in advance(current, plan).users if not one.state.retired for held in one.state.addresses}
