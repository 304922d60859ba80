"""Whoever a filter leaves out is packed, and what is said of them is what is said of a record."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import pytest

from mailroll.reconcile import newcomers
from mailroll.reconcile.filters.judgement import Filter
from mailroll.reconcile.filters.model import RuleOperator
from mailroll.reconcile.findings import FindingCode
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Current, ExternalId, Kind, Reading, Record, Selection
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import Reason, ReasonCode, Skip
from mailroll.reconcile.skips import PackedSkips, Skips
from tests.reconcile.outcome import hashed
from tests.reconcile.stories import World
from tests.reconcile.test_newcomers import Case, as_they_come
from tests.reconcile.test_residents import Day
from tests.reconcile.world import DOMAIN, FIRST, SECOND, SIBLING, TENANT, oid, only, record, roll, snapshot, user

NORTH: Final = only("department", RuleOperator.IS, "north")
USERS: Final = only("kind", RuleOperator.IS, "user")
_REASON: Final = Reason.of(ReasonCode.FILTERED_OUT, source="first", rule="a rule")


def reading(*shown: Record, by: Filter | None = NORTH) -> Reading:
    return Reading(replace(FIRST, selection=Selection(by), tenant=TENANT), snapshot(*shown))


def person(name: str, department: str = "south", *entries: str) -> Record:
    texts = entries or (f"SMTP:{name.lower()}@{DOMAIN}", f"smtp:{name.lower()}.x@{DOMAIN}")
    return replace(record(name, *texts), attributes={"department": department})


def compared(source_reading: Reading, current: Current, holds: Collection[int] = ()) -> Skips:
    """What is left out of a plan, which is the same by all ways. Those at the places `holds` are held."""
    case = Case(World(current, (source_reading,)), frozenset())
    whole = case.proposal(lambda *_: newcomers.NOBODY)
    assert case.proposal() == whole
    shot = source_reading.snapshot
    assert shot is not None
    first, _ = as_they_come(case, [place in holds for place in range(len(shot.records))])
    assert first == whole
    day = Day(source_reading, current)
    quick, _ = day.without_residents(holds)
    assert quick == day.whole()
    assert quick.skips == whole.skips
    assert quick.skips.count_objects() == len({skip.external_id for skip in whole.skips})
    assert {*quick.skips.ids()} == {skip.external_id for skip in whole.skips}
    assert len(quick.skips) == len(tuple(whole.skips))
    return quick.skips


def packed_among(source_reading: Reading, current: Current) -> int:
    """How many of those that are left out no record is held of, nor made again."""
    telling = as_they_come(Case(World(current, (source_reading,)), frozenset()), [False] * 500)[1]
    return len(telling.found.left_out)


def test_whoever_a_filter_leaves_out_is_told_with_all_addresses_in_the_order_of_ids() -> None:
    ann, bob = person("ann"), person("bob", "north")
    skips = compared(reading(ann, bob), roll())
    assert [(skip.external_id, skip.address) for skip in skips] == [
        (ann.id, None),
        (ann.id, f"ann.x@{DOMAIN}"),
        (ann.id, f"ann@{DOMAIN}"),
    ]
    assert {skip.reason.code for skip in skips} == {ReasonCode.FILTERED_OUT}
    assert packed_among(reading(ann, bob), roll()) == 1


@pytest.mark.parametrize("others", [(), ("guest", "nowhere")])
def test_many_are_told_among_those_of_whom_there_is_more_to_say(others: tuple[str, ...]) -> None:
    many = [replace(person(f"p{number}"), id=ExternalId(f"{TENANT}:{number:032x}")) for number in range(150)]
    odd = [replace(person(name, "south", f"SIP:{name}@{SIBLING}"), guest=name == "guest") for name in others]
    skips = compared(reading(*many, *odd, person("cid", "north")), roll())
    assert skips.count_objects() == 150 + len(others)
    assert packed_among(reading(*many, *odd), roll()) == 150


def test_a_filter_that_selects_nobody_is_told_where_all_are_packed() -> None:
    today = reading(person("ann"), person("bob"))
    compared(today, roll())
    quick, _ = as_they_come(Case(World(roll(), (today,)), frozenset()), [False, False])
    assert FindingCode.FILTER_SELECTS_NOBODY in {finding.code for finding in quick.reading_findings}


def test_who_is_in_service_goes_as_by_the_long_way_where_a_filter_leaves_them_out() -> None:
    ann = person("ann")
    serving = user("ann", f"ann@{DOMAIN}", f"ann.x@{DOMAIN}")
    today = reading(ann, person("bob", "north"))
    compared(today, roll(serving))
    quick, _ = Day(today, roll(serving)).without_residents()
    assert [(change.action, change.user) for change in quick.plan.others] == [(Action.RETIRE, serving.id)]
    assert packed_among(today, roll(serving)) == 0


def test_a_kind_that_was_seen_before_is_what_a_filter_judges() -> None:
    """The reading guesses that it is a user's; that it is shared was seen, so it stays out."""
    licensed = replace(person("ann"), mailbox_plan=True, purpose=UNSET)
    shared = user("ann", f"ann@{DOMAIN}", retired=True)
    shared = hashed(replace(shared, state=replace(shared.state, kind=Kind.SHARED, rule=ReasonCode.PURPOSE)))
    for by in (USERS, only("kind", RuleOperator.IS, "shared")):
        compared(reading(licensed, person("bob"), by=by), roll(shared))


