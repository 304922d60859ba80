"""What must hold for every roll and every reading, and above all the three things that must never happen."""

import random
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from mailroll.reconcile import kinds, newcomers
from mailroll.reconcile.addresses import Address, canonical
from mailroll.reconcile.desired import desire
from mailroll.reconcile.filters.model import RuleOperator
from mailroll.reconcile.findings import FindingCode, Level
from mailroll.reconcile.guards import in_doubt
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.memberships import Groups
from mailroll.reconcile.model import ExternalId, Reading, Record, Selection, Snapshot
from mailroll.reconcile.pipeline import Proposal, Terms, propose
from mailroll.reconcile.plan import Action, Change, Plan, Touched, fingerprint
from mailroll.reconcile.severity import level
from tests.reconcile.conclusions import FILTERED_OUT, Conclusion, conclusions
from tests.reconcile.outcome import advance
from tests.reconcile.stories import World, rolls, worlds
from tests.reconcile.world import (
    FIRST,
    LIMITS,
    OTHER_TENANT,
    OUTSIDE,
    SCOPE,
    SECOND,
    TENANT,
    WRONG_TENANT,
    ask,
    oid,
    only,
    owners,
    readings_of,
    record,
    roll,
    snapshot,
    trusted,
    usable,
    user,
    versions,
)


def active(change: Change) -> bool:
    return change.before is not None and not change.before.retired


# A person who exists is never removed.


def nobody_retires_without_a_known_cause(world: World, proposal: Proposal) -> None:
    for change in proposal.plan.changes:
        if change.action is Action.RETIRE:
            said = conclusions(change.external_id, world.readings)
            assert said
            assert said <= {Conclusion.NOTHING, Conclusion.GONE, Conclusion.EITHER}


def a_sync_never_removes_a_row(_: World, proposal: Proposal) -> None:
    assert proposal.plan.counts[Action.REMOVE] == 0


def who_is_unclear_or_not_mentioned_stays_as_it_is(world: World, proposal: Proposal) -> None:
    for change in proposal.plan.changes:
        if active(change) and change.before is not None and change.before.external_id is not None:
            said = conclusions(change.external_id, world.readings)
            assert said - {Conclusion.UNCLEAR}
            assert Conclusion.UNCLEAR not in said or said & {Conclusion.HERE, Conclusion.EITHER}


def an_unread_or_doubted_source_changes_none_of_its_users(world: World, proposal: Proposal) -> None:
    heard = set(trusted(world.readings))
    for change in proposal.plan.changes:
        if not active(change) and change.action is Action.UPDATE:
            continue  # what a retired user has only ends, and goes to whoever is given it
        assert change.before is None or change.before.owner is None or change.before.owner in heard
        assert change.after is not None
        assert change.after.owner is None or change.after.owner in heard


def the_whole_plan_is_held_where_every_source_is_in_doubt_or_a_first_sync_decides_nobody(
    world: World, proposal: Proposal
) -> None:
    doubted = in_doubt(world.current, desire(world.readings, SCOPE, kinds.settled(world.current)))
    whole = {one.source.id for one in world.readings} == doubted
    findings = proposal.findings
    undecided = FindingCode.FILTER_DECIDES_NOBODY in {one.code for one in findings}
    assert (level(findings) is Level.HOLDS_PLAN) == (whole or undecided)


def a_source_in_doubt_stops_no_other_and_loses_nobody(world: World, proposal: Proposal) -> None:
    heard = trusted(world.readings)
    for change in proposal.plan.changes:
        if change.before is not None and change.before.owner is not None and change.action is Action.RETIRE:
            assert change.before.owner in heard


def test_who_is_gone_stays_while_another_source_of_the_same_directory_is_in_doubt() -> None:
    current = roll(user("Ann", "ann@d.example"), user("Bob", "bob@d.example"))
    shot = snapshot(record("Ann", "SMTP:ann@d.example"), asked={oid("Bob"): None})
    for tenant, gone in ((TENANT, 0), (OTHER_TENANT, 1)):
        readings = [Reading(FIRST, shot), Reading(replace(SECOND, tenant=tenant), None)]
        assert ask(current, readings).plan.counts[Action.RETIRE] == gone


