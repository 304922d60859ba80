"""How a domain stands at a moment, judged twice by one table: of a row that was read, and by the database of many."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Case, Expression, IntegerField, Q, TextField, Value, When

from mailroll.directory.fixed_queries import Moment
from mailroll.sync.models import DomainStanding
from mailroll.sync.schedules.schedule import LATE

STALE = timedelta(hours=12)
"""Past this age a list that should be kept fresh is called old, and an alert is raised where no rule says otherwise.

Not to be taken for `directory.models.STALE_AFTER`, past which gateways are no longer told that an address is unknown.
"""
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
    """What makes a domain pressing. The first that applies is the one that is said."""

    NO_ACCESS = "no access"
    FAILED = "failed"
    HELD = "held"
    DOUBT = "doubt"
    PERMISSION = "permission"
    CREDENTIAL = "credential"
    LATE = "late"


OF_CAUSE: Mapping[Cause, Health] = {
    Cause.NO_ACCESS: Health.FAILED,
    Cause.FAILED: Health.FAILED,
    Cause.HELD: Health.HELD,
    Cause.DOUBT: Health.ATTENTION,
    Cause.PERMISSION: Health.ATTENTION,
    Cause.CREDENTIAL: Health.LATE,
    Cause.LATE: Health.LATE,
}


def cause(row: DomainStanding, now: datetime) -> Cause | None:
    return next((possible_cause for possible_cause, applies in _OF_ROW.items() if applies(row, now)), None)


def health(row: DomainStanding, now: datetime) -> Health:
    row_cause = cause(row, now)
    if row_cause is not None:
        return OF_CAUSE[row_cause]
    if row.under_way:
        return Health.RUNNING
    if read_at(row, now) is None:
        # Nothing is read of it by now: what was switched off or removed once had its runs.
        return Health.OFF if not row.has_source and row.previewed else Health.BEGIN
    return Health.OK if row.automatic else Health.OFF


def read_at(row: DomainStanding, now: datetime) -> datetime | None:
    """When what it rests on was read; None too where that stands in the future, by a wrong clock."""
    return row.read_at if row.read_at is not None and row.read_at <= now else None


def in_order(row: DomainStanding, now: datetime) -> bool:
    """Whether it is kept by itself from a list that was read, and nothing is wrong: the meaning of healthy."""
    stands = health(row, now)
    is_kept = row.automatic and read_at(row, now) is not None
    return stands is Health.OK or (stands is Health.RUNNING and is_kept)


def cause_in_sql(now: Moment) -> Expression:
    """`cause`, empty where there is none."""
    whens = [When(applies, then=Value(possible_cause.value)) for possible_cause, applies in _conditions(now).items()]
    return Case(*whens, default=Value(""), output_field=TextField())


def health_in_sql(now: Moment) -> Expression:
    """`health`."""
    pressing = [
        When(applies, then=Value(OF_CAUSE[possible_cause].value))
        for possible_cause, applies in _conditions(now).items()
    ]
    return Case(
        *pressing,
        When(under_way=True, then=Value(Health.RUNNING.value)),
        When(~_is_read(now) & Q(has_source=False, previewed=True), then=Value(Health.OFF.value)),
        When(~_is_read(now), then=Value(Health.BEGIN.value)),
        When(automatic=True, then=Value(Health.OK.value)),
        default=Value(Health.OFF.value),
        output_field=TextField(),
    )


def pressing_in_sql(now: Moment) -> Q:
    """Whether there is a cause."""
    condition = Q()
    for applies in _conditions(now).values():
        condition |= applies
    return condition


def in_order_in_sql(now: Moment) -> Q:
    """`in_order`."""
    return ~pressing_in_sql(now) & Q(automatic=True) & _is_read(now)


def rank_in_sql(now: Moment) -> Expression:
    """The place of its health in `PRESSING`, one past them all for what is not pressing."""
    whens = [
        When(applies, then=Value(PRESSING.index(OF_CAUSE[possible_cause])))
        for possible_cause, applies in _conditions(now).items()
    ]
    return Case(*whens, default=Value(len(PRESSING)), output_field=IntegerField())


_OF_ROW: Mapping[Cause, Callable[[DomainStanding, datetime], bool]] = {
    Cause.NO_ACCESS: lambda row, _: row.paused,
    Cause.FAILED: lambda row, _: row.failed,
    Cause.HELD: lambda row, now: row.held_run_id is not None and (row.held_until is None or row.held_until >= now),
    Cause.DOUBT: lambda row, _: row.doubted,
    Cause.PERMISSION: lambda row, _: row.lacks_permission,
    Cause.CREDENTIAL: lambda row, now: row.credential_ends_at is not None and row.credential_ends_at < now + ENDING,
    Cause.LATE: lambda row, now: (
        row.automatic
        and row.connected
        and not row.under_way
        and row.next_run_at is not None
        and row.next_run_at < now - LATE
    ),
}


def _conditions(now: Moment) -> Mapping[Cause, Q]:
    """The same in the database. Each is false, never null, where a time is not known."""
    return {
        Cause.NO_ACCESS: Q(paused=True),
        Cause.FAILED: Q(failed=True),
        Cause.HELD: Q(held_run__isnull=False) & (Q(held_until__isnull=True) | Q(held_until__gte=now)),
        Cause.DOUBT: Q(doubted=True),
        Cause.PERMISSION: Q(lacks_permission=True),
        Cause.CREDENTIAL: Q(credential_ends_at__isnull=False, credential_ends_at__lt=now + ENDING),
        Cause.LATE: Q(
            automatic=True, connected=True, under_way=False, next_run_at__isnull=False, next_run_at__lt=now - LATE
        ),
    }


def _is_read(now: Moment) -> Q:
    return Q(read_at__isnull=False, read_at__lte=now)
