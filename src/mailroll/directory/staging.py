"""Users written from where a plan has them in columns already: nothing is sent once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from mailroll.directory import arrays
from mailroll.directory.group_ids import Groups
from mailroll.reconcile.addresses import Address

_GROUP: Final = """(%s::bigint[])[array_position(%s::text[], s."group")]"""
"""Of the few groups that are given, so that no row of one is looked up for each user."""


@dataclass(frozen=True, slots=True)
class Staged:
    """Where the users of a plan stand in columns: all that it makes (`made`), all others that stay (`changed`).

    These queries yield, with `values`: id, external_id, owner_id, object_type, display_name, kind, kind_rule, billable,
    kept, "group", "primary" (empty where there is none), aliases, former, retired and content_hash, which is that of a
    row about which nobody decided anything. They belong to a layer above.
    """

    made: str
    changed: str
    values: tuple[Any, ...]


def insert(cursor: CursorWrapper, domain: UUID, staged: Staged, groups: Groups, now: datetime) -> None:
    """Insert the users, in service and with nothing decided about them. `groups`: those that they are in."""
    cursor.execute(
        f"""
        INSERT INTO directory_user (id, domain_id, group_id, owner_id, external_id, object_type, display_name, kind,
                                    kind_rule, billable, kept, former_addresses, content_hash, created_at, updated_at)
        SELECT s.id, %s, {_GROUP}, s.owner_id, s.external_id,
               s.object_type, s.display_name, s.kind,
               s.kind_rule, s.billable, s.kept, s.former, s.content_hash, %s, %s
          FROM ({staged.made}) s
        """,  # noqa: S608 - the query is one of our own
        [domain, [*groups.values()], [*groups], now, now, *staged.values],
    )


def update(  # noqa: PLR0917 - who is known, and what of them is where
    cursor: CursorWrapper, domain: UUID, staged: Staged, groups: Groups, decided: Sequence[UUID], now: datetime
) -> None:
    """Update those who were there before, but for whom somebody `decided` something about: their hashes say so.

    Users are looked up by their ids alone (IS TRUE): where statistics know nothing of a new domain, PostgreSQL would
    rather go through all of it for each of them.
    """
    cursor.execute(
        f"""
        WITH s AS MATERIALIZED ({staged.changed})
        UPDATE directory_user u
           SET group_id = {_GROUP}, owner_id = s.owner_id, external_id = s.external_id, object_type = s.object_type,
               display_name = s.display_name, kind = s.kind, kind_rule = s.kind_rule, billable = s.billable,
               kept = s.kept, former_addresses = s.former, content_hash = s.content_hash, updated_at = %s,
               retired_at = CASE WHEN s.retired THEN coalesce(u.retired_at, %s) END
          FROM s
         WHERE u.id = s.id AND (u.domain_id = %s) IS TRUE AND (s.id = ANY(%s::uuid[])) IS NOT TRUE
        """,  # noqa: S608 - the query is one of our own
        [*staged.values, [*groups.values()], [*groups], now, now, domain, arrays.uuids(decided)],
    )


def assign(cursor: CursorWrapper, domain: UUID, staged: Staged, others: Sequence[tuple[Address, UUID, bool]]) -> None:
    """Insert the addresses of the users, and those that `others` get with them.

    In one order, so that two domains that want the same addresses wait for each other and never in a ring.
    """
    cursor.execute(
        f"""
        INSERT INTO directory_address (address, user_id, is_primary, domain_id)
        SELECT address, user_id, chief, %s
          FROM (SELECT held.address, s.id, held.chief
                  FROM ({staged.made}) s
                 CROSS JOIN LATERAL (SELECT s."primary", true WHERE s."primary" <> ''
                                     UNION ALL SELECT unnest(s.aliases), false) AS held(address, chief)
                UNION ALL SELECT * FROM unnest(%s::text[], %s::uuid[], %s::boolean[])
               ) AS held(address, user_id, chief)
         ORDER BY address COLLATE "C"
        """,  # noqa: S608 - the query is one of our own
        [domain, *staged.values, *([row[place] for row in others] for place in range(3))],
    )