def only_a_first_sync_is_held_because_filters_are_undecided(world: World, proposal: Proposal) -> None:
    if FindingCode.FILTER_DECIDES_NOBODY in {one.code for one in proposal.findings}:
        heard = set(trusted(world.readings))
        assert not [user for user in world.current.users if user.state.owner in heard and not user.state.retired]


def nobody_goes_for_a_membership_before_the_directory_was_asked_about_them(world: World, proposal: Proposal) -> None:
    asked: set[ExternalId] = set()

    def in_none(groups: Groups) -> Groups:
        asked.update(groups)
        return {key: frozenset() for key in groups}

    confirmed = ask(world.current, world.readings, asking=in_none)
    for each, may_go in ((proposal, set[ExternalId]()), (confirmed, asked)):
        for change in each.plan.changes:
            rules_against = [reason.facts["rule"] for reason in change.reasons if reason.code is FILTERED_OUT]
            if change.action is Action.RETIRE and any("memberOf" in rule for rule in rules_against):
                assert change.external_id in may_go


def test_who_is_left_out_whatever_a_group_says_is_asked_about_by_nobody_and_other_members_stay_unasked() -> None:
    members = Selection(only("memberOf", RuleOperator.IS, "Clinic"))
    north = Selection(only("department", RuleOperator.IS, "north"))
    people = [user(name, f"{name}@d.example") for name in ("Ann", "Bob", "Cid")]
    gus = user("Gus", "gus@d.example", owner=OUTSIDE, tenant=OTHER_TENANT)
    clinic = replace(
        snapshot(*(record(one.state.display_name, f"SMTP:{one.state.primary}") for one in people)),
        memberships={"Clinic": frozenset({oid("Ann"), oid("Cid")})},
    )
    southern = replace(record("Gus", "SMTP:gus@d.example", tenant=OTHER_TENANT), attributes={"department": "south"})
    outside = Reading(replace(OUTSIDE, selection=north), snapshot(southern, tenant=OTHER_TENANT))
    plans = []
    for several in (people, [people[0], people[2]]):
        readings = [
            Reading(replace(FIRST, selection=members), clinic),
            outside,
            Reading(replace(SECOND, tenant=WRONG_TENANT), None),
        ]
        plans.append(ask(roll(*several, gus), readings).plan)
    assert [[change.user for change in plan.changes if change.action is Action.RETIRE] for plan in plans] == [
        [gus.id],
        [gus.id],
    ]


def an_unread_source_holds_every_removal(world: World, proposal: Proposal) -> None:
    if any(one.snapshot is None for one in world.readings):
        assert FindingCode.SOURCE_UNREAD in {one.code for one in proposal.findings}
        assert level(proposal.findings) in {Level.HOLDS_REMOVALS, Level.HOLDS_PLAN}


def an_active_user_loses_an_address_only_to_another_or_because_its_record_lacks_it(
    world: World, proposal: Proposal
) -> None:
    plan = proposal.plan
    gained = {held for change in plan.changes for held in change.gained}
    for change in plan.changes:
        if not active(change) or change.action is Action.RETIRE:
            continue
        assert change.external_id is not None
        listed = {
            held
            for shot in trusted(world.readings).values()
            for one in versions(shot).get(change.external_id, [])
            for held in usable(one, SCOPE, shot.verified)
        }
        shown_alike = (
            len(
                {
                    repr(one)
                    for shot in trusted(world.readings).values()
                    for one in versions(shot).get(change.external_id, [])
                }
            )
            == 1
        )
        if shown_alike:
            assert change.lost <= gained | {held for held in change.lost if held not in listed}


# One address never has two owners.


def no_address_has_two_owners(world: World, proposal: Proposal) -> None:
    after = advance(world.current, proposal.plan)
    assert all(len(having) == 1 for having in owners(after).values())
    assert not owners(after).keys() & after.elsewhere.keys()


