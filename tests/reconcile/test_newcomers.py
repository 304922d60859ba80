"""Telling newcomers from all others gives the plan that comparing everybody gives."""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile import newcomers, piles, sieve, storage
from mailroll.reconcile.addresses import Address, DomainName, ProxyAddress, ProxyRole
from mailroll.reconcile.arrivals import Arrival
from mailroll.reconcile.crowd import Changes
from mailroll.reconcile.filters.model import RuleOperator
from mailroll.reconcile.guards import Limits
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import ExternalId, Outline, Reading, Record, Selection, Snapshot
from mailroll.reconcile.pipeline import Find, Proposal, Terms, propose
from mailroll.reconcile.plan import Plan
from mailroll.reconcile.resolve import user_id
from mailroll.reconcile.sieve import Sieve, users_of
from mailroll.reconcile.statements import trust
from tests.reconcile.stories import World, worlds
from tests.reconcile.world import (
    DOMAIN,
    FIRST,
    MOERA,
    OUTSIDE,
    SCOPE,
    SECOND,
    SIBLING,
    TENANT,
    VERIFIED,
    address,
    ask,
    oid,
    only,
    record,
    roll,
    snapshot,
    user,
)

_LOCAL: Final = re.compile(r"(?<=[:\s])([abcB])(?=@)|^([abc])(?=@)")
_ISLANDS: Final = 8
_islands = st.lists(st.integers(0, _ISLANDS - 1), min_size=12, max_size=12)
_alone = st.sampled_from(({FIRST.id}, {SECOND.id}, {FIRST.id, OUTSIDE.id}, {SECOND.id, OUTSIDE.id}))


def moved(one: Record, island: int) -> Record:
    """The same record with the addresses of an island, so that fewer want the same."""

    def text(entry: str) -> str:
        return _LOCAL.sub(lambda found: f"{found[0]}{island or ''}", entry)

    shown: tuple[ProxyAddress, ...] | Unset = UNSET
    if one.proxies is not UNSET:
        shown = tuple(ProxyAddress(each.role, text(each.text)) for each in one.proxies)
    return replace(one, proxies=shown, mail=text(one.mail) if one.mail else one.mail)


def scattered(shot: Snapshot, islands: list[int], flawed: int) -> Snapshot:
    records = tuple(
        replace(moved(one, island), flaws=("displayName",) if place == flawed else ())
        for place, (one, island) in enumerate(zip(shot.records, islands, strict=False))
    )
    return replace(shot, records=records)


@dataclass(frozen=True)
class Case:
    """A world of sources that read a tenant each, and the addresses that others outside have."""

    world: World
    taken: frozenset[Address]

    def proposal(self, find: Find = newcomers.find) -> Proposal:
        def elsewhere(wanted: frozenset[Address]) -> Mapping[Address, str]:
            return dict.fromkeys(wanted & self.taken, "another domain")

        terms = Terms(1, Limits(), here=VERIFIED - {SIBLING})
        return propose(self.world.readings, self.world.current, SCOPE, terms, elsewhere, find=find)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    world, sources, islands = draw(worlds()), draw(_alone), draw(_islands)
    current = roll() if draw(st.booleans()) else world.current
    readings = tuple(
        Reading(one.source, one.snapshot and scattered(one.snapshot, islands, draw(st.integers(0, 40))))
        for one in world.readings
        if one.source.id in sources
    )
    taken = draw(
        st.sets(
            st.sampled_from([address(f"{local}{n or ''}@{DOMAIN}") for local in "ab" for n in range(4)]), max_size=1
        )
    )
    return Case(World(current, readings), frozenset(taken))


@given(cases())
def test_a_proposal_is_the_same_whether_or_not_newcomers_are_told_apart(case: Case) -> None:
    quick, whole = case.proposal(), case.proposal(lambda *_: newcomers.NOBODY)
    assert not whole.plan.arrivals
    assert quick.plan.digest == whole.plan.digest
    assert quick.plan.counts == whole.plan.counts
    assert quick.plan.arriving == whole.plan.arriving
    assert quick.plan.touched_users == whole.plan.touched_users
    assert quick.plan.touched_addresses == whole.plan.touched_addresses
    assert sorted(quick.plan.touched_ids) == sorted(whole.plan.touched_ids)
    assert quick.before.after(quick.plan) == whole.before.after(whole.plan)
    written = [entry.change() if isinstance(entry, Arrival) else entry for entry, _ in quick.plan.entries()]
    assert written == [*whole.plan.changes]
    assert quick == whole


