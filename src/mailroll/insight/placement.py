"""Who a source would take, told beside its destination: those it selects, less those an earlier source takes."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from mailroll.audit.actor import Acting
from mailroll.connections import filters
from mailroll.connections.models import Source
from mailroll.directory.models import User
from mailroll.reconcile.filters.judgement import Filter, Truth
from mailroll.sync.samples import view


@dataclass(frozen=True, slots=True)
class Selected:
    """What a reading of late says. `before`: how many of those it selects each earlier source takes."""

    matching: int
    before: tuple[tuple[str, int], ...]
    partial: bool
    read_at: datetime | None

    @property
    def taken(self) -> int:
        return self.matching - sum(number for _, number in self.before)


@dataclass(frozen=True, slots=True)
class Placing:
    """`selected` is None until the people of the tenant were read; the other numbers are of the list as it is now.

    `by_hand`: users of this source that a person moved to another group.
    """

    selected: Selected | None
    managed: int
    there: int
    by_hand: int

    @property
    def moving(self) -> int:
        """Who is in another group, and goes to this one at the next run."""
        return self.managed - self.there - self.by_hand


def placement_of(source: Source, acting: Acting) -> Placing:
    users = User.objects.filter(owner=source.owner_id, retired_at__isnull=True)
    elsewhere = users.exclude(group__name=source.group)
    return Placing(
        selected=_selected(source, acting),
        managed=users.count(),
        there=users.count() - elsewhere.count(),
        by_hand=elsewhere.filter(group_by_hand=True).count(),
    )


def moved_by_hand(source: Source) -> int:
    """How many users of a source stay in the group that a person chose, whatever its destination."""
    return User.objects.filter(owner=source.owner_id, group_by_hand=True).count()


def _selected(source: Source, acting: Acting) -> Selected | None:
    """Try the sources of one connection in their order on each person. Those of others read other people."""
    rivals = Source.objects.filter(
        domain=source.domain_id, connection=source.connection_id, enabled=True, precedence__lt=source.precedence
    )
    earlier = [(rival.owner.label, _filter(rival)) for rival in rivals.select_related("owner").order_by("precedence")]
    own = _filter(source)
    memberships = own.memberships.union(*(rival_filter.memberships for _, rival_filter in earlier))
    sample = view.sampled(source, memberships, acting)
    if sample.people is None:
        return None
    matching, before = 0, Counter[str]()
    for person in sample.people:
        if own.judge(person.values, person.member_of).truth is not Truth.YES:
            continue
        matching += 1
        for label, earlier_filter in earlier:
            if earlier_filter.judge(person.values, person.member_of).truth is Truth.YES:
                before[label] += 1
                break
    taken_counts = tuple((label, before[label]) for label, _ in earlier if before[label])
    return Selected(matching, taken_counts, sample.partial, sample.read_at)


def _filter(source: Source) -> Filter:
    return Filter.of(filters.read(source), filters.attributes(source))
