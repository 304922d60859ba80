"""Asks about members whom a list of members lacks, one by one, within a bound for each run."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mailroll.connections import outside
from mailroll.connectors import registry
from mailroll.reconcile.errors import Broken, NeedsConsent, NotVerified, Retry
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.memberships import Groups
from mailroll.reconcile.model import ExternalId
from mailroll.sync.progress import Progress
from mailroll.sync.readings.reading import ReadingOutcome
from mailroll.sync.sources.asides import ReadingQuestion
from mailroll.sync.sources.source_list import Asked

log = logging.getLogger(__name__)

MOST: Final = 1_000
"""Users that are asked about in one run: one question each, at some eight a second."""


@dataclass(slots=True)
class Asking:
    """Puts the core's questions about members to the directories that were just read. `asked`: whether it had any."""

    sources: Sequence[Asked]
    outcome: ReadingOutcome
    progress: Progress
    asked: bool = False

    def __call__(self, memberships_asked: Groups) -> Mapping[ExternalId, frozenset[str] | Unset]:
        """Ask about the first of them, in one order. An error leaves the rest unknown, and fails no run."""
        self.asked = self.asked or bool(memberships_asked)
        memberships_left = dict(sorted(memberships_asked.items())[:MOST])
        answers: dict[ExternalId, frozenset[str] | Unset] = {}
        for question in {question.access.connection: question for _, question in self.sources}.values():
            mine = {
                key: memberships_left.pop(key)
                for key in tuple(memberships_left)
                if key.startswith(f"{question.access.tenant}:")
            }
            if mine:
                answers |= self._ask(question, mine)
        return answers

    def _ask(self, question: ReadingQuestion, memberships_asked: Groups) -> Mapping[ExternalId, frozenset[str] | Unset]:
        ids = self.outcome.groups.get(question.access.connection, {})
        group_ids = {key: {ids[name] for name in names if name in ids} for key, names in memberships_asked.items()}

        async def ask() -> Mapping[ExternalId, frozenset[str] | Unset]:
            async with registry.build(question.access.kind, question.access.values) as connector:
                return await connector.memberships({key: groups for key, groups in group_ids.items() if groups})

        try:
            answers = outside.ask(self.progress.watch(ask()))
        except (Retry, NeedsConsent, NotVerified, Broken) as fault:
            log.info("members in tenant %s are not told: %s", question.access.tenant, fault.code)
            return {}
        return {
            key: groups
            if groups is UNSET
            else frozenset(name for name in memberships_asked[key] if ids.get(name) in groups)
            for key, groups in answers.items()
        }