_SHOWN_AS: Final = {ProxyRole.PRIMARY: "SMTP:", ProxyRole.ALIAS: "smtp:", ProxyRole.OTHER: ""}


def outline_of(one: Record) -> Outline | None:
    """The object as a directory may tell it in outline, which is never without addresses, name and mail."""
    if one.proxies is UNSET or one.mail is UNSET or one.display_name is UNSET:
        return None
    entries = [f"{_SHOWN_AS[proxy.role]}{proxy.text}" for proxy in one.proxies]
    common = replace(one, id=ExternalId(""), proxies=(), mail=None, display_name=None)
    return Outline(one.id, one.display_name, one.mail, entries, common)


def as_they_come(case: Case, holds: Iterable[bool], *, outlined: bool = False) -> tuple[Proposal, Sieve]:
    """Some records are held and the others let go, as a listing does that shows some of them twice.

    `outlined`: whoever can is told in outline, and by a record where that is not plain.
    """
    (reading,) = case.world.readings
    shot = reading.snapshot
    assert shot is not None

    def again(ids: AbstractSet[ExternalId]) -> list[Record]:
        return [one for one in shot.records if one.id in ids]

    telling = Sieve.alone(reading.source, replace(shot, records=()), SCOPE, again)
    held: list[Record] = []
    outlines: list[Outline] = []
    for one, stays in zip(shot.records, holds, strict=False):
        telling.found.keys.add(one.id)
        outline = outline_of(one) if outlined and not stays else None
        if outline is not None:
            assert outline.record == one
            outlines.append(outline)
        elif stays or not telling.takes(one):
            held.append(one)
    held += [one.record for one in telling.sift(outlines) if not telling.takes(one.record)]
    held += telling.shown_twice()
    told = replace(
        case, world=World(case.world.current, (replace(reading, snapshot=replace(shot, records=tuple(held))),))
    )
    return told.proposal(partial(newcomers.find, first=telling)), telling


@given(cases().filter(lambda case: len(case.world.readings) == 1), st.lists(st.booleans(), min_size=12, max_size=12))
def test_a_proposal_is_the_same_where_objects_are_told_as_they_come(case: Case, holds: list[bool]) -> None:
    (reading,) = case.world.readings
    if isinstance(trust(reading.snapshot, SCOPE), Snapshot):
        whole = case.proposal(lambda *_: newcomers.NOBODY)
        for outlined in (False, True):
            quick, _ = as_they_come(case, holds, outlined=outlined)
            assert quick.plan.digest == whole.plan.digest
            assert quick == whole


@pytest.mark.parametrize(
    ("mail", "entries"),
    [
        ("ann@d.example", ["SMTP:Ann@D.example", "smtp:ann.x@d.example", f"smtp:ann@{MOERA}"]),
        (None, ["SIP:ann@d.example", "SMTP:ann@d.example", "X500:/o=First/cn=ann", f"SPO:SPO_{TENANT}@SPO_x"]),
        (f"ann@{SIBLING}", [f"SMTP:ann@{SIBLING}", "smtp:ann@d.example"]),
        ("ann@far.example", ["SMTP:ann@far.example", "smtp:b@d.example", "smtp:a@d.example"]),
        ("", [f"smtp:{'l' * 64}@d.example"]),
    ],
)
def test_whoever_is_plain_is_so_in_outline_and_becomes_the_same(mail: str | None, entries: list[str]) -> None:
    one = replace(record("ann", *entries), mail=mail)
    of_record, of_outline = (Sieve.alone(FIRST, snapshot(), SCOPE, lambda _: ()) for _ in range(2))
    outline = outline_of(one)
    assert outline is not None
    assert outline.record == one
    bob = replace(one, id=oid("bob"))
    like_her = outline._replace(id=bob.id)
    assert of_record.takes(one)
    assert of_record.takes(bob)
    odd = outline._replace(id=oid("odd"), entries=[f"smtp:odd@{MOERA}", *entries, "Smtp:other@d.example"])
    assert of_outline.sift([outline, odd, like_her]) == [odd]
    assert [*of_outline.found.crowd] == [*of_record.found.crowd]
    assert {name: len(seen) for name, seen in of_outline.found.beyond.items()} == {
        name: len(seen) for name, seen in of_record.found.beyond.items()
    }


