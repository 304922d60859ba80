"""Looks things up in the runs of a domain for screens; changes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField

from mailroll import promises
from mailroll.accounts import installation
from mailroll.audit.models import AuditEntry
from mailroll.connectors.words import sentence
from mailroll.directory import arrays
from mailroll.directory.fixed_queries import KEYS, NOW, FixedQuery, Moment, Parameter
from mailroll.directory.models import Domain, User
from mailroll.insight import actions
from mailroll.insight.actions import Sign
from mailroll.reconcile import severity, storage
from mailroll.reconcile.findings import Finding, Level
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.reconcile.split import Ending
from mailroll.sync import store
from mailroll.sync.models import TOOK_EFFECT, UNDER_WAY, Run, RunChange, RunRequest, RunSkip, RunState, Trigger
from mailroll.sync.plans import plan_rows
from mailroll.sync.schedules import schedule

WEEK = promises.HISTORY
SKIPS_SHOWN = 50
"""Skipped records listed for one reason."""


@dataclass(frozen=True, slots=True)
class PlanMoved:
    """Why a plan can no longer be applied: who changed what it touches, and when. None where nobody is known."""

    by: str | None
    at: datetime | None
    settings: bool


@dataclass(frozen=True, slots=True)
class SkippedRecords:
    """The records that were left out for one reason; `shown` are the first of them.

    `reason` is set where it is the very same for all of them that are shown, so that it stands once.
    """

    code: ReasonCode
    objects: int
    shown: tuple["LeftOut", ...]
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One that was left out, by what is known of it: a name, an address, or the end of its id."""

    name: str
    address: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Fold:
    """Runs without a change, one after the other: the newest and the oldest, and how many."""

    newest: Run
    oldest: Run
    number: int


@dataclass(frozen=True, slots=True)
class History:
    """The runs of a week as a page lists them; `counts` are for its chips."""

    entries: tuple[Run | Fold, ...]
    runs: tuple[Run, ...]
    counts: Mapping[str, int]
    earlier: datetime | None


SHOWN: Mapping[str, Q] = {
    "all": Q(),
    "changed": Q(state=RunState.APPLIED),
    "held-or-failed": Q(state__in=(RunState.HELD, RunState.FAILED)),
    "previews": Q(trigger=Trigger.PREVIEW) & ~TOOK_EFFECT,
}


def asked_anew(run: Run) -> UUID | None:
    """Return what is asked for instead of a run that failed, and not answered yet: its own id where it is that itself.

    What a worker died over is made again without a person.
    """
    waiting_requests = RunRequest.objects.filter(domain=run.domain_id, trigger=run.trigger, decision="", outcome="")
    request = waiting_requests.first()
    return None if request is None else run.id if request.run == run.id else request.id


def find_run(domain: Domain, run: UUID) -> Run | None:
    """Find a run of this domain and of no other."""
    runs = Run.objects.select_related("domain__organization", "waits_in", "parent").filter(domain=domain, id=run)
    return runs.first()


def waiting_preview(domain: Domain, now: datetime) -> Run | None:
    """The newest preview that can be applied as it stands."""
    run = _previews(Run.objects.filter(domain=domain), now).first()
    return None if run is None or moved(run) else run


def _previews(runs: "QuerySet[Run]", now: Moment) -> "QuerySet[Run]":
    previews = runs.filter(state=RunState.PLANNED, valid_until__gte=now).exclude(trigger=Trigger.IMPORT)
    return previews.order_by("-number")


def beyond(run: Run) -> Run | None:
    """The preview that was to be applied when this one was read, and beyond which it goes; None where it was none."""
    if run.trigger != Trigger.PREVIEW:
        return None
    request = RunRequest.objects.filter(run=run.id, decision="", shown__isnull=False).select_related("shown").first()
    return request.shown if request is not None else None


def _held_runs(runs: "QuerySet[Run]", now: Moment) -> "QuerySet[Run]":
    return runs.filter(state=RunState.HELD, valid_until__gte=now).order_by("-number")


@dataclass(frozen=True, slots=True)
class Board:
    """What the runs of a domain come to for its first page: how it is synced, what waits, and what took effect lately.

    `preview` is what `waiting_preview` finds, `held` the run that waits for a person, `recent` what `recent` does.
    """

    auto: schedule.View
    preview: Run | None
    held: Run | None
    recent: list[Run]
    ever_applied: bool


def board(domain: Domain, now: datetime, number: int) -> Board:
    """1. Find which runs they are, each by its index  2. read them at once."""
    row = next(iter(_boards(number).rows(domain=domain.id, now=now)), None)
    if row is None:
        return Board(schedule.judge(domain, None, {}, now), None, None, [], ever_applied=False)
    keys = {row.last_key, row.last_read_key, row.preview_key, row.held_key, *row.recent_keys} - {None}
    runs_by_id = {run.id: run for run in _by_id().rows(keys=arrays.uuids(keys))}
    preview = runs_by_id.get(row.preview_key)
    return Board(
        auto=schedule.judge(domain, row, runs_by_id, now),
        preview=None if preview is None or moved(preview) else preview,
        held=runs_by_id.get(row.held_key),
        recent=[runs_by_id[key] for key in row.recent_keys if key in runs_by_id],
        ever_applied=row.applied,
    )


