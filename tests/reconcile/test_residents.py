"""Whoever is in the roll as the directory has them needs not be compared, and nothing comes out otherwise for it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from hypothesis import event, given
from hypothesis import strategies as st

from mailroll.reconcile import newcomers
from mailroll.reconcile.addresses import Address, ProxyAddress
from mailroll.reconcile.departures import NO_DEPARTURES, Departures, Loss
from mailroll.reconcile.guards import Limits
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Current, ExternalId, Headcount, Reading, Record, RollUser, Scope, Snapshot
from mailroll.reconcile.pipeline import Find, Proposal, Terms, propose
from mailroll.reconcile.residents import RowHashes, settle
from mailroll.reconcile.sieve import Sieve
from mailroll.reconcile.split import split
from mailroll.reconcile.touched import lasting
from tests.reconcile.outcome import advance, hashed
from tests.reconcile.stories import Decision, decide, worlds
from tests.reconcile.test_newcomers import moved, outline_of
from tests.reconcile.world import (
    ALIAS_DOMAIN,
    DOMAIN,
    FIRST,
    LIMITS,
    SCOPE,
    SECOND,
    SIBLING,
    TENANT,
    VERIFIED,
    address,
    ask,
    census,
    oid,
    record,
    roll,
    selections,
    snapshot,
    snapshots,
)

HERE = VERIFIED - {SIBLING}


@dataclass(frozen=True)
class Day:
    """A domain of one source that was read before: its roll, what is read now, and what counts beside."""

    reading: Reading
    current: Current
    departures: Departures = NO_DEPARTURES
    taken: frozenset[Address] = frozenset()
    limits: Limits = LIMITS
    scope: Scope = SCOPE

    def whole(self) -> Proposal:
        return self._proposal([self.reading], self.current, lambda *_: newcomers.NOBODY)

    def without_residents(self, holds: Collection[int] = (), *, outlined: bool = True) -> tuple[Proposal, Headcount]:
        """Plan as a run does that is given objects as they come; those at the places `holds` it needs for something."""
        shot = self.reading.snapshot
        assert shot is not None

        def again(ids: Collection[ExternalId]) -> list[Record]:
            return [one for one in shot.records if one.id in ids]

        sieve, held = Sieve.alone(self.reading.source, replace(shot, records=()), self.scope, again), list[Record]()
        for broken in shot.unreadable:
            if broken.id is not None:
                sieve.found.keys.add(broken.id)
        for place, one in enumerate(shot.records):
            sieve.found.keys.add(one.id)
            outline = outline_of(one) if outlined and place not in holds else None
            if outline is not None and not sieve.sift([outline]):
                continue
            if place in holds or not sieve.takes(one):
                held.append(one)
        held += sieve.shown_twice()
        return self.planned(sieve, held)

    def planned(
        self, sieve: Sieve, held: list[Record], known: Callable[[Snapshot], Snapshot] = lambda shot: shot
    ) -> tuple[Proposal, Headcount]:
        """Plan with what a sieve has let go and the records that are held. `known`: what more is known of these."""
        shot = self.reading.snapshot
        assert shot is not None
        rows = RowHashes()
        for each in self.current.users:
            if each.state.retired:
                rows.add(each.id.bytes)
            else:
                rows.extend([each.id.bytes], [bytes.fromhex(hashed(each).hash)])
        others = rows.compare(sieve.found.crowd).others
        keys = {one.state.external_id for one in self.current.users if one.id in others and not one.state.retired}
        held += sieve.shown_of({key for key in keys if key is not None})
        reading = replace(self.reading, snapshot=known(replace(shot, records=tuple(held))))
        comparison = rows.compare(sieve.found.crowd)
        fresh, current = settle([reading], self._others(comparison.others), self.scope, sieve, comparison, self._load)
        return self._proposal([reading], current, lambda *_: fresh), current.rest

    def _others(self, others: Collection[UUID]) -> Current:
        always = lasting(self.current.ending, self.departures)
        return replace(
            self.current,
            users=tuple(
                one
                for one in self.current.users
                if one.id in others or one.id in always.users or always.addresses & set(one.state.addresses)
            ),
        )

    def _load(self, ids: Collection[UUID]) -> list[RollUser]:
        return [one for one in self.current.users if one.id in ids]

    def _proposal(self, readings: list[Reading], current: Current, find: Find) -> Proposal:
        def elsewhere(wanted: frozenset[Address]) -> Mapping[Address, str]:
            return dict.fromkeys(wanted & self.taken, "another domain")

        terms = Terms(1, self.limits, here=HERE, departures=self.departures)
        return propose(readings, current, self.scope, terms, elsewhere, find=find)


STEADY = tuple(
    replace(
        record(f"steady {number}", f"SMTP:steady{number}@{DOMAIN}", f"smtp:s{number}@{DOMAIN}", plan=number % 3 > 0),
        attributes={"department": "north" if number % 2 else "south"},
    )
    for number in range(4)
)
_islands = st.lists(st.integers(0, 7), min_size=12, max_size=12)
_up_to = tuple(st.integers(0, most) for most in range(12))
_snapshots = snapshots(TENANT)
_worlds = worlds()
_sources = st.sampled_from((FIRST, FIRST, SECOND))
_scopes = st.sampled_from((SCOPE,) * 4 + (replace(SCOPE, exempt=frozenset({STEADY[0].id, oid("Ann")})),))
_limits = st.sampled_from((Limits(), Limits(floor=1, share=0.01), Limits(floor=50, share=1.0)))
_some = st.sets(st.integers(0, 15), max_size=4)
_decisions = st.sampled_from(tuple(Decision))


def scattered(shot: Snapshot, islands: list[int]) -> Snapshot:
    records = [replace(moved(one, place), flaws=()) for one, place in zip(shot.records, islands, strict=False)]
    return replace(shot, records=tuple(records))


@st.composite
def days(draw: st.DrawFn) -> Day:
    """A domain that was read and planned for, people's decisions since, and what is read of nearly the same objects."""
    source, scope = replace(draw(_sources), selection=draw(selections), tenant=TENANT), draw(_scopes)
    before = scattered(draw(_snapshots), draw(_islands))
    before = replace(before, records=before.records + STEADY)
    current = draw(_worlds).current if draw(_up_to[3]) == 1 else roll()
    # Now and then its filter is another since.
    earlier = replace(source, selection=draw(selections)) if draw(_up_to[3]) == 1 else source
    plan = ask(current, [Reading(earlier, before)], scope).plan
    now, later = split(plan)
    for part in draw(st.sampled_from(((plan,), (plan,), (now, later), (now,)))):
        current = advance(current, part)
    for _ in range(draw(_up_to[2])):
        current = decide(current, draw(_up_to[11]), draw(_decisions))
    after = scattered(draw(_snapshots), draw(_islands))
    base = after if draw(_up_to[2]) == 1 else before
    records = list(base.records)
    for _ in range(draw(_up_to[3])):
        one = draw(st.sampled_from(after.records or records))
        place = draw(_up_to[11]) % len(records) if records else 0
        # Another version of an object, or the address of somebody else.
        records[place : place + draw(_up_to[1])] = [one]
    shot = replace(base, records=tuple(records))
    if draw(_up_to[7]) == 1:
        shot = replace(shot, verified=shot.verified - {ALIAS_DOMAIN})
    held = sorted({each for one in current.users for each in one.state.addresses})
    ids = {each: one.id for one in current.users for each in one.state.addresses}
    lost = sorted({each for one in STEADY for each in (address(proxy.text) for proxy in shown(one))} - ids.keys())
    ending = {one: draw(st.sampled_from(current.users)).id for one in lost if current.users and draw(_up_to[3]) == 1}
    ending |= {one: ids[one] for one in held if draw(_up_to[11]) == 1}
    gone = Loss(
        frozenset(one.id for one in current.users if draw(_up_to[11]) == 1),
        frozenset(one for one in held if draw(_up_to[11]) == 1),
    )
    departures = draw(st.sampled_from((NO_DEPARTURES, NO_DEPARTURES, Departures(Loss(), gone), Departures(gone, gone))))
    taken = frozenset(address(f"{local}{n or ''}@{DOMAIN}") for local in "ab" for n in range(4) if draw(_up_to[7]) == 1)
    current = replace(current, ending=ending)
    return Day(Reading(source, shot), current, departures, taken, draw(_limits), scope)


