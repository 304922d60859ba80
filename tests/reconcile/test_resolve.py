"""Who has what in the end: rules that need more than one look at a table."""

from dataclasses import replace
from itertools import permutations
from uuid import uuid5

from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile.model import Reading, Scope
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import ReasonCode
from mailroll.reconcile.resolve import user_id
from tests.reconcile.outcome import advance, hashed
from tests.reconcile.world import (
    FIRST,
    NAMESPACE,
    OTHER_TENANT,
    OUTSIDE,
    SCOPE,
    SECOND,
    ask,
    oid,
    owners,
    record,
    roll,
    snapshot,
    source,
    user,
)

_names = st.sampled_from(("Ann", "Bob", "Cid", "Dot", "Eve"))


@given(st.permutations(range(5)), st.permutations(range(5)), st.integers(0, 4))
def test_any_rearrangement_of_addresses_between_people_is_updates_only(
    before: list[int], after: list[int], gone: int
) -> None:
    people = ("Ann", "Bob", "Cid", "Dot", "Eve")
    current = roll(*(user(name, f"{place}@d.example") for name, place in zip(people, before, strict=True)))
    wanted = zip(people, after, strict=True)
    listing = snapshot(
        *(record(name, f"SMTP:{place}@d.example") for name, place in wanted if place != gone),
        asked={oid(name): None for name, place in zip(people, after, strict=True) if place == gone},
    )
    plan = ask(current, [Reading(FIRST, listing)]).plan
    assert plan.counts[Action.CREATE] == plan.counts[Action.REMOVE] == plan.counts[Action.RESTORE] == 0
    assert plan.counts[Action.RETIRE] == 1
    found = {one.state.external_id: one.state for one in advance(current, plan).users}
    for name, place in zip(people, after, strict=True):
        if place != gone:
            assert found[oid(name)].addresses == (f"{place}@d.example",)
            assert not found[oid(name)].retired


def test_a_user_is_named_by_the_domain_and_the_object() -> None:
    other = Scope(uuid5(NAMESPACE, "another domain"), SCOPE.domain, SCOPE.accepts)
    keys = {user_id(scope, key) for scope in (SCOPE, other) for key in (oid("Ann"), oid("Ann", OTHER_TENANT))}
    assert len(keys) == 4


def test_a_pinned_user_goes_first_where_nobody_has_the_address_yet() -> None:
    for pinned in ("Gus", "Ann"):
        current = roll(
            hashed(replace(user("Gus", "g@d.example", owner=OUTSIDE, tenant=OTHER_TENANT), pinned=pinned == "Gus")),
            hashed(replace(user("Ann", "a@d.example", owner=SECOND), pinned=pinned == "Ann")),
        )
        gus = record("Gus", "SMTP:g@d.example", "smtp:info@d.example", tenant=OTHER_TENANT)
        ann = record("Ann", "SMTP:a@d.example", "smtp:info@d.example")
        readings = (Reading(OUTSIDE, snapshot(gus, tenant=OTHER_TENANT)), Reading(SECOND, snapshot(ann)))
        for order in permutations(readings):
            (change,) = ask(current, order).plan.changes
            assert change.after is not None
            assert change.after.display_name == pinned


def test_where_precedence_is_equal_the_source_s_id_and_then_the_object_s_decide() -> None:
    ann, bob = record("Ann", "SMTP:info@d.example"), record("Bob", "SMTP:info@d.example")
    (change,) = ask(roll(), [Reading(FIRST, snapshot(ann, bob))]).plan.changes
    assert change.external_id == min(ann.id, bob.id)
    rivals = (source("one"), source("two"))
    gus = record("Gus", "SMTP:info@d.example", tenant=OTHER_TENANT)
    shots = (snapshot(ann), snapshot(gus, tenant=OTHER_TENANT))
    (change,) = ask(roll(), [Reading(one, shot) for one, shot in zip(rivals, shots, strict=True)]).plan.changes
    assert change.after is not None
    assert change.after.owner == min(rivals, key=lambda one: str(one.id)).id


def test_a_user_that_a_person_took_over_from_its_source_is_hand_made() -> None:
    ann = user("Ann", "ann@d.example")
    taken_over = hashed(replace(ann, state=replace(ann.state, owner=None)))
    renamed = hashed(replace(ann, state=replace(ann.state, owner=None, external_id=None)))
    listing = snapshot(record("Ann", "SMTP:new@d.example", "smtp:ann@d.example"))
    for one in (taken_over, renamed):
        proposal = ask(roll(one), [Reading(FIRST, listing)])
        assert proposal.plan.changes == ()
        assert [skip.reason.code for skip in proposal.skips] == [ReasonCode.CONFLICT]
        (told,) = [skip.reason.facts for skip in proposal.skips]
        assert (told["rule"], told["holder"], told["holder_by"]) == ("taken_over", "ann@d.example", "")


