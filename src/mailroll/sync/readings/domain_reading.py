"""Listens to the directories of a domain, with what an earlier run left, and keeps what was seen on the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from mailroll.audit.actor import Acting
from mailroll.connections import check, outside, refusals
from mailroll.connections.models import Connection
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import Retry
from mailroll.reconcile.findings import Finding
from mailroll.sync.footings import steady_state
from mailroll.sync.models import SteadyState, Trigger
from mailroll.sync.progress import Progress
from mailroll.sync.readings import connection_notes, findings, interruptions, reading
from mailroll.sync.readings.survey import Survey
from mailroll.sync.readings.whole_listing import WholeListing
from mailroll.sync.sources import known, since, source_list
from mailroll.sync.sources.asides import EarlierListing
from mailroll.sync.sources.since import Since


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier run left: the digest of what was said then, with what a reading may begin, what is not new.

    `first`: where it left nothing, what holds few records. `shown` gives what a connection listed then.
    """

    expected: str | None = None
    since: Mapping[UUID, Since] = field(default_factory=dict)
    survey: Survey | None = None
    first: WholeListing | None = None
    shown: Callable[[UUID], EarlierListing] = EarlierListing.unknown

    @classmethod
    def of(
        cls, last: SteadyState | None, sources: list[source_list.Asked], now: datetime, *, goes_by_news: bool
    ) -> "Before":
        """Only the schedule goes by what a directory tells of changes: who asks for a run has everything listed.

        So has a connection that nobody has checked yet, or that refused lately (`goes_by_news`).
        """
        if last is None:
            return cls()
        if not goes_by_news:
            # An imprint of nothing is that of a run which had something to do: no reading is like it.
            return cls(last.imprint or None)
        accesses = {question.access.connection: question.access for _, question in sources}
        since_by_key = {key: since.opened(last.since, last.domain_id, access, now) for key, access in accesses.items()}
        return cls(last.imprint, {key: beginning for key, beginning in since_by_key.items() if beginning is not None})

    def may_look_up(self, trigger: Trigger) -> bool:
        """Whether a reading may show what is new alone: by the schedule, but for one that is due to show everything."""
        return trigger is Trigger.AUTOMATIC and not any(beginning.is_due for beginning in self.since.values())

    @property
    def listed_at(self) -> datetime | None:
        """When everybody was last listed and compared, as far as that is known."""
        return min((beginning.listed_at for beginning in self.since.values()), default=None)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a reading brought, and what is to be said of it. `claimed`: domains that a tenant proves and may not."""

    outcome: reading.ReadingOutcome
    lost: tuple[Finding, ...]
    claimed: frozenset[DomainName]

    @property
    def lacking(self) -> tuple[Finding, ...]:
        return (*findings.of_reading(self.outcome), *self.lost)

    def of_names(self, domain: Domain) -> tuple[Finding, ...]:
        return tuple(findings.of_names(domain, self.claimed))

    def said(self, domain: Domain) -> str:
        """What stands for what was noted of it."""
        return steady_state.said((*self.lacking, *self.of_names(domain)))

    def since(
        self,
        domain: Domain,
        sources: list[source_list.Asked],
        *,
        is_pending: bool = False,
        changed_at: datetime | None = None,
        listed_at: datetime | None = None,
    ) -> str:
        """With what the next reading begins, sealed. `changed_at`: where the run changes something, when it read.

        `listed_at`: when everybody was last listed and compared, where that is not now.
        """
        questions = {question.access.connection: question for _, question in sources}
        lines = []
        for key, reading_since in self.outcome.since.items():
            next_since = replace(
                reading_since,
                pending=is_pending,
                changed_at=changed_at or reading_since.changed_at,
                listed_at=listed_at or reading_since.listed_at,
            )
            lines.append(since.seal(next_since, domain.id, questions[key].access, questions[key].wanted))
        return "\n".join(filter(None, lines))


def hear(  # noqa: PLR0917 - what is read, for whom, and what to expect
    domain: Domain,
    sources: list[source_list.Asked],
    roll: known.KnownObjects,
    acting: Acting,
    progress: Progress,
    earlier: Before,
) -> Heard:
    """Read the sources, and keep what was seen of their connections on the way."""
    questions = [question for _, question in sources]
    before = interruptions.take(domain, questions, acting.now())
    unchecked = check.due({question.access.connection for question in questions}, acting.now())
    answer = reading.read(
        sources,
        roll,
        acting.now(),
        progress,
        unfinished=before,
        unchecked=unchecked,
        expected=None if before else earlier.expected,
        since={} if before else earlier.since,
        survey=None if before else earlier.survey,
        marks=earlier.shown,
        first=earlier.first,
    )
    outcome = outside.ask(progress.watch(answer))
    lost_findings = connection_notes.keep(outcome, acting)
    interruptions.keep(domain, questions, outcome.unfinished)
    if (
        outcome.failures
        and not outcome.is_echo
        and all(source_reading.snapshot is None for source_reading in outcome.readings)
    ):
        refused = Connection.objects.get(id=questions[0].access.connection)
        error = refusals.reword(outcome.failures[0], refused)
        if isinstance(error, Retry):
            error.came_further = interruptions.came_further(before, outcome.unfinished)
        raise error
    proved, claimed = _proved(outcome, sources, domain)
    if not outcome.is_unlisted:
        # Which domains a tenant has is as old as its last listing, where it was merely asked for changes.
        edit.prove_aliases(domain, proved, acting, fence=progress.run.fence)
    return Heard(outcome, lost_findings, claimed)


def _proved(
    outcome: reading.ReadingOutcome, sources: list[source_list.Asked], domain: Domain
) -> tuple[frozenset[DomainName], frozenset[DomainName]]:
    """What the tenants of a domain have verified: of those that answered, are the right ones, and have this domain.

    Apart from what is proved so is what is merely claimed, by a tenant whose word is no proof.
    """
    said: dict[bool, set[DomainName]] = {True: set(), False: set()}
    for _, question in sources:
        gist = outcome.gists.get(question.access.connection)
        if gist is not None and domain.name in gist.verified:
            said[question.access.proves] |= gist.verified
    return frozenset(said[True]), frozenset(said[False] - said[True])
