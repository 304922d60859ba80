"""Newcomers: new objects that a source takes, and whose addresses nobody else has or wants.

In a first sync that is nearly everybody. Each becomes an `Arrival` at once; all others are compared as always. What a
newcomer adds to the whole (its source shows and takes somebody) is told beside: `Reading.more`, `Desired.beside`.

Why the plan is the same: a verdict is on one object, and here it is known to be `Take`. An address is settled among
those who want or have it, and here that is one. A user of the roll stands for an object by an id or an address, and
here none does. A test holds this way against the one that compares everybody.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from mailroll.reconcile import kinds, mapping
from mailroll.reconcile.addresses import Address, AddressFault, DomainName, ProxyRole, canonical, domain_of
from mailroll.reconcile.arrivals import Arrival, Manner
from mailroll.reconcile.kinds import Ruling
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.mapping import Entry
from mailroll.reconcile.model import Current, ExternalId, ObjectType, Reading, Record, Scope, Snapshot, SourceSpec
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.resolve import granted_kind
from mailroll.reconcile.selection import select
from mailroll.reconcile.statements import trust
from mailroll.reconcile.verdicts import Take

_VARIANTS: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


@dataclass(frozen=True, slots=True)
class Newcomers:
    """The users that come, by source and object."""

    by_source: Mapping[UUID, Mapping[ExternalId, Arrival]]

    def __len__(self) -> int:
        return sum(map(len, self.by_source.values()))

    def __iter__(self) -> Iterator[Arrival]:
        return (one for several in self.by_source.values() for one in several.values())

    @property
    def addresses(self) -> frozenset[Address]:
        return frozenset(address for one in self for address in one.addresses)

    def count(self, source: UUID) -> int:
        return len(self.by_source.get(source, ()))

    def without(self, contested: AbstractSet[Address]) -> "Newcomers":
        """Leave out those who want one of some addresses."""
        if not contested:
            return self
        return Newcomers(
            {
                source: {key: one for key, one in several.items() if contested.isdisjoint(one.addresses)}
                for source, several in self.by_source.items()
            }
        )

    def beside(self, readings: Iterable[Reading]) -> tuple[Reading, ...]:
        """Return the readings that they were found in, without them."""
        return tuple(self._left(one) for one in readings)

    def _left(self, reading: Reading) -> Reading:
        mine, snapshot = self.by_source.get(reading.source.id), reading.snapshot
        if not mine or snapshot is None:
            return reading
        left = tuple(record for record in snapshot.records if record.id not in mine)
        return replace(reading, snapshot=replace(snapshot, records=left), more=True)


NOBODY: Final = Newcomers({})


def find(readings: Sequence[Reading], current: Current, scope: Scope) -> Newcomers:
    """Return the newcomers of a domain.

    There are none where two sources read one tenant: which of them takes an object has to be decided.
    """
    trusted = [(reading, trust(reading.snapshot, scope)) for reading in readings]
    heard = [(reading, shot) for reading, shot in trusted if isinstance(shot, Snapshot)]
    if len({shot.tenant for _, shot in heard}) != len(heard):
        return NOBODY
    scope = replace(scope, unproved=scope.accepts.difference(*(shot.verified for _, shot in heard)))
    roll = _Occupied.of(current, scope, [shot for _, shot in heard])
    found: dict[UUID, dict[ExternalId, Arrival]] = {}
    others: list[Record] = []
    for reading, shot in heard:
        sieve = _Sieve(reading.source, shot, replace(scope, accepts=scope.accepts & shot.verified))
        found[reading.source.id] = mine = {}
        for record in shot.records:
            arrival = sieve.arrival(record) if roll.admits(record.id) else None
            if arrival is None or arrival.user in roll.users:
                others.append(record)
            else:
                mine[record.id] = arrival
                roll.want(arrival.addresses)
        others += (answer for answer in shot.asked.values() if answer is not None)
    for mine in found.values():
        for key in mine.keys() & roll.twice:
            del mine[key]
    newcomers = Newcomers(found)
    if newcomers:
        for record in others:
            roll.want(_shown(record))
    return newcomers.without(roll.contested)


def user_of(scope: Scope, key: ExternalId) -> str:
    """The id of `resolve.user_id` in hexadecimal: a name-based UUID of version 5 (RFC 9562, section 5.5).

    Measured, `uuid.uuid5` takes five times as long.
    """
    digest = hashlib.sha1(scope.id.bytes + key.encode(), usedforsecurity=False).hexdigest()
    return f"{digest[:12]}5{digest[13:16]}{_VARIANTS[digest[16]]}{digest[17:32]}"


@dataclass(slots=True)
class _Occupied:
    """What is taken already: objects (`keys`) and `users` that are no newcomers, and addresses that somebody has.

    `contested` grows by each address that is wanted twice, or wanted and held; `twice` by objects that show again.
    """

    keys: set[str]
    users: frozenset[str]
    wanted: set[Address]
    contested: set[Address] = field(default_factory=set)
    twice: set[ExternalId] = field(default_factory=set)

    @classmethod
    def of(cls, current: Current, scope: Scope, shots: Sequence[Snapshot]) -> "_Occupied":
        keys: set[str] = set(scope.exempt)
        for shot in shots:
            keys |= shot.asked.keys()
            keys |= {broken.id for broken in shot.unreadable if broken.id is not None}
        states = [user.state for user in current.users]
        keys |= {state.external_id for state in states if state.external_id is not None}
        held = {address for state in states for address in state.addresses}
        return cls(keys, frozenset(user.id.hex for user in current.users), held.union(current.ending))

    def admits(self, key: ExternalId) -> bool:
        """Whether an object is seen for the first time, and nothing is known of it."""
        if key in self.keys:
            self.twice.add(key)
            return False
        self.keys.add(key)
        return True

    def want(self, addresses: Iterable[Address]) -> None:
        for address in addresses:
            if address in self.wanted:
                self.contested.add(address)
            else:
                self.wanted.add(address)


@dataclass(slots=True)
class _Sieve:
    """Tells which objects of one reading are plain: its source takes them, and there is nothing else to say of them."""

    source: SourceSpec
    snapshot: Snapshot
    scope: Scope
    manners: dict[tuple[object, ...], tuple[Ruling, Manner]] = field(default_factory=dict)

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
