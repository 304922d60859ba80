"""What was done to tenants on the panel, with the way back of each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Effect:
    """What a deed did: in words, to which users, and how it is taken back. `who` is whom the words are about."""

    words: str
    undo: Callable[[], None]
    users: frozenset[str] = frozenset()
    who: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed that was done."""

    deed: str
    at: datetime
    effect: Effect


@dataclass(slots=True)
class Journal:
    """The deeds done to one tenant and not taken back, the latest last. No two of them touch one user."""

    entries: list[Entry] = field(default_factory=list)

    def note(self, deed: str, at: datetime, effect: Effect) -> None:
        self.entries.append(Entry(deed, at, effect))

    def of(self, deed: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.deed == deed]

    @property
    def latest(self) -> Entry | None:
        return self.entries[-1] if self.entries else None

    @property
    def touched(self) -> frozenset[str]:
        return frozenset[str]().union(*(entry.effect.users for entry in self.entries))

    def undo(self, deed: str) -> None:
        """Take back the latest of one kind; nothing happens where there is none."""
        if found := self.of(deed):
            self.entries.remove(found[-1])
            found[-1].effect.undo()

    def undo_all(self) -> None:
        while self.entries:
            self.entries.pop().effect.undo()