@pytest.mark.parametrize(
    ("mail", "entries"),
    [
        (None, ["SMTP:ann@d.example", "SIP:call@d.example"]),
        (None, ["SMTP:ann@d.example", "call@d.example"]),
        (None, ["SMTP:ann@d.example", "Smtp:other@d.example"]),
        (None, ["SMTP:ann@d.example", "smtp: b@d.example"]),
        (None, ["SMTP:\N{KELVIN SIGN}@d.example", "smtp:k@d.example"]),
        (None, ["SMTP:k@d.example", "SIP:\N{KELVIN SIGN}@d.example"]),
        (None, ["SMTP:ann@d.example", "smtp:a@unproved.example"]),
        (None, ["SMTP:ann@far.example"]),
        (None, [f"SMTP:{'l' * 65}@d.example"]),
        (None, ["SMTP:ann@d.example", "smtp:ann@d..example"]),
        ("boss@d.example", ["SMTP:ann@d.example"]),
    ],
)
def test_whoever_is_odd_in_outline_is_told_by_a_record(mail: str | None, entries: list[str]) -> None:
    outline = outline_of(replace(record("ann", *entries), mail=mail))
    assert outline is not None
    outline = outline._replace(entries=entries)  # as they were written
    scope = replace(SCOPE, accepts=SCOPE.accepts | {DomainName("unproved.example")})
    telling = Sieve.alone(FIRST, snapshot(), scope, lambda _: ())
    assert telling.sift([outline]) == [outline]
    assert not telling.found.crowd
    assert not telling.found.beyond


def test_neither_guests_nor_whom_a_filter_may_leave_out_are_plain_in_outline() -> None:
    ann = outline_of(record("ann", "SMTP:ann@d.example"))
    assert ann is not None
    guest = ann._replace(common=replace(ann.common, guest=True))
    assert Sieve.alone(FIRST, snapshot(), SCOPE, lambda _: ()).sift([guest]) == [guest]
    filtered = replace(FIRST, selection=Selection(only("department", RuleOperator.IS, "north")))
    assert Sieve.alone(filtered, snapshot(), SCOPE, lambda _: ()).sift([ann]) == [ann]


def test_no_more_is_kept_of_domains_and_of_what_is_common_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve, "_KNOWN_MAX", 2)
    telling = Sieve.alone(FIRST, snapshot(), SCOPE, lambda _: ())
    for number in range(9):
        one = outline_of(record(f"p{number}", f"SMTP:p{number}@d.example", f"smtp:a@d{number}.example"))
        assert one is not None
        assert not telling.sift([one])
        assert max(len(telling.places), len(telling.commons)) <= 3
    assert len(telling.found.crowd) == 9