def every_state_that_is_planned_is_sound(_: World, proposal: Proposal) -> None:
    for change in proposal.plan.changes:
        state = change.after
        assert state is not None
        assert state.primary is not None or not state.aliases
        assert list(state.aliases) == sorted(set(state.aliases) - {state.primary})
        assert not set(state.former) & set(state.addresses)
        assert not state.billable or (state.primary is not None and not state.retired)
        assert all(canonical(held) == held for held in state.addresses)
        state.display_name.encode()
        assert "\0" not in state.display_name


def nothing_outside_the_domain_and_its_verified_alias_domains_ever_enters(world: World, proposal: Proposal) -> None:
    for change in proposal.plan.changes:
        for held in change.gained:
            assert any(
                held in usable(one, SCOPE, shot.verified)
                for shot in trusted(world.readings).values()
                for one in versions(shot).get(change.external_id or ExternalId(""), [])
            )


# Another owner's user is never touched.


def hand_made_exempt_and_pinned_users_are_left_to_people(world: World, proposal: Proposal) -> None:
    known = {one.id: one for one in world.current.users}
    adopting = {one.source.id for one in world.readings if one.source.adopts}
    for change in proposal.plan.changes:
        had = known.get(change.user)
        if had is None:
            assert change.action is Action.CREATE
            continue
        assert change.before == had.state
        assert change.after is not None
        # What a retired user has only ends, and goes to whoever is given it.
        assert not had.exempt or (had.state.retired and change.after.retired and change.lost)
        assert not (had.pinned and change.action is Action.RETIRE)
        if had.state.owner is None and not had.state.retired:
            assert change.action is Action.ADOPT
            assert change.after.owner in adopting


@given(worlds(doubts=False))
def test_a_hand_made_user_stays_with_all_its_addresses_unless_a_source_adopts(world: World) -> None:
    readings = [replace(one, source=replace(one.source, adopts=False)) for one in world.readings]
    hand_made = {one.id: one.state for one in world.current.users if one.state.owner is None and not one.state.retired}
    after = {one.id: one.state for one in advance(world.current, ask(world.current, readings).plan).users}
    assert hand_made.items() <= after.items()


# The same question has the same answer.


def told_later(plan: Plan, readings: Iterable[Reading]) -> set[UUID]:
    """Those of whom a filter on kinds knows more from the next run on.

    Who is adopted brings a kind that people gave. Who is new may be shown in several versions, of which not each tells
    the kind: then all of them are judged by it.
    """
    several = {key for each in trusted(readings).values() for key, shown in versions(each).items() if len(shown) > 1}
    return {change.user for change in plan.changes if change.action is Action.ADOPT or change.external_id in several}


def a_plan_applied_leaves_nothing_to_do(world: World, proposal: Proposal) -> None:
    first = proposal
    once = advance(world.current, first.plan)
    again = ask(once, world.readings).plan
    assert again.touched_users <= told_later(first.plan, world.readings)
    assert ask(advance(once, again), world.readings).plan.changes == ()


def applying_a_plan_twice_is_applying_it_once(world: World, proposal: Proposal) -> None:
    plan = proposal.plan
    once = advance(world.current, plan)
    assert advance(once, plan) == once


def shuffled(shot: Snapshot, chance: random.Random) -> Snapshot:
    """The same reading in another order: pages, entries of lists, attributes, duplicates."""
    listed = [_shuffled(one, chance) for one in shot.records]
    listed += [_shuffled(one, chance) for one in chance.sample(shot.records, chance.randint(0, len(shot.records)))]
    chance.shuffle(listed)
    unreadable = [*shot.unreadable]
    chance.shuffle(unreadable)
    asked = [*shot.asked.items()]
    chance.shuffle(asked)
    return replace(shot, records=tuple(listed), unreadable=tuple(unreadable), asked=dict(asked))


def _shuffled(one: Record, chance: random.Random) -> Record:
    attributes = [*one.attributes.items()]
    chance.shuffle(attributes)
    if one.proxies is UNSET:
        return replace(one, attributes=dict(attributes))
    entries = [*one.proxies]
    chance.shuffle(entries)
    return replace(one, proxies=tuple(entries), attributes=dict(attributes))


