"""How domains stand, for the pages that list them: each in one word, what needs a person first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from mailroll.accounts import access
from mailroll.accounts.models import Operator
from mailroll.connections.models import Source
from mailroll.directory.models import Domain, Group, Organization
from mailroll.insight import run_queries, source_standing
from mailroll.reconcile.text import folded, tidy
from mailroll.sync.models import TOOK_EFFECT, UNDER_WAY, DomainStanding, Run, RunState, Schedule
from mailroll.sync.runs.states import VALID
from mailroll.sync.standings import judgement
from mailroll.sync.standings.judgement import ENDING, PRESSING, STALE, Cause, Health

__all__ = ["ENDING", "PRESSING", "STALE", "Cause", "Health"]


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


@dataclass(frozen=True, slots=True)
class Totals:
    """What a list of domains comes to. `off`: those that are not synced by themselves.

    `organizations` counts those that have one; it is nothing where that was not asked for.

    `oldest_at` is when the oldest list was read that is in use, and `oldest` the domain it is of.
    """

    domains: int
    organizations: int
    users: int
    billable: int
    pressing: int
    in_order: int
    off: int
    oldest_at: datetime | None
    oldest: str


@dataclass(frozen=True, slots=True)
class FoundCounts:
    """How many domains a search finds, and how many of these each chip would leave."""

    domains: int
    pressing: int
    in_order: int
    off: int


@dataclass(frozen=True, slots=True)
class SeenDomains:
    """What an operator sees: the standings of domains, the organizations, and whether that is all there are."""

    rows: "QuerySet[DomainStanding]"
    organizations: "QuerySet[Organization]"
    everything: bool


def standings(domains: "QuerySet[Domain]", now: datetime) -> list[ShownStanding]:
    """Every domain, what presses first and the oldest list before others, then by name."""
    return show(by_need(DomainStanding.objects.filter(domain__in=domains), now), now)


def standing(domain: Domain, now: datetime) -> ShownStanding:
    """One domain, with the number of its groups; asked of the database unless it was read `with_standing`."""
    if not hasattr(domain, "group_count"):
        domain = with_standing(Domain.objects.filter(id=domain.id)).select_related("organization").get()
    return replace(_shown([domain.standing], now)[0], groups=domain.__dict__["group_count"])


def with_standing(domains: "QuerySet[Domain]") -> "QuerySet[Any]":
    """Read beside domains what `standing` tells of them."""
    groups = Group.objects.filter(domain=OuterRef("id")).order_by().values("domain")
    number = Coalesce(Subquery(groups.annotate(number=Count("id")).values("number")), 0)
    about = ("schedule", "standing__last_run", "standing__held_run")
    return domains.select_related(*about).annotate(group_count=number)


def seen_by(operator: Operator) -> SeenDomains:
    everything = access.everywhere(operator)
    places, rows = access.organizations(operator), DomainStanding.objects.all()
    if everything:
        return SeenDomains(rows, Organization.objects.all(), everything)
    return SeenDomains(rows.filter(organization__in=places), places, everything)


def page(
    rows: "QuerySet[DomainStanding]", now: datetime, *, number: int, pressing: int, place: int, size: int
) -> list[ShownStanding]:
    """The rows from one place on, in the order of `by_need`. `number`: how many there are, `pressing` of them.

    Few are read at once. Of many, those that press are found and sorted; the others lie sorted by name in an index,
    which is not read to its end.
    """
    if number <= size:
        return show(_cut(by_need(rows, now), 0, size), now)
    cut: list[ShownStanding] = []
    if place < pressing:
        cut += show(_cut(by_need(rows.filter(judgement.pressing_in_sql(now)), now), place, size), now)
    if len(cut) < size:
        others = rows.exclude(judgement.pressing_in_sql(now)).order_by("name")
        cut += show(_cut(others, max(0, place - pressing), size - len(cut)), now)
    return cut


def _cut(rows: "QuerySet[DomainStanding]", place: int, size: int) -> "QuerySet[DomainStanding]":
    """Cut a page out, so that only what is in it is joined with all that is shown of it."""
    return rows.filter(domain__in=rows.values("domain")[place : place + size])


def matching(rows: "QuerySet[DomainStanding]", query: str) -> "QuerySet[DomainStanding]":
    """Those whose own name, or whose organization's, has these words in it."""
    sought = folded(query)
    if not sought:
        return rows
    places = Organization.objects.filter(name__icontains=tidy(query))
    return rows.filter(Q(name__contains=sought) | Q(organization__in=places))


