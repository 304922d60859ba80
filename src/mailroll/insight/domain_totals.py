"""What the domains come to that somebody sees: how many there are, how they stand, and which of them need a person."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    ExpressionWrapper,
    F,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)

from mailroll.accounts import access
from mailroll.accounts.models import Operator
from mailroll.directory.fixed_queries import NOW, FixedStatement, Moment, Parameter
from mailroll.directory.models import Organization
from mailroll.reconcile.text import folded, tidy
from mailroll.sync.models import TOOK_EFFECT, DomainStanding, Run, RunCount, RunState, StandingSum
from mailroll.sync.standings import judgement

FOUND_BY_KEY = 1000
"""Domains that a search finds at the most, so that their keys stand for the words from then on."""
NEEDIEST: Final = 50
"""How many of those that press are named beside the totals."""
_IS_KEPT = ExpressionWrapper(Q(automatic=True, read_at__isnull=False), BooleanField())
"""What is summed up as `StandingSum.kept`."""
_QUIET = len(judgement.PRESSING)
"""The rank of those that do not press."""


@dataclass(frozen=True, slots=True)
class SeenDomains:
    """What an operator sees: the standings of domains, the organizations, and whether that is all there are."""

    rows: "QuerySet[DomainStanding]"
    organizations: "QuerySet[Organization]"
    everything: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """What a list of domains comes to. `off`: those that are not synced by themselves.

    `organizations` counts those that have one. `oldest_at` is when the oldest list was read that is in use, and
    `oldest` the domain it is of. `neediest`: the first `NEEDIEST` of those that press, in the order of `standings`.
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
    neediest: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class FoundCounts:
    """How many domains a search finds, and how many of these each chip would leave."""

    domains: int
    pressing: int
    in_order: int
    off: int
    keys: tuple[UUID, ...] = field(default=(), compare=False)
    """Those that are found, where they are few."""


def seen_by(operator: Operator) -> SeenDomains:
    sees_all = access.everywhere(operator)
    places, rows = access.organizations(operator), DomainStanding.objects.all()
    if sees_all:
        return SeenDomains(rows, Organization.objects.all(), sees_all)
    return SeenDomains(rows.filter(organization__in=places), places, sees_all)


# What the clock has no say in is summed by organization; the rest is about few, which indexes have.
_TOTALS: Final = f"""
    WITH few AS MATERIALIZED ({{few}}),
         oldest AS MATERIALIZED ({{oldest}})
    SELECT (SELECT ARRAY[sum(domains), sum(users), sum(billable), sum(automatic), sum(kept),
                         count(*) FILTER (WHERE is_whole AND domains > 0)]::bigint[]
              FROM ({{sums}}) s),
           (SELECT count(*) FILTER (WHERE domains > 0) - count(*) FILTER (WHERE whole > 0)
              FROM (SELECT sum(domains) AS domains, sum(domains) FILTER (WHERE is_whole) AS whole
                      FROM ({{parted}}) p GROUP BY organization_id) s),
           (SELECT ARRAY[count(*) FILTER (WHERE rank < {_QUIET}), count(*) FILTER (WHERE is_kept)] FROM few),
           (SELECT name FROM oldest), (SELECT read_at FROM oldest),
           ARRAY(SELECT domain_id FROM few WHERE rank < {_QUIET}
                  ORDER BY rank, listed NULLS FIRST, name LIMIT {NEEDIEST})
"""  # noqa: S608 - numbers of ours


def totals(seen_domains: SeenDomains, now: datetime) -> Totals:
    """What they all come to."""
    question = _of_all() if seen_domains.everything else _totals_of(seen_domains)
    sums, since, (pressing, out), oldest, oldest_at, neediest = question.row(now=now)
    domains, users, billable, automatic, kept_count, organizations = (number or 0 for number in sums)
    return Totals(
        domains=domains,
        # By their wholes, and by what came since.
        organizations=organizations + since,
        users=users,
        billable=billable,
        pressing=pressing,
        in_order=kept_count - out,
        off=domains - automatic,
        oldest_at=oldest_at,
        oldest=oldest or "",
        neediest=tuple(neediest),
    )


@cache
def _of_all() -> FixedStatement:
    return _totals_of(SeenDomains(DomainStanding.objects.all(), Organization.objects.all(), everything=True))


def _totals_of(seen_domains: SeenDomains) -> FixedStatement:
    rows, sums = seen_domains.rows.order_by(), StandingSum.objects.order_by()
    if not seen_domains.everything:
        sums = sums.filter(organization_id__in=seen_domains.organizations.values("id"))
    parts = StandingSum.objects.filter(is_whole=False).values("organization_id")
    return FixedStatement(
        _TOTALS,
        few=out_of_order(rows, NOW).values("domain_id", "name", "rank", "listed", "is_kept"),
        oldest=rows.filter(read_at__lte=NOW).order_by("read_at", "name").values("name", "read_at")[:1],
        sums=sums.values("domains", "users", "billable", "automatic", "kept", "is_whole"),
        parted=sums.filter(organization_id__in=parts).values("organization_id", "domains", "is_whole"),
    )


