"""Cuts the objects of a page into blocks of a few, and marks each, so that a later listing tells where it is another.

A block ends behind an object whose length in bytes is a multiple of 8, or with 16 objects. So what is cut follows the
objects and not their places: one that comes in between makes one block another, and not all that come behind it.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, Final

SIZE: Final = 17
"""Bytes of a mark: 16 that are a hash of the objects of a block as they came, and one, how many they are."""
_LENGTHS: Final = 7
"""The bits of a length that are zero where a block ends."""
_MOST: Final = 16


def marks(raws: Sequence[Any]) -> bytes:
    """Mark the blocks of a page, one after the other. Parted by commas, JSON can be read in one way."""
    block_marks: list[bytes] = []
    start = 0
    for end in _ends(raws):
        block_marks += sha256(b",".join(raws[start:end])).digest()[: SIZE - 1], bytes((end - start,))
        start = end
    return b"".join(block_marks)


def _ends(raws: Sequence[Any]) -> list[int]:
    ends: list[int] = []
    start = 0
    natural = [place for place, length in enumerate(map(len, raws), 1) if not length & _LENGTHS]
    for end in (*natural, len(raws)):
        ends += range(start + _MOST, end, _MOST)
        if end > start:
            ends.append(end)
            start = end
    return ends


def apart(joined: bytes) -> Iterator[bytes]:
    """Take marks apart that stand one after the other."""
    return (joined[start : start + SIZE] for start in range(0, len(joined), SIZE))


def objects(mark: bytes) -> int:
    """How many objects a block has."""
    return mark[-1]


def places(joined: bytes) -> dict[bytes, int]:
    """Return how many objects come before each block; of equal ones, before one of them."""
    block_places: dict[bytes, int] = {}
    before = 0
    for mark in apart(joined):
        block_places[mark] = before
        before += objects(mark)
    return block_places