@pytest.mark.parametrize("most", [0, 1, 1_000_000])
def test_many_who_are_told_as_they_come_are_packed_and_those_shown_twice_taken_back(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All of what is packed is made smaller, or all but the first, or none.
    monkeypatch.setattr(piles, "_PLAIN_MAX", most)
    # Whose ids begin alike lie in one pile, which is packed every 64.
    many = [
        replace(record(f"p{number}", f"SMTP:p{number}@d.example"), id=ExternalId(f"{TENANT}:{number:032x}"))
        for number in range(150)
    ]
    shown = (*many, replace(many[7], display_name="Another"), replace(record("odd"), proxies=UNSET))
    case = Case(World(roll(), (Reading(FIRST, snapshot(*shown)),)), frozenset())
    quick, telling = as_they_come(case, [False] * len(shown))
    assert quick == case.proposal(lambda *_: newcomers.NOBODY)
    assert (len(quick.plan.arrivals), len(quick.plan.changes)) == (149, 150)
    plain = Case(World(roll(), (Reading(FIRST, snapshot(*many)),)), frozenset())
    compared = [one.proposal(lambda *_: newcomers.NOBODY).plan for one in (case, plain)]
    told = [quick.plan, plain.proposal().plan]
    assert len(told[1].arrivals) == 150
    assert [plan.digest for plan in told] == [plan.digest for plan in compared]
    # Where nothing of it may be used, all are read again.
    assert {one.id for one in telling.everybody()} == {one.id for one in many if one.id != many[7].id}
    assert not telling.found.crowd


@given(worlds())
def test_where_two_sources_read_one_tenant_everybody_is_compared(world: World) -> None:
    quick = newcomers.find(world.readings, world.current, SCOPE)
    assert quick.without(world.readings, frozenset()) is quick
    assert world.proposal() == ask(world.current, world.readings)


PEOPLE: Final = tuple(
    record(name, f"SMTP:{name}@d.example", f"smtp:{name}.x@d.example") for name in ("ann", "bob", "cid")
)


def test_a_first_sync_of_plain_people_makes_no_change_of_them() -> None:
    plan = ask(roll(), [Reading(FIRST, snapshot(*PEOPLE))]).plan
    assert isinstance(plan.changes, Changes)
    assert (len(plan.changes), len(plan.arrivals), plan.others) == (3, 3, ())
    assert [change.address for change in plan.changes] == [one.primary for one in plan.arrivals]


def test_who_shares_an_address_with_anybody_is_compared() -> None:
    rival = record("eve", "SMTP:eve@d.example", "smtp:ANN@d.example")
    plan = ask(roll(), [Reading(FIRST, snapshot(*PEOPLE, rival))]).plan
    assert {one.primary for one in plan.arrivals} == {"bob@d.example", "cid@d.example"}
    assert len(plan.changes) == 4
    held = ask(roll(user("Desk", "bob@d.example", owner=None)), [Reading(FIRST, snapshot(*PEOPLE))]).plan
    assert {one.primary for one in held.arrivals} == {"ann@d.example", "cid@d.example"}


def test_what_a_person_took_over_and_what_was_asked_for_by_id_are_compared() -> None:
    ann, bob, cid = PEOPLE
    taken_over = replace(user("Desk", "desk@d.example", owner=None), id=user_id(SCOPE, ann.id))
    later = replace(bob, display_name="Robert")
    for answer in (later, None):
        shot = snapshot(*PEOPLE, asked={bob.id: answer})
        case = Case(World(roll(taken_over), (Reading(FIRST, shot),)), frozenset())
        assert {one.external_id for one in case.proposal().plan.arrivals} == {cid.id}
        assert case.proposal() == case.proposal(lambda *_: newcomers.NOBODY)


def test_who_is_listed_twice_or_oddly_is_compared() -> None:
    odd = (
        PEOPLE[0],
        record("dan", "SMTP:dan@d.example", "SIP:call@d.example"),
        replace(record("eve"), proxies=UNSET),
        record("fay", "SMTP:fay@d.example", "smtp:a b@d.example"),
    )
    case = Case(World(roll(), (Reading(FIRST, snapshot(*PEOPLE, *odd)),)), frozenset())
    assert {one.primary for one in case.proposal().plan.arrivals} == {"bob@d.example", "cid@d.example"}
    assert case.proposal() == case.proposal(lambda *_: newcomers.NOBODY)


def test_changes_are_equal_to_the_same_ones_written_out() -> None:
    plan = ask(roll(), [Reading(FIRST, snapshot(*PEOPLE))]).plan
    same = replace(plan, changes=tuple(plan.changes))
    assert plan == same
    assert hash(plan) == hash(same)
    assert plan.changes[1:] == same.changes[1:]
    assert plan.changes[0] == same.changes[0]
    assert Plan.of(plan.domain, 1, plan.tenants, plan.changes) == plan
    assert list(plan.entries()) != list(same.entries())


@given(st.uuids(), st.lists(st.text()))
def test_a_newcomer_is_the_user_that_its_object_names(domain: UUID, texts: list[str]) -> None:
    scope = replace(SCOPE, id=domain)
    keys = [ExternalId(text.encode(errors="ignore").decode()) for text in texts]
    assert users_of(scope, keys) == [user_id(scope, key).bytes for key in keys]


@given(st.text(), st.lists(st.text()))
def test_the_hash_of_a_row_is_that_of_its_state(name: str, aliases: list[str]) -> None:
    (one, *_) = ask(roll(), [Reading(FIRST, snapshot(*PEOPLE))]).plan.arrivals
    odd = one._replace(
        display_name=name.encode(errors="ignore").decode(),
        aliases=tuple(Address(each.encode(errors="ignore").decode()) for each in aliases),
    )
    rows = [(each.external_id, each.primary, each.display_name, each.aliases) for each in (one, odd)]
    contents = [content.hex() for content in odd.manner.form.digests(rows)]
    assert contents == [
        storage.content_hash(each.state, pinned=False, exempt=False, kind_by_hand=False) for each in (one, odd)
    ]


def test_who_was_sent_back_stays_compared_where_others_are_sent_back_after_them() -> None:
    # Nobody's record is held: bob's address is had in the roll, and cid's by another domain, which is asked later.
    taken = frozenset({address(f"cid@{DOMAIN}")})
    desk = user("Desk", "bob@d.example", owner=None)
    case = Case(World(roll(desk), (Reading(FIRST, snapshot(*PEOPLE)),)), taken)
    quick, _ = as_they_come(case, [False] * len(PEOPLE))
    assert {one.primary for one in quick.plan.arrivals} == {"ann@d.example"}
    assert quick == case.proposal(lambda *_: newcomers.NOBODY)