def shown(one: Record) -> tuple[ProxyAddress, ...]:
    return () if one.proxies is UNSET else one.proxies


@given(days(), _some, st.booleans())
def test_a_proposal_is_the_same_whether_or_not_residents_are_left_out(
    day: Day, holds: set[int], outlined: bool
) -> None:
    quick, residents = day.without_residents(holds, outlined=outlined)
    whole = day.whole()
    event(f"{min(residents.whole.users, 5)} residents")
    assert quick.plan.digest == whole.plan.digest
    assert quick.plan.counts == whole.plan.counts
    assert quick == whole


def day(*shown: Record, current: Current | None = None, departures: Departures = NO_DEPARTURES) -> Day:
    """A day of steady people, who were synced before; `current`: what became of the roll since."""
    before = Reading(FIRST, snapshot(*STEADY))
    current = current or advance(roll(), ask(roll(), [before]).plan)
    return Day(Reading(FIRST, snapshot(*(shown or STEADY))), current, departures)


def settled(one: Day) -> int:
    """How many residents there are; a proposal is the same with and without them."""
    quick, rest = one.without_residents()
    assert quick == one.whole()
    return rest.whole.users


def test_of_a_roll_that_is_as_its_directory_shows_it_nobody_is_compared() -> None:
    today = day()
    quick, rest = today.without_residents()
    assert rest == census(today.current.users)
    assert not quick.plan.changes
    assert (quick.taking, quick.unchanged) == ({FIRST.id: 4}, 4)
    assert quick == today.whole()