def runs_of(seen: SeenDomains, since: datetime) -> dict[str, int]:
    """Count the runs since a time that ended, by how they did; fine is one that leaves nothing waiting and no doubt."""
    runs = Run.objects.filter(TOOK_EFFECT, started_at__gte=since, parent__isnull=True)
    if not seen.everything:
        runs = runs.filter(domain__in=seen.rows.values("domain"))
    # Few are held, and an index has those: no run is joined with the one that it waits in.
    held = Run.objects.filter(state=RunState.HELD).values("id")
    waits = Q(state=RunState.HELD) | Q(waits_in__isnull=False, waits_in__in=held)
    left = Q(waits_in__isnull=False) & waits
    well = Q(state__in=(RunState.APPLIED, RunState.UNCHANGED)) & ~left
    # The database judges a standing by the same.
    doubted = Func(F("findings"), function="sync_doubted", output_field=BooleanField())
    in_doubt = runs.alias(in_doubt=doubted).filter(well, in_doubt=True).order_by()
    number = in_doubt.annotate(one=Value(1)).values("one").annotate(number=Count("id")).values("number")
    # Few are in doubt, and an index has those: of all others no finding is read.
    counts: dict[str, int] = runs.aggregate(
        failed=Count("id", filter=Q(state=RunState.FAILED)),
        held=Count("id", filter=waits),
        well=Count("id", filter=well),
        doubted=Coalesce(Max(Subquery(number)), 0),
    )
    parts = {name: counts[name] for name in ("failed", "held", "doubted")}
    parts["fine"] = counts["well"] - counts["doubted"]
    return {**parts, "all": sum(parts.values())}


def by_need(rows: "QuerySet[DomainStanding]", now: datetime) -> "QuerySet[DomainStanding]":
    """What presses first, the oldest list before others, then the rest by name."""
    rank = judgement.rank_in_sql(now)
    listed = Case(
        When(judgement.pressing_in_sql(now) & Q(read_at__lte=now), then="read_at"), output_field=DateTimeField()
    )
    return rows.annotate(rank=rank, listed=listed).order_by("rank", F("listed").asc(nulls_first=True), "name")


def totals(rows: "QuerySet[DomainStanding]", now: datetime, among: "QuerySet[Organization] | None" = None) -> Totals:
    """Count them all in one look at their table; `among`: the organizations to count those of that have one."""
    peopled = (among if among is not None else Organization.objects.none()).filter(
        Exists(DomainStanding.objects.filter(organization=OuterRef("id")))
    )
    places = peopled.order_by().annotate(one=Value(1)).values("one").annotate(number=Count("id")).values("number")
    read = rows.filter(read_at__lte=now)
    oldest = Subquery(read.order_by("read_at", "name").values("name")[:1])
    found = rows.aggregate(
        counted=Count("domain_id"),
        places=Max(Subquery(places)),
        in_service=Coalesce(Sum("users"), 0),
        billed=Coalesce(Sum("billable"), 0),
        pressing=Count("domain_id", filter=judgement.pressing_in_sql(now)),
        in_order=Count("domain_id", filter=judgement.in_order_in_sql(now)),
        off=Count("domain_id", filter=Q(automatic=False)),
        oldest_at=Min("read_at", filter=Q(read_at__lte=now)),
        # Both are the same for every row, so they are looked up once; no other question is asked for them.
        oldest=Max(oldest),
    )
    return Totals(
        domains=found["counted"],
        organizations=found["places"] or 0,
        users=found["in_service"],
        billable=found["billed"],
        pressing=found["pressing"],
        in_order=found["in_order"],
        off=found["off"],
        oldest_at=found["oldest_at"],
        oldest=found["oldest"] or "",
    )


def found_counts(rows: "QuerySet[DomainStanding]", now: datetime) -> FoundCounts:
    """Count what a search finds; nothing that is told of all alone."""
    found = rows.aggregate(
        domains=Count("domain_id"),
        pressing=Count("domain_id", filter=judgement.pressing_in_sql(now)),
        in_order=Count("domain_id", filter=judgement.in_order_in_sql(now)),
        off=Count("domain_id", filter=Q(automatic=False)),
    )
    return FoundCounts(**found)


def show(rows: "QuerySet[DomainStanding]", now: datetime) -> list[ShownStanding]:
    """Read these rows with all that pages say of them: one question, and another where permissions are missing."""
    about = ("domain__organization", "domain__schedule", "last_run", "held_run")
    return _shown(list(rows.select_related(*about)), now)


def _shown(found: Sequence[DomainStanding], now: datetime) -> list[ShownStanding]:
    causes = {row.domain_id: judgement.cause(row, now) for row in found}
    lacking = _lacking([row.domain_id for row in found if row.lacks_permission])
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
        for row in found
    ]


def runs_since(domains: Iterable[Domain], since: datetime) -> dict[UUID, list[Run]]:
    """Return what took effect in domains since a time, or tried to, newest first: what their strips draw."""
    found: dict[UUID, list[Run]] = {domain.id: [] for domain in domains}
    rows = Run.objects.filter(TOOK_EFFECT, domain__in=list(found)).exclude(state__in=UNDER_WAY)
    # What was looked through first counts from when it took effect, which is a day later at the most.
    for run in rows.filter(started_at__gte=since - VALID).select_related("waits_in").order_by("-fence", "-number"):
        if run.happened_at >= since:
            found[run.domain_id].append(run)
    return found


def _run(row: DomainStanding, cause: Cause | None) -> Run | None:
    match cause:
        case Cause.NO_ACCESS | Cause.FAILED | Cause.DOUBT:
            return row.last_run
        case Cause.HELD:
            return row.held_run
        case _:
            return None


def _lacking(domains: Sequence[UUID]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    if domains:
        for source in Source.objects.filter(domain__in=domains, enabled=True).select_related("connection"):
            if source.connection is not None:
                lacking = source_standing.of_permissions(source.connection.health).permissions
                found.setdefault(source.domain_id, set()).update(lacking)
    return found
