"""Users that a plan makes anew, packed: a first sync of a million has a million of them until the last is written."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from heapq import merge
from itertools import chain, islice
from typing import Final, overload

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.arrivals import Arrival, Manner
from mailroll.reconcile.change import Change
from mailroll.reconcile.model import ExternalId
from mailroll.reconcile.piles import WIDTH, Piles

AT_ONCE: Final = 20_000
"""Users of whom something is asked or written together: the texts of a statement are then some megabytes."""
_SIZE: Final = 16
"""Bytes of an id of a user, and of a hash."""

_NUMBER: Final = 4
_MARK: Final = 2 * _SIZE + _NUMBER
"""Bytes of a mark: an id of a user, the hash of the row it will have, and the number of its manner."""

Row = tuple[ExternalId, Address, str, tuple[Address, ...]]
"""Of a user: the object's id, primary address, name, aliases."""


class Crowd:
    """Arrivals in the order of a plan, each with the hash of its row: a fifth of what they take as objects."""

    def __init__(self) -> None:
        # Of each the primary address, the name, the aliases.
        self._piles = Piles(_MARK)
        self._manners: list[Manner] = []
        self._numbers: dict[int, int] = {}  # by the identity of a manner: their number is small
        self._counts: list[int] = []
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
        self._piles.extend(
            (key[:WIDTH], (key[WIDTH:], primary, name, aliases, user + content + tail))
            for (key, primary, name, aliases), user, content in zip(rows, users, manner.form.digests(rows), strict=True)
        )

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
        for label, (rest, primary, name, aliases, mark) in self._piles.in_order():
            if left_out and label + rest in left_out:
                continue
            marked, manner = mark.hex(), manners[mark[2 * _SIZE :]]
            arrival = _ARRIVAL((label + rest, primary, marked[: 2 * _SIZE], name, aliases, manner))
            yield arrival, marked[2 * _SIZE : 4 * _SIZE]

    def by_user(self) -> Iterator[tuple[str, str, Manner]]:
        """Yield the user, hash and manner of each, in the order of users."""
        if not self:
            return  # as in each run that has nothing to do
        manners = self._by_number()
        for part in self._parts():
            for mark in sorted(self._piles.split(part)):
                marked = mark.hex()
                yield marked[: 2 * _SIZE], marked[2 * _SIZE : 4 * _SIZE], manners[mark[2 * _SIZE :]]

    def _by_number(self) -> dict[bytes, Manner]:
        """Return each manner by what stands for it in a mark."""
        return {number.to_bytes(_NUMBER, "big"): manner for number, manner in enumerate(self._manners)}

    def row_hashes(self) -> Iterator[set[bytes]]:
        """Yield the users and the hashes of their rows, one after the other, by the first byte of each user."""
        return ({mark[: 2 * _SIZE] for mark in self._piles.split(part)} for part in self._parts())

    def _parts(self) -> Iterator[bytes]:
        """Yield the marks of all, by the first byte of each user: never are all of them objects at a time."""
        parts = [bytearray() for _ in range(256)]
        for mark in self._marks():
            parts[mark[0]] += mark
        yield from map(bytes, parts)

    def addresses(self) -> Iterator[Address]:
        if not self.left_out:
            for _, primaries, _, aliases in self._piles.columns():
                yield from primaries
                yield from chain.from_iterable(aliases)
            return
        for label, (rest, primary, _, aliases, _) in self._piles.rows():
            if label + rest not in self.left_out:
                yield primary
                yield from aliases

    def portions(self) -> Iterator[list[Address]]:
        """Yield their addresses, so many at a time."""
        addresses = self.addresses()
        while several := list(islice(addresses, AT_ONCE)):
            yield several

    def _marks(self) -> Iterator[bytes]:
        if not self.left_out:
            return self._piles.marks()
        return (row[-1] for label, row in self._piles.rows() if label + row[0] not in self.left_out)


NOBODY: Final = Crowd()
_ARRIVAL: Final = partial(tuple.__new__, Arrival)  # measured, a third of the time


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