def test_whoever_is_shown_otherwise_is_new_or_is_gone_is_compared() -> None:
    renamed, moved_on = replace(STEADY[0], display_name="Another"), replace(STEADY[1], proxies=shown(STEADY[1])[:1])
    new = record("new", "SMTP:new@d.example")
    today = (renamed, moved_on, STEADY[2], new)
    assert settled(day(*today)) == 1
    quick, _ = day(*today).without_residents()
    assert (len(quick.plan.arrivals), len(quick.plan.others)) == (1, 2)
    assert settled(day(new, current=roll())) == 0


def test_whoever_has_a_rival_is_compared() -> None:
    first = shown(STEADY[0])[1].text
    rival = record("rival", f"SMTP:rival@{DOMAIN}", f"smtp:{first.upper()}")
    assert settled(day(*STEADY, rival)) == 3
    assert settled(day(*STEADY, replace(STEADY[0], display_name="Twice"))) == 3


def test_whoever_a_person_decided_about_or_who_retired_is_compared() -> None:
    users = day().current.users
    pinned = hashed(replace(users[0], pinned=True))
    kept = hashed(replace(users[1], state=replace(users[1].state, kept=True)))
    moved_by_hand = hashed(replace(users[2], group_by_hand=True))
    assert settled(day(current=roll(pinned, kept, moved_by_hand, users[3]))) == 1
    retired = hashed(replace(users[3], state=replace(users[3].state, retired=True, billable=False)))
    assert settled(day(current=roll(*users[:3], retired))) == 3


def test_whoever_left_lately_or_whose_address_ends_is_compared() -> None:
    current = day().current
    one, other, third, _ = current.users
    assert settled(day(current=replace(current, ending={address(f"old@{DOMAIN}"): one.id}))) == 3
    gone = Loss(frozenset({other.id}), frozenset({third.state.addresses[0]}))
    assert settled(day(departures=Departures(Loss(), gone))) == 2


def test_a_stored_hash_is_no_proof_that_a_row_is_as_it_was() -> None:
    users = day().current.users
    spoiled = replace(users[0], state=replace(users[0].state, display_name="Spoiled"))
    today = day(current=roll(spoiled, *users[1:]))
    assert spoiled.hash == users[0].hash
    assert settled(today) == 3
    assert [change.user for change in today.without_residents()[0].plan.changes] == [spoiled.id]
