"""What the sources of a domain say there should be: one verdict for each object, and one state for each source.

A source whose tenant answered and has proved the domain is heard; any other is unread or in doubt, and nothing it said
counts. Each source that is heard gives an opinion on each object it was shown or had asked for: it takes the object, or
keeps its user as it is, or says that the object is absent (`statements`). The opinions on one object, in the order in
which sources are tried, become its verdict:

    take     its user shall be as the entry says
    keep     it is there and cannot be judged: its user stays as it is
    absent   it is known to have no place here: its user goes
    later    a source takes it, but an earlier one cannot decide: only a user of its own, or nobody's, becomes so

So a rule about an object stands where its opinion is given, a rule between sources in `combine`, and a rule
about the trust in a source in its state.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Final
from uuid import UUID

from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.mapping import Entry
from mailroll.reconcile.model import ExternalId, Reading, RollUser, Scope, Snapshot, SourceSpec
from mailroll.reconcile.reasons import Reason, Skip
from mailroll.reconcile.statements import (
    HEARD,
    Absent,
    Keep,
    Mended,
    Opinion,
    SourceReport,
    SourceState,
    Statement,
    Take,
    Version,
    hear,
    map_versions,
    trust,
)

NOBODY: Final[Mapping[ExternalId, RollUser]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Later:
    """A source takes the object after one whose filter cannot be decided.

    It gets a user that is its own already, or nobody's. Any other user stays as it is, for `reason`.
    """

    entry: Entry
    source: SourceSpec
    reason: Reason


Verdict = Opinion | Later
"""What all sources say of an object. One without a verdict was neither shown nor asked for, and stays."""


# No slots: what is worked out from the fields is worked out once.
@dataclass(frozen=True)
class Desired:
    """What the sources say there should be. `skips`: what they leave out, by object and address.

    `unproved`: domains of ours that none of the tenants that were heard proves: what is held there stays as it is.
    `beside`: how many objects are taken that are not among the verdicts.
    """

    verdicts: Mapping[ExternalId, Verdict]
    sources: Mapping[UUID, SourceReport]
    skips: tuple[Skip, ...]
    unproved: frozenset[DomainName] = frozenset()
    beside: int = 0

    @cached_property
    def heard(self) -> frozenset[UUID]:
        """The sources whose word counts."""
        return self.sources_in(*HEARD)

    @cached_property
    def tenants(self) -> frozenset[str]:
        """The directories that were heard."""
        return frozenset(self.sources[source].tenant for source in self.heard)

    @cached_property
    def unheard_tenants(self) -> frozenset[str]:
        """The directories of sources that were not heard: who is gone from another of theirs may be here."""
        return frozenset(report.tenant for source, report in self.sources.items() if source not in self.heard)

    @cached_property
    def slipped(self) -> int:
        """How many objects listings left out although they answer by id."""
        return len(frozenset().union(*(report.slipped for report in self.sources.values())))

    @cached_property
    def nameless(self) -> int:
        """How many objects had no id that could be read. Two readings of one tenant show the same objects."""
        most: dict[str, int] = {}
        for report in self.sources.values():
            most[report.tenant] = max(report.nameless, most.get(report.tenant, 0))
        return sum(most.values())

    @cached_property
    def mended(self) -> Mapping[ExternalId, Mended]:
        """The objects with properties that could not be taken as they were sent."""
        return {key: mended_object for report in self.sources.values() for key, mended_object in report.mended.items()}

    def sources_in(self, *states: SourceState) -> frozenset[UUID]:
        return frozenset(source for source, report in self.sources.items() if report.state in states)


def desire(readings: Iterable[Reading], scope: Scope, standing: Mapping[ExternalId, RollUser] = NOBODY) -> Desired:
    """Hear the sources from the lowest precedence up, and give a verdict on every object that one of them mentions.

    `standing`: users of the roll whose kind stands whatever this reading can only guess (see `kinds.settled`).
    """
    ordered = sorted(readings, key=lambda reading: (reading.source.precedence, str(reading.source.id)))
    reports: dict[UUID, SourceReport] = {}
    opinions: dict[ExternalId, tuple[Opinion, ...]] = {}
    skips: dict[tuple[str, str], Skip] = {}
    trusted = [(reading, trust(reading.snapshot, scope)) for reading in ordered]
    heard = [snapshot for _, snapshot in trusted if isinstance(snapshot, Snapshot)]
    unproved = scope.accepts.difference(*(snapshot.verified for snapshot in heard)) if heard else frozenset()
    for source, statement in _statements(trusted, replace(scope, unproved=unproved), standing):
        reports[source] = statement.report
        for key, several in statement.opinions.items():
            opinions[key] = opinions.get(key, ()) + several
        for skip in statement.skips:
            skips.setdefault(skip.place, skip)
    combined = {key: combine(several) for key, several in opinions.items()}
    return Desired(combined, reports, tuple(_left_out(skips, combined)), unproved)


def combine(opinions: Sequence[Opinion]) -> Verdict:
    """Make one verdict of the opinions on one object, given in the order in which the sources are tried.

    1. The first source that takes the object has it, or has it later where an undecided filter comes before it.
    2. Otherwise not knowing beats knowing: one opinion to keep it is enough.
    3. Otherwise it is absent. What a source chose says more about the cause than what the object lacks.
    """
    first = opinions[0]
    if isinstance(first, Take) or len(opinions) == 1:
        return first
    keep = min(
        (candidate for candidate in opinions if isinstance(candidate, Keep)),
        key=lambda candidate: candidate.by_choice,
        default=None,
    )
    undecided = False
    for opinion in opinions:
        if isinstance(opinion, Take):
            return Later(opinion.entry, opinion.source, keep.reason) if keep is not None and undecided else opinion
        undecided |= isinstance(opinion, Keep) and opinion.by_choice
    return keep or max(
        (candidate for candidate in opinions if isinstance(candidate, Absent)),
        key=lambda candidate: candidate.by_choice,
    )


def _statements(
    trusted: Iterable[tuple[Reading, Snapshot | SourceState]], scope: Scope, standing: Mapping[ExternalId, RollUser]
) -> Iterator[tuple[UUID, Statement]]:
    mapped: dict[int, tuple[Version, ...]] = {}
    for reading, snapshot in trusted:
        source = reading.source
        if not isinstance(snapshot, Snapshot):
            yield source.id, Statement(SourceReport(snapshot, source.label, source.tenant))
            continue
        # Sources of one connection share a reading, and mapping is half of the work.
        if id(snapshot) not in mapped:
            mapped[id(snapshot)] = map_versions(snapshot, scope)
        yield source.id, hear(reading, snapshot, mapped[id(snapshot)], standing, scope.accepts)


def _left_out(skips: Mapping[tuple[str, str], Skip], verdicts: Mapping[ExternalId, Verdict]) -> Iterator[Skip]:
    """Say in one order what stays out of the roll: addresses, and whole objects that are kept or absent.

    An object that is taken is here with every address, whatever another source or another version of it says.
    """
    kept_skips = (
        Skip(key, None, verdict.reason) for key, verdict in verdicts.items() if isinstance(verdict, Keep | Later)
    )
    every = dict(skips) | {skip.place: skip for skip in kept_skips}
    for place in sorted(every):
        skip = every[place]
        is_taken = isinstance(verdicts.get(ExternalId(place[0])), Take)
        if not is_taken or (skip.address and not skip.reason.code.wording.by_choice):
            yield skip
