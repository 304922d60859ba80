"""What a count has to say of a draft: the numbers, or why there are none yet, and what is dangerous about it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from mailroll.audit.actor import Acting
from mailroll.connections import filters
from mailroll.connections.models import Source
from mailroll.connectors.base import GroupName
from mailroll.directory import queries
from mailroll.reconcile.errors import BadFilter
from mailroll.reconcile.filters.attributes import Attribute
from mailroll.reconcile.filters.counter import COMMON, MEMBERSHIP, FilterCount, SampledPerson, common_values, count
from mailroll.reconcile.filters.judgement import Filter, Truth
from mailroll.reconcile.filters.model import RuleGroup
from mailroll.reconcile.text import folded
from mailroll.sync.plans import planning
from mailroll.sync.samples import view

Offers = Mapping[str, tuple[tuple[str, str], ...]]
"""For each field the values that can be completed, each with a word about it."""


@dataclass(frozen=True, slots=True)
class LiveCounts:
    """`asked`: a newer reading is on its way. `partial`: only the first of many people were counted.

    `unknown`: groups that the filter names and the directory has not.
    `dropped`: how many the saved filter takes and this one leaves out, `limit` how many may go in one run.
    """

    counted: FilterCount | None = None
    asked: bool = False
    fault: str = ""
    partial: bool = False
    dropped: int = 0
    limit: int = 0
    unknown: frozenset[str] = frozenset()

    @property
    def nobody(self) -> bool:
        return self.counted is not None and not self.counted.matching and not self.counted.undecided

    @property
    def over_limit(self) -> bool:
        return self.dropped > self.limit

    @property
    def out(self) -> int:
        return 0 if self.counted is None else self.counted.total - self.counted.matching - self.counted.undecided


@dataclass(frozen=True, slots=True)
class _Sample:
    """The people of a domain in one sample, which is known by where and when it was read."""

    domain: UUID
    connection: UUID | None
    read_at: datetime | None
    people: tuple[SampledPerson, ...] = field(compare=False)
    attributes: tuple[Attribute, ...] = field(compare=False)


def count_live(source: Source, group: RuleGroup, acting: Acting) -> LiveCounts:
    """Count a filter. Members of groups that it names are asked for where the sample does not tell them."""
    return _counts(source, group, view.sampled(source, _memberships(source, group), acting))


def read_and_count(source: Source, group: RuleGroup, acting: Acting) -> LiveCounts:
    """Read the directory now, and count. Raises what the reading raises, and `Refused` without a connection."""
    view.read(source, _memberships(source, group), acting)
    return count_live(source, group, acting)


def while_writing(source: Source, group: RuleGroup, acting: Acting) -> LiveCounts:
    """Count a filter that somebody is writing: half a name of a group is no reason to read a directory again."""
    sample_view = view.sampled(source, frozenset(), acting)
    memberships = _memberships(source, group) - _unknown(source, group, sample_view)
    return _counts(source, group, view.sampled(source, memberships, acting) if memberships else sample_view)


def read_again(source: Source, group: RuleGroup, acting: Acting) -> None:
    """Have the directory read anew, also for the members of groups that a filter names."""
    view.read_again(source, _memberships(source, group), acting)


def offers(source: Source, acting: Acting) -> Offers:
    """Return the values found here, and the groups there are."""
    sample_view = view.sampled(source, frozenset(), acting)
    attributes = filters.attributes(source)
    values_by_name: dict[str, tuple[tuple[str, str], ...]] = {}
    if sample_view.people is not None:
        common = _common(
            _Sample(source.domain_id, source.connection_id, sample_view.read_at, sample_view.people, attributes)
        )
        values_by_name |= {
            name: tuple((value, f"{number:,}") for value, number in values) for name, values in common.items()
        }
    return values_by_name | {MEMBERSHIP: _groups(sample_view.offered)}


@lru_cache(maxsize=8)
def _common(sample: _Sample) -> dict[str, tuple[tuple[str, int], ...]]:
    values_by_name = common_values(sample.attributes, sample.people)
    # Where everybody has another value there is none to speak of.
    return {name: values for name, values in values_by_name.items() if len(values) < COMMON or values[0][1] > 1}


def _groups(groups: Sequence[GroupName]) -> tuple[tuple[str, str], ...]:
    """Name each group as a rule should: by its name, or by its address or id where several have the same name."""
    names = Counter(folded(group.name) for group in groups)
    return tuple(
        (group.name, group.mail) if names[folded(group.name)] == 1 else (group.mail or group.id, group.name)
        for group in groups
    )


def _counts(source: Source, group: RuleGroup, sample_view: view.SampleView) -> LiveCounts:
    if sample_view.people is None:
        return LiveCounts(asked=sample_view.asked, fault=sample_view.fault)
    counted = count(group, filters.attributes(source), sample_view.people)
    return LiveCounts(
        replace(counted, read_at=sample_view.read_at),
        asked=sample_view.asked,
        partial=sample_view.partial,
        dropped=_dropped(source, group, sample_view.people),
        limit=planning.LIMITS.of_run(queries.managed(source.domain)),
        unknown=_unknown(source, group, sample_view),
    )


def _dropped(source: Source, group: RuleGroup, people: tuple[SampledPerson, ...]) -> int:
    """How many people the saved filter takes and this one does not."""
    attributes = filters.attributes(source)
    after = Filter.of(group, attributes)
    try:
        before = Filter.of(filters.read(source), attributes)
    except BadFilter:
        return 0
    if before == after:
        return 0
    return sum(
        after.judge(person.values, person.member_of).truth is Truth.NO
        and before.judge(person.values, person.member_of).truth is Truth.YES
        for person in people
    )


def _unknown(source: Source, group: RuleGroup, sample_view: view.SampleView) -> frozenset[str]:
    """Return the groups that are named and not there. Where none could be listed, nothing is known of any."""
    if not sample_view.groups:
        return frozenset()
    spelled = {
        folded(spelling)
        for group_name in sample_view.groups
        for spelling in (group_name.id, group_name.name, group_name.mail)
    }
    return frozenset(name for name in _memberships(source, group) if folded(name) not in spelled)


def _memberships(source: Source, group: RuleGroup) -> frozenset[str]:
    return Filter.of(group, filters.attributes(source)).memberships
