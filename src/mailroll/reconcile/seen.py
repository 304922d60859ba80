"""Texts of which nobody has to be named, by their hashes: how many there are, and which came more than once."""

from array import array
from collections import Counter
from collections.abc import Iterable
from typing import Final

_PARTS: Final = 64


class SeenTexts:
    """Each text is 8 bytes. What came twice is never missed; that another one is taken for it is one case in 2^64."""

    def __init__(self) -> None:
        self._parts = [array("q") for _ in range(_PARTS)]

    def add(self, text: str) -> None:
        mark = hash(text)
        self._parts[mark % _PARTS].append(mark)

    def update(self, texts: Iterable[str]) -> None:
        parts = self._parts
        for mark in map(hash, texts):
            parts[mark % _PARTS].append(mark)

    def __len__(self) -> int:
        """How many there are, each counted once."""
        return sum(len(set(part)) for part in self._parts)

    def repeated(self) -> set[int]:
        """Return the hashes of those that came more than once. Never are all hashes objects at a time."""
        several = (part for part in self._parts if len(set(part)) < len(part))
        return {mark for part in several for mark, times in Counter(part).items() if times > 1}
