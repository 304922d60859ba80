"""The automatic sync of a domain: the switch, the interval, and what every run means for the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from mailroll import promises
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Detail, note
from mailroll.connections import filters
from mailroll.connections.models import Connection, Source
from mailroll.directory import model_rows, restorations
from mailroll.directory.fixed_queries import Parameter
from mailroll.directory.models import Domain, Restoration
from mailroll.reconcile.errors import BadInput, MailrollError, NeedsConsent, Refused, Retry
from mailroll.reconcile.filters.model import RuleGroup
from mailroll.sync import faults
from mailroll.sync.models import (
    NOTHING_FOUND,
    TOOK_EFFECT,
    UNDER_WAY,
    QuietSpell,
    Run,
    RunRequest,
    RunState,
    Schedule,
    Trigger,
)
from mailroll.sync.schedules import pace

LATE = timedelta(minutes=5)
"""How long after its time a run that has not begun is called late."""
_NOT_BEFORE: Final = "not_before"
"""Where it stands beside an error, before which time the other side does not want to be asked again."""
_NEWEST: Final = "WHERE t.domain_id = %s AND (SELECT fence FROM directory_domain WHERE id = domain_id) = %s FOR UPDATE"
"""For a run that slept while a newer one of its domain began there is no row: that one says when the next is."""


@dataclass(frozen=True, slots=True)
class Checks:
    """How often a directory was asked since a run whether anything changed, and when it last told of nothing."""

    number: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class View:
    """What a page says of the automatic sync of a domain.

    `previewed`: a preview under the present settings was looked at, so that it may be switched on. `paused` is the
    error (code, message, help) that stops automatic attempts until a person acts; `failing` that of the last attempt,
    where it is not the only one that matters: the next comes by itself. `under_way` is the id of the run, or of the one
    asked for, that has not ended. `last` is what took effect last, or tried to; `last_read` the run that read last, of
    those that were more than a look. Files are neither. `checks` are those since `last`, if any.
    """

    automatic: bool
    interval: int
    next_run_at: datetime | None
    late: bool
    previewed: bool
    switched_by: str
    switched_at: datetime | None
    failures: int
    failing: dict[str, str] | None
    paused: dict[str, str] | None
    under_way: UUID | None
    last: Run | None
    last_read: Run | None
    checks: Checks | None
    restored: Restoration | None
    """The restore since which nobody looked at a preview: until then it cannot be switched on."""


def view(domain: Domain, now: datetime) -> View:
    row = rows_to_judge(domain.id).first()
    keys = () if row is None else (row.last_key, row.last_read_key)
    return judge(domain, row, Run.objects.select_related("waits_in").in_bulk(key for key in keys if key), now)


def rows_to_judge(domain: UUID | Parameter) -> "QuerySet[Any]":
    """Return the row of a domain with all that `judge` judges by, and the keys of the runs that it is to be given."""
    runs = Run.objects.filter(domain=OuterRef("id"))
    begun_runs = runs.filter(state__in=UNDER_WAY)
    requests = RunRequest.objects.filter(domain=OuterRef("id"), outcome="").order_by("asked_at")
    ended_runs = runs.filter(TOOK_EFFECT).exclude(state__in=UNDER_WAY)
    ended_runs = ended_runs.exclude(trigger=Trigger.IMPORT).exclude(parent__trigger=Trigger.IMPORT)
    return (
        Domain.objects.filter(id=domain)
        .select_related("schedule", "quiet")
        .annotate(
            readable=Exists(Source.objects.filter(domain=OuterRef("id"), enabled=True)),
            begun_key=Subquery(begun_runs.values("id")[:1]),
            asked_key=Subquery(requests.values("id")[:1]),
            last_key=Subquery(ended_runs.order_by("-fence", "-number").values("id")[:1]),
            last_read_key=Subquery(ended_runs.filter(parent__isnull=True).order_by("-number").values("id")[:1]),
        )
    )


def judge(domain: Domain, row: Any, runs: Mapping[UUID, Run], now: datetime) -> View:
    """Say what a page says, by one of `rows_to_judge`; `runs` has at least those that it names."""
    schedule = getattr(row, "schedule", None) or _unkept(domain)
    active = schedule.automatic and schedule.paused is None
    readable, under_way = row is not None and row.readable, None if row is None else row.begun_key or row.asked_key
    next_run_at = schedule.next_run_at
    latest = pace.latest(now, timedelta(minutes=schedule.interval), schedule.failures)
    if next_run_at is not None and next_run_at > latest:
        next_run_at = now
    overdue = active and readable and next_run_at is not None and next_run_at < now - LATE
    last = None if row is None else runs.get(row.last_key)
    return View(
        automatic=schedule.automatic,
        interval=schedule.interval,
        next_run_at=next_run_at if active else None,
        late=overdue and under_way is None,
        previewed=schedule.previewed_revision == domain.revision,
        switched_by=schedule.switched_by,
        switched_at=schedule.switched_at,
        failures=schedule.failures,
        failing=schedule.failing if active else None,
        paused=schedule.paused,
        under_way=under_way,
        last=last,
        last_read=None if row is None else runs.get(row.last_read_key),
        checks=_checks(row, last, now),
        restored=_restored(domain, schedule),
    )


def switch_on(domain: Domain, acting: Acting) -> None:
    """Begin to sync by itself. Raises `Refused` before a preview under the present settings was looked at."""
    with transaction.atomic():
        schedule = _lock_schedule(domain)
        _expect_look_since_restore(domain, schedule)
        if schedule.previewed_revision != _revision(domain):
            raise Refused(
                "preview_first",
                f"No preview of {domain.name} has been looked at since its settings last changed.",
                "Make a preview and look at it: it shows what the first run would do.",
            )
        _switch_on(domain, schedule, acting, previewed=True)


def switch_on_unseen(domain: Domain, acting: Acting) -> None:
    """Begin to sync by itself although nobody looked at a preview; the audit trail says so.

    After a restore somebody has to look even so.
    """
    with transaction.atomic():
        schedule = _lock_schedule(domain)
        _expect_look_since_restore(domain, schedule)
        _switch_on(domain, schedule, acting, previewed=schedule.previewed_revision == _revision(domain))


def switch_off(domain: Domain, acting: Acting) -> None:
    """Sync no more by itself. Automatic runs that wait are dropped; one under way goes on."""
    with transaction.atomic():
        schedule = _lock_schedule(domain)
        if not schedule.automatic:
            return
        schedule.automatic = False
        schedule.next_run_at = None
        _clear(schedule)
        _switched(schedule, acting)
        _record(domain, "automatic.off", acting)


def set_interval(domain: Domain, minutes: int, acting: Acting) -> None:
    """Run every so many minutes; the next run moves with it. Raises `BadInput` outside of what `pace` allows."""
    interval = timedelta(minutes=min(max(minutes, 0), 1_000_000))
    if not pace.SHORTEST <= interval <= pace.LONGEST:
        raise BadInput(
            "interval_out_of_bounds",
            f"A domain can run every {promises.in_words(pace.SHORTEST)} at the most, and every"
            f" {promises.in_words(pace.LONGEST)} ({pace.minutes(pace.LONGEST):,} minutes) at the least.",
            f"Give a number of minutes from {pace.minutes(pace.SHORTEST)} to {pace.minutes(pace.LONGEST)}.",
        )
    with transaction.atomic():
        schedule = _lock_schedule(domain)
        before = schedule.interval
        if before == minutes:
            return
        schedule.interval = minutes
        if schedule.automatic and not schedule.failures:
            schedule.next_run_at = pace.next_slot(acting.now(), interval, schedule.jitter)
        schedule.save()
        _record(domain, "interval.changed", acting, before=before, after=minutes)


def opened(run: Run, acting: Acting) -> None:
    """Note that a person looked at the plan of a run: a preview under the present settings unlocks the switch."""
    if run.opened_at is not None or run.state in (*UNDER_WAY, RunState.FAILED, RunState.CANCELLED):
        return
    with transaction.atomic():
        run.opened_at = acting.now()
        Run.objects.filter(id=run.id, opened_at__isnull=True).update(opened_at=run.opened_at)
        if run.trigger == Trigger.PREVIEW:
            schedule = _lock_schedule(run.domain)
            schedule.previewed_revision = max(run.revision, schedule.previewed_revision or 0)
            schedule.save()


def save_filter(source: Source, group: RuleGroup, acting: Acting) -> None:
    """Set the filter of a source; until somebody has looked at what it does, no run removes anybody by itself."""
    with transaction.atomic():
        if filters.save(source, group, acting):
            schedule = _lock_schedule(source.domain)
            schedule.filtered_revision = _revision(source.domain)
            schedule.save()


def filters_unseen(domain: Domain) -> bool:
    """Whether filters changed since a person last looked at a preview or synced by hand."""
    schedule = Schedule.objects.filter(domain=domain).first()
    if schedule is None or schedule.filtered_revision is None:
        return False
    return (schedule.previewed_revision or 0) < schedule.filtered_revision


def resume(domain: Domain, acting: Acting) -> None:
    """Try again by itself, now: a person has mended something. Does nothing where nothing was amiss."""
    with transaction.atomic():
        schedule = _lock_schedule(domain)
        was_paused = schedule.paused is not None
        if not was_paused and not schedule.failures:
            return
        _clear(schedule)
        if schedule.automatic:
            schedule.next_run_at = acting.now()
        schedule.save()
        if was_paused:
            _record(domain, "automatic.resumed", acting)


def resume_all(connection: Connection, acting: Acting, sees: QuerySet[Domain] | None = None) -> None:
    """Try again every domain that reads this connection: its tenant answers again.

    `sees`: the domains that whoever acts may see. In the trail of another customer's domain nobody is named who has no
    business there; None where it is all one.
    """
    visible_ids = None if sees is None else set(sees.values_list("id", flat=True))
    amiss = Q(schedule__paused__isnull=False) | Q(schedule__failures__gt=0)
    for domain in Domain.objects.filter(amiss, sources__connection=connection).distinct():
        is_visible = visible_ids is None or domain.id in visible_ids
        resume(domain, acting if is_visible else Acting(f"connection:{connection.id}", acting.now))


def succeeded(run: Run, now: datetime) -> None:
    """The domain was read: whatever failed before is over, and the next run comes at its own time."""
    with transaction.atomic():
        schedule = next(iter(model_rows.select(Schedule, _NEWEST, [run.domain_id, run.fence])), None)
        if schedule is None:
            return
        had_failed = schedule.failures > 0
        _clear(schedule)
        if run.trigger == Trigger.MANUAL and run.revision >= (schedule.filtered_revision or 0):
            # Somebody who syncs by hand has seen what became of it.
            schedule.filtered_revision = None
        if schedule.automatic:
            slot = pace.next_slot(now, timedelta(minutes=schedule.interval), schedule.jitter)
            schedule.next_run_at = _first(slot, schedule, run, now)
        model_rows.update(schedule)
    if had_failed:
        _hasten(run.domain_id, now)


def _first(slot: datetime, schedule: Schedule, run: Run, now: datetime) -> datetime:
    """Return when the next run is: what the directory told since this one began, it may not have read.

    After a long one it rests for a while, as between any two (`notifications.hints`). Where it hinted at something
    before, and nothing is told of yet, the domain is looked at again soon.
    """
    if schedule.hinted_at is None or schedule.next_run_at is None:
        return slot
    rested = now + pace.rest(now - run.started_at)
    if schedule.hinted_at >= run.started_at:
        return min(slot, max(schedule.next_run_at, rested))
    if run.state != RunState.UNCHANGED or _is_told(run.domain_id, schedule.hinted_at):
        return slot
    return min(slot, max(pace.next_look(slot, now, schedule.hinted_at, schedule.jitter), rested))


def _is_told(domain: UUID, hinted_at: datetime) -> bool:
    """Whether a run that read the directory since then found something (`quiet` asks the same of many)."""
    runs = Run.objects.filter(domain=domain, started_at__gte=hinted_at, parent__isnull=True)
    return runs.exclude(trigger=Trigger.IMPORT).exclude(state__in=NOTHING_FOUND).exists()


def failed(run: Run, error: MailrollError | None, now: datetime) -> None:
    """Decide when to try again, or that it is useless until a person acts. Nobody is removed either way.

    The ladder begins anew with a run that a person asked for, and with a reading that came further than the one before:
    it goes on where it was told to wait.
    """
    with transaction.atomic():
        schedule = next(iter(model_rows.select(Schedule, _NEWEST, [run.domain_id, run.fence])), None)
        if schedule is None or not schedule.automatic:
            return
        schedule.failures += 1
        anew = run.trigger != Trigger.AUTOMATIC or (isinstance(error, Retry) and error.came_further)
        schedule.rung = 1 if anew else min(schedule.rung + 1, len(pace.LADDER))
        is_ours = error is not None and faults.ails_installation(error, run.domain_id)
        # Of a domain that was paused a person asked for this run: what paused it counts no more, but what it met now.
        schedule.paused = error.as_json() if isinstance(error, NeedsConsent) and not is_ours else None
        # Capped first: what is asked for may be more seconds than a span of time can have.
        pause = min(error.after if isinstance(error, Retry) else 0.0, pace.LONGEST.total_seconds())
        schedule.failing = (
            None if run.error is None else run.error | {_NOT_BEFORE: (now + timedelta(seconds=pause)).isoformat()}
        )
        rung = min(schedule.rung, pace.OUT_OF_REACH) if is_ours else schedule.rung
        schedule.next_run_at = pace.next_attempt(now, rung, schedule.jitter, timedelta(seconds=pause))
        schedule.save()


def _hasten(domain: UUID, now: datetime) -> None:
    """Try others again that read what this domain reads, and failed: it was read after it had failed as well.

    Who is at work on one of them at this moment decides about it anyway.
    """
    connections = Source.objects.filter(domain=domain, enabled=True, connection__isnull=False).values("connection")
    others = Source.objects.filter(connection__in=connections, enabled=True).exclude(domain=domain).values("domain")
    with transaction.atomic():
        waiting_schedules = Schedule.objects.select_for_update(skip_locked=True).filter(
            domain__in=others, automatic=True, paused__isnull=True, failures__gt=0, next_run_at__gt=now
        )
        for schedule in waiting_schedules:
            not_before = datetime.fromisoformat(schedule.failing[_NOT_BEFORE]) if schedule.failing is not None else now
            schedule.rung = 0
            schedule.next_run_at = max(now, not_before)
            schedule.save()


def _switch_on(domain: Domain, schedule: Schedule, acting: Acting, *, previewed: bool) -> None:
    if schedule.automatic:
        return
    schedule.automatic = True
    _clear(schedule)
    schedule.next_run_at = pace.first_slot(acting.now(), timedelta(minutes=schedule.interval), schedule.jitter)
    _switched(schedule, acting)
    _record(domain, "automatic.on", acting, previewed=previewed, interval=schedule.interval)


def _clear(schedule: Schedule) -> None:
    """Forget what failed."""
    schedule.failures = schedule.rung = 0
    schedule.failing = schedule.paused = None


def _checks(row: Any, last: Run | None, now: datetime) -> Checks | None:
    """Of a spell that another run ended since nothing is told."""
    spell: QuietSpell | None = getattr(row, "quiet", None)
    if spell is None or spell.checked_at is None or last is None or not last.happened_at <= spell.checked_at <= now:
        return None
    return Checks(spell.checks, spell.checked_at)


def _restored(domain: Domain, schedule: Schedule) -> Restoration | None:
    """A restore forgets what was looked at."""
    return restorations.restoration_of(domain) if schedule.previewed_revision is None else None


def _expect_look_since_restore(domain: Domain, schedule: Schedule) -> None:
    if (restored := _restored(domain, schedule)) is not None:
        raise Refused(
            "preview_after_restore",
            f"{domain.name} was restored from a backup of {restored.made_at:%Y-%m-%d %H:%M} UTC, and nobody has looked"
            " at a preview since.",
            "Make a preview and look at it: it shows what has changed since the backup.",
        )


def _switched(schedule: Schedule, acting: Acting) -> None:
    schedule.switched_by, schedule.switched_at = acting.actor, acting.now()
    schedule.save()


def _lock_schedule(domain: Domain) -> Schedule:
    """The domain's row, locked; made where there is none yet."""
    Schedule.objects.bulk_create([_unkept(domain)], ignore_conflicts=True)
    return Schedule.objects.select_for_update().get(domain=domain)


def _unkept(domain: Domain) -> Schedule:
    # Ids are made at random, so their first bits spread domains evenly.
    return Schedule(domain=domain, jitter=(domain.id.int >> 96) / 2**32)


def _revision(domain: Domain) -> int:
    return Domain.objects.values_list("revision", flat=True).get(id=domain.id)


def _record(domain: Domain, action: str, acting: Acting, **details: Detail) -> None:
    note(acting, action, domain, **details)
