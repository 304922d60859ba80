"""The list of a domain's users as a person looks through it: searched, narrowed, sorted, page by page, with counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from django.db import connection

from mailroll.directory.models import Domain, Group
from mailroll.directory.queries import LISTED, ListedUser
from mailroll.reconcile.model import Kind

PAGE = 50
"""Users on one page."""

RETIRED = 5
"""Retired users shown below the first page."""

SEARCH_MAX = 320
"""Characters of a search that are looked at: room for any address."""


class ListStanding(StrEnum):
    """What a list is narrowed to by what became of users, or what people decided about them."""

    LISTED = "list"
    RETIRED = "retired"
    PINNED = "pinned"
    KEPT = "kept"
    EXEMPT = "exempt"
    BY_HAND = "by-hand"


class ListSort(StrEnum):
    """What a list can be sorted by."""

    NAME = "name"
    KIND = "kind"
    BILLABLE = "billable"
    GROUP = "group"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class WantedUsers:
    """What somebody wants to see; `page` counts from 1."""

    text: str = ""
    standing: ListStanding = ListStanding.LISTED
    kind: Kind | None = None
    group: int | None = None
    billable: bool = False
    sort: ListSort = ListSort.NAME
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A group to narrow a list to."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class ChoiceCounts:
    """How many users each choice would show, with the search and every other choice as they are."""

    standings: Mapping[ListStanding, int]
    kinds: Mapping[Kind, int]
    groups: Mapping[GroupChoice, int]
    shown: int


@dataclass(frozen=True, slots=True)
class UserPage:
    """One page of users, and the first retired ones that the search finds.

    `number` is the page that was found: the last one where there are fewer than asked for.
    """

    users: tuple[ListedUser, ...]
    retired: tuple[ListedUser, ...]
    counted: ChoiceCounts
    number: int
    pages: int


# Where somebody searches, the users found are few or the walk was long: either way they are kept for both uses. Where
# nobody does, each use has an index of its own.
_FOUND = """
    WITH found AS {kept} MATERIALIZED (
         SELECT u.id, u.kind, u.billable, u.group_id, u.owner_id, u.pinned, u.kept, u.exempt, u.retired_at,
                lower(u.display_name) AS name
           FROM directory_user u
          WHERE u.domain_id = %(domain)s {hits})
"""

_HITS = """
    AND (lower(u.display_name) LIKE lower(%(like)s)
         OR u.id IN (SELECT a.user_id FROM directory_address a
                      WHERE a.domain_id = %(domain)s AND a.address LIKE lower(%(like)s COLLATE "C")
                        AND (a.ending_since IS NULL OR a.ending_since = (
                            SELECT retired.retired_at FROM directory_user retired WHERE retired.id = a.user_id))))
"""

_STANDING = {
    ListStanding.LISTED: "u.retired_at IS NULL",
    ListStanding.RETIRED: "u.retired_at IS NOT NULL",
    ListStanding.PINNED: "u.pinned",
    ListStanding.KEPT: "u.kept",
    ListStanding.EXEMPT: "u.exempt",
    ListStanding.BY_HAND: "u.owner_id IS NULL AND u.retired_at IS NULL",
}

_SORT = {
    ListSort.NAME: "u.name",
    ListSort.KIND: "u.kind",
    ListSort.BILLABLE: "u.billable",
    ListSort.GROUP: "(SELECT name FROM directory_group WHERE id = u.group_id)",
    ListSort.SOURCE: "(SELECT label FROM directory_owner WHERE id = u.owner_id)",
}

_LOOK = f"""
    {_FOUND}
    SELECT (SELECT json_agg(c)
              FROM (SELECT u.kind, u.group_id, u.billable, {", ".join(_STANDING.values())}, count(*)
                      FROM found u GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9) c
           (kind, "group", billable, {", ".join(f"s{place}" for place in range(len(_STANDING)))}, many)),
           (SELECT array_agg(u.id)
              FROM (SELECT u.id FROM found u WHERE {{where}} ORDER BY {{order}} LIMIT %(most)s OFFSET %(first)s) u),
           (SELECT array_agg(u.id)
              FROM (SELECT u.id FROM found u WHERE u.retired_at IS NOT NULL ORDER BY u.name, u.id LIMIT {RETIRED}) u)
"""  # noqa: S608 - the conditions stand above

_RETIRED = f"""
    {_FOUND}
    SELECT u.id FROM found u WHERE {{where}} ORDER BY u.name, u.id
