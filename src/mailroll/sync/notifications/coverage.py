"""Of which connections changes are wanted: those from which a domain is synced by itself, and was read before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from mailroll.connectors import registry
from mailroll.reconcile.model import ObjectType

_LED: Final = """
    WITH used AS (
        SELECT s.connection_id AS id, bool_or(s.groups OR jsonb_typeof(s.filter) = 'object') AS groups
          FROM connections_source s JOIN sync_schedule d ON d.domain_id = s.domain_id AND d.automatic
         WHERE s.enabled AND s.connection_id IS NOT NULL AND s.read_at IS NOT NULL
         GROUP BY s.connection_id
    ), led AS (
        -- Graph takes one subscription of an application in a tenant (docs: "Duplicate subscriptions are not allowed").
        SELECT DISTINCT ON (c.kind, c.graph_url, c.tenant_id, c.client_id) c.id,
               bool_or(u.groups) OVER (PARTITION BY c.kind, c.graph_url, c.tenant_id, c.client_id) AS groups
          FROM used u JOIN connections_connection c ON c.id = u.id AND c.kind = ANY(%(telling)s)
         ORDER BY c.kind, c.graph_url, c.tenant_id, c.client_id, c.created_at, c.id
    ), wanted AS (
        SELECT id, 'user' AS type FROM led UNION ALL SELECT id, 'group' FROM led WHERE groups
    )
"""
_DUE: Final = f"""{_LED}
    SELECT connection_id AS id, min(at) AS at FROM (
        SELECT k.connection_id, k.attend_at AS at FROM connections_changesubscription k WHERE k.attend_at <= %(now)s
         UNION ALL
        SELECT k.connection_id, %(now)s FROM connections_changesubscription k
         WHERE k.failures = 0 AND k.remote_id <> '' AND k.url <> %(url)s
            OR (k.failures = 0 OR k.remote_id = '')
           AND (%(url)s = '' OR (k.connection_id, k.type) NOT IN (SELECT id, type FROM wanted))
         UNION ALL
        SELECT w.id, %(now)s FROM wanted w
         WHERE %(url)s <> '' AND NOT EXISTS (
               SELECT FROM connections_changesubscription k WHERE k.connection_id = w.id AND k.type = w.type
         )
    ) AS found
     GROUP BY connection_id ORDER BY at, id LIMIT %(room)s
"""  # noqa: S608 - words of ours
_OF_ONE: Final = f"{_LED} SELECT type FROM wanted WHERE id = %(of)s"  # noqa: S608 - words of ours
_LEADER: Final = f"""{_LED}
    SELECT led.id FROM led JOIN connections_connection c ON c.id = led.id
      JOIN connections_connection o ON (o.kind, o.graph_url, o.tenant_id, o.client_id)
                                     = (c.kind, c.graph_url, c.tenant_id, c.client_id)
      JOIN used ON used.id = o.id
     WHERE o.id = %(of)s
"""  # noqa: S608 - words of ours


def due(now: datetime, url: str, room: int) -> Sequence[UUID]:
    """Return connections whose subscriptions are to be looked after, the longest due first; `url`: where they tell."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": now, "url": url, "room": room, "telling": _telling()})
        return [key for key, _ in cursor.fetchall()]


def types(of: UUID) -> frozenset[ObjectType]:
    """Return the types of object of which changes are wanted through one connection."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE, {"of": of, "telling": _telling()})
        return frozenset(ObjectType(name) for (name,) in cursor.fetchall())


def leader(of: UUID) -> UUID | None:
    """Return the connection that asks to be told for another one too: of the same application in the same tenant.

    None where nothing is wanted of that one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEADER, {"of": of, "telling": _telling()})
        row = cursor.fetchone()
    return None if row is None else row[0]


def _telling() -> list[str]:
    return list(registry.telling())
