"""The roll in memory, as a server answers from it whether the database is there or not.

The addresses of a domain are sorted lines in one piece of memory, searched without taking them apart: an entry of a
`dict` takes 150 bytes for an address of 28, a line takes 30.

One thread writes and another reads without locks: each write is one assignment to a `dict` or an attribute.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from mailroll.gateway.answers import Life, Served

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
        start = self.lines.find(b"\n" + key + b"\t", begin, end)
        if start < 0:
            return None
        start += len(key) + 2
        return IN_SERVICE if self.lines[start] == _LF else _life(self.lines[start : self.lines.index(b"\n", start)])

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
    """Write one line of an image. The database does the same for `follower`."""
    if life.ending_since is None:
        return f"{address}\t\n"
    confirmed = "" if life.confirmed_at is None else (life.confirmed_at - _EPOCH) // _MICROSECOND
    return f"{address}\t{(life.ending_since - _EPOCH) // _MICROSECOND},{confirmed}\n"


def _parsed(lines: bytes) -> Iterator[tuple[str, Life]]:
    for line in lines.decode().split("\n"):
        if line:
            address, _, life = line.partition("\t")
            yield address, _life(life.encode()) if life else IN_SERVICE


def _life(text: bytes) -> Life:
    since, _, confirmed = text.partition(b",")
    return Life(_EPOCH + int(since) * _MICROSECOND, _EPOCH + int(confirmed) * _MICROSECOND if confirmed else None)


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
        life = self.changes[address] if address in self.changes else self.image.find(address)
        # What comes back leaves `kept` after it is in `changes`: whoever finds it in neither may have passed it by.
        return life or self.kept.get(address) or self.changes.get(address)

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
        domain_copy = self.domains.get(domain)
        return None if domain_copy is None else domain_copy.life(address)

    def waits(self, domain: UUID, address: str) -> bool:
        domain_copy = self.domains.get(domain)
        return domain_copy is not None and address in domain_copy.waiting

    def put(self, domains: Iterable[DomainCopy], removals: Iterable[UUID] = ()) -> None:
        """Put domains in place of what was, and let go of others."""
        removed_ids = set(removals)
        new = {domain_copy.served.id: domain_copy for domain_copy in domains}
        for new_domain in new.values():
            new_domain.in_service = _in_service(new_domain)
            new_domain.served = replace(new_domain.served, empty=new_domain.in_service == 0)
        kept_domains = {key: domain_copy for key, domain_copy in self.domains.items() if key not in removed_ids}
        self.domains = {**kept_domains, **new}
        self._names = {
            spelling: replace(domain_copy.served, name=name)
            for domain_copy in self.domains.values()
            for spelling, name in domain_copy.names
        }
        self.mark = object()

    def change(self, domain: UUID, changes: Mapping[str, Life | None], kept_lives: Mapping[str, Life]) -> None:
        """Change single addresses; some of those that are gone are kept. At no moment is one of them not there."""
        domain_copy = self.domains[domain]
        for address, life in changes.items():
            before = domain_copy.life(address)
            if address in kept_lives:
                domain_copy.kept[address] = kept_lives[address]
            domain_copy.changes[address] = life
            if address not in kept_lives:
                domain_copy.kept.pop(address, None)
            domain_copy.in_service += _counts(domain_copy.life(address)) - _counts(before)
        self.mark = object()
        if domain_copy.served.empty != (domain_copy.in_service == 0):
            self.put([domain_copy])

    @property
    def addresses(self) -> int:
        return sum(len(domain_copy.image) for domain_copy in self.domains.values())


class ServerClock:
    """What time it is by the database's clock, as far as it could be asked; until then, by the machine's."""

    __slots__ = ("_ahead",)

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def set(self, now: datetime) -> None:
        self._ahead = now - datetime.now(UTC)


def _in_service(domain_copy: DomainCopy) -> int:
    changed = sum(
        _counts(life) - _counts(domain_copy.image.find(address)) for address, life in domain_copy.changes.items()
    )
    return domain_copy.image.in_service + changed + sum(map(_counts, domain_copy.kept.values()))


def _counts(life: Life | None) -> int:
    return int(life is not None and life.ending_since is None)