def test_who_is_shown_twice_or_asked_for_by_id_is_compared() -> None:
    ann, moved = person("ann"), person("ann", "north")
    for shown in ((ann, moved), (moved, ann), (ann, ann)):
        for holds in ((), (0,), (1,)):
            compared(reading(*shown, person("bob", "north")), roll(), holds)
    today = reading(ann, person("bob", "north"))
    assert today.snapshot is not None
    for answer in (moved, ann, None):
        compared(replace(today, snapshot=replace(today.snapshot, asked={ann.id: answer})), roll())


def test_an_address_that_somebody_has_beside_whom_a_filter_leaves_out_is_theirs() -> None:
    ann, rival = person("ann"), person("bob", "north", f"SMTP:ann@{DOMAIN}")
    compared(reading(ann, rival), roll())
    compared(reading(ann, rival), roll(user("Desk", f"ann@{DOMAIN}", owner=None)))


def test_whoever_is_of_another_domain_is_told_without_an_address_and_is_nobody_whom_a_filter_leaves_out() -> None:
    far = [person(name, "south", f"SMTP:{name}@{SIBLING}") for name in ("ann", "bob")]
    mail_only = replace(person("cid", "south", f"SMTP:cid@{SIBLING}"), mail=f"cid@{DOMAIN}")
    nowhere = replace(person("dot"), proxies=())
    for by in (NORTH, None):
        for here in ((), (person("eve", "north"),)):
            today = reading(*far, mail_only, nowhere, *here, by=by)
            skips = compared(today, roll())
            assert [skip for skip in skips if skip.external_id == far[0].id] == [
                Skip(far[0].id, None, Reason.of(ReasonCode.OTHER_DOMAIN))
            ]
            assert packed_among(today, roll()) == 2
    moved_away = user("ann", f"ann@{DOMAIN}", f"ann.x@{DOMAIN}")
    compared(reading(*far, person("eve", "north")), roll(moved_away))


def test_what_is_taken_back_is_told_no_more() -> None:
    source, packed = FIRST.id, PackedSkips()
    keys = [oid(name) for name in ("ann", "bob", "cid")]
    for key in (*keys, keys[0]):
        packed.add(source, _REASON, key, ())
    packed.add(source, Reason.of(ReasonCode.FILTERED_OUT, source="first", rule="another"), oid("dot"), ())
    packed.add(SECOND.id, Reason.of(ReasonCode.OTHER_DOMAIN), oid("eve"), ())
    assert (len(packed), packed.is_filtered(source), packed.is_filtered(SECOND.id)) == (6, True, False)
    assert packed.take_back({keys[0], oid("stranger")}.__contains__) == {keys[0]}
    assert packed.take_back({keys[0]}.__contains__) == set()
    assert (len(packed), packed.skips) == (4, 4)
    assert {*packed.ids()} == {keys[1], keys[2], oid("dot"), oid("eve")}
    assert {skip.external_id for skip in packed.but({ReasonCode.FILTERED_OUT})} == {oid("eve")}
    assert not [*packed.but({ReasonCode.FILTERED_OUT, ReasonCode.OTHER_DOMAIN})]
    assert packed.take_back(lambda key: key != oid("eve")) == {keys[1], keys[2], oid("dot")}
    assert not packed.is_filtered(source)
    assert sorted(skip.external_id or "" for skip in packed) == sorted(packed.ids())


def test_what_is_left_out_is_equal_to_the_same_told_without_packing() -> None:
    packed = PackedSkips()
    packed.add(FIRST.id, _REASON, oid("ann"), ())
    skip = Skip(oid("ann"), None, _REASON)
    assert Skips((), (), packed) == Skips((skip,)) == (skip,)
    assert hash(Skips((), (), packed)) == hash(Skips((skip,)))
    assert Skips((skip,)) != Skips()
    assert Skips() != []
