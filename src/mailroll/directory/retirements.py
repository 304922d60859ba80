"""Addresses of users who retire, and of those who come back: when they end, and that they are in service again."""

from collections.abc import Sequence
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from mailroll.reconcile.addresses import Address

Retiring = tuple[UUID, bool, bool]
"""A user who is retired: its id, whether another reading has to confirm that, whether it was in service until now."""


def end(cursor: CursorWrapper, domain: UUID, users: Sequence[Retiring]) -> None:
    """Have the own addresses of who is retired end at the time that they retired at.

    That time is what tells them from addresses lost before: where one was lost at the very same, it is told apart.
    """
    if not users:
        return
    cursor.execute(
        "UPDATE directory_address a SET"
        " ending_since = coalesce(a.ending_since - interval '1 microsecond', u.retired_at),"
        " confirmed_at = CASE WHEN a.ending_since IS NULL AND NOT r.graceful THEN u.retired_at ELSE a.confirmed_at END"
        " FROM unnest(array_fill(%s::uuid, ARRAY[%s]), %s::uuid[], %s::boolean[], %s::boolean[])"
        " r(domain_id, user_id, graceful, served)"
        " JOIN directory_user u ON u.id = r.user_id AND u.domain_id = r.domain_id"
        " WHERE a.user_id = u.id AND a.domain_id = u.domain_id"
        " AND (a.ending_since IS NULL OR r.served AND a.ending_since = u.retired_at)",
        [domain, len(users), *map(list, zip(*users, strict=True))],
    )


def serve_again(cursor: CursorWrapper, domain: UUID, held_rows: Sequence[tuple[Address, UUID]]) -> None:
    """Have what users who come back still hold in service again; what they lost before goes on ending."""
    if not held_rows:
        return
    cursor.execute(
        "UPDATE directory_address a SET ending_since = NULL, confirmed_at = NULL"
        " FROM unnest(array_fill(%s::uuid, ARRAY[%s]), %s::text[], %s::uuid[]) r(domain_id, address, user_id)"
        " WHERE a.address = r.address AND a.user_id = r.user_id AND a.domain_id = r.domain_id"
        " AND a.ending_since IS NOT NULL",
        [domain, len(held_rows), *map(list, zip(*held_rows, strict=True))],
    )
