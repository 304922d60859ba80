"""New users and their addresses written from where a plan has them in columns already: nothing is sent once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from mailroll.reconcile.addresses import Address


@dataclass(frozen=True, slots=True)
class Staged:
    """Where the new users of a plan stand in columns: all that it makes, and nobody else.

    `query` yields, with `values`: id, external_id, owner_id, object_type, display_name, kind, kind_rule, billable,
    kept, "group", "primary" (empty where there is none), aliases, former and content_hash. It belongs to a layer above.
    """

    query: str
    values: tuple[Any, ...]


def insert(cursor: CursorWrapper, domain: UUID, staged: Staged, now: datetime) -> None:
    """Insert the users, in service and with nothing decided about them."""
    cursor.execute(
        f"""
        INSERT INTO directory_user (id, domain_id, group_id, owner_id, external_id, object_type, display_name, kind,
                                    kind_rule, billable, kept, former_addresses, content_hash, created_at, updated_at)
        SELECT s.id, g.domain_id, g.id, s.owner_id, s.external_id, s.object_type, s.display_name, s.kind,
               s.kind_rule, s.billable, s.kept, s.former, s.content_hash, %s, %s
          FROM ({staged.query}) s JOIN directory_group g ON g.domain_id = %s AND g.name = s."group"
        """,  # noqa: S608 - the query is one of our own
        [now, now, *staged.values, domain],
    )


def assign(cursor: CursorWrapper, domain: UUID, staged: Staged, others: Sequence[tuple[Address, UUID, bool]]) -> None:
    """Insert the addresses of the users, and those that `others` get with them.

    In one order, so that two domains that want the same addresses wait for each other and never in a ring.
    """
    cursor.execute(
        f"""
        WITH s AS MATERIALIZED ({staged.query})
        INSERT INTO directory_address (address, user_id, is_primary, domain_id)
        SELECT address, user_id, chief, %s
          FROM (SELECT s."primary", s.id, true FROM s WHERE s."primary" <> ''
                UNION ALL SELECT unnest(s.aliases), s.id, false FROM s
                UNION ALL SELECT * FROM unnest(%s::text[], %s::uuid[], %s::boolean[])
               ) AS held(address, user_id, chief)
         ORDER BY address COLLATE "C"
        """,  # noqa: S608 - the query is one of our own
        [*staged.values, domain, *([row[place] for row in others] for place in range(3))],
    )
