"""Rows of objects, nearly all of them packed: of a million, each takes a fifth of what it takes as values."""

import marshal
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

WIDTH: Final = 39
"""Signs of an id that a pile has in common: of a tenant, which is a GUID, a colon, and two digits of an object's."""
_PACKED: Final = 64
"""Rows of a pile that are packed together."""
_SMALL: Final = partial(zlib.compressobj, 1, zlib.DEFLATED, -13, 6)
"""Names and addresses shrink to a third; more effort gains little. The window has the size of a pile: measured, to make
one of the usual size ready takes twice as long as to pack a pile."""
_PLAIN_MAX: Final = 8 * 1024 * 1024
"""Bytes of texts that are not made smaller: of the first 90,000 or so, and of a small tenant none are."""

_Row = tuple[Any, ...]
"""The rest of an id, texts, and a mark: bytes, which do not shrink and are packed apart."""
_Columns = Sequence[Sequence[Any]]
"""Some rows by their columns, without marks."""


class Piles:
    """Rows in piles by how their ids begin. All have the same columns, and marks of one `size`."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._piles: dict[str, _Pile] = {}
        self._plain = 0

    def extend(self, rows: Iterable[tuple[str, _Row]]) -> None:
        """Add rows, each behind the first `WIDTH` signs of its id."""
        piles = self._piles
        for label, row in rows:
            pile = piles.get(label)
            if pile is None:
                piles[label] = pile = _Pile()
            loose = pile.loose
            loose.append(row)
            if len(loose) == _PACKED:
                self._plain += pile.pack(plain=self._plain < _PLAIN_MAX)

    def rows(self) -> Iterator[tuple[str, _Row]]:
        """Yield them as they were added, in any order."""
        return ((label, row) for label in self._piles for row in self._rows(label))

    def in_order(self) -> Iterator[tuple[str, _Row]]:
        """Yield them by their ids; never are those of two piles unpacked at a time."""
        # Of two piles all rows of one are before all of the other, as their ids begin so.
        return ((label, row) for label in sorted(self._piles) for row in sorted(self._rows(label)))

    def columns(self) -> Iterator[_Columns]:
        """Yield the columns of several at a time: no row is made."""
        for pile in self._piles.values():
            if pile.loose:
                yield [*zip(*pile.loose, strict=True)][:-1]
            yield from (_unpacked(texts, plain=is_plain) for _, texts, is_plain in pile.packed)

    def marks(self) -> Iterator[bytes]:
        for pile in self._piles.values():
            yield from (row[-1] for row in pile.loose)
            for marks, *_ in pile.packed:
                yield from self.split(marks)

    def split(self, marks: bytes) -> Iterator[bytes]:
        return (marks[start : start + self._size] for start in range(0, len(marks), self._size))

    def _rows(self, label: str) -> Iterator[_Row]:
        pile = self._piles[label]
        yield from pile.loose
        for marks, texts, is_plain in pile.packed:
            yield from zip(*_unpacked(texts, plain=is_plain), self.split(marks), strict=True)


class _Pile:
    """Rows whose ids begin alike, some of them packed."""

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


def _smaller(texts: bytes) -> bytes:
    small = _SMALL()
    return small.compress(texts) + small.flush()


def _unpacked(texts: bytes, *, plain: bool) -> _Columns:
    columns: _Columns = marshal.loads(texts if plain else zlib.decompress(texts, -13))  # noqa: S302 - `pack` wrote it
    return columns