@cache
def _boards(number: int) -> FixedQuery[Any]:
    runs = Run.objects.filter(domain=OuterRef("id"))
    rows = schedule.rows_to_judge(Parameter("domain", UUIDField())).annotate(
        recent_keys=ArraySubquery(_recent(runs).values("id")[:number]),
        preview_key=Subquery(_previews(runs, NOW).values("id")[:1]),
        held_key=Subquery(_held_runs(runs, NOW).values("id")[:1]),
        applied=Exists(_applied(runs)),
    )
    return FixedQuery(rows)


@cache
def _by_id() -> FixedQuery[Run]:
    return FixedQuery(Run.objects.select_related("waits_in").filter(id__in=KEYS))


def over(run: Run, now: datetime) -> bool:
    """Whether the time of a plan that waits has run out; the next run of the domain writes that down."""
    return run.state in {RunState.PLANNED, RunState.HELD} and run.valid_until is not None and run.valid_until < now


def is_cleared(run: Run, now: datetime) -> bool:
    """Whether it is no longer kept of whom a run changed something: so old a run says how many, and not who."""
    if run.finished_at is None or run.finished_at >= now - installation.settings().run_details_kept:
        return False
    counted = actions.number(run.counts, *Sign) + int(run.counts.get("skipped", 0))
    return counted > 0 and not run.changes.exists() and not run.skips.exists()


def _applied(runs: "QuerySet[Run]") -> "QuerySet[Run]":
    return (
        runs.filter(state__in=(RunState.APPLIED, RunState.UNCHANGED))
        .exclude(trigger=Trigger.PREVIEW, state=RunState.UNCHANGED)
        .exclude(Q(trigger=Trigger.IMPORT) | Q(parent__trigger=Trigger.IMPORT))
    )


def recent(domain: Domain, number: int) -> list[Run]:
    """What took effect last, or tried to, the newest first: what a strip draws."""
    return list(_recent(Run.objects.filter(domain=domain)).select_related("waits_in")[:number])


def _recent(runs: "QuerySet[Run]") -> "QuerySet[Run]":
    return runs.filter(TOOK_EFFECT).exclude(state__in=UNDER_WAY).order_by("-fence", "-number")


def moved(run: Run) -> PlanMoved | None:
    """Tell whether what a plan touches is no longer as it was read; None where it still stands.

    A hint for the page: what counts is the fingerprint, inside the applying transaction.
    """
    since = run.read_at or run.started_at
    if run.revision != Domain.objects.values_list("revision", flat=True).get(id=run.domain_id):
        return PlanMoved(None, None, settings=True)
    touched = RunChange.objects.filter(run=run.id, user=OuterRef("id"))
    changed = User.objects.filter(Exists(touched), domain=run.domain_id, updated_at__gt=since)
    newest = changed.order_by("-updated_at").first()
    if newest is None:
        if run.state != RunState.SUPERSEDED:
            return None
        return _superseded(run)
    entry = AuditEntry.objects.filter(details__user=str(newest.id)).order_by("-id").first()
    if entry is not None:
        return PlanMoved(entry.actor, newest.updated_at, settings=False)
    return _superseded(run, newest.updated_at)


def _superseded(run: Run, at: datetime | None = None) -> PlanMoved:
    """Whose run took the place of this one."""
    later = Run.objects.filter(domain=run.domain_id, state__in=(RunState.APPLIED, RunState.UNCHANGED))
    other = (
        later.filter(finished_at__gte=run.read_at or run.started_at).exclude(id=run.id).order_by("-finished_at").first()
    )
    if other is None:
        return PlanMoved(None, at, settings=False)
    return PlanMoved(other.decided_by or other.actor, other.finished_at, settings=False)


def findings(run: Run) -> tuple[Finding, ...]:
    return store.findings_from_json(run.findings)


def releasable(run: Run) -> bool:
    """Whether a person's decision can make it right, or only another reading."""
    return severity.releasable(findings(run))


def for_release(run: Run) -> bool:
    """Whether a held run is for a person to release: something waits in it, and no other reading has to tell first."""
    return releasable(run) and to_release(run) > 0


class Waits(StrEnum):
    """What would wait if a plan was applied as it is."""

    NOTHING = "nothing"
    REMOVALS = "removals"
    ALL = "all"


