"""Who is told of what has become of alerts: a message for each channel and administrator, with all there is for them.

Written in the transaction that has found it out, so that nothing is told twice, and nothing is lost.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from mailroll.accounts import mail
from mailroll.alerts import rules
from mailroll.alerts.causes import AlertCause, Severity, Turn
from mailroll.alerts.models import Alert, AlertDelivery
from mailroll.directory.tree import UPWARDS

_ADMINISTRATORS: Final = f"""
    {UPWARDS}
    SELECT DISTINCT up.place, held.operator_id
      FROM up JOIN accounts_membership held ON held.organization_id = up.above AND held.role = 'administrator'
      JOIN accounts_operator who ON who.id = held.operator_id AND who.is_active
     ORDER BY up.place, held.operator_id
"""  # noqa: S608 - of pieces of ours


def tell(news: Sequence[tuple[UUID, Turn]], now: datetime) -> None:
    """Write the messages that these news make."""
    alerts = Alert.objects.in_bulk([key for key, _ in news])
    places = {alert.organization_id for alert in alerts.values()}
    holding_rules = rules.holding(places)
    staff = _administrators(places) if news and mail.is_set_up() else {}
    to_channels, to_people = (
        defaultdict[UUID, list[dict[str, str]]](list),
        defaultdict[UUID, list[dict[str, str]]](list),
    )
    for key, turn in news:
        alert = alerts[key]
        cause = AlertCause(alert.cause)
        rule = holding_rules.get((alert.organization_id, cause)) or rules.default(cause)
        event = {"alert": str(key), "turn": turn.value}
        # A channel that fails cannot tell so itself.
        channels = {channel_id for channel_id in rule.channels if alert.key != str(channel_id)}
        for channel in channels:
            to_channels[channel].append(event)
        # A channel of an urgent rule may have been removed since: somebody must be told.
        if rule.administrators or (alert.severity == Severity.URGENT and not channels):
            for person in staff.get(alert.organization_id, ()):
                to_people[person].append(event)
    AlertDelivery.objects.bulk_create(
        [
            *(_message(events, now, channel_id=channel_id) for channel_id, events in sorted(to_channels.items())),
            *(_message(events, now, operator_id=operator_id) for operator_id, events in sorted(to_people.items())),
        ]
    )


def _message(events: list[dict[str, str]], now: datetime, **to: UUID) -> AlertDelivery:
    return AlertDelivery(
        events=events, alerts=[UUID(event["alert"]) for event in events], created_at=now, next_at=now, **to
    )


def _administrators(places: Collection[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    """Everybody who administers each of these organizations, by a role in it or above it."""
    administrators: dict[UUID, list[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ADMINISTRATORS, [list(places)])
        for place, person in cursor.fetchall():
            administrators.setdefault(place, []).append(person)
    return administrators
