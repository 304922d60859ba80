"""Users that a plan makes anew, packed: a first sync of a million has a million of them until the last is written."""

import marshal
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from heapq import merge
from itertools import chain, islice
from typing import Any, Final, overload

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
_SMALL: Final = partial(zlib.compressobj, 1, zlib.DEFLATED, -13, 6)
"""Names and addresses shrink to a third; more effort gains little. The window has the size of a pile: measured, to make
one of the usual size ready takes twice as long as to pack a pile."""
_PLAIN_MAX: Final = 8 * 1024 * 1024
"""Bytes of texts that are not made smaller: of the first 90,000 or so, and of a small tenant none are."""
_SIZE: Final = 16
"""Bytes of an id of a user, and of a hash."""

_NUMBER: Final = 4
_MARK: Final = 2 * _SIZE + _NUMBER
"""Bytes of a mark: an id of a user, the hash of the row it will have, and the number of its manner."""

Row = tuple[ExternalId, Address, str, tuple[Address, ...]]
"""Of a user: the object's id, primary address, name, aliases."""
_Row = tuple[str, Address, str, tuple[Address, ...], bytes]
"""The rest of an id, primary address, name, aliases, mark."""


class Crowd:
    """Arrivals in the order of a plan, each with the hash of its row: a fifth of what they take as objects."""

    def __init__(self) -> None:
        self._piles: dict[str, _Pile] = {}
        self._manners: list[Manner] = []
        self._numbers: dict[int, int] = {}  # by the identity of a manner: their number is small
        self._counts: list[int] = []
        self._plain = 0
        self.left_out: set[ExternalId] = set()
        self.held = 0
        """How many addresses they have."""

    def extend(self, manner: Manner, rows: Sequence[Row], users: Sequence[bytes]) -> None:
        """Add what are arrivals of one manner, of which no objects are made. `users`: the bytes of their ids."""
        number = self._numbers.get(id(manner))
        if number is None:
            self._numbers[id(manner)] = number = len(self._manners)
            self._manners.append(manner)
            self._counts.append(0)
        self._counts[number] += len(rows)
        self.held += len(rows) + sum([len(row[3]) for row in rows])
        tail = number.to_bytes(_NUMBER, "big")
        piles = self._piles
        for (key, primary, name, aliases), user, content in zip(rows, users, manner.form.digests(rows), strict=True):
            pile = piles.get(key[:_WIDTH])
            if pile is None:
                piles[key[:_WIDTH]] = pile = _Pile()
            loose = pile.loose
            loose.append((key[_WIDTH:], primary, name, aliases, user + content + tail))
            if len(loose) == _PACKED:
                self._plain += pile.pack(plain=self._plain < _PLAIN_MAX)

    def leave_out(self, arrivals: Iterable[Arrival]) -> None:
        for arrival in arrivals:
            self.left_out.add(arrival.external_id)
            self._counts[self._numbers[id(arrival.manner)]] -= 1
            self.held -= 1 + len(arrival.aliases)

    @property
    def manners(self) -> list[tuple[Manner, int]]:
        """How they are, and how many are so; equal ones may be there twice."""
        return [(manner, count) for manner, count in zip(self._manners, self._counts, strict=True) if count]

    @property
    def billable(self) -> int:
        return sum(count for manner, count in self.manners if manner.billable)

    def __len__(self) -> int:
        return sum(self._counts)

    def __iter__(self) -> Iterator[Arrival]:
        return (arrival for arrival, _ in self.hashed())

    def hashed(self) -> Iterator[tuple[Arrival, str]]:
        """Yield each with the hash of its row, in hexadecimal."""
        manners, left_out = self._by_number(), self.left_out
        # Of two piles all rows of one are before all of the other, as their ids begin so.
        for label in sorted(self._piles):
            for rest, primary, name, aliases, mark in sorted(self._piles[label].rows()):
                if left_out and label + rest in left_out:
                    continue
                marked, manner = mark.hex(), manners[mark[2 * _SIZE :]]
                arrival = _ARRIVAL((label + rest, primary, marked[: 2 * _SIZE], name, aliases, manner))
                yield arrival, marked[2 * _SIZE : 4 * _SIZE]

    def by_user(self) -> Iterator[tuple[str, str, Manner]]:
        """Yield the user, hash and manner of each, in the order of users."""
        if not self._piles:
            return  # as in each run that has nothing to do
        manners = self._by_number()
        for part in self._parts():
            for mark in sorted(_split(part)):
                marked = mark.hex()
                yield marked[: 2 * _SIZE], marked[2 * _SIZE : 4 * _SIZE], manners[mark[2 * _SIZE :]]

    def _by_number(self) -> dict[bytes, Manner]:
        """Return each manner by what stands for it in a mark."""
        return {number.to_bytes(_NUMBER, "big"): manner for number, manner in enumerate(self._manners)}

    def row_hashes(self) -> Iterator[set[bytes]]:
        """Yield the users and the hashes of their rows, one after the other, by the first byte of each user."""
        return ({mark[: 2 * _SIZE] for mark in _split(part)} for part in self._parts())

    def _parts(self) -> Iterator[bytes]:
        """Yield the marks of all, by the first byte of each user: never are all of them objects at a time."""
        parts = [bytearray() for _ in range(256)]
        for mark in self._marks():
            parts[mark[0]] += mark
        yield from map(bytes, parts)

    def addresses(self) -> Iterator[Address]:
        for label, pile in self._piles.items():
            if self.left_out:
                for rest, primary, _, aliases, _ in pile.rows():
                    if label + rest not in self.left_out:
                        yield primary
                        yield from aliases
            else:
                yield from chain.from_iterable(pile.addresses())

    def portions(self) -> Iterator[list[Address]]:
        """Yield their addresses, so many at a time."""
        addresses = self.addresses()
        while several := list(islice(addresses, AT_ONCE)):
            yield several

    def _marks(self) -> Iterator[bytes]:
        for label, pile in self._piles.items():
            if self.left_out:
                yield from (mark for rest, _, _, _, mark in pile.rows() if label + rest not in self.left_out)
            else:
                yield from pile.marks()


