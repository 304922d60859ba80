"""The list of a domain's users as a person looks through it: searched, narrowed, sorted, page by page, with counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from django.db import connection

from mailroll.directory.models import Domain
from mailroll.directory.queries import LISTED, ListedUser
from mailroll.reconcile.model import Kind

PAGE = 50
"""Users on one page."""

GROUPS = 40
"""Groups that a list offers to narrow it to; the Groups tab leads to each."""

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
    """How many users each choice would show, with the search and every other choice as they are.

    `groups` are the largest where there are very many, by name, and `group_count` is how many there are.
    """

    standings: Mapping[ListStanding, int]
    kinds: Mapping[Kind, int]
    groups: Mapping[GroupChoice, int]
    group_count: int
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

# Each standing is a bit of one number: to count by few columns is what a large domain's page waits for.
_BIT = {list_standing: f"standings & {1 << place} > 0" for place, list_standing in enumerate(_STANDING)}
_STANDINGS = " + ".join(f"({condition})::int * {1 << place}" for place, condition in enumerate(_STANDING.values()))
_SUMS = ", ".join(f"coalesce(sum(many) FILTER (WHERE {bit}), 0)::bigint" for bit in _BIT.values())

_SORT = {
    ListSort.NAME: "u.name",
    ListSort.KIND: "u.kind",
    ListSort.BILLABLE: "u.billable",
    ListSort.GROUP: "(SELECT name FROM directory_group WHERE id = u.group_id)",
    ListSort.SOURCE: "(SELECT label FROM directory_owner WHERE id = u.owner_id)",
}

# Users that are alike in all that a list can be narrowed by are counted together, and the choices add these up: a large
# domain has thousands of groups.
_LOOK = f"""
    {_FOUND}, alike AS MATERIALIZED (
         SELECT u.kind, u.group_id, u.billable, {_STANDINGS} AS standings, count(*) AS many
           FROM found u GROUP BY 1, 2, 3, 4)
    SELECT (SELECT ARRAY[{_SUMS}]
              FROM alike WHERE {{kind}} AND {{group}} AND {{billable}}),
           (SELECT json_object_agg(kind, many)
              FROM (SELECT kind, sum(many) AS many FROM alike WHERE {{standing}} AND {{group}} AND {{billable}}
                     GROUP BY kind) counted),
           (SELECT json_agg(json_build_array(id, name, many) ORDER BY name)
              FROM (SELECT g.id, g.name, coalesce(counted.many, 0) AS many
                      FROM directory_group g
                      LEFT JOIN (SELECT group_id, sum(many) AS many FROM alike
                                  WHERE {{standing}} AND {{kind}} AND {{billable}} GROUP BY group_id) counted
                             ON counted.group_id = g.id
                     WHERE g.domain_id = %(domain)s
                     ORDER BY g.id = %(group)s DESC, 3 DESC, g.name LIMIT {GROUPS}) largest),
           (SELECT count(*) FROM directory_group WHERE domain_id = %(domain)s),
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


def list_users(of: Domain, wanted_users: WantedUsers) -> UserPage:
    """Return the page of users that somebody wants to see, and what the other choices would show."""
    counted, ids, retired_ids = _look(of, wanted_users)
    pages = max(1, -(-counted.shown // PAGE))
    if wanted_users.page > pages:
        return list_users(of, replace(wanted_users, page=pages))
    users_by_id = {user.id: user for user in _users(of, [*ids, *retired_ids])}
    return UserPage(
        tuple(users_by_id[user_id] for user_id in ids if user_id in users_by_id),
        tuple(users_by_id[user_id] for user_id in retired_ids if user_id in users_by_id),
        counted,
        wanted_users.page,
        pages,
    )


def retired(of: Domain, wanted_users: WantedUsers) -> tuple[UUID, ...]:
    """Return every retired user that a search finds, whatever page it is on."""
    facts, searched = _facts(of, wanted_users)
    query = _RETIRED.format(
        kept="NOT",
        hits=_HITS if searched else "",
        where=_where_clause(replace(wanted_users, standing=ListStanding.RETIRED)),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        return tuple(key for (key,) in cursor)


def _look(of: Domain, wanted_users: WantedUsers) -> tuple[ChoiceCounts, list[UUID], list[UUID]]:
    facts, searched = _facts(of, wanted_users)
    query = _LOOK.format(
        kept="" if searched else "NOT",
        hits=_HITS if searched else "",
        standing=_BIT[wanted_users.standing],
        kind="TRUE" if wanted_users.kind is None else "kind = %(kind)s",
        group="TRUE" if wanted_users.group is None else "group_id = %(group)s",
        billable="billable" if wanted_users.billable else "TRUE",
        where=_where_clause(wanted_users),
        order=_order(wanted_users),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        numbers, kinds, groups, group_count, ids, retired_ids = cursor.fetchone()
    standings = dict(zip(_STANDING, numbers, strict=True))
    counted = ChoiceCounts(
        standings=standings,
        kinds={kind: (kinds or {}).get(kind.value, 0) for kind in Kind},
        groups={GroupChoice(key, name): count for key, name, count in groups or ()},
        group_count=group_count,
        shown=standings[wanted_users.standing],
    )
    return counted, ids or [], retired_ids or []


def _where_clause(wanted_users: WantedUsers) -> str:
    conditions = [_STANDING[wanted_users.standing]]
    if wanted_users.kind is not None:
        conditions.append("u.kind = %(kind)s")
    if wanted_users.group is not None:
        conditions.append("u.group_id = %(group)s")
    if wanted_users.billable:
        conditions.append("u.billable")
    return " AND ".join(conditions)


def _facts(of: Domain, wanted_users: WantedUsers) -> tuple[dict[str, str | int | UUID | None], str]:
    """What a statement is given, and the text that is searched for."""
    searched = wanted_users.text.strip()[:SEARCH_MAX].replace("\0", "")
    facts: dict[str, str | int | UUID | None] = {
        "domain": of.id,
        "like": _like(searched),
        "kind": None if wanted_users.kind is None else wanted_users.kind.value,
        "group": wanted_users.group,
        "first": (wanted_users.page - 1) * PAGE,
        "most": PAGE,
    }
    return facts, searched


def _like(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return f"%{text}%"


def _order(wanted_users: WantedUsers) -> str:
    """Sort by what is wanted, then by name; the id at last, so that no user is on two pages."""
    way = "DESC" if wanted_users.descending else "ASC"
    if wanted_users.sort is ListSort.NAME:
        return f"u.name {way}, u.id {way}"
    return f"{_SORT[wanted_users.sort]} {way}, u.name, u.id"


def _users(of: Domain, ids: Sequence[UUID]) -> tuple[ListedUser, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_WANTED, [list(ids), of.id])
        return tuple(ListedUser(key, address, tuple(aliases or ()), *rest) for key, address, aliases, *rest in cursor)
