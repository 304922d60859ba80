"""Looks for all causes, once a minute by one worker: a statement a cause raises, renews and ends its alerts."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import DataError, connection, transaction
from django.db.models import Min

from mailroll import promises
from mailroll.alerts import digest, dispatch
from mailroll.alerts.causes import RULES, AlertCause, Turn
from mailroll.alerts.detection import QUERIES
from mailroll.alerts.models import Alert, AlertCheck, AlertDelivery, AlertRule

log = logging.getLogger(__name__)

EVERY: Final = timedelta(minutes=1)
KEPT: Final = promises.ENDED_ALERTS
"""How long an alert is kept after its end."""


News = tuple[UUID, Turn]
"""One alert, and what there is to tell of it."""


# The rows of a cause, their alerts, those that are new or have changed, and those that are over. A row that was there
# before has an xmax, as its former version was locked to be written anew.
_STATEMENT: Final = """
    WITH RECURSIVE seen AS MATERIALIZED ({query}),
    up (place, above, depth) AS (
        SELECT DISTINCT organization_id, organization_id, 0 FROM seen
         WHERE EXISTS (SELECT FROM alerts_alertrule WHERE cause = %(cause)s)
         UNION ALL
        SELECT up.place, o.parent_id, up.depth + 1 FROM up JOIN directory_organization o ON o.id = up.above
         WHERE o.parent_id IS NOT NULL AND up.depth < 30
    ),
    policy AS (
        SELECT DISTINCT ON (up.place) up.place, r.severity, r.threshold
          FROM up JOIN alerts_alertrule r ON r.organization_id = up.above AND r.cause = %(cause)s
         ORDER BY up.place, up.depth
    ),
    found AS (
        SELECT organization_id, key, coalesce(min(policy.severity), %(severity)s) AS severity, max(state) AS state,
               greatest(max(size), count(domain_id))::bigint AS size, coalesce(min(since), %(now)s) AS since,
               coalesce(array_agg(DISTINCT domain_id) FILTER (WHERE domain_id IS NOT NULL), ARRAY[]::uuid[]) AS domains,
               (array_agg(facts ORDER BY value DESC, domain_id))[1] AS facts
          FROM seen LEFT JOIN policy ON policy.place = seen.organization_id
         WHERE value >= coalesce(policy.threshold, %(default)s)
         GROUP BY organization_id, key
    ),
    counted AS (
        SELECT found.*, coalesce((SELECT sum(st.users) FROM sync_domainstanding st
                                   WHERE st.domain_id = ANY (found.domains)), 0) AS users
          FROM found
    ),
    raised AS (
        INSERT INTO alerts_alert AS kept (
               id, cause, organization_id, key, severity, state, size, told_size, domains, users, facts,
               since, seen_at, changed_at)
        SELECT gen_random_uuid(), %(cause)s, organization_id, key, severity, state, size, size, domains, users, facts,
               since, %(now)s, %(now)s
          FROM counted ORDER BY organization_id, key
            ON CONFLICT (cause, organization_id, key) WHERE ended_at IS NULL DO UPDATE
           SET severity = excluded.severity, state = excluded.state, size = excluded.size, domains = excluded.domains,
               users = excluded.users, facts = excluded.facts,
               changed_at = CASE WHEN {changed} THEN %(now)s ELSE kept.changed_at END,
               told_size = CASE WHEN {changed} THEN excluded.size ELSE kept.told_size END,
               snoozed_until_change = kept.snoozed_until_change AND NOT {changed},
               snoozed_until = CASE WHEN {urgent} THEN NULL ELSE kept.snoozed_until END
         WHERE (kept.severity, kept.state, kept.size, kept.domains, kept.users, kept.facts) IS DISTINCT FROM
               (excluded.severity, excluded.state, excluded.size, excluded.domains, excluded.users, excluded.facts)
     RETURNING id, xmax = 0 AS fresh, changed_at, snoozed_until
    ),
    over AS (
        UPDATE alerts_alert kept
           SET ended_at = %(now)s, snoozed_until = NULL, snoozed_until_change = false
         WHERE cause = %(cause)s AND ended_at IS NULL AND NOT EXISTS (
               SELECT FROM found WHERE found.organization_id = kept.organization_id AND found.key = kept.key)
     RETURNING id
    )
    SELECT id, CASE WHEN fresh THEN 'opened' ELSE 'changed' END FROM raised
     WHERE changed_at = %(now)s AND snoozed_until IS NULL
     UNION ALL SELECT id, 'ended' FROM over
"""
_URGENT: Final = "(excluded.severity = 'urgent' AND kept.severity <> 'urgent')"
_CHANGED: Final = f"({_URGENT} OR kept.state <> excluded.state OR excluded.size >= 2 * kept.told_size)"


def keep(now: datetime) -> None:
    """Look for causes where a minute has passed since anybody last did."""
    with transaction.atomic():
        if _take_turn(now):
            evaluate(now)
            digest.write(now)


def last_check() -> datetime | None:
    return AlertCheck.objects.values_list("at", flat=True).first()


def evaluate(now: datetime) -> Sequence[News]:
    """Look for every cause now, and return what there is to tell; all of it or nothing is written."""
    with transaction.atomic():
        AlertCheck.objects.update_or_create(id=1, defaults={"at": now})
        news = [event for cause in AlertCause for event in _evaluate(cause, now)]
        news += _awake(now)
        dispatch.tell(news, now)
        Alert.objects.filter(ended_at__lt=now - KEPT).delete()
        AlertDelivery.objects.filter(created_at__lt=now - KEPT).delete()
    return news


def _take_turn(now: datetime) -> bool:
    """Whether it is time; the row stays locked until the end of the transaction, and others pass by."""
    AlertCheck.objects.bulk_create([AlertCheck(id=1, at=now - 2 * EVERY)], ignore_conflicts=True)
    mine = AlertCheck.objects.select_for_update(skip_locked=True).filter(id=1)
    # A time to come was written while a clock was wrong.
    return any(not now - EVERY < check.at <= now for check in mine)


def _evaluate(cause: AlertCause, now: datetime) -> list[News]:
    rule = RULES[cause]
    statement = _STATEMENT.format(query=QUERIES[cause], changed=_CHANGED, urgent=_URGENT)
    default = rule.threshold.default if rule.threshold else 0
    set_lower = AlertRule.objects.filter(cause=cause.value).aggregate(least=Min("threshold"))["least"]
    values = {
        "now": now,
        "cause": cause.value,
        "severity": rule.severity.value,
        "default": default,
        "least": min(default, default if set_lower is None else set_lower),
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return [(alert, Turn(turn)) for alert, turn in cursor.fetchall()]
    except DataError as problem:
        # What is stored of one tenant shall not keep the other causes from being told, nor syncs from being made.
        log.error("alerts of %s could not be looked for (%s)", cause, type(problem.__cause__ or problem).__name__)  # noqa: TRY400 - its text may hold addresses
        return []


def _awake(now: datetime) -> list[News]:
    """End the snoozes whose time is over: who put it off for an hour wants to hear of it then."""
    asleep = Alert.objects.select_for_update().filter(ended_at=None, snoozed_until__lte=now).order_by("id")
    woken = [alert.id for alert in asleep]
    Alert.objects.filter(id__in=woken).update(snoozed_until=None)
    return [(key, Turn.AGAIN) for key in woken]
