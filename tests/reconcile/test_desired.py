"""Several readings become one statement; what is not known, or not to be trusted, takes nothing away."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import permutations
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile.desired import Desired, Later, Verdict, combine, desire
from mailroll.reconcile.filters.model import RuleOperator
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, Reading, Record, Selection, SourceSpec, Unreadable
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.statements import HEARD, Absent, Keep, Opinion, SourceState, Take, versions
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
    only,
    readings_of,
    record,
    snapshot,
    trusted,
)

ANN = oid("Ann")
Item = TypeVar("Item")


def _with(desired: Desired, verdict: type[Verdict]) -> set[ExternalId]:
    """The objects that have one sort of verdict."""
    return {key for key, one in desired.verdicts.items() if isinstance(one, verdict)}


@given(readings_of())
def test_every_source_has_one_state_and_is_heard_where_it_can_be_trusted(
    readings: tuple[Reading, ...],
) -> None:
    desired = desire(readings, SCOPE)
    assert desired.sources.keys() == {reading.source.id for reading in readings}
    assert desired.heard == desired.sources_in(*HEARD) == trusted(readings).keys()
    assert desired.tenants == {shot.tenant for shot in trusted(readings).values()}


@given(readings_of())
def test_every_object_that_is_shown_or_asked_for_has_one_verdict_and_no_other_has(
    readings: tuple[Reading, ...],
) -> None:
    desired = desire(readings, SCOPE)
    mentioned = {
        key
        for shot in trusted(readings).values()
        for key in (
            *(one.id for one in shot.records),
            *(broken.id for broken in shot.unreadable if broken.id is not None),
            *(key for key, answer in shot.asked.items() if answer is not None or key.startswith(shot.tenant)),
        )
    }
    assert desired.verdicts.keys() == mentioned
    assert all(isinstance(verdict, Verdict) for verdict in desired.verdicts.values())
    whole = {skip.external_id for skip in desired.skips if skip.address is None}
    assert not whole & _with(desired, Take)
    assert whole >= _with(desired, Keep) | _with(desired, Later)


@given(readings_of(), st.randoms(use_true_random=False))
def test_no_order_of_readings_or_records_changes_a_verdict(readings: tuple[Reading, ...], chance: Random) -> None:
    mixed = [
        one
        if one.snapshot is None
        else replace(
            one,
            snapshot=replace(
                one.snapshot,
                records=tuple(_shuffled(one.snapshot.records, chance)),
                unreadable=tuple(_shuffled(one.snapshot.unreadable, chance)),
                asked=dict(_shuffled(one.snapshot.asked.items(), chance)),
            ),
        )
        for one in readings
    ]
    assert desire(_shuffled(mixed, chance), SCOPE) == desire(readings, SCOPE)


def _shuffled(items: Iterable[Item], chance: Random) -> list[Item]:
    listed = list(items)
    chance.shuffle(listed)
    return listed


_UNREADABLE, _GONE = Reason.of(ReasonCode.UNREADABLE), Reason.of(ReasonCode.GONE)
_UNDECIDED, _OUT = Reason.of(ReasonCode.FILTER_UNDECIDED), Reason.of(ReasonCode.FILTERED_OUT)


def _take(source: SourceSpec) -> Take:
    (verdict,) = desire([Reading(source, snapshot(record("Ann", "SMTP:a@d.example")))], SCOPE).verdicts.values()
    assert isinstance(verdict, Take)
    return verdict


_FIRST, _SECOND = _take(FIRST), _take(SECOND)
_LATER = Later(_SECOND.entry, SECOND, _UNDECIDED)


@pytest.mark.parametrize(
    ("opinions", "verdict"),
    [
        ((_FIRST, _SECOND), _FIRST),
        ((Keep(_UNREADABLE), _SECOND), _SECOND),
        ((Absent(_OUT, by_choice=True), Absent(_GONE), _SECOND), _SECOND),
        ((_FIRST, Keep(_UNDECIDED, by_choice=True), _SECOND), _FIRST),
        ((Keep(_UNDECIDED, by_choice=True), _SECOND), _LATER),
        ((Keep(_UNDECIDED, by_choice=True), Keep(_UNREADABLE), _SECOND), replace(_LATER, reason=_UNREADABLE)),
        ((Keep(_UNDECIDED, by_choice=True), Keep(_UNREADABLE)), Keep(_UNREADABLE)),
        ((Absent(_GONE), Keep(_UNDECIDED, by_choice=True)), Keep(_UNDECIDED, by_choice=True)),
        ((Absent(_GONE), Absent(_OUT, by_choice=True)), Absent(_OUT, by_choice=True)),
    ],
)
def test_several_opinions_become_one_verdict(opinions: tuple[Opinion, ...], verdict: Verdict) -> None:
    assert combine(opinions) == verdict


@pytest.mark.parametrize("order", list(permutations(("licensed", "empty", "unset"))))
def test_of_two_versions_the_one_with_an_address_counts(order: tuple[str, ...]) -> None:
    shown: dict[str, Record] = {
        "licensed": record("Ann", "SMTP:a@d.example"),
        "empty": record("Ann"),
        "unset": replace(record("Ann"), proxies=UNSET),
    }
    listing = snapshot(*(shown[one] for one in order), unreadable=(Unreadable(ANN, "wrong_type", ""),))
    desired = desire([Reading(FIRST, listing)], SCOPE)
    assert isinstance(desired.verdicts[ANN], Take)


def test_of_two_versions_with_addresses_the_one_with_more_counts_in_any_order() -> None:
    shown = (
        record("Ann", "SMTP:z@d.example"),
        record("Ann", "SMTP:a@d.example", "smtp:b@d.example"),
        record("Ann", "SMTP:a@d.example", "smtp:c@d.example"),
    )
    found = {desire([Reading(FIRST, snapshot(*order))], SCOPE).verdicts[ANN] for order in permutations(shown)}
    assert [one.entry.addresses for one in found if isinstance(one, Take)] == [("a@d.example", "b@d.example")]


def test_an_answer_by_id_is_the_newer_word() -> None:
    listing = snapshot(record("Ann", "SMTP:a@d.example"), asked={ANN: record("Ann", "SMTP:b@d.example")})
    assert versions(listing) == {ANN: (record("Ann", "SMTP:b@d.example"),)}


def test_an_object_shown_twice_alike_is_shown_once() -> None:
    twice = snapshot(record("Ann", "SMTP:a@d.example"), record("Ann", "SMTP:a@d.example"))
    assert versions(twice) == {ANN: (record("Ann", "SMTP:a@d.example"),)}


def test_a_tenant_says_nothing_about_the_objects_of_another() -> None:
    gus = oid("Gus", OTHER_TENANT)
    verdicts = desire([Reading(FIRST, snapshot(asked={gus: None, ANN: None}))], SCOPE).verdicts
    assert verdicts == {ANN: Absent(_GONE)}


def test_each_source_that_shows_nobody_is_told_though_another_shows_somebody() -> None:
    full = snapshot(record("Ann", "SMTP:a@d.example"))
    readings = [Reading(FIRST, full), Reading(SECOND, full), Reading(OUTSIDE, snapshot(tenant=OTHER_TENANT))]
    assert desire(readings, SCOPE).sources_in(SourceState.EMPTY) == {OUTSIDE.id}


def test_a_reading_that_shows_nobody_with_an_address_is_empty_whatever_else_it_shows() -> None:
    for shot in (
        snapshot(replace(record("Ann"), proxies=UNSET)),
        snapshot(unreadable=(Unreadable(ANN, "wrong_type", ""),)),
        snapshot(record("Ann", "SMTP:a b@d.example")),
    ):
        assert desire([Reading(FIRST, shot)], SCOPE).sources[FIRST.id].state is SourceState.EMPTY
    found = snapshot(record("Ann"), asked={ANN: record("Ann", "SMTP:a@d.example")})
    assert desire([Reading(FIRST, found)], SCOPE).sources[FIRST.id].state is SourceState.EMPTY
    nobody = snapshot(record("Ann"), asked={ANN: None})
    assert desire([Reading(FIRST, nobody)], SCOPE).sources[FIRST.id].state is SourceState.EMPTY


def test_doubts_are_counted_over_all_readings_and_once_a_tenant() -> None:
    odd = Unreadable(None, "no_id", "")
    first = snapshot(asked={ANN: record("Ann", "SMTP:a@d.example"), oid("Bob"): None})
    second = snapshot(unreadable=(odd, odd), asked={ANN: record("Ann", "SMTP:a@d.example")})
    other = snapshot(tenant=OTHER_TENANT, unreadable=(odd,))
    for readings in permutations((Reading(FIRST, first), Reading(SECOND, second), Reading(OUTSIDE, other))):
        desired = desire(readings, SCOPE)
        assert (desired.slipped, desired.nameless) == (1, 3)


def test_nothing_a_doubted_source_says_counts() -> None:
    fine = snapshot(record("Ann", "SMTP:a@d.example"), asked={oid("Bob"): None})
    doubted = (replace(fine, tenant=WRONG_TENANT), replace(fine, verified=frozenset({MOERA})))
    for shot in doubted:
        desired = desire([Reading(FIRST, shot)], SCOPE)
        assert not desired.verdicts
        assert not desired.tenants
        assert not desired.skips
    assert desire([Reading(FIRST, fine)], SCOPE).tenants == {TENANT}


def test_being_there_beats_being_gone_and_knowing_beats_not_knowing() -> None:
    gone = snapshot(asked={ANN: None})
    broken = snapshot(unreadable=(Unreadable(ANN, "wrong_type", ""),))
    there = snapshot(record("Ann", "SMTP:a@d.example"))
    for one, other in permutations((gone, broken)):
        desired = desire([Reading(FIRST, one), Reading(SECOND, other)], SCOPE)
        assert desired.verdicts == {ANN: Keep(Reason.of(ReasonCode.UNREADABLE, detail="wrong_type"))}
    for one, other in permutations((gone, there)):
        desired = desire([Reading(FIRST, one), Reading(SECOND, other)], SCOPE)
        assert isinstance(desired.verdicts[ANN], Take)


def test_the_source_tried_first_takes_the_object() -> None:
    shot = snapshot(record("Ann", "SMTP:a@d.example"))
    for readings in permutations((Reading(FIRST, shot), Reading(SECOND, shot))):
        assert desire(readings, SCOPE).verdicts == {ANN: _FIRST}


def test_of_two_versions_that_only_a_filter_tells_apart_the_same_one_counts_in_any_order() -> None:
    north = replace(record("Ann", "SMTP:a@d.example"), attributes={"department": "north"})
    shown = north, replace(north, attributes={"department": UNSET})
    source = replace(FIRST, selection=Selection(only("department", RuleOperator.IS, "north")))
    found = [desire([Reading(source, snapshot(*order))], SCOPE) for order in permutations(shown)]
    assert found[0].verdicts == found[1].verdicts
    assert found[0].skips == found[1].skips


@pytest.mark.parametrize("order", list(permutations(("guest", "member"))))
def test_of_two_versions_a_guest_and_a_member_the_member_counts(order: tuple[str, ...]) -> None:
    shown = {
        "guest": replace(record("Ann", "SMTP:a@d.example", "smtp:b@d.example", plan=False), guest=True),
        "member": record("Ann", "SMTP:a@d.example"),
    }
    desired = desire([Reading(FIRST, snapshot(*(shown[one] for one in order)))], SCOPE)
    assert isinstance(desired.verdicts[ANN], Take)
    assert not desired.skips


def test_an_object_with_an_odd_property_is_named_by_its_address_its_name_or_its_id() -> None:
    shown = (
        record("Ann", "SMTP:a@d.example"),
        replace(record("Bob"), proxies=UNSET, display_name="Bob"),
        replace(record("Cat"), proxies=UNSET, display_name=None),
    )
    shot = snapshot(*(replace(one, flaws=("givenName",)) for one in shown))
    names = {one.name for one in desire([Reading(FIRST, shot)], SCOPE).sources[FIRST.id].mended.values()}
    assert names == {"a@d.example", "Bob", shown[2].id}
