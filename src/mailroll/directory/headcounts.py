"""How many users a roll has beside some, by who keeps them: counted once for each stamp, and kept with it.

So a plan of a few users costs what these are, and not what the roll is: the others are all but them.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from mailroll.directory import rollmarks
from mailroll.directory.models import RollCount
from mailroll.reconcile.model import Headcount, Kind, ObjectType, RollUser, Sum

CountKey = tuple[UUID | None, bool, str]
"""An owner, whether static, and a type of object."""
Counts = Mapping[CountKey, tuple[int, ...]]
"""Rows, and in service users, billed ones, addresses and objects."""

# One statement, so that the stamp and the rows are of the same moment.
_COUNTED: Final = f"""
    SELECT {rollmarks.STAMP.format(domain="%(domain)s")}, coalesce(json_agg(counted), '[]')::text
      FROM (SELECT u.owner_id, u.kind = %(static)s, coalesce(u.object_type, %(plain)s), count(*),
                   count(*) FILTER (WHERE u.retired_at IS NULL),
                   count(*) FILTER (WHERE u.retired_at IS NULL AND u.billable),
                   coalesce(sum(held.addresses) FILTER (WHERE u.retired_at IS NULL), 0)::bigint,
                   count(*) FILTER (WHERE u.retired_at IS NULL AND u.external_id IS NOT NULL)
              FROM directory_user u
              LEFT JOIN (SELECT user_id, count(*) AS addresses FROM directory_address
                          WHERE domain_id = %(domain)s AND ending_since IS NULL GROUP BY user_id) held
                     ON held.user_id = u.id
             WHERE u.domain_id = %(domain)s
             GROUP BY 1, 2, 3) counted (owner, static, type, rows, users, billable, addresses, objects)
"""  # noqa: S608 - of our own pieces
_KEPT: Final = f"""
    SELECT counts::text FROM directory_rollcount
     WHERE domain_id = %(domain)s AND stamp = {rollmarks.STAMP.format(domain="%(domain)s")}
"""  # noqa: S608


def rest(domain: UUID, loaded: Iterable[RollUser]) -> Headcount:
    """Count all users of a roll but some, which are as it has them."""
    roll_counts = _stored_counts(domain)
    if roll_counts is None:
        _, roll_counts = _all(domain)
    part_counts = _part_counts(loaded)
    sources: dict[UUID, Sum] = {}
    people = {False: Sum(), True: Sum()}
    for key, (rows, *numbers) in roll_counts.items():
        owner, static, _ = key
        less = part_counts.get(key, (0, 0, 0, 0))
        others = Sum(*(number - part for number, part in zip(numbers[:3], less[1:], strict=True)))
        if owner is None:
            people[static] += others
        elif rows > less[0]:
            sources[owner] = sources.get(owner, Sum()) + others
    return Headcount(sources, people[False], people[True], owned=bool(sources))


def types(domain: UUID, owners: Collection[UUID]) -> dict[ObjectType, int] | None:
    """Count by type the objects that users in service of these owners stand for; None where no count is kept."""
    roll_counts = _stored_counts(domain)
    if roll_counts is None:
        return None
    counts: dict[ObjectType, int] = {}
    for (owner, _, type_), (*_, objects) in roll_counts.items():
        if owner in owners and objects:
            counts[ObjectType(type_)] = counts.get(ObjectType(type_), 0) + objects
    return counts


def keep(domain: UUID) -> None:
    """Count a roll and keep what comes of it, unless that is kept already."""
    if _stored_counts(domain) is None:
        stamp, roll_counts = _all(domain)
        counts = [
            [None if owner is None else str(owner), *kinds, *numbers]
            for (owner, *kinds), numbers in roll_counts.items()
        ]
        RollCount.objects.update_or_create(domain_id=domain, defaults={"stamp": stamp, "counts": counts})


def _stored_counts(domain: UUID) -> Counts | None:
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, {"domain": domain})
        row = cursor.fetchone()
    return None if row is None else _counts(json.loads(row[0]))


def _all(domain: UUID) -> tuple[str, Counts]:
    with transaction.atomic(), connection.cursor() as cursor:
        # Where statistics take the tables for empty, PostgreSQL would go through all addresses for every user.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_COUNTED, {"domain": domain, "static": Kind.STATIC.value, "plain": ObjectType.USER.value})
        stamp, rows = cursor.fetchone()
        cursor.execute("SET LOCAL enable_nestloop = on")
    return stamp, _counts([list(row.values()) for row in json.loads(rows)])


def _part_counts(loaded: Iterable[RollUser]) -> dict[CountKey, tuple[int, int, int, int]]:
    """Count some users as `Counts` has them, but for their objects."""
    counts: dict[CountKey, tuple[int, int, int, int]] = {}
    for user in loaded:
        state = user.state
        key = (state.owner, state.kind is Kind.STATIC, state.object_type or ObjectType.USER)
        rows, users, billable, addresses = counts.get(key, (0, 0, 0, 0))
        if state.retired:
            counts[key] = rows + 1, users, billable, addresses
        else:
            counts[key] = rows + 1, users + 1, billable + state.billable, addresses + len(state.addresses)
    return counts


def _counts(rows: Collection[list[Any]]) -> Counts:
    return {
        (None if owner is None else UUID(owner), static, type_): tuple(numbers)
        for owner, static, type_, *numbers in rows
    }
