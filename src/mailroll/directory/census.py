"""Counts users anew, should the numbers that triggers keep be others: after a restore of parts, or triggers off."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

_LOCKED = "SELECT FROM directory_census WHERE domain_id = ANY (%s) ORDER BY domain_id FOR UPDATE"
_COUNTED = """
    INSERT INTO directory_census AS kept (domain_id, users, billable, retired)
    SELECT d.id, count(u.id) FILTER (WHERE u.retired_at IS NULL),
           count(u.id) FILTER (WHERE u.retired_at IS NULL AND u.billable), count(u.retired_at)
      FROM directory_domain d LEFT JOIN directory_user u ON u.domain_id = d.id
     WHERE d.id = ANY (%s)
     GROUP BY d.id
    HAVING count(u.id) > 0 OR EXISTS (SELECT FROM directory_census c WHERE c.domain_id = d.id)
        ON CONFLICT (domain_id) DO UPDATE
       SET users = EXCLUDED.users, billable = EXCLUDED.billable, retired = EXCLUDED.retired
     WHERE (kept.users, kept.billable, kept.retired) <> (EXCLUDED.users, EXCLUDED.billable, EXCLUDED.retired)
    RETURNING domain_id
"""


def recount(domains: Sequence[UUID]) -> list[UUID]:
    """Count the users of these domains anew; return those for which another number was kept."""
    with transaction.atomic(), connection.cursor() as cursor:
        # First the locks: who writes users meanwhile waits, and is counted, or comes after and is added.
        cursor.execute(_LOCKED, [list(domains)])
        cursor.execute(_COUNTED, [list(domains)])
        return [domain for (domain,) in cursor.fetchall()]
