"""Writes a form of the list out, and keeps count of it on the way."""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TextIO
from uuid import UUID

from mailroll.gateway.answers import Roll
from mailroll.gateway.formats import ListFile
from mailroll.gateway.lists import ListedDomain, ListEntry, Moment


@dataclass(frozen=True, slots=True)
class WrittenFile:
    sha256: str
    size: int


def write(part: ListFile, moment: Moment, domains: Sequence[ListedDomain], file: TextIO) -> WrittenFile:
    """Write one file of a form, piece by piece."""
    digest, size = hashlib.sha256(), 0
    for piece in part.write(moment, domains):
        octets = piece.encode()
        digest.update(octets)
        size += len(octets)
        file.write(piece)
    return WrittenFile(digest.hexdigest(), size)


class Marks:
    """Which addresses there were, in eight bytes for each: a million are as many megabytes.

    Two addresses of a million share a mark once in some tens of millions of lists.
    """

    def __init__(self) -> None:
        self._marks = array("Q")
        self._sorted = True

    def add(self, address: str) -> None:
        self._marks.append(_mark(address))
        self._sorted = False

    def __contains__(self, address: str) -> bool:
        if not self._sorted:
            self._marks = array("Q", sorted(self._marks))
            self._sorted = True
        mark = _mark(address)
        place = bisect_left(self._marks, mark)
        return place < len(self._marks) and self._marks[place] == mark


def _mark(address: str) -> int:
    return int.from_bytes(hashlib.blake2b(address.encode(), digest_size=8).digest())


@dataclass(slots=True)
class CountedMoment:
    """A moment that counts the addresses of each domain, and marks them, as they are taken from it."""

    moment: Moment
    counts: dict[UUID, int] = field(default_factory=dict)
    marks: Marks = field(default_factory=Marks)

    @property
    def at(self) -> datetime:
        return self.moment.at

    @property
    def roll(self) -> Roll:
        return self.moment.roll

    def domains(self) -> Sequence[ListedDomain]:
        return self.moment.domains()

    def entries(self, domain: ListedDomain) -> Iterator[ListEntry]:
        count = 0
        for entry in self.moment.entries(domain):
            count += 1
            self.marks.add(entry.address)
            yield entry
        self.counts[domain.served.id] = count
