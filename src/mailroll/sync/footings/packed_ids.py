"""Ids of objects, packed: those of a million whom a filter leaves out are read by each run, 16 bytes each."""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

SIZE: Final = 16
"""Bytes of an object's id."""


@dataclass(frozen=True, slots=True)
class PackedIds:
    """Objects by their ids, joined in order; a set of as many takes 110 bytes of each."""

    joined: bytes = b""

    @classmethod
    def of(cls, keys: Iterable[str]) -> "PackedIds":
        parts = [bytearray() for _ in range(256)]
        for key in keys:
            raw = bytes_of(key)
            parts[raw[0]] += raw
        # Never are all of them objects at a time.
        return cls(b"".join(b"".join(sorted(apart(bytes(part)))) for part in parts))

    def __len__(self) -> int:
        return len(self.joined) // SIZE

    def changed(self, less: Iterable[str], more: "PackedIds") -> "PackedIds":
        """Return them without some, and with others, which count where both have an object. Either are few."""
        new_ids = apart(more.joined)
        pieces: list[bytes] = []
        start = 0
        for raw in sorted(new_ids.union(map(bytes_of, less))):
            place = self._place(raw)
            pieces += [self.joined[start * SIZE : place * SIZE], raw if raw in new_ids else b""]
            start = place + (self._at(place) == raw)
        return PackedIds(b"".join([*pieces, self.joined[start * SIZE :]]))

    def among(self, keys: Collection[str]) -> "PackedIds":
        """Return those that are among some, which are few."""
        return PackedIds.of(key for key in keys if self._at(self._place(raw := bytes_of(key))) == raw)

    def _place(self, raw: bytes) -> int:
        return bisect_left(range(len(self)), raw, key=self._at)

    def _at(self, place: int) -> bytes:
        return self.joined[place * SIZE : (place + 1) * SIZE]


def bytes_of(key: str) -> bytes:
    return bytes.fromhex(key.rpartition(":")[2].replace("-", ""))


def apart(joined: bytes) -> frozenset[bytes]:
    return frozenset(joined[start : start + SIZE] for start in range(0, len(joined), SIZE))
