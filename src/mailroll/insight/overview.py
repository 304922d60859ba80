"""How domains stand, for the pages that list them: each in one word, what needs a person first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Max,
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
from mailroll.sync.models import TOOK_EFFECT, UNDER_WAY, DomainStanding, Run, RunCount, RunState, Schedule, StandingSum
from mailroll.sync.standings import judgement
from mailroll.sync.standings.judgement import ENDING, PRESSING, STALE, Cause, Health
from mailroll.sync.states import VALID

__all__ = ["ENDING", "PRESSING", "STALE", "Cause", "Health"]

FOUND_BY_KEY = 1000
"""Domains that a search finds at the most, so that their keys stand for the words from then on."""
_OF_A_BAR = (
    *("domain", "state", "trigger", "counts", "timings", "fence", "number"),
    *("started_at", "finished_at"),
)
"""What a bar of a strip says of a run."""
_KEPT = Q(automatic=True, read_at__isnull=False)
"""What is summed up as `StandingSum.kept`."""
_SUMMED = ("domains", "users", "billable", "automatic", "kept")


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
    return show(DomainStanding.objects.filter(domain__in=domains), now)


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


def seen_by(operator: Operator) -> SeenDomains:
    sees_all = access.everywhere(operator)
    places, rows = access.organizations(operator), DomainStanding.objects.all()
    if sees_all:
        return SeenDomains(rows, Organization.objects.all(), sees_all)
    return SeenDomains(rows.filter(organization__in=places), places, sees_all)


def page(
    rows: "QuerySet[DomainStanding]", now: datetime, *, number: int, pressing: int, place: int, size: int
) -> list[ShownStanding]:
    """The rows from one place on, in the order of `standings`. `number`: how many there are, `pressing` of them.

    Few are read at once. Of many, those that press are found and sorted; the others lie sorted by name in an index,
    which is not read to its end.
    """
    if number <= size:
        return show(rows, now)
    cut: list[ShownStanding] = []
    if place < pressing:
        cut += neediest(rows, now, place=place, size=size)
    if len(cut) < size:
        others = rows.exclude(judgement.pressing_in_sql(now)).order_by("name").values("domain")
        first = max(0, place - pressing)
        cut += show(_among(others[first : first + size - len(cut)]), now)
    return cut


def neediest(rows: "QuerySet[DomainStanding]", now: datetime, *, place: int, size: int) -> list[ShownStanding]:
    """Those that press, from one place on, in the order of `standings`."""
    listed = Case(When(read_at__lte=now, then="read_at"), output_field=DateTimeField())
    needy = rows.filter(judgement.pressing_in_sql(now)).annotate(rank=judgement.rank_in_sql(now), listed=listed)
    keys = needy.order_by("rank", F("listed").asc(nulls_first=True), "name").values("domain")
    return show(_among(keys[place : place + size]), now)


def _among(keys: "QuerySet[Any, Any]") -> "QuerySet[DomainStanding]":
    """The rows of a page that was cut out by keys: only what is in it is joined with all that is shown of it."""
    return DomainStanding.objects.filter(domain__in=keys)


def search(seen_domains: SeenDomains, query: str, now: datetime) -> tuple["QuerySet[DomainStanding]", FoundCounts]:
    """Find those whose own name, or whose organization's, has these words in it, and count them.

    All names are looked through once, as no index has a part of one; of few the keys stand for the words from then on.
    """
    places = Organization.objects.filter(name__icontains=tidy(query))
    rows = seen_domains.rows.filter(Q(name__contains=folded(query)) | Q(organization__in=places))
    presses = ExpressionWrapper(judgement.pressing_in_sql(now), BooleanField())
    in_order = ExpressionWrapper(judgement.in_order_in_sql(now), BooleanField())
    most = FOUND_BY_KEY + 1
    # Apart: asked in one condition, every name that lacks the words has its organization looked up as well.
    named_domains = seen_domains.rows.filter(name__contains=folded(query)).values("domain")[:most]
    placed = seen_domains.rows.filter(organization__in=places).values("domain")[:most]
    keyed_rows = _among(named_domains.union(placed)).annotate(presses=presses, stands=in_order)
    few = list(keyed_rows.values_list("domain_id", "presses", "stands", "automatic")[:most])
    if len(few) > FOUND_BY_KEY:
        return rows, count(rows, now)
    keys, pressing, in_order_too, automatic = zip(*few, strict=True) if few else ((), (), (), ())
    counts = FoundCounts(len(keys), sum(pressing), sum(in_order_too), len(keys) - sum(automatic))
    return seen_domains.rows.filter(domain_id__in=keys), counts


def runs_of(seen_domains: SeenDomains, since: datetime) -> dict[str, int]:
    """Count the runs since a time that ended, by how they did; fine is one that leaves nothing waiting and no doubt."""
    runs = Run.objects.filter(TOOK_EFFECT, started_at__gte=since, parent__isnull=True)
    if not seen_domains.everything:
        runs = runs.filter(domain__in=seen_domains.rows.values("domain"))
    # Few are held, fail or are in doubt, and indexes have those: of all others nothing is asked but how many there are.
    held_runs = Run.objects.filter(state=RunState.HELD).values("id")
    well = Q(state__in=(RunState.APPLIED, RunState.UNCHANGED))
    waiting_runs = runs.filter(waits_in__in=held_runs).exclude(state=RunState.HELD)
    # The database judges a standing by the same.
    doubted = Func(F("findings"), function="sync_doubted", output_field=BooleanField())
    in_doubt = runs.alias(in_doubt=doubted).filter(well, Q(waits_in=None) | ~Q(waits_in__in=held_runs), in_doubt=True)
    ended_well = Coalesce(Subquery(_number(runs.filter(well))), 0)
    if seen_domains.everything and since.astimezone(UTC).minute % 15 == 0:
        run_counts = RunCount.objects.filter(slot__gte=since).order_by().annotate(one=Value(1)).values("one")
        ended_well = Coalesce(Subquery(run_counts.annotate(sum=Sum("number")).values("sum")), 0)
    few = {
        "failed": runs.filter(state=RunState.FAILED),
        "held": runs.filter(state=RunState.HELD),
        "waiting": waiting_runs,
        "left": waiting_runs.filter(well),
        "doubted": in_doubt,
    }
    counts = {name: Coalesce(Subquery(_number(rows)), 0) for name, rows in few.items()}
    # Any one row to ask them beside: where there are runs, there is an organization.
    question = Organization.objects.order_by().annotate(well=ended_well, **counts).values("well", *counts)[:1]
    numbers = next(iter(question), dict.fromkeys(("well", *counts), 0))
    parts = {"failed": numbers["failed"], "held": numbers["held"] + numbers["waiting"], "doubted": numbers["doubted"]}
    parts["fine"] = numbers["well"] - numbers["left"] - numbers["doubted"]
    return {**parts, "all": sum(parts.values())}


def _number(rows: "QuerySet[Run]") -> "QuerySet[Run, Any]":
    return rows.order_by().annotate(one=Value(1)).values("one").annotate(number=Count("id")).values("number")


def totals(seen_domains: SeenDomains, now: datetime) -> Totals:
    """What they all come to: what the clock has no say in, is summed by organization; the rest is about few."""
    rows, sums = seen_domains.rows, StandingSum.objects.order_by()
    if not seen_domains.everything:
        sums = sums.filter(organization_id__in=seen_domains.organizations.values("id"))
    read_rows = rows.filter(read_at__lte=now).order_by("read_at", "name")
    peopled = sums.values("organization_id").annotate(all=Sum("domains")).filter(all__gt=0).values("organization_id")
    every = sums.annotate(one=Value(1)).values("one").annotate(all=_Numbers(*map(Sum, _SUMMED))).values("all")
    # Any one row to ask them beside: where there are domains, there is a sum.
    question = sums.values_list(
        Subquery(every),
        _RowNumber(peopled),
        Subquery(read_rows.values("name")[:1]),
        Subquery(read_rows.values("read_at")[:1]),
        _out_of_order(rows, now),
    )[:1]
    numbers, places, oldest, oldest_at, few = next(iter(question), ((0,) * len(_SUMMED), 0, "", None, None))
    domains, users, billable, automatic, kept_count = numbers
    pressing, out = few or (0, 0)
    return Totals(
        domains=domains,
        organizations=places,
        users=users,
        billable=billable,
        pressing=pressing,
        in_order=kept_count - out,
        off=domains - automatic,
        oldest_at=oldest_at,
        oldest=oldest or "",
    )


def count(rows: "QuerySet[DomainStanding]", now: datetime) -> FoundCounts:
    """Count domains, in one look at their rows and one at the few that press."""
    numbers = rows.aggregate(
        domains=Count("domain_id"),
        kept=Count("domain_id", filter=_KEPT),
        off=Count("domain_id", filter=Q(automatic=False)),
        few=Max(_out_of_order(rows, now)),
    )
    pressing, out = numbers["few"] or (0, 0)
    return FoundCounts(numbers["domains"], pressing, numbers["kept"] - out, numbers["off"])


def _out_of_order(rows: "QuerySet[DomainStanding]", now: datetime) -> Subquery:
    """How many press; and how many are kept by themselves with a list, and are not in order. Indexes have these few.

    It is the same for every row of the question that it is a part of.
    """
    pressing = judgement.pressing_in_sql(now)
    few = rows.filter(pressing | Q(read_at__gt=now)).order_by().annotate(one=Value(1)).values("one")
    counted = few.annotate(both=_Numbers(Count("domain_id", filter=pressing), Count("domain_id", filter=_KEPT)))
    return Subquery(counted.values("both"))


class _RowNumber(Subquery):
    """How many rows a question gives."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class _Numbers(Func):
    """Several numbers as one value."""

    template = "ARRAY[%(expressions)s]::bigint[]"
    output_field = ArrayField(IntegerField())


def show(rows: "QuerySet[DomainStanding]", now: datetime) -> list[ShownStanding]:
    """Read these rows with all that pages say of them: one question, and another where permissions are missing.

    What presses is first, the oldest list before others, then the rest by name.
    """
    about = ("domain__organization", "domain__schedule", "last_run", "held_run")
    return sorted(_shown_standings(list(rows.select_related(*about)), now), key=_need)


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
    rows = Run.objects.filter(TOOK_EFFECT, domain__in=list(runs_by_domain)).exclude(state__in=UNDER_WAY)
    rows = rows.select_related("waits_in").only(*_OF_A_BAR, "waits_in__state")
    # What was looked through first counts from when it took effect, which is a day later at the most.
    for run in rows.filter(started_at__gte=since - VALID).order_by("-fence", "-number"):
        if run.happened_at >= since:
            runs_by_domain[run.domain_id].append(run)
    return runs_by_domain


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
