"""The daily digest: a letter of all that is open to whoever administers it, at a time of day that organizations set."""

import zoneinfo
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from mailroll.accounts import mail
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.alerts import alert_list
from mailroll.alerts.alert_list import Shown
from mailroll.alerts.causes import Turn
from mailroll.alerts.models import AlertDelivery, AlertDigest, DigestDay
from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.directory.models import Organization
from mailroll.directory.tree import UPWARDS

DEFAULT_MINUTE: Final = 7 * 60 + 30
"""Of the day, in the time zone of whoever gets it."""
_APART: Final = 10
"""Minutes over which the letters of one time are spread, so that not all leave at once."""
_LATEST: Final = timedelta(hours=6)
"""What could not be written for so long is left out that day: nobody wants the morning's letter at night."""
_MOST: Final = 200
"""Alerts of one letter; it says of some, and counts the others."""

_NEAREST: Final = f"""
    {UPWARDS}
    SELECT DISTINCT ON (up.place) up.place, g.organization_id
      FROM up JOIN alerts_alertdigest g ON g.organization_id = up.above ORDER BY up.place, up.depth
"""  # noqa: S608 - of pieces of ours


@dataclass(frozen=True, slots=True)
class DigestTime:
    """Whether there is a digest, and at which minute of the day. `by`: whose word it is, None for the default."""

    on: bool = True
    minute: int = DEFAULT_MINUTE
    by: Organization | None = None


def digest_of(organization: Organization) -> DigestTime:
    return _holding([organization.id]).get(organization.id, DigestTime())


def settle(organization: Organization, acting: Acting, *, on: bool, minute: int) -> None:
    """Set it for an organization, and for those below that say nothing else."""
    with transaction.atomic():
        AlertDigest.objects.update_or_create(organization=organization, defaults={"on": on, "minute": minute})
        note(acting, "alert_digest.set", organization, on=on, at=f"{minute // 60:02}:{minute % 60:02}")


def write(now: datetime) -> None:
    """Write the letters that are due; once a day for everybody, whoever else does the same at the same time."""
    if not mail.is_set_up():
        return
    memberships = Membership.objects.filter(role=Role.ADMINISTRATOR.value, operator__is_active=True)
    rows = list(memberships.select_related("operator").order_by("operator", "created_at", "id"))
    times = _holding({row.organization_id for row in rows})
    first: dict[UUID, tuple[Operator, DigestTime]] = {}
    for membership in rows:
        first.setdefault(
            membership.operator_id, (membership.operator, times.get(membership.organization_id, DigestTime()))
        )
    for operator, day in _due(first, now):
        with transaction.atomic():
            _, new = DigestDay.objects.get_or_create(operator=operator, day=day)
            if new:
                _write(operator, now)
    DigestDay.objects.filter(day__lt=now.date() - timedelta(days=7)).delete()


def _due(first: Mapping[UUID, tuple[Operator, DigestTime]], now: datetime) -> Iterator[tuple[Operator, date]]:
    digest_days = set(DigestDay.objects.values_list("operator_id", "day"))
    for operator, time in first.values():
        local = now.astimezone(_zone(operator))
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        at = midnight + timedelta(minutes=time.minute + operator.id.int % _APART)
        if time.on and at <= local < at + _LATEST and (operator.id, local.date()) not in digest_days:
            yield operator, local.date()


def _write(operator: Operator, now: datetime) -> None:
    open_now = alert_list.seen_by(operator, Role.ADMINISTRATOR).filter(alert_list.in_state(Shown.OPEN, now))
    keys = [alert.id for alert in alert_list.in_order(open_now, Shown.OPEN)[:_MOST]]
    if keys:
        AlertDelivery.objects.create(
            operator=operator,
            events=[{"alert": str(key), "turn": Turn.OPEN.value} for key in keys],
            alerts=keys,
            created_at=now,
            next_at=now,
        )


def _holding(places: Collection[UUID]) -> Mapping[UUID, DigestTime]:
    rows = {row.organization_id: row for row in AlertDigest.objects.select_related("organization")}
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, [list(places)])
        return {
            place: DigestTime(rows[above].on, rows[above].minute, rows[above].organization)
            for place, above in cursor.fetchall()
        }


def _zone(operator: Operator) -> tzinfo:
    """The zone that somebody chose; one that this machine does not know counts as none."""
    try:
        return zoneinfo.ZoneInfo(operator.time_zone) if operator.time_zone else UTC
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return UTC
