"""Newcomers: new objects that a source takes, and whose addresses nobody else has or wants.

In a first sync that is nearly everybody. Each becomes an `Arrival` at once; all others are compared as always. What a
newcomer adds to the whole (its source shows and takes somebody) is told beside: `Reading.more`, `Desired.beside`.

Why the plan is the same: a verdict is on one object, and here it is known to be `Take`. An address is settled among
those who want or have it, and here that is one. A user of the roll stands for an object by an id or an address, and
here none does. A test holds this way against the one that compares everybody.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from mailroll.reconcile.addresses import Address, AddressFault, DomainName, ProxyRole, canonical
from mailroll.reconcile.arrivals import Arrival
from mailroll.reconcile.crowd import Crowd
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import Current, ExternalId, Reading, Record, Scope, Snapshot
from mailroll.reconcile.seen import SeenTexts
from mailroll.reconcile.sieve import Again, Sieve, SoFar
from mailroll.reconcile.skips import PackedSkips
from mailroll.reconcile.statements import trust


def _no_records(_: AbstractSet[ExternalId]) -> Sequence[Record]:
    return ()


@dataclass(frozen=True, slots=True)
class Newcomers:
    """The users that come, and what else their sources show: `left`, by source.

    `again`: where a listing has let their records go. `beyond`: their addresses in other domains of their tenants, and
    those of `residents`, who are shown as well and are there already: how many, by source; and of those `left_out`,
    by a filter or as they are of another domain, who are plain otherwise.
    """

    arrivals: Crowd
    left: Mapping[UUID, Sequence[Record]]
    again: Again
    beyond: Mapping[DomainName, SeenTexts]
    left_out: PackedSkips
    residents: Mapping[UUID, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.arrivals)

    def count(self, source: UUID) -> int:
        """How many objects a source takes that are not among those `left`."""
        arriving = sum(count for manner, count in self.arrivals.manners if manner.owner == source)
        return arriving + self.residents.get(source, 0)

    def send_back(self, readings: Iterable[Reading], occupied: "Occupied") -> "Newcomers":
        """Have those compared who have a rival, and whom a filter leaves out though they are known by their ids."""
        if not occupied:
            return self
        rivals = [arrival for arrival in self.arrivals if occupied.is_rival(arrival)]
        back = {arrival.external_id for arrival in rivals} | self.left_out.take_back(occupied.is_known)
        if not back:
            return self
        self.arrivals.leave_out(rivals)
        records_by_source = {}
        for reading in readings:
            if reading.source.id in self.left and reading.snapshot is not None:
                mine = back.union(record.id for record in self.left[reading.source.id])
                records_by_source[reading.source.id] = [
                    record for record in reading.snapshot.records if record.id in mine
                ]
                # Whoever was sent back before is no more held than these.
                records_by_source[reading.source.id] += self.again(
                    mine.difference(record.id for record in reading.snapshot.records)
                )
        return replace(self, left=records_by_source)

    def without(self, readings: Iterable[Reading], contested: AbstractSet[Address]) -> "Newcomers":
        """Have those compared who want one of some addresses."""
        if not contested:
            return self
        return self.send_back(readings, Occupied(held=contested))

    def beside(self, readings: Iterable[Reading]) -> tuple[Reading, ...]:
        """Return the readings that they were found in, without them."""
        return tuple(self._without_newcomers(reading) for reading in readings)

    def _without_newcomers(self, reading: Reading) -> Reading:
        source, source_records = reading.source.id, self.left.get(reading.source.id)
        if reading.snapshot is None or source_records is None:
            return reading
        return replace(
            reading,
            snapshot=replace(reading.snapshot, records=tuple(source_records)),
            more=reading.more or self.count(source) > 0,
            filtered=self.left_out.is_filtered(source),
        )


NOBODY: Final = Newcomers(Crowd(), {}, _no_records, {}, PackedSkips())


def find(readings: Sequence[Reading], current: Current, scope: Scope, first: Sieve | None = None) -> Newcomers:
    """Return the newcomers of a domain. `first`: what was given each object that its only source listed, as it came.

    There are none where two sources read one tenant: which of them takes an object has to be decided.
    """
    trusted = [(reading, trust(reading.snapshot, scope)) for reading in readings]
    heard = [(reading, shot) for reading, shot in trusted if isinstance(shot, Snapshot)]
    if len({shot.tenant for _, shot in heard}) != len(heard):
        return NOBODY
    scope = replace(scope, unproved=scope.accepts.difference(*(shot.verified for _, shot in heard)))
    occupied = Occupied.of(current, scope, [shot for _, shot in heard])
    so_far = SoFar() if first is None else first.found
    others: list[Record] = []
    records_by_source: dict[UUID, list[Record]] = {}
    for reading, shot in heard:
        sieve = first or Sieve.of(reading.source, shot, scope, so_far, _no_records)
        records_by_source[reading.source.id] = mine = []
        for record in shot.records:
            if first is None:
                so_far.keys.add(record.id)
            if record.id in occupied.keys or so_far.is_back(record.id) or not sieve.takes(record):
                mine.append(record)
        others += mine
        others += (answer for answer in shot.asked.values() if answer is not None)
    again = _no_records if first is None else first.again
    newcomers = Newcomers(so_far.crowd, records_by_source, again, so_far.beyond, so_far.left_out)
    if not so_far:
        return newcomers
    for record in others:
        for address in shown_addresses(record):
            so_far.wanted.add(address)
    return newcomers.send_back(readings, occupied.beside(so_far))


@dataclass(frozen=True, slots=True)
class Occupied:
    """What is taken already: objects (`keys`) and `users` that are no newcomers, and addresses that somebody has.

    `twice`, `contested`: the hashes of ids and of addresses that came more than once.
    """

    keys: AbstractSet[str] = frozenset()
    users: AbstractSet[str] = frozenset()
    held: AbstractSet[Address] = frozenset()
    twice: AbstractSet[int] = frozenset()
    contested: AbstractSet[int] = frozenset()

    @classmethod
    def of(cls, current: Current, scope: Scope, shots: Sequence[Snapshot]) -> "Occupied":
        keys: set[str] = set(scope.exempt)
        for shot in shots:
            keys |= shot.asked.keys()
            keys |= {broken.id for broken in shot.unreadable if broken.id is not None}
        states = [user.state for user in current.users]
        keys |= {state.external_id for state in states if state.external_id is not None}
        held = {address for state in states for address in state.addresses}
        users = frozenset(user.id.hex for user in current.users)
        return cls(frozenset(keys), users, frozenset(held.union(current.ending)))

    def beside(self, so_far: SoFar) -> "Occupied":
        """Return it with what is taken by what was listed."""
        return replace(self, twice=so_far.keys.repeated(), contested=so_far.wanted.repeated())

    def __bool__(self) -> bool:
        return any((self.keys, self.users, self.held, self.twice, self.contested))

    def is_known(self, key: ExternalId) -> bool:
        return key in self.keys or hash(key) in self.twice

    def is_rival(self, arrival: Arrival) -> bool:
        if self.is_known(arrival.external_id) or arrival.user in self.users:
            return True
        return any(address in self.held or hash(address) in self.contested for address in arrival.addresses)


def shown_addresses(record: Record) -> Iterator[Address]:
    """The addresses that an object may want, wherever they are."""
    for proxy in () if record.proxies is UNSET else record.proxies:
        if proxy.role is not ProxyRole.OTHER:
            address = canonical(proxy.text)
            if not isinstance(address, AddressFault):
                yield address
