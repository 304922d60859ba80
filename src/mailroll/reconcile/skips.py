"""Whom a plan leaves out: what is said of each, and of plain objects nothing is made as long as nobody asks for it.

A filter may leave out a million, and so many may be of another domain. Each is its id, the addresses that stay out with
it, and what is said of all who are left out for the same reason.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from heapq import merge
from itertools import chain
from typing import Final
from uuid import UUID

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.model import ExternalId
from mailroll.reconcile.piles import WIDTH, Piles
from mailroll.reconcile.reasons import Reason, ReasonCode, Skip

_NUMBER: Final = 4
"""Bytes of a mark: the number of a source and what it says."""


class PackedSkips:
    """Objects that sources leave out, each with its addresses here, and for one reason."""

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

    def is_filtered(self, source: UUID) -> bool:
        """Whether the filter of a source leaves anybody out."""
        return any(
            owner == source and reason.code is ReasonCode.FILTERED_OUT and self._counts[number]
            for (owner, reason), number in self._numbers.items()
        )

    def __len__(self) -> int:
        """How many objects."""
        return sum(self._counts)

    def ids(self) -> Iterator[ExternalId]:
        """Yield the id of each, in any order."""
        ids = (ExternalId(label + row[0]) for label, row in self._piles.rows())
        return (key for key in ids if key not in self.back)

    def __iter__(self) -> Iterator[Skip]:
        return self.but(frozenset())

    def but(self, codes: AbstractSet[ReasonCode]) -> Iterator[Skip]:
        """Yield what there is to say for other reasons than some, in the order of places."""
        reasons = {
            number.to_bytes(_NUMBER, "big"): reason
            for (_, reason), number in self._numbers.items()
            if reason.code not in codes
        }
        for label, (rest, addresses, mark) in self._piles.in_order() if reasons else ():
            reason, key = reasons.get(mark), ExternalId(label + rest)
            if reason is not None and key not in self.back:
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
        return self.but(frozenset())

    def but(self, codes: AbstractSet[ReasonCode]) -> Iterator[Skip]:
        """Yield those that have other reasons than some."""
        of_objects = merge(self._of_objects, self._packed.but(codes), key=lambda skip: skip.place)
        return (skip for skip in chain(of_objects, self._of_addresses) if skip.reason.code not in codes)

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
