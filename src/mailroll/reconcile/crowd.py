"""Users that a plan makes anew, packed: a first sync of a million has a million of them until the last is written."""

import marshal
import zlib
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import Final, overload

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.arrivals import Arrival, Manner
from mailroll.reconcile.change import Change
from mailroll.reconcile.model import ExternalId

AT_ONCE: Final = 20_000
"""Users of whom something is asked or written together: the texts of a statement are then some megabytes."""
_WIDTH: Final = 39
"""Signs of an id that a pile has in common: of a tenant, which is a GUID, a colon, and two digits of an object's."""
_PACKED: Final = 64
"""Rows of a pile that are packed together."""
_LEVEL: Final = 1  # zlib: names and addresses shrink to a third; more effort gains little
_SIZE: Final = 16
"""Bytes of an id of a user, and of a hash."""

_Row = tuple[str, Address, str, tuple[Address, ...], int, bytes, bytes]
"""The rest of an id, primary address, name, aliases, number of the manner, user, hash of the row it will have."""


class Crowd:
    """Arrivals in the order of a plan, each with the hash of its row: a fifth of what they take as objects."""

    def __init__(self) -> None:
        self._piles: dict[str, _Pile] = {}
        self._manners: list[Manner] = []
        self._numbers: dict[int, int] = {}  # by the identity of a manner: their number is small
        self._counts: list[int] = []
        self.left_out: set[ExternalId] = set()
        self.held = 0
        """How many addresses they have."""

    def add(self, one: Arrival) -> None:
        number = self._numbers.get(id(one.manner))
        if number is None:
            self._numbers[id(one.manner)] = number = len(self._manners)
            self._manners.append(one.manner)
            self._counts.append(0)
        self._counts[number] += 1
        self.held += 1 + len(one.aliases)
        pile = self._piles.get(one.external_id[:_WIDTH])
        if pile is None:
            self._piles[one.external_id[:_WIDTH]] = pile = _Pile()
        user, content = bytes.fromhex(one.user), bytes.fromhex(one.content_hash)
        pile.add((one.external_id[_WIDTH:], one.primary, one.display_name, one.aliases, number, user, content))

    def leave_out(self, some: Iterable[Arrival]) -> None:
        for one in some:
            self.left_out.add(one.external_id)
            self._counts[self._numbers[id(one.manner)]] -= 1
            self.held -= 1 + len(one.aliases)

    @property
    def manners(self) -> list[tuple[Manner, int]]:
        """How they are, and how many are so; equal ones may be there twice."""
        return [(one, count) for one, count in zip(self._manners, self._counts, strict=True) if count]

    @property
    def billable(self) -> int:
        return sum(count for one, count in self.manners if one.billable)

    def __len__(self) -> int:
        return sum(self._counts)

    def __iter__(self) -> Iterator[Arrival]:
        return (one for one, _ in self.hashed())

    def hashed(self) -> Iterator[tuple[Arrival, str]]:
        """Yield each with the hash of its row, in hexadecimal."""
        for key, (_, primary, name, aliases, number, user, content) in self._rows():
            yield Arrival(key, primary, user.hex(), name, aliases, self._manners[number]), content.hex()

    def by_user(self) -> Iterator[tuple[str, str, Manner]]:
        """Yield the user, hash and manner of each, in the order of users."""
        parts = [bytearray() for _ in range(256)]
        for _, (*_, number, user, content) in self._rows():
            parts[user[0]] += user + content + number.to_bytes(4, "big")
        step = 2 * _SIZE + 4
        for part in parts:
            for each in sorted(part[start : start + step] for start in range(0, len(part), step)):
                number = int.from_bytes(each[2 * _SIZE :], "big")
                yield each[:_SIZE].hex(), each[_SIZE : 2 * _SIZE].hex(), self._manners[number]

    def addresses(self) -> Iterator[Address]:
        for _, (_, primary, _, aliases, *_) in self._rows():
            yield primary
            yield from aliases

    def portions(self) -> Iterator[list[Address]]:
        """Yield their addresses, so many at a time."""
        each = self.addresses()
        while several := list(islice(each, AT_ONCE)):
            yield several

    def _rows(self) -> Iterator[tuple[ExternalId, _Row]]:
        # Of two piles all rows of one are before all of the other, as their ids begin so.
        for label in sorted(self._piles):
            for row in self._piles[label].rows():
                key = ExternalId(label + row[0])
                if key not in self.left_out:
                    yield key, row


NOBODY: Final = Crowd()


class _Pile:
    """Rows whose ids begin alike, some of them packed."""

    __slots__ = ("loose", "packed")

    def __init__(self) -> None:
        self.packed: list[bytes] = []
        self.loose: list[_Row] = []

    def add(self, row: _Row) -> None:
        self.loose.append(row)
        if len(self.loose) == _PACKED:
            self.packed.append(zlib.compress(marshal.dumps(self.loose), _LEVEL))
            self.loose = []

    def rows(self) -> list[_Row]:
        found = [*self.loose]
        for each in self.packed:
            found += marshal.loads(zlib.decompress(each))  # noqa: S302 - what `add` wrote
        found.sort()
        return found


class Changes(Sequence[Change]):
    """Changes in the order of a plan, of which the arrivals are no objects as long as nobody asks for them."""

    def __init__(self, others: tuple[Change, ...], arrivals: Crowd) -> None:
        self.others = others
        self.arrivals = arrivals

    def __len__(self) -> int:
        return len(self.others) + len(self.arrivals)

    def __iter__(self) -> Iterator[Change]:
        return merge(self.others, (one.change() for one in self.arrivals), key=lambda change: change.order)

    @overload
    def __getitem__(self, place: int) -> Change: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Change, ...]: ...
    def __getitem__(self, place: int | slice) -> Change | tuple[Change, ...]:
        return tuple(self)[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))