NOBODY: Final = Crowd()
_ARRIVAL: Final = partial(tuple.__new__, Arrival)  # measured, a third of the time


class _Pile:
    """Rows whose ids begin alike, some of them packed: marks, which do not shrink, apart from texts."""

    __slots__ = ("loose", "packed")

    def __init__(self) -> None:
        self.packed: list[tuple[bytes, bytes, bool]] = []
        self.loose: list[_Row] = []

    def pack(self, *, plain: bool) -> int:
        """Pack the loose rows; `plain`: without making texts smaller. Return how many bytes are plain then."""
        *texts, marks = zip(*self.loose, strict=True)
        written = marshal.dumps(texts)
        self.packed.append((b"".join(marks), written if plain else _smaller(written), plain))
        self.loose.clear()
        return len(written) if plain else 0

    def rows(self) -> Iterator[_Row]:
        yield from self.loose
        for marks, texts, is_plain in self.packed:
            yield from zip(*_unpacked(texts, plain=is_plain), _split(marks), strict=True)

    def addresses(self) -> Iterator[Iterable[Address]]:
        """Yield several at a time: of packed rows no row is made."""
        yield from ((primary, *aliases) for _, primary, _, aliases, _ in self.loose)
        for _, texts, is_plain in self.packed:
            _, primaries, _, aliases = _unpacked(texts, plain=is_plain)
            yield primaries
            yield from aliases

    def marks(self) -> Iterator[bytes]:
        yield from (row[-1] for row in self.loose)
        for marks, *_ in self.packed:
            yield from _split(marks)


def _smaller(texts: bytes) -> bytes:
    small = _SMALL()
    return small.compress(texts) + small.flush()


def _unpacked(texts: bytes, *, plain: bool) -> Any:
    """Return the columns of some rows but the last."""
    return marshal.loads(texts if plain else zlib.decompress(texts, -13))  # noqa: S302 - `pack` wrote it


def _split(marks: bytes) -> Iterator[bytes]:
    return (marks[start : start + _MARK] for start in range(0, len(marks), _MARK))


class Changes(Sequence[Change]):
    """Changes in the order of a plan, of which the arrivals are no objects as long as nobody asks for them."""

    def __init__(self, others: tuple[Change, ...], arrivals: Crowd) -> None:
        self.others = others
        self.arrivals = arrivals

    def __len__(self) -> int:
        return len(self.others) + len(self.arrivals)

    def __iter__(self) -> Iterator[Change]:
        return merge(self.others, (arrival.change() for arrival in self.arrivals), key=lambda change: change.order)

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
