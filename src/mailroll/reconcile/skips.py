"""Whom a plan leaves out: what is said of each, and of those whom a filter leaves out no object as long as nobody asks.

A filter may leave out a million. Each is its id, its addresses, and what is said of all whom one rule leaves out.
"""

from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import chain
from typing import Final
from uuid import UUID

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.model import ExternalId
from mailroll.reconcile.piles import WIDTH, Piles
from mailroll.reconcile.reasons import Reason, Skip

_NUMBER: Final = 4
"""Bytes of a mark: the number of a source and what it says."""


class PackedSkips:
    """Objects that sources leave out with all of their addresses, each for one reason."""

    def __init__(self) -> None:
        # Of each its addresses.
        self._piles = Piles(_NUMBER)
        self._numbers: dict[tuple[UUID, Reason], int] = {}
        self._counts: list[int] = []
        self.back: set[ExternalId] = set()
        """Objects that it let go of again."""
        self.skips = 0
        """How many things there are to say: one of each object, and one of each address."""

    def add(self, source: UUID, reason: Reason, key: ExternalId, addresses: tuple[Address, ...]) -> None:
        number = self._numbers.setdefault((source, reason), len(self._counts))
        if number == len(self._counts):
            self._counts.append(0)
        self._counts[number] += 1
        self.skips += 1 + len(addresses)
        self._piles.extend([(key[:WIDTH], (key[WIDTH:], addresses, number.to_bytes(_NUMBER, "big")))])

    def take_back(self, is_wanted: Callable[[ExternalId], bool]) -> set[ExternalId]:
        """Let go of some objects, and return which."""
        wanted_ids = set[ExternalId]()
        for label, (rest, addresses, mark) in self._piles.rows():
            key = ExternalId(label + rest)
            if is_wanted(key) and key not in self.back:
                wanted_ids.add(key)
                self._counts[int.from_bytes(mark, "big")] -= 1
                self.skips -= 1 + len(addresses)
        self.back |= wanted_ids
        return wanted_ids

    def count(self, source: UUID) -> int:
        """How many objects a source leaves out."""
        return sum(self._counts[number] for (owner, _), number in self._numbers.items() if owner == source)

    def __len__(self) -> int:
        """How many objects."""
        return sum(self._counts)

    def ids(self) -> Iterator[ExternalId]:
        """Yield the id of each, in any order."""
        ids = (ExternalId(label + row[0]) for label, row in self._piles.rows())
        return (key for key in ids if key not in self.back)

    def __iter__(self) -> Iterator[Skip]:
        """Yield what there is to say, in the order of places."""
        reasons = {number: reason for (_, reason), number in self._numbers.items()}
        for label, (rest, addresses, mark) in self._piles.in_order():
            key = ExternalId(label + rest)
            if key not in self.back:
                reason = reasons[int.from_bytes(mark, "big")]
                yield Skip(key, None, reason)
                yield from (Skip(key, address, reason) for address in sorted(addresses))


class Skips(Iterable[Skip]):
    """All that a plan leaves out: what sources say of objects, by their places, then who did not get an address.

    `packed`: those of the former of whom no object is made as long as nobody asks for it.
    """

    def __init__(
        self, of_objects: tuple[Skip, ...] = (), of_addresses: tuple[Skip, ...] = (), packed: PackedSkips | None = None
    ) -> None:
        self._of_objects, self._of_addresses = of_objects, of_addresses
        self._packed = PackedSkips() if packed is None else packed

    def __len__(self) -> int:
        return len(self._of_objects) + len(self._of_addresses) + self._packed.skips

    def __iter__(self) -> Iterator[Skip]:
        of_objects = merge(self._of_objects, self._packed, key=lambda skip: skip.place)
        return chain(of_objects, self._of_addresses)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Skips | tuple) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def ids(self) -> Iterator[str | None]:
        """Yield the id of each object, some more than once; None for what has none."""
        return chain(self._loose_ids(), self._packed.ids())

    def count_objects(self) -> int:
        """How many objects are left out; all that have no id count as one."""
        return len({*self._loose_ids()}) + len(self._packed)

    def _loose_ids(self) -> Iterator[str | None]:
        return (skip.external_id for skip in chain(self._of_objects, self._of_addresses))
