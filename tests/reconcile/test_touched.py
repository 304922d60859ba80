"""A plan made of what is touched alone is the plan that all of it would have made."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from mailroll.reconcile import neighbours
from mailroll.reconcile.addresses import Address, ProxyAddress
from mailroll.reconcile.departures import NO_DEPARTURES, Departures, Loss
from mailroll.reconcile.guards import Limits
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.memberships import Groups
from mailroll.reconcile.model import Current, ExternalId, Reading, Record, RollUser, Snapshot, SourceSpec, Unreadable
from mailroll.reconcile.pipeline import Proposal, Terms, propose
from mailroll.reconcile.plan import Plan
from mailroll.reconcile.skips import Skips
from mailroll.reconcile.split import split
from mailroll.reconcile.touched import Extent, Seeds, Spread, lasting, left_beside
from tests.reconcile.outcome import advance
from tests.reconcile.stories import Decision, decide
from tests.reconcile.world import (
    DOMAIN,
    FIRST,
    LOCALS,
    OBJECTS,
    OTHER_TENANT,
    OUTSIDE,
    SCOPE,
    SECOND,
    SIBLING,
    TENANT,
    VERIFIED,
    Fate,
    Sight,
    address,
    census,
    oid,
    record,
    roll,
    selections,
    sights,
    snapshot,
    snapshots,
    usable,
    user,
)

HERE: Final = VERIFIED - {SIBLING}
STEADY: Final = 24
ISLANDS: Final = 2
"""Groups of people that nothing joins, until a record wants an address of another island."""
_LOCAL = re.compile(r"(?<=[:\s])([abcB])(?=@)|^([abc])(?=@)")


@dataclass(frozen=True)
class Facts:
    """All that a reading shows of one object."""

    versions: tuple[Record, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    asked: tuple[Record | None, ...] = ()


Shown = Mapping[ExternalId, Facts]


def put_together(shot: Snapshot, shown: Shown) -> Snapshot:
    return replace(
        shot,
        records=tuple(version for one in shown.values() for version in one.versions),
        unreadable=tuple(broken for one in shown.values() for broken in one.unreadable),
        asked={key: one.asked[0] for key, one in shown.items() if one.asked},
    )


def facts_of(key: ExternalId, island: int, sight: Sight) -> Facts:
    """What a reading shows of an object that is seen so, with the addresses of an island."""

    def text(entry: str) -> str:
        return _LOCAL.sub(lambda found: f"{found[0]}{island}", entry)

    def version(one: Record) -> Record:
        proxies: tuple[ProxyAddress, ...] | Unset = UNSET
        if one.proxies is not UNSET:
            proxies = tuple(ProxyAddress(each.role, text(each.text)) for each in one.proxies)
        mail = text(one.mail) if one.mail else one.mail
        flaws = ("displayName",) if one.display_name == "Bob" else ()
        return replace(one, id=key, proxies=proxies, mail=mail, flaws=flaws)

    one, other, broken = version(sight.one), version(sight.other), Unreadable(key, "wrong_type", "a number")
    return {
        Fate.LISTED: Facts((one,)),
        Fate.TWICE: Facts((one, other)),
        Fate.BOTH: Facts((one,), (broken,)),
        Fate.UNREADABLE: Facts((), (broken,)),
        Fate.SLIPPED: Facts(asked=(one,)),
        Fate.GONE: Facts(asked=(None,)),
        Fate.UNASKED: Facts(),
    }[sight.fate]


@dataclass(frozen=True)
class Directory:
    """What one connection reads: what counts for everybody, and the facts of each object."""

    shot: Snapshot
    facts: Shown

    def snapshot(self) -> Snapshot:
        return put_together(self.shot, self.facts)


def narrowed(readings: Iterable[Reading], extent: Extent, taking: Mapping[UUID, int]) -> Iterator[Reading]:
    """The same readings, as far as somebody can be reached. Sources of one connection share theirs still."""
    shots: dict[int, Snapshot] = {}
    for reading in readings:
        shot = reading.snapshot
        assert shot is not None
        part = replace(
            shot,
            records=tuple(one for one in shot.records if one.id in extent.objects),
            unreadable=tuple(one for one in shot.unreadable if one.id is None or one.id in extent.objects),
            asked={key: answer for key, answer in shot.asked.items() if key in extent.objects},
        )
        more = left_beside(reading.source, taking, extent) > 0
        yield replace(reading, snapshot=shots.setdefault(id(shot), part), more=more)


@dataclass(frozen=True)
class Memory:
    """The joins of a world that is all in memory."""

    readings: tuple[Reading, ...]
    current: Current

    def wanted(self, objects: AbstractSet[ExternalId]) -> AbstractSet[Address]:
        shots = [one.snapshot for one in self.readings if one.snapshot is not None]
        shown = [one for shot in shots for one in (*shot.records, *shot.asked.values()) if one is not None]
        return frozenset().union(*(usable(one, SCOPE, VERIFIED) for one in shown if one.id in objects))

    def kept(
        self, users: AbstractSet[UUID], objects: AbstractSet[ExternalId], addresses: AbstractSet[Address]
    ) -> Iterable[RollUser]:
        for one in self.current.users:
            if one.id in users or one.state.external_id in objects or addresses & set(one.state.addresses):
                yield one


def reached(seeds: Seeds, joins: Memory) -> Extent:
    reach = Spread.of(seeds, SCOPE)
    while reach.next:
        size = len(reach)
        reach.follow(joins.kept(*_each(reach.next)), joins.wanted(reach.next.objects))
        assert len(reach) >= size
    return reach.extent()


def _each(seeds: Seeds) -> tuple[frozenset[UUID], frozenset[ExternalId], frozenset[Address]]:
    return seeds.users, seeds.objects, seeds.addresses


@dataclass
class Story:
    """A domain over several runs, planned by what is touched where that may be, and each time in full beside it."""

    sources: tuple[tuple[SourceSpec, int], ...]
    directories: list[Directory]
    current: Current
    departures: Departures = NO_DEPARTURES
    asking: Callable[[Groups], Groups] = lambda _: {}
    last: Proposal | None = None
    before: Current = field(default_factory=roll)
    facts: tuple[Shown, ...] = ()
    parts: int = 0
    """How many of its plans were made of what is touched."""

    @property
    def readings(self) -> tuple[Reading, ...]:
        shots = [one.snapshot() for one in self.directories]
        return tuple(Reading(source, shots[place]) for source, place in self.sources)

    def run(self, limits: Limits) -> Proposal:
        readings = self.readings
        terms = Terms(1, limits, here=HERE, departures=self.departures)
        whole = propose(readings, self.current, SCOPE, terms, self._elsewhere, self.asking)
        part = self._part(readings, terms)
        if part is not None:
            found, extent = part
            self.parts += 1
            assert essence(found) == essence(whole)
            assert found.skips == tuple(
                skip for skip in whole.skips if skip.external_id is None or skip.external_id in extent.objects
            )
            assert set(found.taking) == set(whole.taking)
            assert all(found.taking[key] <= whole.taking[key] for key in whole.taking)
        self.last = whole if part is None else part[0]
        self.facts = tuple(one.facts for one in self.directories)
        return self.last

    def take_effect(self, parts: Iterable[Plan]) -> None:
        for part in parts:
            self.current = advance(self.current, part)
        self.before = self.current

    def move(self, directories: list[Directory]) -> None:
        """Something moves that counts for everybody."""
        self.directories, self.last = directories, None

    def _elsewhere(self, addresses: frozenset[Address]) -> Mapping[Address, str]:
        return {one: "another domain" for one in addresses if one in self.current.elsewhere}

    def _part(self, readings: tuple[Reading, ...], terms: Terms) -> tuple[Proposal, Extent] | None:
        if self.last is None or self.last.open is None:
            return None
        seeds = self.last.open | self._new() | lasting(self.current.ending, self.departures)
        extent = reached(seeds, Memory(readings, self.current))
        parts = tuple(narrowed(readings, extent, self.last.taking))
        if not all(one.more for one in parts):
            return None
        ids = {one.id for one in extent.users}
        rest = census(one for one in self.current.users if one.id not in ids)
        current = replace(self.current, users=extent.users, rest=rest)
        counted = neighbours.count(readings, SCOPE, HERE)
        found = propose(parts, current, SCOPE, replace(terms, outside=counted), self._elsewhere, self.asking)
        if found.open is None:
            return None
        taking = {one.id: found.taking[one.id] + left_beside(one, self.last.taking, extent) for one, _ in self.sources}
        return replace(found, taking=taking), extent

    def _new(self) -> Seeds:
        """What is new since the last plan was made of it."""
        changed = {
            key
            for old, directory in zip(self.facts, self.directories, strict=True)
            for key in old.keys() | directory.facts.keys()
            if old.get(key) != directory.facts.get(key)
        }
        had = {one.id: one for one in self.before.users}
        has = {one.id: one for one in self.current.users}
        edited = {key for key in had.keys() | has.keys() if had.get(key) != has.get(key)}
        gone = [one.state for key, one in had.items() if key not in has]
        return Seeds(
            frozenset(changed) | {state.external_id for state in gone if state.external_id is not None},
            frozenset(edited),
            frozenset(held for state in gone for held in state.addresses),
        )


def essence(proposal: Proposal) -> object:
    return replace(proposal, skips=Skips(), open=None, taking={})


def _people(tenant: str) -> tuple[ExternalId, ...]:
    return tuple(ExternalId(f"{key[:-1]}{island}") for island in range(ISLANDS) for key in OBJECTS[tenant])


_up_to = tuple(st.integers(0, most) for most in range(12))
_decision = st.sampled_from(tuple(Decision))
_limits = st.sampled_from((Limits(), Limits(floor=1, share=0.01), Limits(floor=50, share=1.0)))
_sights = {tenant: st.tuples(*([sights] * len(_people(tenant)))) for tenant in OBJECTS}
_shots = {tenant: snapshots(tenant) for tenant in OBJECTS}


@st.composite
def directories(draw: st.DrawFn, tenant: str) -> Directory:
    keys = _people(tenant)
    facts = {key: facts_of(key, int(key[-1]), sight) for key, sight in zip(keys, draw(_sights[tenant]), strict=True)}
    # Many who are always there, so that a source mostly takes somebody beside.
    names = [f"{tenant[0]} steady {number}" for number in range(STEADY)]
    for number, name in enumerate(names):
        one = record(name, f"SMTP:{name.replace(' ', '-')}@{DOMAIN}", tenant=tenant)
        facts[one.id] = Facts((replace(one, attributes={"department": "north" if number % 2 else "south"}),))
    shot = draw(_shots[tenant])
    members = frozenset(oid(name, tenant) for name in names) | frozenset(each for each in keys if draw(_up_to[1]))
    lists = {group: ids if ids is UNSET else members for group, ids in shot.memberships.items()}
    nameless = tuple(each for each in shot.unreadable if each.id is None)
    return Directory(
        replace(snapshot(tenant=tenant, unreadable=nameless), memberships=lists, hybrid=shot.hybrid), facts
    )


_directories = {tenant: directories(tenant) for tenant in OBJECTS}


def _amended(data: st.DataObject, directory: Directory) -> Directory:
    """Another reading of a directory: a few objects are otherwise."""
    keys = sorted(directory.facts)
    facts = dict(directory.facts)
    for _ in range(data.draw(_up_to[3])):
        key = keys[data.draw(st.integers(0, len(keys) - 1))]
        facts[key] = facts_of(key, data.draw(_up_to[ISLANDS - 1]), data.draw(sights))
    return replace(directory, facts=facts)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    found = [draw(_directories[TENANT]), draw(_directories[OTHER_TENANT])]
    sources = [(FIRST, 0), (SECOND, 0), (OUTSIDE, 1)][: 3 - draw(_up_to[2])]
    chosen = tuple(
        (replace(source, selection=draw(selections), tenant=found[place].shot.tenant), place)
        for source, place in sources
    )
    hand_made = [user(f"Hand {n}", f"{local}{n}@{DOMAIN}", owner=None) for n, local in enumerate(LOCALS[:ISLANDS])]
    answer = draw(st.sampled_from((lambda _: {}, lambda groups: dict.fromkeys(groups, frozenset()), dict)))
    return Story(chosen, found, roll(*hand_made[: draw(_up_to[ISLANDS])]), asking=answer)


def _go_on(data: st.DataObject, story: Story) -> None:
    """What happens between two runs: people decide, addresses end or are taken elsewhere, the directory changes."""
    current = story.current
    for _ in range(data.draw(_up_to[1])):
        current = decide(current, data.draw(st.integers(0, 30)), data.draw(_decision))
    held = sorted({each for one in current.users for each in one.state.addresses})
    free = [address(f"{local}{n}@{DOMAIN}") for local in LOCALS for n in range(ISLANDS)]
    elsewhere = {one: "another domain" for one in free if one not in held and data.draw(_up_to[7]) == 1}
    owners = {each: one.id for one in current.users for each in one.state.addresses}
    ending = {one: owners[one] for one in held if one in owners and data.draw(_up_to[11]) == 1}
    gone = frozenset(one.id for one in current.users if data.draw(_up_to[11]) == 1)
    lost = Loss(gone, frozenset(one for one in held if data.draw(_up_to[11]) == 1))
    story.current = replace(current, elsewhere=elsewhere, ending=ending)
    story.departures = Departures(Loss(), lost) if data.draw(_up_to[2]) == 1 else Departures(lost, lost)
    if data.draw(_up_to[7]) == 1:
        drawn = [data.draw(_directories[one.shot.tenant]) for one in story.directories]
        story.move([replace(one, shot=other.shot) for one, other in zip(story.directories, drawn, strict=True)])
    else:
        story.directories = [_amended(data, one) for one in story.directories]


@settings(max_examples=60)
@given(stories(), st.data(), _limits)
def test_runs_that_look_at_what_is_touched_are_those_that_look_at_everything(
    story: Story, data: st.DataObject, limits: Limits
) -> None:
    for _ in range(3):
        plan = story.run(limits).plan
        now, later = split(plan)
        story.take_effect(data.draw(st.sampled_from(((plan,), (plan,), (now,), (), (now, later)))))
        _go_on(data, story)
    story.run(limits)


def test_what_ends_and_who_left_lately_is_looked_at_beside_what_is_open() -> None:
    ann, cid = user("Ann", "a@d.example"), user("Cid", "c@d.example")
    left = Loss(frozenset({cid.id}), frozenset({address("c@d.example")}))
    seeds = Seeds(objects=frozenset({oid("Eve")})) | lasting({address("b@d.example"): ann.id}, Departures(Loss(), left))
    ended = frozenset({address("b@d.example"), address("c@d.example")})
    assert seeds == Seeds(frozenset({oid("Eve")}), frozenset({ann.id, cid.id}), ended)


def test_of_what_a_source_takes_is_beside_all_that_cannot_be_reached_in_its_directory() -> None:
    extent = Extent(frozenset({oid("Ann"), oid("Gus", OTHER_TENANT)}), ())
    source = replace(FIRST, tenant=TENANT)
    assert [left_beside(source, taking, extent) for taking in ({FIRST.id: 3}, {FIRST.id: 1}, {})] == [2, 0, 0]


def test_an_object_reaches_its_user_and_whoever_has_what_it_wants() -> None:
    current = roll(user("Ann", "a@d.example", "b@d.example"), user("Bob", "c@d.example"), user("Cid", "d@d.example"))
    joins = Memory((Reading(FIRST, snapshot(record("Ann", "SMTP:a@d.example", "smtp:c@d.example"))),), current)
    extent = reached(Seeds(objects=frozenset({oid("Ann")})), joins)
    assert {one.state.display_name for one in extent.users} == {"Ann", "Bob"}
    assert extent.objects == {oid("Ann"), oid("Bob")}
    assert reached(Seeds(), joins) == Extent(frozenset(), ())


def test_whoever_has_an_address_has_it_alone_and_nobody_is_looked_for_by_it() -> None:
    ann = user("Ann", "a@d.example", "b@d.example")
    reach = Spread.of(Seeds(objects=frozenset({oid("Ann")})), SCOPE)
    reach.follow([ann], {address("a@d.example")})
    assert not reach.next
    reach.follow([ann], {address("c@d.example")})
    assert reach.next == Seeds(addresses=frozenset({address("c@d.example")}))