def would_wait(run: Run) -> Waits:
    match severity.level(findings(run)):
        case Level.HOLDS_PLAN:
            return Waits.ALL
        case Level.HOLDS_REMOVALS if removals(run) or Ending.of(plan_rows.read(run)):
            return Waits.REMOVALS
        case _:
            return Waits.NOTHING


def removals(run: Run) -> int:
    return actions.number(run.counts, Sign.REMOVE)


def held_as_plan(run: Run) -> bool:
    """Whether all of a plan waits, and not only what takes users or addresses away."""
    return severity.level(findings(run)) is Level.HOLDS_PLAN


def held_whole(run: Run) -> bool:
    """Whether it is not for its removals that a plan waits."""
    return held_as_plan(run) or not removals(run)


def to_release(run: Run) -> int:
    """What a person confirms by its number: the removals of a plan, or all its changes where it is held whole."""
    return actions.number(run.counts, *Sign) if held_whole(run) else removals(run)


def skipped(run: Run) -> list[SkippedRecords]:
    """The records a run left out, by reason, the most frequent first; those of other domains are only counted."""
    rows = RunSkip.objects.filter(run=run)
    codes: dict[str, int] = dict(
        rows.order_by().values_list("reason__code").annotate(Count("external_id", distinct=True))
    )
    listed_by = rows.order_by("name", "address", "id")
    groups = [
        _skipped(run, code, number, list(listed_by.filter(reason__code=code)[:SKIPS_SHOWN]))
        for code, number in codes.items()
    ]
    listed = rows.order_by().values("external_id").distinct().count() if codes else 0
    others = int(run.counts.get("skipped", 0)) - listed
    if others > 0:
        groups.append(SkippedRecords(ReasonCode.OTHER_DOMAIN, others, (), None))
    return sorted(groups, key=lambda group: (-group.objects, group.code))


def _skipped(run: Run, code: str, objects: int, rows: list[RunSkip]) -> SkippedRecords:
    # Runs from before names were kept have only the id; the roll may know whose it is.
    nameless = {row.external_id for row in rows if not row.name and row.external_id}
    users = User.objects.filter(domain=run.domain_id, external_id__in=nameless)
    names = dict(users.values_list("external_id", "display_name"))
    records = tuple(
        LeftOut(
            row.name or names.get(row.external_id) or row.address or _unnamed(row.external_id),
            row.address,
            storage.reasons_from_json([row.reason])[0],
        )
        for row in rows
    )
    reasons = {record.reason for record in records}
    return SkippedRecords(ReasonCode(code), objects, records, reasons.pop() if len(reasons) == 1 else None)


def _unnamed(external_id: str) -> str:
    """Name an object of which nothing but its id is known, so that an administrator finds it."""
    key = external_id.rpartition(":")[2]
    return f"Object {key[:4]}…{key[-4:]}, whose name is not known" if key else "An object without an id"


def left_out(run: Run) -> list[dict[str, str]]:
    """What a run left out as other programs read it, in the order in which it was met."""
    rows = RunSkip.objects.filter(run=run).order_by("id").values_list("address", "reason")
    skips = [(address, storage.reasons_from_json([reason])[0]) for address, reason in rows]
    return [
        {"address": address, "code": skip_reason.code.value, "message": sentence(skip_reason)}
        for address, skip_reason in skips
    ]


def history(domain: Domain, now: datetime, *, chip: str = "all", before: datetime | None = None) -> History:
    """The runs of the seven days that end now or at `before`, newest first; those without a change are folded."""
    until = before or now
    week = Run.objects.filter(domain=domain, started_at__gt=until - WEEK, started_at__lte=until)
    counts = week.aggregate(**{name.replace("-", "_"): Count("id", filter=which) for name, which in SHOWN.items()})
    runs = tuple(_listed(week.filter(SHOWN.get(chip, Q()))))
    older = Run.objects.filter(domain=domain, started_at__lte=until - WEEK).order_by("-started_at").first()
    return History(
        entries=tuple(_folded(runs)),
        runs=runs,
        counts=counts,
        earlier=None if older is None else older.started_at,
    )


def _listed(runs: "QuerySet[Run]") -> "QuerySet[Run]":
    return runs.select_related("waits_in", "parent").order_by("-fence", "-number")


def _folded(runs: Iterable[Run]) -> Iterator[Run | Fold]:
    """Put runs in a row that changed nothing and wait for nobody into one entry."""
    quiet: list[Run] = []
    for run in runs:
        if run.state == RunState.UNCHANGED and run.trigger == Trigger.AUTOMATIC and run.waits_in is None:
            quiet.append(run)
            continue
        yield from _fold(quiet)
        quiet = []
        yield run
    yield from _fold(quiet)


def _fold(quiet: list[Run]) -> Iterator[Run | Fold]:
    if len(quiet) == 1:
        yield quiet[0]
    elif quiet:
        yield Fold(quiet[0], quiet[-1], len(quiet))
