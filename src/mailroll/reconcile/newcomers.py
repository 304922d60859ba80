"""Newcomers: new objects that a source takes, and whose addresses nobody else has or wants.

In a first sync that is nearly everybody. Each becomes an `Arrival` at once; all others are compared as always. What a
newcomer adds to the whole (its source shows and takes somebody) is told beside: `Reading.more`, `Desired.beside`.

Why the plan is the same: a verdict is on one object, and here it is known to be `Take`. An address is settled among
those who want or have it, and here that is one. A user of the roll stands for an object by an id or an address, and
here none does. A test holds this way against the one that compares everybody.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from mailroll.reconcile import kinds, mapping
from mailroll.reconcile.addresses import Address, AddressFault, DomainName, ProxyRole, canonical, domain_of
from mailroll.reconcile.arrivals import Arrival, Manner
from mailroll.reconcile.crowd import Crowd
from mailroll.reconcile.kinds import Ruling
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.mapping import Entry
from mailroll.reconcile.model import Current, ExternalId, ObjectType, Reading, Record, Scope, Snapshot, SourceSpec
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.resolve import granted_kind
from mailroll.reconcile.seen import SeenTexts
from mailroll.reconcile.selection import select
from mailroll.reconcile.statements import trust
from mailroll.reconcile.verdicts import Take

_VARIANTS: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


Again = Callable[[AbstractSet[ExternalId]], Sequence[Record]]
"""Makes the records of some objects once more, all their versions, of a listing that let them go."""


def _nobody(_: AbstractSet[ExternalId]) -> Sequence[Record]:
    return ()


@dataclass(frozen=True, slots=True)
class Newcomers:
    """The users that come, and what else their sources show: `left`, by source.

    `again`: where a listing has let their records go. `beyond`: their addresses in other domains of their tenants.
    """

    arrivals: Crowd
    left: Mapping[UUID, Sequence[Record]]
    again: Again
    beyond: Mapping[DomainName, SeenTexts]

    def __len__(self) -> int:
        return len(self.arrivals)

    def count(self, source: UUID) -> int:
        return sum(count for manner, count in self.arrivals.manners if manner.owner == source)

    def send_back(self, readings: Iterable[Reading], is_rival: Callable[[Arrival], bool]) -> "Newcomers":
        """Have those compared who have a rival."""
        rivals = [one for one in self.arrivals if is_rival(one)]
        if not rivals:
            return self
        self.arrivals.leave_out(rivals)
        back, left = {one.external_id for one in rivals}, {}
        for reading in readings:
            if reading.source.id in self.left and reading.snapshot is not None:
                mine = back.union(record.id for record in self.left[reading.source.id])
                left[reading.source.id] = [record for record in reading.snapshot.records if record.id in mine]
                # Whoever was sent back before is no more held than these.
                left[reading.source.id] += self.again(mine.difference(record.id for record in reading.snapshot.records))
        return replace(self, left=left)

    def without(self, readings: Iterable[Reading], contested: AbstractSet[Address]) -> "Newcomers":
        """Have those compared who want one of some addresses."""
        if not contested:
            return self
        return self.send_back(readings, lambda one: not contested.isdisjoint(one.addresses))

    def beside(self, readings: Iterable[Reading]) -> tuple[Reading, ...]:
        """Return the readings that they were found in, without them."""
        return tuple(self._left(one) for one in readings)

    def _left(self, reading: Reading) -> Reading:
        left, is_more = self.left.get(reading.source.id), self.count(reading.source.id) > 0
        if reading.snapshot is None or left is None:
            return reading
        return replace(reading, snapshot=replace(reading.snapshot, records=tuple(left)), more=reading.more or is_more)


NOBODY: Final = Newcomers(Crowd(), {}, _nobody, {})


def find(readings: Sequence[Reading], current: Current, scope: Scope, first: "Sieve | None" = None) -> Newcomers:
    """Return the newcomers of a domain. `first`: what was given each object that its only source listed, as it came.

    There are none where two sources read one tenant: which of them takes an object has to be decided.
    """
    trusted = [(reading, trust(reading.snapshot, scope)) for reading in readings]
    heard = [(reading, shot) for reading, shot in trusted if isinstance(shot, Snapshot)]
    if len({shot.tenant for _, shot in heard}) != len(heard):
        return NOBODY
    scope = replace(scope, unproved=scope.accepts.difference(*(shot.verified for _, shot in heard)))
    occupied = _Occupied.of(current, scope, [shot for _, shot in heard])
    found = _SoFar() if first is None else first.found
    others: list[Record] = []
    left: dict[UUID, list[Record]] = {}
    for reading, shot in heard:
        sieve = first or Sieve.of(reading.source, shot, scope, found, _nobody)
        left[reading.source.id] = mine = []
        for record in shot.records:
            if first is None:
                found.keys.add(record.id)
            if record.id in occupied.keys or record.id in found.crowd.left_out or not sieve.takes(record):
                mine.append(record)
        others += mine
        others += (answer for answer in shot.asked.values() if answer is not None)
    newcomers = Newcomers(found.crowd, left, _nobody if first is None else first.again, found.beyond)
    if not newcomers:
        return newcomers
    for record in others:
        for address in _shown(record):
            found.wanted.add(address)
    is_rival = occupied.rivalry(found)
    return newcomers if is_rival is None else newcomers.send_back(readings, is_rival)


def user_of(scope: Scope, key: ExternalId) -> str:
    """The id of `resolve.user_id` in hexadecimal: a name-based UUID of version 5 (RFC 9562, section 5.5).

    Measured, `uuid.uuid5` takes five times as long.
    """
    digest = hashlib.sha1(scope.id.bytes + key.encode(), usedforsecurity=False).hexdigest()
    return f"{digest[:12]}5{digest[13:16]}{_VARIANTS[digest[16]]}{digest[17:32]}"


@dataclass(frozen=True, slots=True)
class _Occupied:
    """What is taken already: objects (`keys`) and `users` that are no newcomers, and addresses that somebody has."""

    keys: frozenset[str]
    users: frozenset[str]
    held: frozenset[Address]

    @classmethod
    def of(cls, current: Current, scope: Scope, shots: Sequence[Snapshot]) -> "_Occupied":
        keys: set[str] = set(scope.exempt)
        for shot in shots:
            keys |= shot.asked.keys()
            keys |= {broken.id for broken in shot.unreadable if broken.id is not None}
        states = [user.state for user in current.users]
        keys |= {state.external_id for state in states if state.external_id is not None}
        held = {address for state in states for address in state.addresses}
        users = frozenset(user.id.hex for user in current.users)
        return cls(frozenset(keys), users, frozenset(held.union(current.ending)))

    def rivalry(self, found: "_SoFar") -> Callable[[Arrival], bool] | None:
        """Return what tells who of those found has a rival: in the roll, or in what was listed. None: nobody has."""
        twice, contested = found.keys.repeated(), found.wanted.repeated()
        if not (twice or contested or self.keys or self.users or self.held):
            return None

        def is_rival(one: Arrival) -> bool:
            if one.external_id in self.keys or one.user in self.users or hash(one.external_id) in twice:
                return True
            return any(address in self.held or hash(address) in contested for address in one.addresses)

        return is_rival


@dataclass(frozen=True, slots=True)
class _SoFar:
    """What has come so far, of all sources: newcomers, ids of objects, addresses that are wanted."""

    crowd: Crowd = field(default_factory=Crowd)
    keys: SeenTexts = field(default_factory=SeenTexts)
    wanted: SeenTexts = field(default_factory=SeenTexts)
    beyond: dict[DomainName, SeenTexts] = field(default_factory=dict)


@dataclass(slots=True)
class Sieve:
    """Tells which objects of one reading are plain: its source takes them, and there is nothing else to say of them.

    Of each it keeps the arrival, in `found`; whether somebody rivals it is told at the end. `snapshot` may lack
    records, and `again` makes those once more that a listing has let go.
    """

    source: SourceSpec
    snapshot: Snapshot
    scope: Scope
    found: _SoFar
    again: Again
    manners: dict[tuple[object, ...], tuple[Ruling, Manner]] = field(default_factory=dict)

    @classmethod
    def of(cls, source: SourceSpec, shot: Snapshot, scope: Scope, found: _SoFar, again: Again) -> "Sieve":
        return cls(source, shot, replace(scope, accepts=scope.accepts & shot.verified), found, again)

    @classmethod
    def alone(cls, source: SourceSpec, shot: Snapshot, scope: Scope, again: Again) -> "Sieve":
        """Return one for the only source of a domain, which is given each object as it is listed."""
        return cls.of(source, shot, replace(scope, unproved=scope.accepts - shot.verified), _SoFar(), again)

    def takes(self, record: Record) -> bool:
        """Whether an object is plain; then nothing more is needed of its record."""
        arrival = self.arrival(record)
        if arrival is None:
            return False
        self.found.crowd.add(arrival)
        for address in arrival.addresses:
            self.found.wanted.add(address)
        return True

    def shown_twice(self) -> Sequence[Record]:
        """Take back whoever the listing showed more than once, and return all that it showed of them."""
        twice = self.found.keys.repeated()
        return self._taken_back(one for one in self.found.crowd if hash(one.external_id) in twice) if twice else ()

    def everybody(self) -> Sequence[Record]:
        """Take back all."""
        return self._taken_back(self.found.crowd)

    def _taken_back(self, some: Iterable[Arrival]) -> Sequence[Record]:
        several = list(some)
        self.found.crowd.leave_out(several)
        return self.again({one.external_id for one in several})

    def arrival(self, record: Record) -> Arrival | None:
        """Make of an object what is made of one that nobody rivals; None where it is not plain."""
        if record.type is not ObjectType.USER or record.guest or record.flaws:
            return None
        shown = self._addresses(record)
        if shown is None:
            return None
        here, marked, elsewhere = shown
        if marked in here:
            primary, home = marked, True
        else:
            primary = mapping.primary_of(here, marked, record)
            home = mapping.is_home(marked, elsewhere.union(map(domain_of, here)), self.scope)
        aliases = tuple(sorted(address for address in here if address != primary)) if len(here) > 1 else ()
        ruling, manner = self._manner(record, home=home)
        name = mapping.display_name_of(record)
        if self.source.selection.filter is not None:
            entry = Entry(record.id, record.type, name, ruling, home, primary, aliases)
            if not isinstance(select(record, entry, self.source, self.snapshot, None), Take):
                return None
        return Arrival(record.id, primary, user_of(self.scope, record.id), name or "", aliases, manner)

    def _addresses(self, record: Record) -> tuple[set[Address], Address | None, set[DomainName]] | None:
        """Return its addresses here, the one marked as primary, and other domains; None where it has none, or odd ones.

        As `mapping.map_record` reads them.
        """
        proxies, scope = record.proxies, self.scope
        if proxies is UNSET:
            return None
        here: set[Address] = set()
        elsewhere: set[DomainName] = set()
        marked: Address | None = None
        is_odd = False
        for proxy in proxies:
            if proxy.role is ProxyRole.OTHER:
                is_odd = True
                continue
            address = canonical(proxy.text)
            if isinstance(address, AddressFault):
                return None
            if proxy.role is ProxyRole.PRIMARY and (marked is None or address < marked):
                marked = address
            domain = domain_of(address)
            if domain in scope.accepts:
                here.add(address)
            else:
                elsewhere.add(domain)
                if domain in self.snapshot.verified:
                    self.found.beyond.setdefault(domain, SeenTexts()).add(address)
        mail = record.mail or ""
        is_told = mail in here or here.issuperset(mapping.inside(mail, scope))
        if not here or not elsewhere.isdisjoint(scope.unproved) or not is_told:
            return None
        if is_odd and any(True for _ in mapping.not_smtp(record.id, proxies, scope, here)):
            return None
        return here, marked, elsewhere

    def _manner(self, record: Record, *, home: bool) -> tuple[Ruling, Manner]:
        """What is decided by a few properties, each of which has a few values, is decided once."""
        key = (
            record.mailbox_plan,
            record.account_enabled,
            record.synced,
            record.purpose,
            record.place,
            record.plan_lapsed,
            record.agent,
            home,
        )
        found = self.manners.get(key)
        if found is None:
            self.manners[key] = found = self._decided(record, home=home)
        return found

    def _decided(self, record: Record, *, home: bool) -> tuple[Ruling, Manner]:
        ruling = kinds.rule(record, hybrid=self.snapshot.hybrid)
        kind, rule = granted_kind(ruling, None)
        return ruling, Manner(
            self.source.id,
            self.source.group,
            record.type,
            kind,
            mapping.is_billable(kind, home=home),
            rule.code,
            (Reason.of(ReasonCode.NEW), *mapping.kind_reasons(kind, rule, home=home)),
        )


def _shown(record: Record) -> Iterator[Address]:
    """The addresses that an object may want, wherever they are."""
    for proxy in () if record.proxies is UNSET else record.proxies:
        if proxy.role is not ProxyRole.OTHER:
            address = canonical(proxy.text)
            if not isinstance(address, AddressFault):
                yield address
