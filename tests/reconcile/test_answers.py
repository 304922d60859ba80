"""What an old plan would end is judged again by the rules of a reading, and the plan only ever ends less."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile.answers import Answers, judge, objects, shrink, unmoved
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Current, ObjectType, Reading, Scope, Snapshot
from mailroll.reconcile.plan import Action, Plan
from mailroll.reconcile.reasons import ReasonCode
from mailroll.reconcile.split import NOTHING, Ending, part
from tests.reconcile.outcome import advance
from tests.reconcile.stories import World, worlds
from tests.reconcile.world import FIRST, SCOPE, address, ask, oid, owners, record, roll, snapshot, user


def accepted(current: Current) -> set[str]:
    return {held for one in current.users if not one.state.retired for held in one.state.addresses}


@given(worlds(), st.randoms(use_true_random=False))
def test_a_plan_without_some_of_what_it_ends_ends_less_and_gives_no_address_to_two(
    world: World, chance: Random
) -> None:
    plan = world.proposal().plan
    ending = Ending.of(plan)
    users = frozenset(one for one in sorted(ending.users) if chance.random() < 0.5)
    addresses = frozenset(one for one in sorted(ending.addresses) if chance.random() < 0.5)
    remaining, rest = part(plan, Ending(users, addresses))
    left = Ending.of(remaining)
    assert left.users <= ending.users - users
    after = advance(world.current, remaining)
    assert all(len(having) == 1 for having in owners(after).values())
    kept = {held for one in world.current.users if one.id in users for held in one.state.addresses}
    assert (accepted(world.current) & (kept | addresses)) <= accepted(after)
    assert advance(after, rest) == advance(world.current, plan)
    assert part(plan, NOTHING) == (plan, Plan.of(plan.domain, plan.revision, plan.tenants, ()))


def old_plan() -> Plan:
    """Ann is gone, Bob has lost an alias, Cy has an alias more, and Dee, made by hand before, is as she was."""
    current = roll(
        user("ann", "ann@d.example"),
        user("bob", "bob@d.example", "sales@d.example", "info@d.example"),
        user("cy", "cy@d.example"),
        user("dee", "dee@d.example", owner=None),
    )
    shown = snapshot(
        record("bob", "SMTP:bob@d.example"),
        record("cy", "SMTP:cy@d.example", "smtp:more@d.example"),
        asked={oid("ann"): None},
    )
    return ask(current, [Reading(FIRST, shown)]).plan


def answers(shown: Snapshot, scope: Scope = SCOPE) -> Answers:
    return judge([Reading(FIRST, shown)], scope, {})


def test_only_whoever_would_go_or_lose_an_address_is_asked_for() -> None:
    assert objects(old_plan()) == {oid("ann"): ObjectType.USER, oid("bob"): ObjectType.USER}


def test_who_answers_stays_with_the_addresses_that_the_answer_shows() -> None:
    plan = old_plan()
    shown = snapshot(record("ann", "SMTP:ann@d.example"), record("bob", "SMTP:bob@d.example", "smtp:sales@d.example"))
    found = shrink(plan, answers(shown))
    ann = next(change.user for change in plan.changes if change.action is Action.RETIRE)
    assert found.present == Ending(frozenset({ann}), frozenset({address("sales@d.example")}))
    assert not found.unasked
    assert [(skip.address, skip.reason.code) for skip in unmoved(plan, found.present)] == [
        (address("ann@d.example"), ReasonCode.STILL_THERE),
        (address("sales@d.example"), ReasonCode.STILL_THERE),
    ]
    remaining, _ = part(plan, found.present)
    assert Ending.of(remaining) == Ending(frozenset(), frozenset({address("info@d.example")}))


def test_who_is_gone_or_has_no_address_here_goes() -> None:
    shown = snapshot(record("bob", "SMTP:bob@d.example"), asked={oid("ann"): None})
    found = shrink(old_plan(), answers(shown))
    assert (found.present, found.unasked) == (NOTHING, NOTHING)
    elsewhere = snapshot(record("ann", "SMTP:ann@foreign.example"), record("bob", "SMTP:bob@d.example"))
    assert shrink(old_plan(), answers(elsewhere)).present == NOTHING


def test_who_answers_and_cannot_be_judged_stays_as_the_roll_has_it() -> None:
    plan = old_plan()
    vague = [replace(record(name), proxies=UNSET) for name in ("ann", "bob")]
    assert shrink(plan, answers(snapshot(*vague))).present == Ending.of(plan)


def test_who_could_not_be_asked_for_is_neither_there_nor_gone() -> None:
    plan = old_plan()
    found = shrink(plan, judge([Reading(FIRST, None)], SCOPE, {}))
    assert (found.present, found.unasked) == (NOTHING, Ending.of(plan))


def test_who_goes_with_the_source_goes_by_a_persons_word() -> None:
    current = roll(user("ann", "ann@d.example"))
    scope = Scope(SCOPE.id, SCOPE.domain, SCOPE.accepts, removed=frozenset({FIRST.id}))
    plan = ask(current, [], scope).plan
    found = shrink(plan, judge([], scope, {}))
    assert plan.counts[Action.RETIRE] == 1
    assert (found.present, found.unasked) == (NOTHING, NOTHING)
