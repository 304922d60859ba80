"""How domains stand, for the pages that list them: each in one word, what needs a person first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from mailroll.connections.models import Connection, Source
from mailroll.directory.models import Domain, User
from mailroll.insight import run_queries, source_standing
from mailroll.insight.why import readings
from mailroll.sync.models import TOOK_EFFECT, UNDER_WAY, Run, RunRequest, RunState, Schedule, Trigger
from mailroll.sync.runs.states import VALID
from mailroll.sync.schedule import LATE

STALE = timedelta(hours=24)
"""Past this age a list that should be kept fresh is called old."""
ENDING = timedelta(days=7)
"""From so long before its end a credential needs a person."""


class Health(StrEnum):
    """How a domain stands, the most pressing first."""

    FAILED = "failed"
    HELD = "held"
    ATTENTION = "attention"
    LATE = "late"
    RUNNING = "running"
    BEGIN = "begin"
    OFF = "off"
    OK = "ok"


PRESSING = (Health.FAILED, Health.HELD, Health.ATTENTION, Health.LATE)


class Cause(StrEnum):
    """What makes a domain pressing."""

    NO_ACCESS = "no access"
    FAILED = "failed"
    HELD = "held"
    DOUBT = "doubt"
    PERMISSION = "permission"
    CREDENTIAL = "credential"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Standing:
    """One domain. `cause` is set exactly where it is pressing; `run` is the run it is about, where it is about one.

    `ends_at` is when the credential ends, where that is the cause, and `permissions` those that are missing or
    lost. `previewed`: there was a run of some kind.
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

    @property
    def pressing(self) -> bool:
        return self.cause is not None

    @property
    def in_order(self) -> bool:
        """Whether it is kept by itself from a list that was read, and nothing is wrong: the meaning of healthy."""
        kept = self.schedule is not None and self.schedule.automatic and self.read_at is not None
        return self.health is Health.OK or (self.health is Health.RUNNING and kept)

    @property
    def removals(self) -> int:
        return run_queries.removals(self.run) if self.run is not None else 0


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database knows of many domains, read in a handful of questions however many they are."""

    users: Mapping[UUID, tuple[int, int]]
    schedules: Mapping[UUID, Schedule]
    latest: Mapping[UUID, Run]
    held: Mapping[UUID, Run]
    under_way: frozenset[UUID]
    run: frozenset[UUID]
    sources: Mapping[UUID, tuple[Source, ...]]


def standings(domains: "QuerySet[Domain]", now: datetime) -> list[Standing]:
    """Every domain, what presses first and the oldest list before others, then by name."""
    found = list(domains.select_related("organization"))
    known = _known([domain.id for domain in found])
    return sorted((_standing(domain, known, now) for domain in found), key=_order)


def standing(domain: Domain, now: datetime) -> Standing:
    return _standing(domain, _known([domain.id]), now)


def runs_since(domains: Iterable[Domain], since: datetime) -> dict[UUID, list[Run]]:
    """Return what took effect in domains since a time, or tried to, newest first: what their strips draw."""
    found: dict[UUID, list[Run]] = {domain.id: [] for domain in domains}
    rows = Run.objects.filter(TOOK_EFFECT, domain__in=list(found)).exclude(state__in=UNDER_WAY)
    # What was looked through first counts from when it took effect, which is a day later at the most.
    for run in rows.filter(started_at__gte=since - VALID).select_related("waits_in").order_by("-fence", "-number"):
        if run.happened_at >= since:
            found[run.domain_id].append(run)
    return found


def _known(ids: list[UUID]) -> _Known:
    serving = User.objects.filter(domain__in=ids, retired_at__isnull=True)
    counted = serving.order_by().values("domain").annotate(all=Count("id"), paid=Count("id", filter=Q(billable=True)))
    begun = set(Run.objects.filter(domain__in=ids, state__in=UNDER_WAY).values_list("domain", flat=True))
    asked = set(RunRequest.objects.filter(domain__in=ids, outcome="").values_list("domain", flat=True))
    sources: dict[UUID, tuple[Source, ...]] = {}
    for source in Source.objects.filter(domain__in=ids).select_related("connection").order_by("precedence"):
        sources[source.domain_id] = (*sources.get(source.domain_id, ()), source)
    return _Known(
        users={row["domain"]: (row["all"], row["paid"]) for row in counted},
        schedules={kept.domain_id: kept for kept in Schedule.objects.filter(domain__in=ids)},
        latest=_newest(ids, _finished()),
        held=_newest(ids, Run.objects.filter(state=RunState.HELD)),
        under_way=frozenset(begun | asked),
        run=frozenset(
            Domain.objects.filter(Exists(_of_domain(Run.objects.all())), id__in=ids).values_list("id", flat=True)
        ),
        sources=sources,
    )


def _finished() -> "QuerySet[Run]":
    done = Run.objects.filter(TOOK_EFFECT, parent__isnull=True).exclude(trigger=Trigger.IMPORT)
    return done.exclude(state__in=(*UNDER_WAY, RunState.CANCELLED))


def _newest(ids: list[UUID], runs: "QuerySet[Run]") -> dict[UUID, Run]:
    """Find the newest of these runs in each domain: by a look into the index a domain, not a sort of every run."""
    newest = Subquery(_of_domain(runs).order_by("-number").values("id")[:1])
    chosen = Domain.objects.filter(id__in=ids).annotate(newest=newest).exclude(newest=None)
    found = Run.objects.filter(id__in=list(chosen.values_list("newest", flat=True)))
    return {run.domain_id: run for run in found}


def _of_domain(runs: "QuerySet[Run]") -> "QuerySet[Run]":
    return runs.filter(domain=OuterRef("id"))


def _standing(domain: Domain, known: _Known, now: datetime) -> Standing:
    kept, sources = known.schedules.get(domain.id), known.sources.get(domain.id, ())
    connections = [source.connection for source in sources if source.enabled and source.connection is not None]
    ends_at = min((one.credential_ends_at for one in connections if one.credential_ends_at is not None), default=None)
    cause, run = _cause(domain, known, connections, ends_at, now)
    read_at = domain.read_at if domain.read_at is not None and domain.read_at <= now else None
    users, billable = known.users.get(domain.id, (0, 0))
    automatic = kept is not None and kept.automatic
    return Standing(
        domain=domain,
        health=_health(cause, domain, known, read_at),
        cause=cause,
        users=users,
        billable=billable,
        schedule=kept,
        run=run,
        ends_at=ends_at,
        permissions=_lacking(connections),
        sources=len(sources),
        previewed=domain.id in known.run,
        read_at=read_at,
        stale=automatic and read_at is not None and now - read_at > STALE,
    )


def _lacking(connections: list[Connection]) -> tuple[str, ...]:
    lacking = (source_standing.of_permissions(one.health).permissions for one in connections)
    return tuple(sorted({name for names in lacking for name in names}))


def _cause(
    domain: Domain, known: _Known, connections: list[Connection], ends_at: datetime | None, now: datetime
) -> tuple[Cause | None, Run | None]:
    """Judge by the first that applies: it is the one that is said."""
    kept, latest, held = known.schedules.get(domain.id), known.latest.get(domain.id), known.held.get(domain.id)
    if kept is not None and kept.paused is not None:
        return Cause.NO_ACCESS, latest
    if latest is not None and latest.state == RunState.FAILED:
        return Cause.FAILED, latest
    if held is not None and not run_queries.over(held, now):
        return Cause.HELD, held
    if latest is not None and readings.pressing_doubt(latest) is not None:
        return Cause.DOUBT, latest
    if any(source_standing.of_permissions(connection.health).trouble for connection in connections):
        return Cause.PERMISSION, None
    if ends_at is not None and ends_at - now < ENDING:
        return Cause.CREDENTIAL, None
    active = kept is not None and kept.automatic and bool(connections)
    overdue = active and kept is not None and kept.next_run_at is not None and kept.next_run_at < now - LATE
    if overdue and domain.id not in known.under_way:
        return Cause.LATE, None
    return None, None


_OF_CAUSE = {
    Cause.NO_ACCESS: Health.FAILED,
    Cause.FAILED: Health.FAILED,
    Cause.HELD: Health.HELD,
    Cause.DOUBT: Health.ATTENTION,
    Cause.PERMISSION: Health.ATTENTION,
    Cause.CREDENTIAL: Health.LATE,
    Cause.LATE: Health.LATE,
}


def _health(cause: Cause | None, domain: Domain, known: _Known, read_at: datetime | None) -> Health:
    if cause is not None:
        return _OF_CAUSE[cause]
    if domain.id in known.under_way:
        return Health.RUNNING
    if read_at is None:
        # Nothing is read of it by now: what was switched off or removed once had its runs.
        return Health.OFF if not domain.has_source and domain.id in known.run else Health.BEGIN
    kept = known.schedules.get(domain.id)
    return Health.OK if kept is not None and kept.automatic else Health.OFF


def _order(one: Standing) -> tuple[int, float, str]:
    if not one.pressing:
        return len(PRESSING), 0, one.domain.name
    read = one.read_at
    return PRESSING.index(one.health), read.timestamp() if read is not None else 0, one.domain.name
