"""What each row of a roll says now, as hashes, so that of hardly anybody an object is made to compare it."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from mailroll.directory import load
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.model import ExternalId, Kind, ObjectType, State
from mailroll.reconcile.reasons import ReasonCode
from mailroll.reconcile.residents import RowHashes
from mailroll.reconcile.storage import RowForm

# Few of these are different, but for who somebody is: what is alike is worked out once. All are wanted, so they are
# joined to their addresses at once: ids are hashes, and a look-up of each reads another page. Measured, of 1,000,000
# users that took 12.6 s of PostgreSQL, where this takes 5.6. Whoever retired is never hashed, so what ends is left out.
# Nobody is missing, whatever a row says: whom this does not show would be taken for somebody new.
_ROWS: Final = """
    SELECT uuid_send(u.id), u.external_id, held.chief, u.display_name, array_to_string(held.aliases, ' '),
           u.retired_at IS NULL AND u.former_addresses = '{}' AND held.chief IS NOT NULL AND u.external_id IS NOT NULL
           AND g.id IS NOT NULL AND NOT (u.pinned OR u.exempt OR u.kind_by_hand OR u.group_by_hand OR u.kept),
           u.owner_id::text, u.kind, u.kind_rule, u.object_type, u.billable, g.name
      FROM directory_user u
      LEFT JOIN directory_group g ON g.id = u.group_id AND g.domain_id = u.domain_id
      LEFT JOIN (SELECT a.user_id,
                        max(a.address) FILTER (WHERE a.is_primary) AS chief,
                        array_agg(a.address ORDER BY a.address || '') FILTER (WHERE NOT a.is_primary) AS aliases
                   FROM directory_address a
                  WHERE a.domain_id = %s AND a.ending_since IS NULL
                  GROUP BY a.user_id) held ON held.user_id = u.id
     WHERE u.domain_id = %s
"""
_Alike = tuple[str | None, str, str, str | None, bool, str]
"""Owner, kind, the rule behind it, type of object, whether it is billed, group."""
_Row = tuple[str, str, str, list[str]]


def read(domain: UUID) -> RowHashes:
    """Hash all rows of a domain as they are at one moment; their own `content_hash` is not believed.

    Whom a newcomer is never like (retired, with a former address, decided about by a person ...) is without a hash.
    """
    roll_hashes = RowHashes()
    forms: dict[_Alike, RowForm] = {}
    with transaction.atomic(), _in_one_pass(), connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS, [domain, domain])
        while rows := cursor.fetchmany(load.BATCH):
            plain: defaultdict[_Alike, tuple[list[bytes], list[_Row]]] = defaultdict(lambda: ([], []))
            for user, external_id, primary, name, aliases, is_plain, *alike in rows:
                if is_plain:
                    users, texts = plain[tuple(alike)]
                    users.append(user)
                    texts.append((external_id, primary, name, aliases.split(" ") if aliases else []))
                else:
                    roll_hashes.add(user)
            for key, (users, texts) in plain.items():
                if key not in forms:
                    forms[key] = _form(*key)
                roll_hashes.extend(users, forms[key].digests(texts))
    return roll_hashes


@contextmanager
def _in_one_pass() -> Iterator[None]:
    """Have two tables joined at once, whatever the statistics say, by the plan that is soonest at its end.

    They are of yesterday just after a large apply, and a planner that takes tables for small joins them row by row: all
    users times all addresses. A cursor is planned for whoever wants the first tenth.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL cursor_tuple_fraction = 1")
        yield
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL cursor_tuple_fraction TO DEFAULT")


def _form(  # noqa: PLR0917 - all that many users have in common
    owner: str | None,
    kind: str,
    rule: str,
    object_type: str | None,
    billable: bool,  # noqa: FBT001 - as the row has it
    group: str,
) -> RowForm:
    return RowForm.of(
        State(
            external_id=ExternalId(""),
            owner=None if owner is None else UUID(owner),
            display_name="",
            kind=Kind(kind),
            billable=billable,
            group=group,
            primary=Address(""),
            aliases=(),
            rule=ReasonCode(rule) if rule else None,
            object_type=ObjectType(object_type) if object_type else None,
        )
    )