"""  # noqa: S608 - the conditions stand above

_WANTED = LISTED.format(
    users="unnest(%s::uuid[]) WITH ORDINALITY wanted(id, place) JOIN directory_user u ON u.id = wanted.id",
    order="wanted.place",
)


def list_users(of: Domain, wanted: WantedUsers) -> UserPage:
    """Return the page of users that somebody wants to see, and what the other choices would show."""
    rows, ids, gone = _look(of, wanted)
    counted = _counted(rows, wanted, _groups(of))
    pages = max(1, -(-counted.shown // PAGE))
    if wanted.page > pages:
        return list_users(of, replace(wanted, page=pages))
    found = {user.id: user for user in _users(of, [*ids, *gone])}
    return UserPage(
        tuple(found[one] for one in ids if one in found),
        tuple(found[one] for one in gone if one in found),
        counted,
        wanted.page,
        pages,
    )


@dataclass(frozen=True, slots=True)
class _AlikeRow:
    """How many users are alike in all that a list can be narrowed by."""

    kind: Kind
    group: int
    billable: bool
    standings: frozenset[ListStanding]
    many: int

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        held = frozenset(one for place, one in enumerate(ListStanding) if row[f"s{place}"])
        return cls(Kind(row["kind"]), row["group"], row["billable"], held, row["many"])


def retired(of: Domain, wanted: WantedUsers) -> tuple[UUID, ...]:
    """Return every retired user that a search finds, whatever page it is on."""
    facts, searched = _facts(of, wanted)
    query = _RETIRED.format(
        kept="NOT",
        hits=_HITS if searched else "",
        where=_where(replace(wanted, standing=ListStanding.RETIRED)),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        return tuple(key for (key,) in cursor)


def _look(of: Domain, wanted: WantedUsers) -> tuple[list[_AlikeRow], list[UUID], list[UUID]]:
    facts, searched = _facts(of, wanted)
    query = _LOOK.format(
        kept="" if searched else "NOT",
        hits=_HITS if searched else "",
        where=_where(wanted),
        order=_order(wanted),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        rows, ids, gone = cursor.fetchone()
    return [_AlikeRow.of(row) for row in rows or ()], ids or [], gone or []


def _where(wanted: WantedUsers) -> str:
    where = [_STANDING[wanted.standing]]
    if wanted.kind is not None:
        where.append("u.kind = %(kind)s")
    if wanted.group is not None:
        where.append("u.group_id = %(group)s")
    if wanted.billable:
        where.append("u.billable")
    return " AND ".join(where)


def _facts(of: Domain, wanted: WantedUsers) -> tuple[dict[str, str | int | UUID | None], str]:
    """What a statement is given, and the text that is searched for."""
    searched = wanted.text.strip()[:SEARCH_MAX].replace("\0", "")
    facts: dict[str, str | int | UUID | None] = {
        "domain": of.id,
        "like": _like(searched),
        "kind": None if wanted.kind is None else wanted.kind.value,
        "group": wanted.group,
        "first": (wanted.page - 1) * PAGE,
        "most": PAGE,
    }
    return facts, searched


def _like(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return f"%{text}%"


def _order(wanted: WantedUsers) -> str:
    """Sort by what is wanted, then by name; the id at last, so that no user is on two pages."""
    way = "DESC" if wanted.descending else "ASC"
    if wanted.sort is ListSort.NAME:
        return f"u.name {way}, u.id {way}"
    return f"{_SORT[wanted.sort]} {way}, u.name, u.id"


def _groups(of: Domain) -> Mapping[int, str]:
    return dict(Group.objects.filter(domain=of).order_by("name").values_list("id", "name"))


def _counted(rows: Sequence[_AlikeRow], wanted: WantedUsers, groups: Mapping[int, str]) -> ChoiceCounts:
    def count(standing: ListStanding, kind: Kind | None, group: int | None) -> int:
        return sum(
            row.many
            for row in rows
            if standing in row.standings
            and kind in {None, row.kind}
            and group in {None, row.group}
            and (row.billable or not wanted.billable)
        )

    # A large domain may have thousands of groups: all of them are counted in one look.
    in_groups: Counter[int] = Counter()
    for row in rows:
        if (
            wanted.standing in row.standings
            and wanted.kind in {None, row.kind}
            and (row.billable or not wanted.billable)
        ):
            in_groups[row.group] += row.many
    return ChoiceCounts(
        standings={one: count(one, wanted.kind, wanted.group) for one in ListStanding},
        kinds={one: count(wanted.standing, one, wanted.group) for one in Kind},
        groups={GroupChoice(key, name): in_groups[key] for key, name in groups.items()},
        shown=count(wanted.standing, wanted.kind, wanted.group),
    )


def _users(of: Domain, ids: Sequence[UUID]) -> tuple[ListedUser, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_WANTED, [list(ids), of.id])
        return tuple(ListedUser(key, address, tuple(aliases or ()), *rest) for key, address, aliases, *rest in cursor)
