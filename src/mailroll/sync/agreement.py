"""Lets the readings of several connections of a domain conclude together that nothing changed, or each go on alone.

What one directory says is no reason to leave out what follows: a plan is made of all of them. So a reading that shows
nothing new waits, with all it has, for what the others show.
"""

import asyncio
from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from mailroll.sync.gist import combined


class Step(StrEnum):
    """What is agreed on: that nobody need be listed, and what all listings say together."""

    UNLISTED = "unlisted"
    LISTED = "listed"


class Agreement:
    """What the parties, each of them one connection, say at each step. Of one loop."""

    def __init__(self, parties: Iterable[UUID]) -> None:
        self._parties = frozenset(parties)
        self._left: set[UUID] = set()
        self._words: dict[Step, dict[UUID, str | None]] = {step: {} for step in Step}
        self._changed = asyncio.Condition()

    async def reach(self, step: Step, party: UUID, word: str | None) -> str | None:
        """Return what stands for the words of all, once each has said one; None as soon as one of them has none."""
        words = self._words[step]
        async with self._changed:
            words[party] = word
            self._changed.notify_all()
            await self._changed.wait_for(lambda: self._is_over(step))
        return combined(words) if words.keys() == self._parties else None

    async def leave(self, party: UUID) -> None:
        """Let nobody wait for a party that has come to its end."""
        async with self._changed:
            self._left.add(party)
            self._changed.notify_all()

    def _is_over(self, step: Step) -> bool:
        words = self._words[step]
        return None in words.values() or self._left | words.keys() == self._parties
