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


def _nobody(_: AbstractSet[ExternalId]) -> Sequence[Record]:
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
    found = SoFar() if first is None else first.found
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
        for address in shown_addresses(record):
            found.wanted.add(address)
    is_rival = occupied.rivalry(found)
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

    def rivalry(self, found: SoFar) -> Callable[[Arrival], bool] | None:
        """Return what tells who of those found has a rival: in the roll, or in what was listed. None: nobody has."""
        twice, contested = found.keys.repeated(), found.wanted.repeated()
        if not (twice or contested or self.keys or self.users or self.held):
            return None

        def is_rival(one: Arrival) -> bool:
            if one.external_id in self.keys or one.user in self.users or hash(one.external_id) in twice:
                return True
            return any(address in self.held or hash(address) in contested for address in one.addresses)

        return is_rival


def shown_addresses(record: Record) -> Iterator[Address]:
    """The addresses that an object may want, wherever they are."""
    for proxy in () if record.proxies is UNSET else record.proxies:
        if proxy.role is not ProxyRole.OTHER:
            address = canonical(proxy.text)
            if not isinstance(address, AddressFault):
                yield address
