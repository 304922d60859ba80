"""Newcomers: new objects that a source takes, and whose addresses nobody else has or wants.

In a first sync that is nearly everybody. Each becomes an `Arrival` at once; all others are compared as always. What a
newcomer adds to the whole (its source shows and takes somebody) is told beside: `Reading.more`, `Desired.beside`.

Why the plan is the same: a verdict is on one object, and here it is known to be `Take`. An address is settled among
those who want or have it, and here that is one. A user of the roll stands for an object by an id or an address, and
here none does. A test holds this way against the one that compares everybody.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from mailroll.reconcile.statements import trust


def _no_records(_: AbstractSet[ExternalId]) -> Sequence[Record]:
    return ()


@dataclass(frozen=True, slots=True)
class Newcomers:
    """The users that come, and what else their sources show: `left`, by source.

    `again`: where a listing has let their records go. `beyond`: their addresses in other domains of their tenants, and
    those of `residents`, who are shown as well and are there already: how many, by source.
    """

    arrivals: Crowd
    left: Mapping[UUID, Sequence[Record]]
    again: Again
    beyond: Mapping[DomainName, SeenTexts]
    residents: Mapping[UUID, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.arrivals)

    def count(self, source: UUID) -> int:
        """How many objects a source takes that are not among those `left`."""
        arriving = sum(count for manner, count in self.arrivals.manners if manner.owner == source)
        return arriving + self.residents.get(source, 0)

    def send_back(self, readings: Iterable[Reading], is_rival: Callable[[Arrival], bool]) -> "Newcomers":
        """Have those compared who have a rival."""
        rivals = [arrival for arrival in self.arrivals if is_rival(arrival)]
        if not rivals:
            return self
        self.arrivals.leave_out(rivals)
        back, records_by_source = {arrival.external_id for arrival in rivals}, {}
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
        return self.send_back(readings, lambda arrival: not contested.isdisjoint(arrival.addresses))

    def beside(self, readings: Iterable[Reading]) -> tuple[Reading, ...]:
        """Return the readings that they were found in, without them."""
        return tuple(self._without_newcomers(reading) for reading in readings)

    def _without_newcomers(self, reading: Reading) -> Reading:
        source_records, is_more = self.left.get(reading.source.id), self.count(reading.source.id) > 0
        if reading.snapshot is None or source_records is None:
            return reading
        return replace(
            reading, snapshot=replace(reading.snapshot, records=tuple(source_records)), more=reading.more or is_more
        )


NOBODY: Final = Newcomers(Crowd(), {}, _no_records, {})


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
            if record.id in occupied.keys or record.id in so_far.crowd.left_out or not sieve.takes(record):
                mine.append(record)
        others += mine
        others += (answer for answer in shot.asked.values() if answer is not None)
    newcomers = Newcomers(so_far.crowd, records_by_source, _no_records if first is None else first.again, so_far.beyond)
    if not newcomers:
        return newcomers
    for record in others:
        for address in shown_addresses(record):
            so_far.wanted.add(address)
    is_rival = occupied.rivalry(so_far)
    return newcomers if is_rival is None else newcomers.send_back(readings, is_rival)


@dataclass(frozen=True, slots=True)
class Occupied:
    """What is taken already: objects (`keys`) and `users` that are no newcomers, and addresses that somebody has."""

    keys: frozenset[str]
    users: frozenset[str]
    held: frozenset[Address]

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

    def rivalry(self, so_far: SoFar) -> Callable[[Arrival], bool] | None:
        """Return what tells who of those found has a rival: in the roll, or in what was listed. None: nobody has."""
        twice, contested = so_far.keys.repeated(), so_far.wanted.repeated()
        if not (twice or contested or self.keys or self.users or self.held):
            return None

        def is_rival(arrival: Arrival) -> bool:
            if arrival.external_id in self.keys or arrival.user in self.users or hash(arrival.external_id) in twice:
                return True
            return any(address in self.held or hash(address) in contested for address in arrival.addresses)

        return is_rival


def shown_addresses(record: Record) -> Iterator[Address]:
    """The addresses that an object may want, wherever they are."""
    for proxy in () if record.proxies is UNSET else record.proxies:
        if proxy.role is not ProxyRole.OTHER:
            address = canonical(proxy.text)
            if not isinstance(address, AddressFault):
                yield address
