"""What confirms that an address is gone: a reading that could have shown it."""

from dataclasses import replace

import pytest

from mailroll.reconcile.addresses import Address, DomainName
from mailroll.reconcile.model import Current, ObjectType, Reading, RollUser, Scope, Snapshot, Unreadable
from tests.reconcile.world import FIRST, SCOPE, SECOND, ask, oid, record, roll, snapshot, user

SALES = Address("sales@d.example")
ANN = user("Ann", "ann@d.example")
GONE = user("Ann", "ann@d.example", retired=True)
BOB = record("Bob", "SMTP:bob@d.example")
LISTED = snapshot(record("Ann", "SMTP:ann@d.example"), BOB)


def _ending(had: RollUser) -> Current:
    return replace(roll(had, user("Bob", "bob@d.example")), ending={SALES: had.id})


def _confirmed(had: RollUser, *shots: Snapshot | None, scope: Scope = SCOPE) -> frozenset[Address]:
    readings = [Reading(source, shot) for source, shot in zip((FIRST, SECOND), shots, strict=False)]
    return ask(_ending(had), readings, scope).absent


@pytest.mark.parametrize("had", [ANN, GONE])
def test_a_whole_reading_that_lacks_it(had: RollUser) -> None:
    assert _confirmed(had, LISTED if had is ANN else snapshot(BOB)) == {SALES}


def test_a_reading_that_shows_it_for_its_user_or_for_another() -> None:
    assert not _confirmed(ANN, snapshot(record("Ann", "SMTP:ann@d.example", "smtp:sales@d.example"), BOB))
    assert not _confirmed(ANN, snapshot(record("Ann", "SMTP:ann@d.example"), record("Bob", "SMTP:sales@d.example")))


def test_an_object_that_could_not_be_judged() -> None:
    assert not _confirmed(ANN, replace(snapshot(BOB), unreadable=(Unreadable(oid("Ann"), "odd", "Odd."),)))
    assert not _confirmed(ANN, snapshot(BOB))


def test_an_object_without_an_id_may_be_anybody() -> None:
    assert not _confirmed(ANN, replace(LISTED, unreadable=(Unreadable(None, "odd", "Odd."),)))


def test_a_source_that_was_not_heard_or_that_shows_nobody() -> None:
    assert not _confirmed(GONE, None, LISTED)
    assert not _confirmed(GONE, replace(LISTED, tenant="22222222-2222-2222-2222-222222222222"))
    assert not _confirmed(GONE, snapshot())


def test_another_source_of_the_same_directory_in_doubt() -> None:
    readings = [
        Reading(replace(FIRST, tenant=LISTED.tenant), LISTED),
        Reading(replace(SECOND, tenant=LISTED.tenant), None),
    ]
    assert not ask(_ending(ANN), readings, SCOPE).absent


def test_a_type_of_object_that_the_reading_does_not_show() -> None:
    group = replace(GONE, state=replace(GONE.state, object_type=ObjectType.GROUP))
    assert not _confirmed(group, replace(snapshot(BOB), unread=frozenset({ObjectType.GROUP})))
    assert _confirmed(group, snapshot(BOB)) == {SALES}


def test_a_domain_that_the_reading_does_not_prove() -> None:
    sales = Address("sales@alias.example")
    scope = replace(SCOPE, accepts=SCOPE.accepts | {DomainName("alias.example")})
    current = replace(_ending(ANN), ending={sales: ANN.id})
    assert not ask(current, [Reading(FIRST, LISTED)], scope).absent


def test_nobody_has_to_be_asked_of_hand_made_users_and_removed_sources() -> None:
    by_hand = replace(GONE, state=replace(GONE.state, owner=None))
    assert _confirmed(by_hand, snapshot(BOB)) == {SALES}
    of_second = replace(GONE, state=replace(GONE.state, owner=SECOND.id))
    assert not _confirmed(of_second, snapshot(BOB))
    assert _confirmed(of_second, snapshot(BOB), scope=replace(SCOPE, removed=frozenset({SECOND.id}))) == {SALES}


def test_an_address_whose_user_is_not_there_any_more() -> None:
    current = replace(roll(user("Bob", "bob@d.example")), ending={SALES: ANN.id})
    assert not ask(current, [Reading(FIRST, snapshot(BOB))], SCOPE).absent
