"""When a plan waits for a person, or a part of it does."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile.departures import Departures, Loss
from mailroll.reconcile.findings import Finding, FindingCode, Level
from mailroll.reconcile.guards import Limits, judge_plan
from mailroll.reconcile.model import Kind, Reading, RollUser
from mailroll.reconcile.plan import Action, Change, Plan
from mailroll.reconcile.severity import doubted, level, releasable
from tests.reconcile.outcome import hashed
from tests.reconcile.stories import World, worlds
from tests.reconcile.world import FIRST, LIMITS, SCOPE, SECOND, address, ask, oid, record, roll, snapshot, user


@pytest.mark.parametrize(
    ("total", "limit"),
    [
        (0, 0),
        (1, 0),
        (2, 1),
        (3, 1),
        (4, 2),
        (5, 2),
        (6, 3),
        (10, 3),
        (30, 3),
        (39, 3),
        (40, 4),
        (50, 5),
        (100, 10),
        (999, 99),
        (1000, 100),
        (4999, 499),
        (5000, 500),
        (5001, 500),
        (30_000, 500),
        (1_000_000, 500),
    ],
)
def test_as_many_of_a_total_may_go_in_one_run(total: int, limit: int) -> None:
    assert Limits().of_run(total) == limit


@given(st.integers(0, 10**7))
def test_a_limit_is_never_more_than_half_and_never_less_for_a_larger_domain(total: int) -> None:
    allowed = Limits().of_run(total)
    assert 0 <= allowed <= total / 2
    assert allowed <= Limits().of_run(total + 1)
    assert total == 0 or allowed < total


def test_limits_are_settings() -> None:
    assert Limits(floor=1, share=0.5, cap=2).of_run(3) == 1
    assert Limits(floor=1, share=0.5, cap=2).of_run(100) == 2
    assert Limits(floor=0, share=0.0, cap=500).of_run(100) == 0


def going(total: int, gone: int, limits: Limits = LIMITS) -> set[FindingCode]:
    """Codes for a domain of which some are gone; each has one address, which is tested apart."""
    names = [f"P{number}" for number in range(total)]
    current = roll(*(user(name, f"{name}@d.example") for name in names))
    shown = [record(name, f"SMTP:{name}@d.example") for name in names[gone:]]
    listing = snapshot(record("New", "SMTP:new@d.example"), *shown, asked={oid(name): None for name in names[:gone]})
    return {one.code for one in ask(current, [Reading(FIRST, listing)], limits=limits).findings}


@pytest.mark.parametrize(
    ("total", "gone", "held"),
    [
        (1, 1, True),
        (2, 1, False),
        (2, 2, True),
        (3, 1, False),
        (3, 2, True),
        (4, 2, False),
        (4, 3, True),
        (6, 3, False),
        (6, 4, True),
        (40, 3, False),
        (40, 4, False),
        (40, 5, True),
    ],
)
def test_more_than_the_limit_wait_and_no_fewer(total: int, gone: int, held: bool) -> None:
    found = going(total, gone)
    assert (FindingCode.USER_LIMIT in found) == held
    assert (FindingCode.ADDRESS_LIMIT in found) == held
    assert (FindingCode.EVERYONE_WOULD_GO in found) == (total == gone)


def test_everyone_waits_whatever_the_limits() -> None:
    generous = Limits(floor=100, share=1.0, cap=100)
    assert going(2, 2, generous) >= {FindingCode.EVERYONE_WOULD_GO}
    assert going(3, 0, generous) == set()


@pytest.mark.parametrize(("kept", "found"), [(8, 0), (5, 0), (4, 1), (0, 1)])
def test_aliases_that_end_are_counted_though_nobody_goes(kept: int, found: int) -> None:
    held = [f"a{number}@d.example" for number in range(8)]
    listing = snapshot(record("Ann", "SMTP:ann@d.example", *(f"smtp:{one}" for one in held[:kept])))
    findings = ask(roll(user("Ann", "ann@d.example", *held)), [Reading(FIRST, listing)]).findings
    facts = {"addresses": 8 - kept, "total": 9, "limit": 3}
    assert findings == (Finding.of(FindingCode.ADDRESS_LIMIT, Level.HOLDS_REMOVALS, **facts),) * found


def test_an_address_that_another_takes_does_not_end() -> None:
    held = [f"a{number}@d.example" for number in range(8)]
    current = roll(user("Ann", "ann@d.example", *held))
    listing = snapshot(record("Ann", "SMTP:ann@d.example"), record("Bob", *(f"smtp:{one}" for one in held)))
    assert ask(current, [Reading(FIRST, listing)]).findings == ()


def test_retired_and_untouched_hand_made_users_are_not_in_the_total() -> None:
    retired = [user(f"R{number}", f"r{number}@d.example", retired=True) for number in range(40)]
    by_hand = [user(f"H{number}", f"h{number}@d.example", owner=None) for number in range(40)]
    current = roll(user("Ann", "ann@d.example"), user("Bob", "bob@d.example"), *retired, *by_hand)
    listing = snapshot(record("Cid", "SMTP:cid@d.example"), asked={oid("Ann"): None, oid("Bob"): None})
    found = {one.code: dict(one.facts) for one in ask(current, [Reading(FIRST, listing)]).findings}
    assert found[FindingCode.USER_LIMIT] == {"users": "2", "total": "2", "limit": "1"}
    assert found[FindingCode.ADDRESS_LIMIT] == {"addresses": "2", "total": "2", "limit": "1"}


def test_removals_by_a_person_or_a_purge_are_counted_alike() -> None:
    people = [user(f"P{number}", f"p{number}@d.example") for number in range(4)]
    plan = Plan.of(SCOPE.id, 1, [], [Change(Action.REMOVE, one.id, one.state, None, ()) for one in people[:3]])
    codes = {one.code for one in judge_plan(plan, roll(*people), LIMITS)}
    assert codes == {FindingCode.USER_LIMIT, FindingCode.ADDRESS_LIMIT}


def test_what_is_already_retired_has_nothing_left_to_lose() -> None:
    gone = user("Ann", "ann@d.example", retired=True)
    plan = Plan.of(SCOPE.id, 1, [], [Change(Action.REMOVE, gone.id, gone.state, None, ())])
    assert judge_plan(plan, roll(gone), LIMITS) == ()


@pytest.mark.parametrize(("slipped", "stays", "held"), [(3, 0, False), (4, 0, True), (4, 500, False), (6, 500, True)])
def test_a_few_may_slip_through_a_listing_and_many_mean_that_a_part_is_missing(
    slipped: int, stays: int, held: bool
) -> None:
    listed = [record(f"P{number}", f"SMTP:p{number}@d.example") for number in range(stays)]
    asked = {oid(f"S{number}"): record(f"S{number}", f"SMTP:s{number}@d.example") for number in range(slipped)}
    findings = ask(roll(), [Reading(FIRST, snapshot(*listed, asked=asked))]).findings
    (finding,) = (one for one in findings if one.code is FindingCode.LISTING_INCOMPLETE)
    assert finding.level is (Level.HOLDS_REMOVALS if held else Level.WARNING)


def test_an_empty_source_without_users_of_its_own_is_only_named() -> None:
    current = roll(user("Ann", "ann@d.example", retired=True), user("Bob", "bob@d.example", owner=SECOND))
    for one, code, expected in (
        (FIRST, FindingCode.NO_MAILBOX, Level.WARNING),
        (SECOND, FindingCode.SOURCE_EMPTY, Level.HOLDS_PLAN),
    ):
        found = ask(current, [Reading(one, snapshot())]).findings
        assert [(finding.code, finding.level) for finding in found] == [(code, expected)]


def test_the_strongest_finding_decides() -> None:
    order = (Level.NOTE, Level.WARNING, Level.HOLDS_REMOVALS, Level.HOLDS_PLAN)
    for place, strongest in enumerate(order):
        findings = [Finding.of(FindingCode.CONFLICTS, one) for one in order[: place + 1]]
        assert level(findings) is strongest
        assert level(reversed(findings)) is strongest
    assert level([]) is Level.NOTE


@given(worlds())
def test_a_plan_held_whole_is_for_release_only_where_everybody_was_asked_for_by_id(world: World) -> None:
    for one in world.proposal().reading_findings:
        if one.level is Level.HOLDS_PLAN:
            assert releasable([one]) == (one.code is FindingCode.SOURCE_EMPTY)


@given(worlds())
def test_every_plan_with_a_removal_too_many_is_held(world: World) -> None:
    proposal = world.proposal()
    managed = [one for one in world.current.users if one.state.owner is not None and not one.state.retired]
    if proposal.plan.counts[Action.RETIRE] > min(max(3, len(managed) * 0.1), len(managed) / 2, 500):
        assert level(proposal.plan_findings) is Level.HOLDS_REMOVALS
    assert judge_plan(replace(proposal.plan, changes=()), world.current, LIMITS) == ()


@pytest.mark.parametrize(
    ("code", "of", "may"),
    [
        (FindingCode.USER_LIMIT, Level.HOLDS_REMOVALS, True),
        (FindingCode.SOURCE_EMPTY, Level.HOLDS_REMOVALS, True),
        (FindingCode.SOURCE_UNREAD, Level.HOLDS_REMOVALS, True),
        (FindingCode.SOURCE_UNREAD, Level.HOLDS_PLAN, False),
        (FindingCode.TENANT_CHANGED, Level.HOLDS_REMOVALS, True),
        (FindingCode.LISTING_INCOMPLETE, Level.HOLDS_REMOVALS, False),
        (FindingCode.LISTING_INCOMPLETE, Level.WARNING, True),
        (FindingCode.TENANT_CHANGED, Level.HOLDS_PLAN, False),
    ],
)
def test_a_person_decides_on_limits_and_not_on_answers_that_are_not_whole(
    code: FindingCode, of: Level, may: bool
) -> None:
    assert releasable([Finding.of(code, of)]) is may


def test_a_reading_is_doubted_where_another_has_to_make_it_right() -> None:
    assert not doubted([Finding.of(FindingCode.USER_LIMIT), Finding.of(FindingCode.LISTING_INCOMPLETE, Level.WARNING)])
    assert doubted([Finding.of(FindingCode.LISTING_INCOMPLETE)])
    assert doubted([Finding.of(FindingCode.SOURCE_EMPTY, users=3)])
    for code in (FindingCode.SOURCE_UNREAD, FindingCode.DOMAIN_NOT_VERIFIED):
        assert doubted([Finding.of(code, users=3)])
        assert not doubted([Finding.of(code, users=0)])
        assert doubted([Finding.of(code, Level.HOLDS_PLAN, users=0)])


@pytest.mark.parametrize(
    ("total", "day", "week"), [(3, 2, 1), (12, 6, 3), (40, 8, 8), (100, 20, 20), (30_000, 1000, 6000)]
)
def test_as_many_may_go_in_a_day_and_in_a_week(total: int, day: int, week: int) -> None:
    assert (Limits().of_day(total), Limits().of_week(total)) == (day, week)


@pytest.mark.parametrize(("total", "growth", "billing"), [(0, 50, 20), (45, 50, 22), (51, 51, 25), (1000, 1000, 500)])
def test_as_many_may_come_in_one_run(total: int, growth: int, billing: int) -> None:
    assert (Limits().of_growth(total), Limits().of_billing(total)) == (growth, billing)


def leaving(gone: int, departures: Departures) -> set[FindingCode]:
    """Codes for a domain of 80 with two addresses each, of which some go now and some left before."""
    people = [user(f"P{number}", f"p{number}@d.example", f"q{number}@d.example") for number in range(80)]
    changes = [Change(Action.REMOVE, one.id, one.state, None, ()) for one in people[:gone]]
    return {one.code for one in judge_plan(Plan.of(SCOPE.id, 1, [], changes), roll(*people), LIMITS, departures)}


def lost(users: int, addresses: int) -> Loss:
    return Loss(
        frozenset(uuid4() for _ in range(users)), frozenset(address(f"x{one}@d.example") for one in range(addresses))
    )


@pytest.mark.parametrize(
    ("departures", "gone", "found"),
    [
        (Departures(), 3, set()),
        (Departures(day=lost(14, 0)), 5, {FindingCode.USER_LIMIT_DAY}),
        (Departures(day=lost(14, 0)), 4, set()),
        (Departures(day=lost(14, 0)), 0, set()),
        (Departures(week=lost(15, 0)), 5, {FindingCode.USER_LIMIT_WEEK}),
        (Departures(week=lost(15, 0)), 3, set()),
        (Departures(day=lost(0, 30)), 5, {FindingCode.ADDRESS_LIMIT_DAY}),
        (Departures(week=lost(0, 30)), 5, {FindingCode.ADDRESS_LIMIT_WEEK}),
        (Departures(week=lost(0, 30)), 4, set()),
    ],
)
def test_what_went_before_counts_together_with_what_goes_now(
    departures: Departures, gone: int, found: set[FindingCode]
) -> None:
    assert leaving(gone, departures) == found


def test_whoever_came_back_went_nowhere() -> None:
    back, retired = user("Ann", "ann@d.example"), user("Bob", "bob@d.example", retired=True)
    loss = Loss(frozenset({back.id, retired.id}), frozenset((*back.state.addresses, *retired.state.addresses)))
    assert loss.still(roll(back, retired)) == Loss(frozenset({retired.id}), frozenset(retired.state.addresses))


def coming(*known: RollUser, new: int, plan: bool = True) -> list[Finding]:
    shown = [record(f"N{number}", f"SMTP:n{number}@d.example", plan=plan) for number in range(new)]
    stay = [record(one.state.display_name, f"SMTP:{one.state.primary}") for one in known if one.state.owner]
    return list(ask(roll(*known), [Reading(FIRST, snapshot(*shown, *stay))]).findings)


@pytest.mark.parametrize(
    ("new", "plan", "found"),
    [
        (50, False, set()),
        (51, False, {FindingCode.GROWTH_LIMIT}),
        (20, True, set()),
        (21, True, {FindingCode.BILLING_LIMIT}),
        (51, True, {FindingCode.GROWTH_LIMIT, FindingCode.BILLING_LIMIT}),
    ],
)
def test_growth_beyond_reason_holds_the_plan(new: int, plan: bool, found: set[FindingCode]) -> None:
    findings = coming(user("Ann", "ann@d.example"), new=new, plan=plan)
    assert {one.code for one in findings} == found
    assert all(one.level is Level.HOLDS_PLAN for one in findings)
    assert releasable(findings)


def test_a_first_sync_is_nothing_but_growth() -> None:
    assert coming(user("Desk", "desk@d.example", owner=None), new=300) == []
    assert coming(user("Ann", "ann@d.example", retired=True), new=300) != []


def test_who_comes_back_is_no_growth() -> None:
    retired = [user(f"P{number}", f"p{number}@d.example", retired=True) for number in range(60)]
    assert coming(*retired, new=0) == []


def test_a_change_of_kind_makes_people_billed_too() -> None:
    people = [user(f"P{number}", f"p{number}@d.example") for number in range(21)]
    free = [hashed(replace(one, state=replace(one.state, kind=Kind.UNLICENSED, billable=False))) for one in people]
    (finding,) = coming(*free, new=0)
    assert finding == Finding.of(FindingCode.BILLING_LIMIT, users=21, total=0, limit=20)
