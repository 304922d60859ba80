"""A plan from a part of the world, and sums of the rest, is the plan from all of it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mailroll.reconcile.departures import NO_DEPARTURES, Departures, Loss
from mailroll.reconcile.findings import FindingCode, Level
from mailroll.reconcile.guards import Limits, judge_import, judge_plan
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Headcount, Kind, Reading, Record, RollUser, Snapshot, Sum
from mailroll.reconcile.plan import Action, Change, Plan
from mailroll.reconcile.skips import Skips
from tests.reconcile.outcome import advance, hashed
from tests.reconcile.stories import World, worlds
from tests.reconcile.world import (
    DOMAIN,
    FIRST,
    LIMITS,
    SCOPE,
    TENANT,
    address,
    ask,
    census,
    oid,
    record,
    roll,
    snapshot,
    user,
)

_some = st.sampled_from((2, 3, 12, 60) * 2 + (400,))


def quiet(number: int) -> Record:
    """Somebody whose addresses nobody else wants."""
    north = "north" if number % 2 else "south"
    plain = record(f"quiet {number}", f"SMTP:quiet{number}@{DOMAIN}", f"smtp:q{number}@{DOMAIN}", plan=number % 3 > 0)
    return replace(plain, attributes={"department": north})


def with_more(reading: Reading, records: Sequence[Record]) -> Reading:
    """The same reading, in a directory that has others too, every second one of them in each group."""
    shot = reading.snapshot
    if shot is None or shot.expected_tenant != TENANT:
        return reading
    return replace(reading, snapshot=_joined(shot, records))


def _joined(shot: Snapshot, records: Sequence[Record]) -> Snapshot:
    members = frozenset(one.id for one in records[::2])
    lists = {name: ids if ids is UNSET else ids | members for name, ids in shot.memberships.items()}
    return replace(shot, records=shot.records + tuple(records), memberships=lists)


def alone(reading: Reading, records: Sequence[Record]) -> Reading:
    """A reading of the same source that shows nobody else, and that nobody doubts."""
    shot = snapshot()
    if reading.snapshot is not None:
        shot = replace(shot, memberships=reading.snapshot.memberships, hybrid=reading.snapshot.hybrid)
    return Reading(reading.source, _joined(shot, records))


def settled(readings: Sequence[Reading], records: Sequence[Record]) -> tuple[RollUser, ...]:
    """The users that these sources make of them."""
    ours = [alone(each, records) for each in readings if each.source.label != "outside"]
    current = advance(roll(), ask(roll(), ours).plan)
    again = ask(current, ours)
    assume(not again.plan.changes and not again.findings)
    return current.users


def by_hand(number: int) -> tuple[RollUser, ...]:
    made = user(f"Hand {number}", f"hand{number}@{DOMAIN}", owner=None)
    fixed = user(f"Static {number}", f"static{number}@{DOMAIN}", owner=None)
    return made, hashed(replace(fixed, state=replace(fixed.state, kind=Kind.STATIC)))


@given(worlds(), _some, st.integers(0, 3))
def test_what_stands_beside_counts_as_if_it_were_there(world: World, people: int, hands: int) -> None:
    records = [quiet(number) for number in range(people)]
    users = settled(world.readings, records) + tuple(one for number in range(hands) for one in by_hand(number))
    readings = [with_more(each, records) for each in world.readings]
    takes = {
        each.source.id: bool(ask(roll(), [alone(each, records)]).plan.changes)
        for each in world.readings
        if each.source.label != "outside"
    }
    # Whoever makes a part of a world takes care of that: of a source that takes nobody beside, it is the whole.
    assume(all(takes.values()))
    whole = ask(replace(roll(*world.current.users, *users), elsewhere=world.current.elsewhere), readings)
    part = replace(world.current, rest=census(users))
    found = ask(part, [replace(each, more=takes.get(each.source.id, False)) for each in world.readings])
    strangers = {one.id for one in records}
    whole, found = (replace(each, open=None, taking={}) for each in (whole, found))
    assert replace(whole, skips=Skips()) == replace(found, skips=Skips())
    assert [skip for skip in whole.skips if skip.external_id not in strangers] == list(found.skips)


_limits = st.sampled_from(
    (LIMITS, Limits(0, 0.3, 500, 0.3, (0, 0.3), (0, 0.5)), Limits(1, 0.5, 2, 0.5, (1, 0.0), (1, 0.0)))
)
_left = Departures(
    Loss(frozenset({SCOPE.id}), frozenset({address("left@d.example")})),
    Loss(frozenset({SCOPE.id}), frozenset({address("left@d.example"), address("gone@d.example")})),
)


@given(worlds(), st.sets(st.integers(0, 11)), _limits, st.sampled_from((NO_DEPARTURES, _left)))
def test_guards_measure_by_sums_what_they_measure_by_users(
    world: World, dropped: set[int], limits: Limits, departures: Departures
) -> None:
    plan, every = world.proposal().plan, world.current.users
    beside = tuple(one for number, one in enumerate(every) if number in dropped and one.id not in plan.touched_users)
    part = replace(world.current, users=tuple(one for one in every if one not in beside), rest=census(beside))
    assert judge_plan(plan, part, limits, departures) == judge_plan(plan, world.current, limits, departures)
    assert judge_import(plan, part, limits) == judge_import(plan, world.current, limits)


@pytest.mark.parametrize(("beside", "held"), [(0, True), (395, True), (396, False)])
def test_a_few_oddities_are_few_beside_all_that_is_taken(beside: int, held: bool) -> None:
    asked = {oid(f"S{number}"): record(f"S{number}", f"SMTP:s{number}@d.example") for number in range(4)}
    part = replace(roll(), rest=Headcount({FIRST.id: Sum(beside, beside, beside)}, owned=True))
    shown = [record("Ann", "SMTP:ann@d.example")] if not beside else []
    findings = ask(part, [Reading(FIRST, snapshot(*shown, asked=asked), more=beside > 0)]).findings
    (finding,) = (one for one in findings if one.code is FindingCode.LISTING_INCOMPLETE)
    assert finding.level is (Level.HOLDS_REMOVALS if held else Level.WARNING)


def test_a_person_made_by_hand_counts_for_a_file_and_a_static_address_for_neither() -> None:
    gone = user("Ann", "ann@d.example", owner=None)
    plan = Plan.of(SCOPE.id, 1, [], [Change(Action.REMOVE, gone.id, gone.state, None, ())])
    for rest, codes in (
        (Headcount(by_hand=Sum(1, 0, 1)), set()),
        (Headcount(static=Sum(1, 0, 1)), {"hand_made_would_go", "removal_limit", "address_limit"}),
    ):
        assert {one.code for one in judge_import(plan, replace(roll(gone), rest=rest), LIMITS)} == codes
