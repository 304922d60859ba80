"""The addresses of one domain in one piece of memory: sorted lines of text, searched without taking them apart.

An entry of a `dict` takes 150 bytes for an address of 28; a line takes 30.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from mailroll.gateway.answers import Life

IN_SERVICE: Final = Life(None, None)

_BLOCK: Final = 1024
"""Bytes that are searched at once; the first address of each block is kept beside."""

_CHUNK: Final = 64
"""Blocks that two images are compared by."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Image:
    """Lines `address TAB life LF` in the order of their bytes, after one LF. A life in service is an empty text."""

    __slots__ = ("_firsts", "_starts", "in_service", "lines")

    def __init__(self, lines: bytes = b"\n") -> None:
        """Take lines that are well formed and in order, as the database gives them."""
        self.lines = lines
        self.in_service = lines.count(b"\t\n")
        self._firsts: list[bytes] = []
        # Not a list: its numbers lie scattered, and each would be one more wait for memory in a search.
        self._starts = array("Q")
        at = 1
        while at < len(lines):
            self._starts.append(at)
            self._firsts.append(lines[at : lines.index(b"\t", at)])
            at = lines.find(b"\n", at + _BLOCK) + 1 or len(lines)

    def __len__(self) -> int:
        return self.lines.count(b"\n") - 1

    def find(self, address: str) -> Life | None:
        key = address.encode() if address.isascii() else address.encode("utf-8", "surrogatepass")
        block = bisect_right(self._firsts, key)
        if block == 0:
            return None
        begin = self._starts[block - 1] - 1
        end = self._starts[block] if block < len(self._starts) else len(self.lines)
        found = self.lines.find(b"\n" + key + b"\t", begin, end)
        if found < 0:
            return None
        found += len(key) + 2
        return IN_SERVICE if self.lines[found] == _LF else _life(self.lines[found : self.lines.index(b"\n", found)])

    def changed(self, changes: Mapping[str, Life | None]) -> "Image":
        """Return an image in which these addresses are as given, and gone where nothing is given."""
        return Image(b"".join(self.pieces(changes)))

    def pieces(self, changes: Mapping[str, Life | None]) -> Iterator[bytes | memoryview]:
        """Return the lines of such an image piece by piece, so that they need not stand in memory twice."""
        lines, done = memoryview(self.lines), 0
        for key, life in sorted((address.encode(), life) for address, life in changes.items()):
            place = self._place(key)
            yield lines[done:place]
            done = self.lines.index(b"\n", place) + 1 if self.lines.startswith(key + b"\t", place) else place
            if life is not None:
                yield line(key.decode(), life).encode()
        yield lines[done:]

    def missing_in(self, newer: "Image") -> Iterator[tuple[str, Life]]:
        """Return what this image has and a newer one lacks. Pieces that are alike are passed over unread."""
        if not self._starts:
            return
        places = [1, *(newer._place(first) for first in self._firsts[_CHUNK::_CHUNK]), len(newer.lines)]  # noqa: SLF001
        own = [*self._starts[::_CHUNK], len(self.lines)]
        for (begin, end), (its_begin, its_end) in zip(pairwise(own), pairwise(places), strict=True):
            mine, its = self.lines[begin:end], newer.lines[its_begin:its_end]
            if mine != its:
                there = dict(_parsed(its))
                yield from ((address, life) for address, life in _parsed(mine) if address not in there)

    def _place(self, key: bytes) -> int:
        """Find where the line of an address is, or would be."""
        block = bisect_right(self._firsts, key)
        if block == 0:
            return 1
        at = self._starts[block - 1]
        while at < len(self.lines) and self.lines[at : self.lines.index(b"\t", at)] < key:
            at = self.lines.index(b"\n", at) + 1
        return at


_LF: Final = 10


def line(address: str, life: Life) -> str:
    """Write one line of an image. The database does the same in `reading`."""
    if life.ending_since is None:
        return f"{address}\t\n"
    confirmed = "" if life.confirmed_at is None else (life.confirmed_at - _EPOCH) // _MICROSECOND
    return f"{address}\t{(life.ending_since - _EPOCH) // _MICROSECOND},{confirmed}\n"


def _parsed(lines: bytes) -> Iterator[tuple[str, Life]]:
    for one in lines.decode().split("\n"):
        if one:
            address, _, life = one.partition("\t")
            yield address, _life(life.encode()) if life else IN_SERVICE


def _life(text: bytes) -> Life:
    since, _, confirmed = text.partition(b",")
    return Life(_EPOCH + int(since) * _MICROSECOND, _EPOCH + int(confirmed) * _MICROSECOND if confirmed else None)