_COUNTED: Final = f"""
    WITH few AS MATERIALIZED ({{few}})
    SELECT count(*), count(*) FILTER (WHERE is_kept), count(*) FILTER (WHERE NOT automatic),
           (SELECT ARRAY[count(*) FILTER (WHERE rank < {_QUIET}), count(*) FILTER (WHERE is_kept)] FROM few)
      FROM ({{rows}}) r
"""  # noqa: S608


def count(rows: "QuerySet[DomainStanding]", now: datetime) -> FoundCounts:
    """Count domains, in one look at their rows and one at the few that press."""
    few = out_of_order(rows, now).values("rank", "is_kept")
    counted_rows = rows.order_by().annotate(is_kept=_IS_KEPT).values("automatic", "is_kept")
    domains, kept_count, off, (pressing, out) = FixedStatement(_COUNTED, few=few, rows=counted_rows).row()
    return FoundCounts(domains, pressing, kept_count - out, off)


def out_of_order(rows: "QuerySet[DomainStanding]", now: Moment) -> "QuerySet[Any]":
    """Those that press, and those read in the future, kept with a list but not in order: indexes have them."""
    few = rows.filter(judgement.pressing_in_sql(now) | Q(read_at__gt=now)).order_by()
    listed = Case(When(read_at__lte=now, then="read_at"), output_field=DateTimeField())
    return few.annotate(rank=judgement.rank_in_sql(now), listed=listed, is_kept=_IS_KEPT)


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
    keyed_rows = DomainStanding.objects.filter(domain__in=named_domains.union(placed)).annotate(
        presses=presses, stands=in_order
    )
    few = list(keyed_rows.values_list("domain_id", "presses", "stands", "automatic")[:most])
    if len(few) > FOUND_BY_KEY:
        return rows, count(rows, now)
    keys, pressing, in_order_too, automatic = zip(*few, strict=True) if few else ((), (), (), ())
    counts = FoundCounts(len(keys), sum(pressing), sum(in_order_too), len(keys) - sum(automatic), keys)
    return seen_domains.rows.filter(domain_id__in=keys), counts


# Few are held, fail or are in doubt, and indexes have those: of all others nothing is asked but how many there are.
_RUNS: Final = """
    SELECT (SELECT sum(runs) FROM ({well}) r), (SELECT count(*) FROM ({failed}) r), (SELECT count(*) FROM ({held}) r),
           (SELECT count(*) FROM ({waiting}) r), (SELECT count(*) FROM ({left}) r), (SELECT count(*) FROM ({doubted}) r)
"""
_SINCE: Final = Parameter("since", DateTimeField())


def runs_of(seen_domains: SeenDomains, since: datetime) -> dict[str, int]:
    """Count the runs since a time that ended, by how they did; fine is one that leaves nothing waiting and no doubt."""
    if seen_domains.everything:
        question = _all_runs(by_quarters=since.astimezone(UTC).minute % 15 == 0)
    else:
        question = _runs_among(Run.objects.filter(domain__in=seen_domains.rows.values("domain")), by_quarters=False)
    well, failed, held, waiting, left, doubted = question.row(since=since)
    parts = {"failed": failed, "held": held + waiting, "doubted": doubted, "fine": (well or 0) - left - doubted}
    return {**parts, "all": sum(parts.values())}


@cache
def _all_runs(*, by_quarters: bool) -> FixedStatement:
    return _runs_among(Run.objects.all(), by_quarters=by_quarters)


def _runs_among(rows: "QuerySet[Run]", *, by_quarters: bool) -> FixedStatement:
    """`by_quarters`: those that ended well are added up by the quarter of an hour, as is kept of all domains."""
    runs = rows.filter(TOOK_EFFECT, started_at__gte=_SINCE, parent__isnull=True).order_by()
    held_runs = Run.objects.filter(state=RunState.HELD).values("id")
    well = Q(state__in=(RunState.APPLIED, RunState.UNCHANGED))
    waiting_runs = runs.filter(waits_in__in=held_runs).exclude(state=RunState.HELD)
    # The database judges a standing by the same.
    doubted = Func(F("findings"), function="sync_doubted", output_field=BooleanField())
    in_doubt = runs.alias(in_doubt=doubted).filter(well, Q(waits_in=None) | ~Q(waits_in__in=held_runs), in_doubt=True)
    slots = RunCount.objects.filter(slot__gte=_SINCE).order_by().values(runs=F("number"))
    return FixedStatement(
        _RUNS,
        well=slots if by_quarters else runs.filter(well).annotate(runs=Value(1)).values("runs"),
        failed=runs.filter(state=RunState.FAILED).values("id"),
        held=runs.filter(state=RunState.HELD).values("id"),
        waiting=waiting_runs.values("id"),
        left=waiting_runs.filter(well).values("id"),
        doubted=in_doubt.values("id"),
    )
