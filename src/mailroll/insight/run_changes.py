"""Looks into the changes of one run: searched, picked, and grouped by what one reason says of all of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    UUIDField,
    Value,
    When,
    Window,
)
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, RowNumber

from mailroll.directory.fixed_queries import FixedQuery, Parameter
from mailroll.directory.models import User
from mailroll.insight import run_summary
from mailroll.insight.actions import LOOKS, Sign
from mailroll.insight.run_groups import ChangeGroup, GroupKey, Pick, ordered
from mailroll.insight.run_summary import ChangeLine
from mailroll.reconcile import storage
from mailroll.reconcile.model import State
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.sync.models import Run, RunChange
from mailroll.sync.plans.plan_rows import state

PAGE = 200
"""Changes on one page where all are shown, and of a group that is opened."""

GROUPS = 20
"""Groups of changes on one page, what takes away first; a first sync into many groups of users has as many of these."""

_NO, _NOTHING = Value("false", TextField()), Value("", TextField())
_KEY = ("action", "lead", "of_kind", "into")
_REMOVALS = Sign.REMOVE.actions
_KNOWN = Exists(User.objects.filter(domain=OuterRef("run__domain"), id=OuterRef("user")))


@dataclass(frozen=True, slots=True)
class WantedChanges:
    """Which changes are asked for; what is empty asks for all. `billing`: only those that change what is billed.

    `opened` is the group that is shown whole, `everything` shows all of them, a `page` at a time.
    """

    text: str = ""
    pick: Pick | None = None
    kind: str = ""
    cause: str = ""
    billing: bool = False
    opened: str = ""
    everything: bool = False
    page: int = 1

    @property
    def is_for_all(self) -> bool:
        """Whether nothing is left out."""
        return not (self.text or self.pick or self.kind or self.cause or self.billing)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change as a page shows it. `known`: the user stands in the roll now, so that a person can mark it."""

    position: int
    user: UUID
    known: bool
    sign: Sign
    action: Action
    name: str
    address: str
    kind: str
    before: State | None
    after: State | None
    reasons: tuple[Reason, ...]
    billable: int


@dataclass(frozen=True, slots=True)
class ChangePage:
    """The groups asked for with the rows shown of each, and how many there would be under each other choice.

    `found` counts the changes that are asked for, `shown` those on this page, `before` those on the pages before it.
    """

    groups: tuple[tuple[ChangeGroup, tuple[ChangeRow, ...]], ...]
    found: int
    shown: int
    before: int
    picks: Mapping[Pick, int]
    kinds: Mapping[str, int]
    causes: Mapping[str, int]
    everything: int

    @property
    def rows(self) -> tuple[ChangeRow, ...]:
        return tuple(row for _, rows in self.groups for row in rows)

    @property
    def more(self) -> int:
        return self.found - self.before - self.shown


