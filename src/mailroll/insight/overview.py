"""How domains stand, for the pages that list them: each in one word, what needs a person first."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Count, DateTimeField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from mailroll.connections.models import Source
from mailroll.directory import arrays
from mailroll.directory.fixed_queries import KEYS, FixedQuery, Parameter
from mailroll.directory.models import Domain, Group
from mailroll.insight import domain_totals, run_queries, source_standing
from mailroll.sync.models import TOOK_EFFECT, UNDER_WAY, DomainStanding, Run, Schedule
from mailroll.sync.standings import judgement
from mailroll.sync.standings.judgement import ENDING, PRESSING, STALE, Cause, Health
from mailroll.sync.states import VALID

__all__ = ["ENDING", "PRESSING", "STALE", "Cause", "Health"]

_SHOWN = ("domain__organization", "domain__schedule", "last_run", "held_run")
_OF_A_CAUSE = frozenset(
    ("id", "domain", "waits_in", "trigger", "state", "counts", "findings", "error", "started_at", "valid_until")
)
"""What lists say of the run that a standing is about."""
_OF_A_BAR = (
    *("domain", "state", "trigger", "counts", "timings", "fence", "number"),
    *("started_at", "finished_at"),
)
"""What a bar of a strip says of a run."""


@dataclass(frozen=True, slots=True)
class ShownStanding:
    """One domain. `cause` is set exactly where it is pressing; `run` is the run it is about, where it is about one.

    `ends_at` is when the credential ends, where that is the cause, and `permissions` those that are missing or
    lost, where they are. `previewed`: there was a run of some kind.
    """

    domain: Domain
    health: Health
    cause: Cause | None
    users: int
    billable: int
    schedule: Schedule | None
    run: Run | None
    ends_at: datetime | None
    permissions: tuple[str, ...]
    sources: int
    previewed: bool
    read_at: datetime | None
    """When the oldest that the list rests on was read; None too where that stands in the future, by a wrong clock."""
    stale: bool
    in_order: bool
    """Whether it is kept by itself from a list that was read, and nothing is wrong: the meaning of healthy."""
    groups: int | None = None
    """None where nobody asked for their number."""

    @property
    def pressing(self) -> bool:
        return self.cause is not None

    @property
    def removals(self) -> int:
        return run_queries.removals(self.run) if self.run is not None else 0


def standings(domains: "QuerySet[Domain]", now: datetime) -> list[ShownStanding]:
    """Every domain, what presses first and the oldest list before others, then by name."""
    return _in_order(DomainStanding.objects.filter(domain__in=domains).select_related(*_SHOWN), now)


def standing(domain: Domain, now: datetime) -> ShownStanding:
    """One domain, with the number of its groups; asked of the database unless it was read `with_standing`."""
    if not hasattr(domain, "group_count"):
        domain = with_standing(Domain.objects.filter(id=domain.id)).select_related("organization").get()
    return replace(_shown_standings([domain.standing], now)[0], groups=domain.__dict__["group_count"])


def with_standing(domains: "QuerySet[Domain]") -> "QuerySet[Any]":
    """Read beside domains what `standing` tells of them."""
    groups = Group.objects.filter(domain=OuterRef("id")).order_by().values("domain")
    number = Coalesce(Subquery(groups.annotate(number=Count("id")).values("number")), 0)
    about = ("schedule", "standing__last_run", "standing__held_run")
    return domains.select_related(*about).annotate(group_count=number)


def page(
    rows: "QuerySet[DomainStanding]", now: datetime, *, pressing: int, place: int, size: int, known: Sequence[UUID] = ()
) -> list[UUID]:
    """The domains from one place on, in the order of `standings`. `pressing`: how many of them press.

    Those that press are found and sorted, unless the first of them are `known`; the others lie sorted by name in an
    index, which is not read to its end.
    """
    cut = list(known[place : place + size])
    if len(cut) < min(size, pressing - place):
        cut = neediest(rows, now, place=place, size=size)
    if len(cut) < size:
        others = rows.exclude(judgement.pressing_in_sql(now)).order_by("name").values_list("domain_id", flat=True)
        first = max(0, place - pressing)
        cut += others[first : first + size - len(cut)]
    return cut


def neediest(rows: "QuerySet[DomainStanding]", now: datetime, *, place: int, size: int) -> list[UUID]:
    """Those that press, from one place on, in the order of `standings`."""
    needy = domain_totals.out_of_order(rows, now).filter(rank__lt=len(PRESSING))
    keys = needy.order_by("rank", F("listed").asc(nulls_first=True), "name").values_list("domain_id", flat=True)
    return list(keys[place : place + size])


def shown(keys: Collection[UUID], now: datetime) -> list[ShownStanding]:
    """Read these domains with all that pages say of them, in the order of `standings`."""
    return _in_order(_rows_of().rows(keys=arrays.uuids(keys)), now) if keys else []


@cache
def _rows_of() -> FixedQuery[DomainStanding]:
    rows = DomainStanding.objects.filter(domain__in=KEYS).select_related(*_SHOWN)
    idle = [field.name for field in Run._meta.concrete_fields if field.name not in _OF_A_CAUSE]  # noqa: SLF001 - Django's
    return FixedQuery(rows.defer(*(f"{run}__{name}" for run in ("last_run", "held_run") for name in idle)))


def _in_order(rows: Iterable[DomainStanding], now: datetime) -> list[ShownStanding]:
    """One question more where permissions are missing."""
    return sorted(_shown_standings(list(rows), now), key=_need)


def _need(shown_standing: ShownStanding) -> tuple[int, bool, datetime | None, str]:
    """Sort as `neediest` does in the database; who has no list that counts is before all who have one."""
    if not shown_standing.pressing:
        return len(PRESSING), False, None, shown_standing.domain.name
    return (
        PRESSING.index(shown_standing.health),
        shown_standing.read_at is not None,
        shown_standing.read_at,
        shown_standing.domain.name,
    )


def _shown_standings(rows: Sequence[DomainStanding], now: datetime) -> list[ShownStanding]:
    causes = {row.domain_id: judgement.cause(row, now) for row in rows}
    lacking = _lacking([row.domain_id for row in rows if row.lacks_permission])
    return [
        ShownStanding(
            domain=row.domain,
            health=judgement.health(row, now),
            cause=causes[row.domain_id],
            users=row.users,
            billable=row.billable,
            schedule=getattr(row.domain, "schedule", None),
            run=_run(row, causes[row.domain_id]),
            ends_at=row.credential_ends_at,
            permissions=tuple(sorted(lacking.get(row.domain_id, ()))),
            sources=row.sources,
            previewed=row.previewed,
            read_at=(read_at := judgement.read_at(row, now)),
            stale=row.automatic and read_at is not None and now - read_at > STALE,
            in_order=judgement.in_order(row, now),
        )
        for row in rows
    ]


def runs_since(domains: Iterable[Domain], since: datetime) -> dict[UUID, list[Run]]:
    """Return what took effect in domains since a time, or tried to, newest first: what their strips draw."""
    runs_by_domain: dict[UUID, list[Run]] = {domain.id: [] for domain in domains}
    # What was looked through first counts from when it took effect, which is a day later at the most.
    for run in _runs_of().rows(keys=arrays.uuids(runs_by_domain), since=since - VALID):
        if run.happened_at >= since:
            runs_by_domain[run.domain_id].append(run)
    return runs_by_domain


@cache
def _runs_of() -> FixedQuery[Run]:
    rows = Run.objects.filter(TOOK_EFFECT, domain__in=KEYS, started_at__gte=Parameter("since", DateTimeField()))
    rows = rows.exclude(state__in=UNDER_WAY).order_by("-fence", "-number")
    return FixedQuery(rows.select_related("waits_in").only(*_OF_A_BAR, "waits_in__state"))


def _run(row: DomainStanding, cause: Cause | None) -> Run | None:
    match cause:
        case Cause.NO_ACCESS | Cause.FAILED | Cause.DOUBT:
            return row.last_run
        case Cause.HELD:
            return row.held_run
        case _:
            return None


def _lacking(domains: Sequence[UUID]) -> dict[UUID, set[str]]:
    permissions: dict[UUID, set[str]] = {}
    if domains:
        for source in Source.objects.filter(domain__in=domains, enabled=True).select_related("connection"):
            if source.connection is not None:
                lacking = source_standing.of_permissions(source.connection.health).permissions
                permissions.setdefault(source.domain_id, set()).update(lacking)
    return permissions
