"""A hint makes domains due: those that read the directory in which something changed, if they sync by themselves.

It carries nothing else. So what is told twice, late, or by whoever learnt a state, costs a few readings of changes at
most: one, and those of `pace.next_look`.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from mailroll.sync.schedules import pace

APART: Final = timedelta(seconds=15)
"""Between two hints that take effect on one domain. Where its last run took long, it is longer (`pace.rest`)."""
_LOOKED_AFTER: Final = timedelta(minutes=5)
"""How often a subscription is looked after because the directory says that it needs it."""

# Where a run failed, the time of the next one is for the other side to say, or for its patience. What is due already
# stays due. A time to come was written while a clock was wrong. Rows are locked in one order, as by all who write more.
_TAKE: Final = """
    WITH told AS (
        SELECT DISTINCT s.domain_id
          FROM connections_changesubscription k
          JOIN connections_connection c ON c.id = k.connection_id
          JOIN connections_connection o ON (o.kind, o.graph_url, o.tenant_id, o.client_id)
                                         = (c.kind, c.graph_url, c.tenant_id, c.client_id)
          JOIN connections_source s ON s.connection_id = o.id AND s.enabled
         WHERE k.id = ANY (%(rows)s)
    ), held AS (
        SELECT d.domain_id FROM sync_schedule d JOIN told ON told.domain_id = d.domain_id
         WHERE d.automatic AND d.paused IS NULL AND d.failures = 0
         ORDER BY d.domain_id FOR UPDATE OF d
    ), needy AS (
        UPDATE connections_changesubscription
           SET attend_at = least(attend_at, greatest(now(), attended_at + %(looked)s::interval))
         WHERE id = ANY (%(attend)s)
    )
    UPDATE sync_schedule d
       SET hinted_at = now(),
           next_run_at = least(d.next_run_at, greatest(
               now(), CASE WHEN d.hinted_at <= now() THEN d.hinted_at + %(apart)s::interval END, (
               SELECT r.finished_at + 3 * (r.finished_at - r.started_at - %(short)s::interval) FROM sync_run r
                WHERE r.domain_id = d.domain_id AND r.finished_at <= now() ORDER BY r.number DESC LIMIT 1
           )))
      FROM held WHERE held.domain_id = d.domain_id
"""


def take_effect(rows: Collection[UUID], attend: Collection[UUID] = ()) -> int:
    """Make the domains due that these rows of subscriptions are about, in one statement; returns how many there are.

    `attend`: those that the directory says need looking after. Rows that are gone are about no domain.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            {
                "rows": sorted({*rows, *attend}),
                "attend": sorted(attend),
                "apart": f"{APART.total_seconds()} s",
                "looked": f"{_LOOKED_AFTER.total_seconds()} s",
                "short": f"{pace.SHORT.total_seconds()} s",
            },
        )
        return int(cursor.rowcount)
