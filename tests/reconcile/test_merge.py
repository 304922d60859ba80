"""Several readings become one statement; what is not known, or not to be trusted, takes nothing away."""

from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile.known import UNSET
from mailroll.reconcile.merge import merge, versions
from mailroll.reconcile.model import Reading, Record, Unreadable
from mailroll.reconcile.reasons import ReasonCode
from tests.reconcile.world import (
    FIRST,
    MOERA,
    OTHER_TENANT,
    OUTSIDE,
    SCOPE,
    SECOND,
    TENANT,
    WRONG_TENANT,
    oid,
    readings_of,
    record,
    snapshot,
    trusted,
)

ANN = oid("Ann")


@given(readings_of())
def test_every_source_is_of_one_sort(readings: tuple[Reading, ...]) -> None:
    desired = merge(readings, SCOPE)
    sorts = (desired.read, desired.unread, desired.other_tenant, desired.unverified)
    assert sorted(one for sort in sorts for one in sort) == sorted(reading.source.id for reading in readings)
    assert desired.read == trusted(readings).keys()
    assert desired.empty <= desired.read
    assert desired.tenants == {shot.tenant for shot in trusted(readings).values()}


@given(readings_of())
def test_an_object_is_wanted_or_kept_or_absent_and_never_two_of_these(readings: tuple[Reading, ...]) -> None:
    desired = merge(readings, SCOPE)
    sorts = (desired.entries.keys(), desired.kept.keys(), desired.absent.keys())
    assert len(set().union(*sorts)) == sum(len(sort) for sort in sorts)
    whole = {skip.external_id for skip in desired.skips if skip.address is None}
    assert not whole & desired.entries.keys()


@given(st.permutations(("licensed", "empty", "unset")))
def test_of_two_versions_the_one_with_an_address_counts(order: list[str]) -> None:
    shown: dict[str, Record] = {
        "licensed": record("Ann", "SMTP:a@d.example"),
        "empty": record("Ann"),
        "unset": replace(record("Ann"), proxies=UNSET),
    }
    listing = snapshot(*(shown[one] for one in order), unreadable=(Unreadable(ANN, "wrong_type", ""),))
    desired = merge([Reading(FIRST, listing)], SCOPE)
    assert list(desired.entries) == [ANN]
    assert not desired.kept
    assert not desired.absent


def test_of_two_versions_with_addresses_the_one_with_more_counts_in_any_order() -> None:
    shown = (
        record("Ann", "SMTP:z@d.example"),
        record("Ann", "SMTP:a@d.example", "smtp:b@d.example"),
        record("Ann", "SMTP:a@d.example", "smtp:c@d.example"),
    )
    found = {merge([Reading(FIRST, snapshot(*order))], SCOPE).entries[ANN][0] for order in permutations(shown)}
    assert [entry.addresses for entry in found] == [("a@d.example", "b@d.example")]


def test_an_answer_by_id_is_the_newer_word() -> None:
    listing = snapshot(record("Ann", "SMTP:a@d.example"), asked={ANN: record("Ann", "SMTP:b@d.example")})
    assert versions(listing) == {ANN: (record("Ann", "SMTP:b@d.example"),)}


def test_an_object_shown_twice_alike_is_shown_once() -> None:
    twice = snapshot(record("Ann", "SMTP:a@d.example"), record("Ann", "SMTP:a@d.example"))
    assert versions(twice) == {ANN: (record("Ann", "SMTP:a@d.example"),)}


def test_a_tenant_says_nothing_about_the_objects_of_another() -> None:
    gus = oid("Gus", OTHER_TENANT)
    assert merge([Reading(FIRST, snapshot(asked={gus: None, ANN: None}))], SCOPE).absent.keys() == {ANN}


def test_each_source_that_shows_nobody_is_told_though_another_shows_somebody() -> None:
    full = snapshot(record("Ann", "SMTP:a@d.example"))
    readings = [Reading(FIRST, full), Reading(SECOND, full), Reading(OUTSIDE, snapshot(tenant=OTHER_TENANT))]
    assert merge(readings, SCOPE).empty == {OUTSIDE.id}


def test_a_reading_with_only_unclear_objects_is_not_empty() -> None:
    for shot in (
        snapshot(replace(record("Ann"), proxies=UNSET)),
        snapshot(unreadable=(Unreadable(ANN, "wrong_type", ""),)),
        snapshot(record("Ann", "SMTP:a b@d.example")),
    ):
        assert not merge([Reading(FIRST, shot)], SCOPE).empty
    assert merge([Reading(FIRST, snapshot(record("Ann"), asked={ANN: None}))], SCOPE).empty


def test_doubts_are_counted_over_all_readings_and_once_a_tenant() -> None:
    odd = Unreadable(None, "no_id", "")
    first = snapshot(asked={ANN: record("Ann", "SMTP:a@d.example"), oid("Bob"): None})
    second = snapshot(unreadable=(odd, odd), asked={ANN: record("Ann", "SMTP:a@d.example")})
    other = snapshot(tenant=OTHER_TENANT, unreadable=(odd,))
    for readings in permutations((Reading(FIRST, first), Reading(SECOND, second), Reading(OUTSIDE, other))):
        desired = merge(readings, SCOPE)
        assert (desired.slipped, desired.anonymous) == (1, 3)


def test_nothing_a_doubted_source_says_counts() -> None:
    fine = snapshot(record("Ann", "SMTP:a@d.example"), asked={oid("Bob"): None})
    doubted = (replace(fine, tenant=WRONG_TENANT), replace(fine, verified=frozenset({MOERA})))
    for shot in doubted:
        desired = merge([Reading(FIRST, shot)], SCOPE)
        assert not desired.entries
        assert not desired.absent
        assert not desired.tenants
        assert not desired.skips
    assert merge([Reading(FIRST, fine)], SCOPE).tenants == {TENANT}


def test_being_there_beats_being_gone_and_knowing_beats_not_knowing() -> None:
    gone = snapshot(asked={ANN: None})
    broken = snapshot(unreadable=(Unreadable(ANN, "wrong_type", ""),))
    there = snapshot(record("Ann", "SMTP:a@d.example"))
    for one, other in permutations((gone, broken)):
        desired = merge([Reading(FIRST, one), Reading(SECOND, other)], SCOPE)
        assert desired.kept[ANN].code is ReasonCode.UNREADABLE
        assert not desired.absent
    for one, other in permutations((gone, there)):
        desired = merge([Reading(FIRST, one), Reading(SECOND, other)], SCOPE)
        assert list(desired.entries) == [ANN]
        assert not desired.absent


def test_the_source_tried_first_takes_the_object() -> None:
    shot = snapshot(record("Ann", "SMTP:a@d.example"))
    for readings in permutations((Reading(FIRST, shot), Reading(SECOND, shot))):
        assert merge(readings, SCOPE).entries[ANN][1] == FIRST


@given(st.permutations(("guest", "member")))
def test_of_two_versions_a_guest_and_a_member_the_member_counts(order: list[str]) -> None:
    shown = {
        "guest": replace(record("Ann", "SMTP:a@d.example", "smtp:b@d.example", plan=False), guest=True),
        "member": record("Ann", "SMTP:a@d.example"),
    }
    desired = merge([Reading(FIRST, snapshot(*(shown[one] for one in order)))], SCOPE)
    assert list(desired.entries) == [ANN]
    assert not desired.skips
