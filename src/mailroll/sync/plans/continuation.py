"""What a run leaves for the next one: what it was made of, on what that stands, and what it has to look at again.

Behind a run that changed something it is kept in the transaction of that change (`steady_state.going_on`), as the next
one plans for the list that there is then.
"""

from dataclasses import dataclass
from datetime import datetime

from mailroll.directory import headcounts
from mailroll.directory.models import Domain
from mailroll.reconcile.model import Current, SourceSpec
from mailroll.reconcile.pipeline import Proposal
from mailroll.reconcile.touched import Extent
from mailroll.sync.footings import steady_state
from mailroll.sync.footings.footing import Footing
from mailroll.sync.footings.standpoint import Standpoint
from mailroll.sync.footings.steady_state import Amends, Steady
from mailroll.sync.models import SteadyState
from mailroll.sync.readings.domain_reading import Before, Heard
from mailroll.sync.sources.gist import combined
from mailroll.sync.sources.source_list import Asked


@dataclass(frozen=True, slots=True)
class Continuation:
    """All that tells what a run leaves: what it heard and planned for which roll, and its `place`.

    `asked`: somebody was asked whose answer no reading shows. `until`: when a mailbox is to be asked again.
    """

    domain: Domain
    sources: list[Asked]
    standpoint: Standpoint
    heard: Heard
    proposal: Proposal
    current: Current
    place: str
    asked: bool
    until: datetime | None

    def of_all(self, purposes: list[object], now: datetime) -> Steady | Amends | None:
        """Return what a run leaves that compared everybody; None where the next one has to do so as well.

        That is so where something was lacking or is in doubt, where it changed more than can be looked at again, and
        where anybody else wrote meanwhile what mailboxes are for; `purposes` stands for what it knew of these.
        """
        outcome = self.heard.outcome
        connections = {question.access.connection for _, question in self.sources}
        if outcome.lacking or outcome.went_on is not None or outcome.gists.keys() != connections:
            return None
        if purposes != steady_state.purposes(outcome.gists):
            return None
        latest = now + steady_state.VALID
        until = latest if self.until is None else min(self.until, latest)
        footing = Footing.of(self.proposal, self._specs, outcome.gists, outcome.unsettled)
        if self._is_steady and until > now and (imprint := self._imprint) is not None:
            headcounts.keep(self.domain.id)
            since = self.heard.since(self.domain, self.sources)
            return Steady(self.place, self.heard.said(self.domain), imprint, until, since, footing)
        if footing is None or not self._is_trusted:
            return None
        return self._amends(footing, until, self._since(), compared_at=now)

    def of_part(self, last: SteadyState, earlier: Before, before: Footing, extent: Extent) -> Amends | None:
        """Return what a run leaves that looked at some, going on from what the `last` one left."""
        outcome, read_at = self.heard.outcome, self._read_at
        if not self._is_trusted:
            return None
        until = last.until if self.until is None else min(last.until, self.until)
        if outcome.by_id is not None:
            is_recent = any(beginning.is_recent(read_at) for beginning in earlier.since.values())
            gone_ids = outcome.by_id.gone
            unsettled = outcome.unsettled
            footing = before.amended(self.proposal, self._specs, extent, gone_ids, unsettled, stays_open=is_recent)
            since = self._since(is_recent=is_recent)
            return None if footing is None else self._amends(footing, until, since, footing_hash=last.footing_hash)
        footing = before.listed_anew(self.proposal, self._specs, extent, outcome.gists, outcome.unsettled)
        if footing is None:
            return None
        imprint = (self._imprint if self._is_steady else None) or ""
        # The listing of the day compares everybody, and this one did not.
        since = self._since(listed_at=earlier.listed_at)
        return self._amends(footing, until, since, imprint=imprint, compared_at=last.made_at)

    @property
    def _specs(self) -> list[SourceSpec]:
        return [source for source, _ in self.sources]

    @property
    def _imprint(self) -> str | None:
        return combined({key: gist.digest() for key, gist in self.heard.outcome.gists.items()})

    @property
    def _is_trusted(self) -> bool:
        return self.proposal.trusted == {source.id for source, _ in self.sources}

    @property
    def _is_steady(self) -> bool:
        """Whether the same would come of the same, and there is nothing to look at again."""
        if self.asked or self.heard.outcome.unsettled.open:
            return False
        return steady_state.is_steady(self.proposal, self.current, [source.id for source, _ in self.sources])

    @property
    def _read_at(self) -> datetime:
        shots = (reading.snapshot for reading in self.heard.outcome.readings)
        return max(shot.read_at for shot in shots if shot is not None)

    def _since(self, *, is_recent: bool = False, listed_at: datetime | None = None) -> str:
        """With what the next reading begins. `is_recent`: answers may be behind what was told before."""
        unsettled = self.heard.outcome.unsettled
        is_same = steady_state.would_repeat(self.proposal, self.proposal.trusted)
        changed_at = self._read_at if self.proposal.plan.changes or unsettled.told else None
        return self.heard.since(
            self.domain,
            self.sources,
            is_pending=self.asked or is_recent or bool(unsettled.open) or not is_same,
            changed_at=changed_at,
            listed_at=listed_at,
        )

    def _amends(
        self,
        footing: Footing,
        until: datetime,
        since: str,
        *,
        footing_hash: str = "",
        imprint: str = "",
        compared_at: datetime | None = None,
    ) -> Amends:
        return Amends(
            self.place,
            footing,
            footing_hash,
            since,
            until,
            self.standpoint.own_side,
            self.heard.said(self.domain),
            imprint,
            compared_at,
        )
