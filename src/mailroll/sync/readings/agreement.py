"""Lets the readings of several connections of a domain conclude together what each of them is to do.

What one directory says is no reason to leave out what follows: a plan is made of all of them. So a reading that shows
nothing new, or little, waits with all it has for what the others show; where one has no word, each goes on alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from mailroll.sync.readings.survey import SurveyPart, SurveyResult
from mailroll.sync.sources.gist import combined

Part = TypeVar("Part", bound=SurveyPart)
Word = TypeVar("Word")


class Step(StrEnum):
    """What is agreed on, in this order.

    That nobody need be listed; that it is enough to ask by id, and what that leads to; what all listings say together;
    and what is new in them.
    """

    UNLISTED = "unlisted"
    LED = "led"
    ASKED = "asked"
    LISTED = "listed"
    COMPARED = "compared"


class Agreement:
    """What the parties, each of them one connection, say at each step. Of one loop."""

    def __init__(self, parties: Iterable[UUID]) -> None:
        self._parties = frozenset(parties)
        self._left: set[UUID] = set()
        self._words: dict[Step, dict[UUID, Any]] = {step: {} for step in Step}
        self._changed = asyncio.Condition()
        self._surveys: dict[Step, SurveyResult | None] = {}
        self._surveying = asyncio.Lock()

    async def reach(self, step: Step, party: UUID, word: str | None) -> str | None:
        """Return what stands for the words of all, once each has said one; None as soon as one of them has none."""
        words = await self._all(step, party, word)
        return None if words is None else combined(words)

    async def compare(
        self,
        step: Step,
        party: UUID,
        part: Part | None,
        survey: Callable[[Mapping[UUID, Part]], Awaitable[SurveyResult | None]],
    ) -> SurveyResult | None:
        """Return what a survey of the parts of all finds, made once; None as soon as one of them has none.

        The first to come makes it, with the connectors of all, while they wait. Raises what went wrong with its own.
        """
        parts = await self._all(step, party, part)
        if part is None or parts is None:
            return None
        async with self._surveying:
            if step not in self._surveys:
                self._surveys[step] = None
                self._surveys[step] = await survey(parts)
        if part.fault is not None:
            raise part.fault
        return self._surveys[step]

    async def leave(self, party: UUID) -> None:
        """Let nobody wait for a party that has come to its end."""
        async with self._changed:
            self._left.add(party)
            self._changed.notify_all()

    async def _all(self, step: Step, party: UUID, word: Word | None) -> Mapping[UUID, Word] | None:
        words = self._words[step]
        async with self._changed:
            words[party] = word
            self._changed.notify_all()
            await self._changed.wait_for(lambda: self._is_over(step))
        return words if words.keys() == self._parties and None not in words.values() else None

    def _is_over(self, step: Step) -> bool:
        words = self._words[step]
        return None in words.values() or self._left | words.keys() == self._parties
