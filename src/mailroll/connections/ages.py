"""How old is what was read: of each source, and so of the list of its domain, which is as old as the oldest of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from mailroll.directory import arrays

# greatest() passes over nulls. A time to come was written while a clock was wrong. Each part of a statement sees the
# rows as they were before it.
_NOTE: Final = """
    WITH noted AS (
        UPDATE connections_source
           SET read_at = greatest(CASE WHEN read_at <= %(now)s THEN read_at END, %(read_at)s)
         WHERE domain_id = %(domain)s AND owner_id = ANY(%(sources)s::uuid[])
        RETURNING owner_id, read_at
    ),
    found AS (
        SELECT count(*) > 0 AS has_source, min(age.read_at) FILTER (WHERE age.read_at <= %(now)s) AS read_at
          FROM connections_source s
          LEFT JOIN noted USING (owner_id)
         CROSS JOIN LATERAL (SELECT coalesce(noted.read_at, s.read_at) AS read_at) age
         WHERE s.domain_id = %(domain)s AND s.enabled
    )
    UPDATE directory_domain d SET has_source = found.has_source, read_at = found.read_at FROM found
     WHERE d.id = %(domain)s
"""


def note_reading(domain: UUID, sources: Collection[UUID], read_at: datetime, now: datetime) -> None:
    """Note that a reading of these sources, which nobody doubts, has taken effect. It makes none of them older.

    Call with the domain's row locked, as for `refresh`.
    """
    _note(domain, sources, read_at, now)


def refresh(domain: UUID, now: datetime) -> None:
    """Work out anew how old the list of a domain is: a source was read, added, switched or removed.

    A source without any reading that nobody doubts counts for nothing yet: to add one makes no list older.
    """
    _note(domain, (), now, now)


def _note(domain: UUID, sources: Collection[UUID], read_at: datetime, now: datetime) -> None:
    values: dict[str, Any] = {"domain": domain, "sources": arrays.uuids(sources), "read_at": read_at, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