def test_a_source_that_adopts_takes_such_a_user_back_by_its_object() -> None:
    ann = user("Ann", "ann@d.example")
    taken_over = hashed(replace(ann, state=replace(ann.state, owner=None)))
    listing = snapshot(record("Ann", "SMTP:new@d.example", "smtp:ann@d.example"))
    (change,) = ask(roll(taken_over), [Reading(SECOND, listing)]).plan.changes
    assert change.action is Action.ADOPT
    assert change.user == ann.id


def test_two_objects_never_become_one_user() -> None:
    """A hand-made user keeps the id that a sync once gave it; another object with its address adopts it."""
    ann = user("Ann", "info@d.example")
    by_hand = hashed(replace(ann, state=replace(ann.state, owner=None, external_id=None)))
    listing = snapshot(record("Ann", "SMTP:ann@d.example"), record("Bob", "SMTP:info@d.example"))
    for adopting in (SECOND, source("third", 3, adopts=True)):
        plan = ask(roll(by_hand), [Reading(adopting, listing)]).plan
        assert len(plan.touched_users) == len(plan.changes)
        assert all(len(having) == 1 for having in owners(advance(roll(by_hand), plan)).values())
        adopted = [change.external_id for change in plan.changes if change.action is Action.ADOPT]
        assert adopted == [oid("Bob")]


def test_what_a_retired_user_has_blocks_nobody_whoever_kept_it_and_whatever_people_decided() -> None:
    listing = snapshot(record("Ann", "SMTP:info@d.example"))
    for owner in (None, FIRST, SECOND):
        desk = user("Desk", "info@d.example", owner=owner, retired=True)
        for kept in (desk, replace(desk, pinned=True), replace(desk, exempt=True)):
            plan = ask(roll(hashed(kept)), [Reading(FIRST, listing)]).plan
            assert (plan.counts[Action.CREATE], plan.counts[Action.UPDATE]) == (1, 1)


def test_who_comes_back_does_not_win_an_address_by_having_had_it() -> None:
    back = user("Zed", "zed@d.example", "info@d.example", retired=True)
    listing = snapshot(
        record("Zed", "SMTP:zed@d.example", "smtp:info@d.example"),
        record("Ann", "SMTP:ann@d.example", "smtp:info@d.example"),
    )
    after = {one.external_id: one for one in ask(roll(back), [Reading(FIRST, listing)]).plan.changes}
    first, second = sorted((oid("Zed"), oid("Ann")))
    assert "info@d.example" in after[first].held_after
    assert "info@d.example" not in after[second].held_after


def test_a_retired_user_is_told_who_has_its_address_while_it_stays_retired() -> None:
    current = roll(user("Ann", "ann@d.example", retired=True))
    listing = snapshot(record("Ann", "SMTP:bob@d.example"), record("Bob", "SMTP:bob@d.example", "smtp:ann@d.example"))
    bob = user("Bob", "bob@d.example")
    (change, other) = ask(roll(*current.users, bob), [Reading(FIRST, listing)]).plan.changes
    assert {change.action, other.action} == {Action.UPDATE}
    (ann,) = [one for one in (change, other) if one.external_id == oid("Ann")]
    assert ann.after is not None
    assert ann.after.retired
    assert ann.after.former == ("ann@d.example",)
    assert [reason.code for reason in ann.reasons] == [ReasonCode.IDENTITY_REUSED]


def test_an_object_that_is_exempt_is_not_added_and_takes_no_address() -> None:
    ann = record("Ann", "SMTP:ann@d.example", "smtp:info@d.example")
    bob = record("Bob", "SMTP:bob@d.example", "smtp:info@d.example")
    scope = replace(SCOPE, exempt=frozenset({ann.id}))
    proposal = ask(roll(), [Reading(FIRST, snapshot(ann, bob))], scope)
    (change,) = proposal.plan.changes
    assert change.after is not None
    assert change.after.addresses == ("bob@d.example", "info@d.example")
    assert [(skip.external_id, skip.reason.code) for skip in proposal.skips] == [(ann.id, ReasonCode.EXEMPT)]


def test_who_is_in_the_list_is_exempt_by_its_own_mark_alone() -> None:
    ann = record("Ann", "SMTP:ann@d.example", "smtp:new@d.example")
    scope = replace(SCOPE, exempt=frozenset({ann.id}))
    proposal = ask(roll(user("Ann", "ann@d.example")), [Reading(FIRST, snapshot(ann))], scope)
    assert [change.action for change in proposal.plan.changes] == [Action.UPDATE]
