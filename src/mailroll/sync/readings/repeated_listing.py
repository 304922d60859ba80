"""Lists a small tenant without a run, and tells whether it says in all what the last run heard; if not, a run looks."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from mailroll.connections import health
from mailroll.connectors.base import Connector
from mailroll.reconcile.errors import Broken
from mailroll.sync.sources.asides import Aside, ReadingQuestion, ask_beside
from mailroll.sync.sources.gist import Gist
from mailroll.sync.sources.since import Since, begin, told_since

MOST: Final = 900
"""Objects that are listed so: one page of each type, as Microsoft Graph gives 999 of them on one
(learn.microsoft.com/graph/api/user-list, "$top"). Many are listed at the same time, each within seconds."""


@dataclass(slots=True)
class _Counter:
    """Counts what has come of a listing, which may have grown."""

    objects: int = 0

    def count(self, objects: int) -> None:
        self.objects += objects
        if self.objects > MOST:
            raise Broken("listing_large", f"More than {MOST:,} objects were listed.", "A run lists them, by itself.")


@dataclass(frozen=True, slots=True)
class RepeatedListing:
    """A listing that may say what the last one did. `expected`: the digest of that; `health`: of its connection."""

    question: ReadingQuestion
    since: Since
    expected: str
    now: datetime
    health: dict[str, Any] = field(repr=False)

    async def repeat(self, connector: Connector) -> Since | None:
        """Return with what the next reading begins where all is as it was; None where a run has to look.

        It does what a run does that has nothing to do (`reading.snapshot`), in the same order.

        1. Follow the changes: where anything is told, a listing may be behind it.
        2. Ask who the tenant is and which domains it has proved.
        3. List everything, and ask what a listing does not show.
        """
        news = await told_since(connector, self.since)
        followed = None if news is None else news.if_nothing
        access = self.question.access
        if followed is None or followed.is_recent(self.now) or await connector.tenant() != access.tenant:
            return None
        verified = await connector.domains()
        next_since = await begin(connector, followed, self.now, verified)
        aside = Aside()
        await connector.skim((), _Counter().count)
        imprint = connector.imprint()
        gist = Gist(imprint, access.tenant, verified, *await ask_beside(connector, self.question, aside))
        is_same = next_since.suffices and not aside.lacking and gist.digest() == self.expected
        return next_since if is_same and self._grants_the_same(connector) else None

    def _grants_the_same(self, connector: Connector) -> bool:
        """Whether what was seen on the way leaves nothing to tell of permissions."""
        current_health = health.of_reading(connector.evidence(), self.now, self.health)
        return current_health["state"] == self.health.get("state") and health.lost(current_health) == health.lost(
            self.health
        )


def due_listing(  # noqa: PLR0917 - what is asked, and what is known
    question: ReadingQuestion,
    since: Since,
    expected: str,
    size: int | None,
    health: dict[str, Any],
    now: datetime,
) -> RepeatedListing | None:
    """Return the listing that is due; None where a run has to list. `size`: objects of the last one, where it is known.

    That is so where the tenant is no small one, and where the last run left something to look at.
    """
    if not expected or size is None or size > MOST or not replace(since, is_due=False).suffices:
        return None
    return RepeatedListing(question, since, expected, now, health)
