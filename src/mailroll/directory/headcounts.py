"""How many users a roll has beside some, by who keeps them: counted once, kept with its stamp, moved along by plans.

So a plan of a few users costs what these are, and not what the roll is: the others are all but them.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from mailroll.directory import rollmarks
from mailroll.directory.models import RollCount
from mailroll.reconcile.model import Headcount, Kind, ObjectType, RollUser, State, Sum
from mailroll.reconcile.plan import Plan

CountKey = tuple[UUID | None, bool, str]
"""An owner, whether static, and a type of object."""
Counts = Mapping[CountKey, Sequence[int]]
"""Rows, and in service users, billed ones, addresses and objects."""
_NONE: Final = (0, 0, 0, 0, 0)

_KEY: Final = "u.owner_id, u.kind = %(static)s, coalesce(u.object_type, %(plain)s)"
# One statement, so that the stamp and the rows are of the same moment. Users and addresses are counted apart: to count
# addresses by user first, PostgreSQL sorts them all.
_COUNTED: Final = f"""
    SELECT {rollmarks.STAMP.format(domain="%(domain)s")}, coalesce(json_agg(counted), '[]')::text
      FROM (SELECT owner, static, type, sum(rows), sum(users), sum(billable), sum(addresses), sum(objects)
              FROM (SELECT {_KEY}, count(*),
                           count(*) FILTER (WHERE u.retired_at IS NULL),
                           count(*) FILTER (WHERE u.retired_at IS NULL AND u.billable),
                           0,
                           count(*) FILTER (WHERE u.retired_at IS NULL AND u.external_id IS NOT NULL)
                      FROM directory_user u
                     WHERE u.domain_id = %(domain)s
                     GROUP BY 1, 2, 3
                     UNION ALL
                    SELECT {_KEY}, 0, 0, 0, count(*), 0
                      FROM directory_address a JOIN directory_user u ON u.id = a.user_id
                     WHERE a.domain_id = %(domain)s AND u.domain_id = %(domain)s
                       AND a.ending_since IS NULL AND u.retired_at IS NULL
                     GROUP BY 1, 2, 3) part (owner, static, type, rows, users, billable, addresses, objects)
             GROUP BY 1, 2, 3) counted (owner, static, type, rows, users, billable, addresses, objects)
"""  # noqa: S608 - of our own pieces
_KEPT: Final = f"""
    SELECT counts::text FROM directory_rollcount
     WHERE domain_id = %(domain)s AND stamp = {rollmarks.STAMP.format(domain="%(domain)s")}
"""  # noqa: S608
_MANAGED: Final = f"""
    WITH kept AS MATERIALIZED ({_KEPT})
    SELECT (TABLE kept), (
        SELECT json_object_agg(owner_id, number)::text
          FROM (SELECT owner_id, count(*) AS number FROM directory_user
                 WHERE domain_id = %(domain)s AND owner_id IS NOT NULL AND retired_at IS NULL
                   AND NOT EXISTS (TABLE kept)
                 GROUP BY owner_id) counted)
"""  # noqa: S608
_MOVE: Final = f"""
    UPDATE directory_rollcount SET stamp = {rollmarks.STAMP.format(domain="%(domain)s")}, counts = %(counts)s
     WHERE domain_id = %(domain)s
"""  # noqa: S608


def rest(domain: UUID, loaded: Iterable[RollUser]) -> Headcount:
    """Count all users of a roll but some, which are as it has them."""
    roll_counts = _stored_counts(domain)
    if roll_counts is None:
        _, roll_counts = _all(domain)
    part_counts = _part_counts(user.state for user in loaded)
    sources: dict[UUID, Sum] = {}
    people = {False: Sum(), True: Sum()}
    for key, (rows, *numbers) in roll_counts.items():
        owner, static, _ = key
        less = part_counts.get(key, _NONE)
        others = Sum(*(number - part for number, part in zip(numbers[:3], less[1:4], strict=True)))
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


def managed_by_owner(domain: UUID) -> Mapping[UUID, int]:
    """How many users in service each owner keeps; one that keeps nobody is left out. Counted where nothing is kept."""
    with connection.cursor() as cursor:
        cursor.execute(_MANAGED, {"domain": domain})
        kept, counted = cursor.fetchone()
    if kept is None:
        return {UUID(owner): number for owner, number in json.loads(counted or "{}").items()}
    managed: dict[UUID, int] = {}
    for (owner, *_), (_, users, *_) in _counts(json.loads(kept)).items():
        if owner is not None and users:
            managed[owner] = managed.get(owner, 0) + users
    return managed


def keep(domain: UUID) -> None:
    """Count a roll and keep what comes of it, unless that is kept already."""
    if _stored_counts(domain) is None:
        stamp, roll_counts = _all(domain)
        RollCount.objects.update_or_create(domain_id=domain, defaults={"stamp": stamp, "counts": _json(roll_counts)})


def forget(domain: UUID) -> None:
    """Have a roll counted anew, as soon as that is wanted: no error of what was moved along lives longer."""
    RollCount.objects.filter(domain_id=domain).delete()


@contextmanager
def moved_along(plan: Plan) -> Iterator[None]:
    """Move what is kept of a roll along with a plan that is carried out within; nothing is kept where nothing was.

    The caller holds the domain's lock, and so does whoever else writes users or the addresses that they have in
    service: without it, somebody else's plan takes only addresses that end (`rows.write`), of which none is counted.
    """
    roll_counts = _stored_counts(plan.domain)
    yield
    if roll_counts is None:
        return
    had = _part_counts(change.before for change in plan.others)
    arriving = (arrival.state for arrival in plan.arrivals)
    has = _part_counts(chain((change.after for change in plan.others), arriving))
    counts: dict[CountKey, list[int]] = {}
    for key in roll_counts.keys() | has.keys() | had.keys():
        columns = zip(roll_counts.get(key, _NONE), has.get(key, _NONE), had.get(key, _NONE), strict=True)
        counts[key] = [before + more - less for before, more, less in columns]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, {"domain": plan.domain, "counts": json.dumps(_json(counts))})


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


def _part_counts(states: Iterable[State | None]) -> dict[CountKey, list[int]]:
    """Count some users as `Counts` has them."""
    counts: dict[CountKey, list[int]] = {}
    for state in states:
        if state is None:
            continue
        key = (state.owner, state.kind is Kind.STATIC, state.object_type or ObjectType.USER)
        numbers = counts.setdefault(key, [*_NONE])
        numbers[0] += 1
        if not state.retired:
            numbers[1] += 1
            numbers[2] += state.billable
            numbers[3] += len(state.addresses)
            numbers[4] += state.external_id is not None
    return counts


def _json(counts: Counts) -> list[list[object]]:
    return [
        [None if owner is None else str(owner), static, type_, *numbers]
        for (owner, static, type_), numbers in counts.items()
        if numbers[0]
    ]


def _counts(rows: Collection[list[Any]]) -> Counts:
    return {
        (None if owner is None else UUID(owner), static, type_): tuple(numbers)
        for owner, static, type_, *numbers in rows
    }