def essence(proposal: Proposal) -> object:
    return proposal.plan.digest, proposal.findings, proposal.skips, proposal.unchanged


@given(worlds(), st.randoms(use_true_random=False))
def test_no_order_changes_the_answer(world: World, chance: random.Random) -> None:
    readings = [
        one if one.snapshot is None else replace(one, snapshot=shuffled(one.snapshot, chance)) for one in world.readings
    ]
    chance.shuffle(readings)
    users = [*world.current.users]
    chance.shuffle(users)
    current = replace(world.current, users=tuple(users))
    assert essence(ask(current, readings)) == essence(world.proposal())


@given(rolls(), readings_of(doubts=False), readings_of(doubts=False))
def test_going_through_another_reading_first_breaks_nothing(
    current: object, detour: tuple[Reading, ...], readings: tuple[Reading, ...]
) -> None:
    """Removals may be delayed by a detour, and the end is still a roll that the last reading agrees with."""
    assert isinstance(current, type(roll()))
    by_way = advance(current, ask(current, detour).plan)
    plan = ask(by_way, readings).plan
    end = advance(by_way, plan)
    # Who is adopted brings a kind that people gave, which a filter on kinds knows from the next run on. So does who is
    # new and shown in several versions, of which not each tells the kind: then all of them are judged by it.
    several = {key for each in trusted(readings).values() for key, shown in versions(each).items() if len(shown) > 1}
    told_later = {
        change.user for change in plan.changes if change.action is Action.ADOPT or change.external_id in several
    }
    again = ask(end, readings).plan
    assert again.touched_users <= told_later
    end = advance(end, again)
    assert ask(end, readings).plan.changes == ()
    assert all(len(having) == 1 for having in owners(end).values())


def it_is_asked_for_newcomers_and_once_for_others_who_elsewhere_holds_what_is_new_here(
    world: World, proposal: Proposal
) -> None:
    asked: list[frozenset[Address]] = []

    def elsewhere(addresses: frozenset[Address]) -> dict[Address, str]:
        asked.append(addresses)
        return dict.fromkeys(addresses, "another domain")

    plan = propose(world.readings, world.current, SCOPE, Terms(1, LIMITS), elsewhere).plan
    assert len(asked) == (2 if newcomers.find(world.readings, world.current, SCOPE) else 1)
    new = frozenset[Address]().union(*asked)
    assert not new & owners(world.current).keys()
    assert not new & {held for change in plan.changes for held in change.gained}


def a_proposal_knows_what_it_touches(world: World, proposal: Proposal) -> None:
    assert proposal.fingerprint == fingerprint(proposal.plan, Touched.within(proposal.plan, world.current))


TRUTHS = (
    nobody_retires_without_a_known_cause,
    a_sync_never_removes_a_row,
    who_is_unclear_or_not_mentioned_stays_as_it_is,
    an_unread_or_doubted_source_changes_none_of_its_users,
    the_whole_plan_is_held_where_every_source_is_in_doubt_or_a_first_sync_decides_nobody,
    a_source_in_doubt_stops_no_other_and_loses_nobody,
    only_a_first_sync_is_held_because_filters_are_undecided,
    nobody_goes_for_a_membership_before_the_directory_was_asked_about_them,
    an_unread_source_holds_every_removal,
    an_active_user_loses_an_address_only_to_another_or_because_its_record_lacks_it,
    no_address_has_two_owners,
    every_state_that_is_planned_is_sound,
    nothing_outside_the_domain_and_its_verified_alias_domains_ever_enters,
    hand_made_exempt_and_pinned_users_are_left_to_people,
    a_plan_applied_leaves_nothing_to_do,
    applying_a_plan_twice_is_applying_it_once,
    it_is_asked_for_newcomers_and_once_for_others_who_elsewhere_holds_what_is_new_here,
    a_proposal_knows_what_it_touches,
)
"""Of every proposal for every world: a world takes much longer to make up than to look at."""


@settings(max_examples=300)
@given(worlds())
def test_of_every_proposal_is_true_what_is_promised(world: World) -> None:
    proposal = world.proposal()
    for truth in TRUTHS:
        truth(world, proposal)
