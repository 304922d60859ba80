"""The roll in memory, as a server answers from it whether the database is there or not.

One thread writes and another reads without locks: each write is one assignment to a `dict` or an attribute.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from mailroll.gateway.answers import Life, Served
from mailroll.gateway.image import Image


@dataclass(frozen=True, slots=True)
class Position:
    """What a copy has seen: in which database, in which snapshot of its transactions, and when by its clock."""

    database: str
    snapshot: str
    at: datetime


@dataclass(slots=True)
class DomainCopy:
    """One domain. `kept`: what vanished from the table although nothing accounts for it; it is still answered for."""

    served: Served
    names: tuple[tuple[str, str], ...]
    """Every name it is asked by, with the one in A-labels that it stands for."""
    image: Image = field(default_factory=Image)
    changes: dict[str, Life | None] = field(default_factory=dict)
    """What changed since the image was read."""
    kept: dict[str, Life] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    in_service: int = 0

    def life(self, address: str) -> Life | None:
        found = self.changes[address] if address in self.changes else self.image.find(address)
        # What comes back leaves `kept` after it is in `changes`: whoever finds it in neither may have passed it by.
        return found or self.kept.get(address) or self.changes.get(address)

    def whole(self) -> Image:
        """Return an image of the rows as they are now."""
        return self.image.changed(self.changes) if self.changes else self.image


class RollCopy:
    """A `Roll` in memory. Without a position it has never been filled, and nothing may be answered from it."""

    def __init__(self, position: Position | None = None, domains: Iterable[DomainCopy] = ()) -> None:
        self.position = position
        self.domains: Mapping[UUID, DomainCopy] = {}
        self.reported: dict[UUID, int] = {}
        """How much of what each domain keeps has been told to people."""
        self.mark = object()
        """Another one after each change: what was answered before may no longer be true."""
        self._names: dict[str, Served] = {}
        self.put(domains)

    def served(self, name: str) -> Served | None:
        return self._names.get(name)

    def life(self, domain: UUID, address: str) -> Life | None:
        found = self.domains.get(domain)
        return None if found is None else found.life(address)

    def waits(self, domain: UUID, address: str) -> bool:
        found = self.domains.get(domain)
        return found is not None and address in found.waiting

    def put(self, domains: Iterable[DomainCopy], gone: Iterable[UUID] = ()) -> None:
        """Put domains in place of what was, and let go of others."""
        left = set(gone)
        new = {one.served.id: one for one in domains}
        for one in new.values():
            one.in_service = _in_service(one)
            one.served = replace(one.served, empty=one.in_service == 0)
        kept = {key: one for key, one in self.domains.items() if key not in left}
        self.domains = {**kept, **new}
        self._names = {
            asked: replace(one.served, name=name) for one in self.domains.values() for asked, name in one.names
        }
        self.mark = object()

    def change(self, domain: UUID, changes: Mapping[str, Life | None], kept: Mapping[str, Life]) -> None:
        """Change single addresses; some of those that are gone are kept. At no moment is one of them not there."""
        one = self.domains[domain]
        for address, life in changes.items():
            before = one.life(address)
            if address in kept:
                one.kept[address] = kept[address]
            one.changes[address] = life
            if address not in kept:
                one.kept.pop(address, None)
            one.in_service += _counts(one.life(address)) - _counts(before)
        self.mark = object()
        if one.served.empty != (one.in_service == 0):
            self.put([one])

    @property
    def addresses(self) -> int:
        return sum(len(one.image) for one in self.domains.values())


class ServerClock:
    """What time it is by the database's clock, as far as it could be asked; until then, by the machine's."""

    __slots__ = ("_ahead",)

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def set(self, now: datetime) -> None:
        self._ahead = now - datetime.now(UTC)


def _in_service(one: DomainCopy) -> int:
    changed = sum(_counts(life) - _counts(one.image.find(address)) for address, life in one.changes.items())
    return one.image.in_service + changed + sum(map(_counts, one.kept.values()))


def _counts(life: Life | None) -> int:
    return int(life is not None and life.ending_since is None)