def page(run: Run, wanted_changes: WantedChanges) -> ChangePage:
    """Return the part of a run's changes that is wanted. Each count leaves out its own choice and keeps the others.

    1. Count under the words searched for, by everything that can be picked.
    2. Group what is wanted.  3. Fetch the rows that are shown of each group.
    """
    searched = _changes(run).filter(_text(wanted_changes.text) & _billing(wanted_changes))
    lines = run_summary.lines(run, searched, whole=not (wanted_changes.text or wanted_changes.billing))
    pick, kind, cause = wanted_changes.pick, wanted_changes.kind, wanted_changes.cause
    groups = ordered(_groups(_fitting(lines, pick, kind, cause)))
    total, before = sum(group.size for group in groups), 0
    if not groups:
        rows: list[Any] = []
    elif wanted_changes.everything:
        before = min(max(wanted_changes.page, 1) - 1, max(total - 1, 0) // PAGE) * PAGE
        rows = _slice(_filter_changes(searched, wanted_changes), groups, before)
    else:
        rows = _first(run, _filter_changes(searched, wanted_changes), groups, wanted_changes.opened)
    by_group: dict[GroupKey, list[ChangeRow]] = {}
    for row in rows:
        by_group.setdefault(_key(row), []).append(_row(row, row.known))
    picks = Counter[Pick]()
    for line in _fitting(lines, None, kind, cause):
        picks[line.pick] += line.size
    return ChangePage(
        groups=tuple((group, tuple(by_group[group.key])) for group in groups if group.key in by_group),
        found=total,
        shown=len(rows),
        before=before,
        picks={choice: picks[choice] for choice in Pick},
        kinds=_by((line.kind, line.size) for line in _fitting(lines, pick, "", cause)),
        causes=_by((line.cause, line.size) for line in _fitting(lines, pick, kind, "")),
        everything=picks.total(),
    )


def every(run: Run, wanted_changes: WantedChanges) -> Iterator[ChangeRow]:
    """Read all that is wanted, the dangerous first, without holding it: what an export has."""
    searched = _changes(run).filter(_text(wanted_changes.text) & _billing(wanted_changes))
    danger = Case(*(When(action__in=sign.actions, then=Value(place)) for place, sign in enumerate(Sign)))
    rows = _filter_changes(searched, wanted_changes).order_by(danger, "lead", "address", "position")
    for row in rows.iterator(chunk_size=1000):
        yield _row(row, known=False)


def causes(run: Run) -> Mapping[ReasonCode, int]:
    """Why the removals of a run are in its plan: how many for each cause, the most frequent first."""
    removals = _changes(run).filter(action__in=_REMOVALS).order_by()
    counts = dict(removals.values_list("cause").annotate(Count("id")))
    return {
        ReasonCode(code): number for code, number in sorted(counts.items(), key=lambda cause_count: -cause_count[1])
    }


def change_of(run: Run, position: int) -> ChangeRow | None:
    row = _changes(run).filter(position=position).first()
    return None if row is None else _row(row, User.objects.filter(domain=run.domain_id, id=row.user).exists())


def _changes(run: Run | Parameter) -> "QuerySet[Any]":
    first = Coalesce(KeyTextTransform("code", KeyTransform("0", "reasons")), _NOTHING)
    changes = RunChange.objects.filter(run=run).annotate(
        sort=_of_either("kind"),
        name=_of_either("display_name"),
        aliases_before=KeyTextTransform("aliases", "before"),
        aliases_after=Func(F("aliases"), Value(" "), function="array_to_string", output_field=TextField()),
        billed_before=Coalesce(KeyTextTransform("billable", "before"), _NO),
        billed_after=Case(When(billable=True, then=Value("true")), default=_NO, output_field=TextField()),
        # All but updates are told as their first reason.
        cause=Case(When(action=Action.UPDATE, then=first), default=F("lead"), output_field=TextField()),
    )
    return changes.annotate(
        of_kind=Case(
            When(Q(action=Action.CREATE) | Q(action=Action.UPDATE, lead=ReasonCode.KIND_CHANGED), then=F("sort")),
            default=_NOTHING,
        ),
        into=Case(
            When(Q(action=Action.CREATE) | Q(action=Action.UPDATE, lead=ReasonCode.GROUP_CHANGED), then=F("group")),
            default=_NOTHING,
        ),
    )


def _of_either(field: str) -> Combinable:
    """What a field will be; what it was where there is nothing afterwards."""
    was = Coalesce(KeyTextTransform(field, "before"), _NOTHING)
    return Case(When(kind="", then=was), default=F(field), output_field=TextField())


def _filter_changes(changes: "QuerySet[Any]", wanted_changes: WantedChanges) -> "QuerySet[Any]":
    kind = Q(sort=wanted_changes.kind) if wanted_changes.kind else Q()
    cause = Q(cause=wanted_changes.cause) if wanted_changes.cause else Q()
    return changes.filter(kind & cause & _pick_condition(wanted_changes.pick))


def _pick_condition(pick: Pick | None) -> Q:
    if pick is None:
        return Q()
    renamed = Q(lead=ReasonCode.RENAMED)
    match pick:
        case Pick.RENAME:
            return Q(action=Action.UPDATE) & renamed
        case Pick.CHANGE:
            return Q(action=Action.UPDATE) & ~renamed
        case _:
            return Q(action__in=Sign(pick.value).actions)


def _text(text: str) -> Q:
    words = Q()
    for word in text.split():
        words &= (
            Q(address__icontains=word)
            | Q(name__icontains=word)
            | Q(aliases_before__icontains=word)
            | Q(aliases_after__icontains=word)
        )
    return words


def _billing(wanted_changes: WantedChanges) -> Q:
    return ~Q(billed_before=F("billed_after")) if wanted_changes.billing else Q()


def _fitting(lines: Sequence[ChangeLine], pick: Pick | None, kind: str, cause: str) -> Sequence[ChangeLine]:
    """Those that these choices leave: a large run has thousands of lines, and mostly nothing is chosen."""
    return [line for line in lines if line.fits(pick, kind, cause)] if pick or kind or cause else lines


def _groups(lines: Iterable[ChangeLine]) -> Iterator[ChangeGroup]:
    """What one reason says of several: the reasons that all of them share stand once, above them."""
    lines_by_key: dict[GroupKey, list[ChangeLine]] = {}
    for line in lines:
        lines_by_key.setdefault(line.key, []).append(line)
    for key, parts in lines_by_key.items():
        if len(parts) == 1:
            (part,) = parts
            yield ChangeGroup(key, part.size, part.billed, part.reasons, bool(part.reasons), part.first)
            continue
        variants = list(dict.fromkeys(part.reasons for part in parts))
        shared = variants[0]
        if len(variants) > 1:
            shared = tuple(reason for reason in shared if all(reason in reasons for reasons in variants))
        size, billed = sum(part.size for part in parts), sum(part.billed for part in parts)
        same_for_all = len(variants) == 1 and bool(variants[0])
        yield ChangeGroup(key, size, billed, shared, same_for_all, tuple(chain(*(part.first for part in parts))))


def _first(run: Run, changes: "QuerySet[Any]", groups: Sequence[ChangeGroup], opened: str) -> list[Any]:
    """The first rows of each group: few of many, all of a few, and as many as a page holds of the one that is open."""
    most = {group.key: group.folded_to for group in groups[:GROUPS]}
    places = {place for group in groups[:GROUPS] for place in group.first}
    open_group = next((group for group in groups if group.id == opened), None) if opened else None
    if open_group is not None:
        most[open_group.key] = PAGE
        of_it = changes.filter(**_fields(open_group.key)).order_by("address", "position")
        places.update(of_it.values_list("position", flat=True)[:PAGE])
    remaining_counts, rows = Counter(most), []
    for row in _at_positions().rows(run=run.id, positions=list(places)):
        if remaining_counts[key := _key(row)] > 0:
            remaining_counts[key] -= 1
            rows.append(row)
    return rows


@cache
def _at_positions() -> FixedQuery[Any]:
    positions = RawSQL("SELECT unnest(%s::integer[])", (Parameter("positions", ArrayField(IntegerField())),))
    changes = _changes(Parameter("run", UUIDField())).filter(position__in=positions)
    return FixedQuery(changes.annotate(known=_KNOWN).order_by("address", "position"))


def _slice(changes: "QuerySet[Any]", groups: Iterable[ChangeGroup], before: int) -> list[Any]:
    """The rows of one page where all are shown, group after group."""
    begins, starts = 0, []
    for group in groups:
        if begins + group.size > before and begins < before + PAGE:
            starts.append(When(**_fields(group.key), then=Value(begins)))
        begins += group.size
    if not starts:
        return []
    place = Window(RowNumber(), partition_by=_KEY, order_by=("address", "position"))
    rows = changes.annotate(start=Case(*starts, default=Value(None)), place=place)
    rows = rows.annotate(at=F("start") + F("place")).filter(at__gt=before, at__lte=before + PAGE)
    return _fetch_rows(changes, list(rows.order_by("at").values_list("id", flat=True)))


def _fetch_rows(changes: "QuerySet[Any]", ids: list[int]) -> list[Any]:
    """Fetch the rows with these ids, in their order. Found first and fetched then: what is sorted has to be narrow."""
    rows = {row.id: row for row in changes.filter(id__in=ids).annotate(known=_KNOWN)}
    return [rows[row_id] for row_id in ids if row_id in rows]


def _fields(key: GroupKey) -> dict[str, str]:
    return dict(zip(_KEY, (key.action.value, key.lead, key.kind, key.into), strict=True))


def _key(row: Any) -> GroupKey:
    return GroupKey(Action(row.action), row.lead, row.of_kind, row.into)


def _by(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, number in counted:
        sums[name] = sums.get(name, 0) + number
    return sums


def _row(row: RunChange, known: bool) -> ChangeRow:  # noqa: FBT001 - a fact of the row
    before, after = storage.state_from_json(row.before), state(row)
    last = after or before
    return ChangeRow(
        position=row.position,
        user=row.user,
        known=known,
        sign=LOOKS[Action(row.action)].sign,
        action=Action(row.action),
        name=last.display_name if last else "",
        address=row.address,
        kind=last.kind.value if last else "",
        before=before,
        after=after,
        reasons=storage.reasons_from_json(row.reasons),
        billable=int(bool(after and after.billable)) - int(bool(before and before.billable)),
    )
