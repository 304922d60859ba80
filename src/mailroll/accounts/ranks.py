"""People in the order in which lists have them: ranked, searched, counted and cut by the database."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any, Final
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import QuerySet

from mailroll.accounts.models import Membership, Role
from mailroll.directory import arrays


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """What lists narrow people by: the strongest role, and whether they were not seen for long (`unseen`)."""

    role: Role
    is_active: bool
    has_factor: bool
    unseen: bool


_BY_STRENGTH: Final = tuple(sorted(Role, key=lambda role: role.strength))
_NO_YES: Final = (False, True)
_STANDINGS: Final = tuple(PersonStanding(*about) for about in product(_BY_STRENGTH, _NO_YES, _NO_YES, _NO_YES))
"""Each stands at the place of the number that `_RANKED` makes of it."""
STANDINGS: Final = frozenset(_STANDINGS)


@dataclass(frozen=True, slots=True)
class RankedPerson:
    """Where somebody stands in a list: by the strongest role, then by how many organizations they reach.

    Nobody who is switched off reaches anything.
    """

    operator: UUID
    standing: PersonStanding
    reaches: int


@dataclass(frozen=True, slots=True)
class SearchedText:
    """A text, folded, for the database to look for in ASCII; of other texts it is given those that have it.

    `operators` are found by their name or address, `organizations` by what they are called.
    """

    text: str
    operators: Collection[UUID]
    organizations: Collection[UUID]


@dataclass(frozen=True, slots=True)
class RankCut:
    """Which people are read: who has a role in `place`, is found by `searched`, and stands like one of `standings`."""

    place: UUID | None = None
    searched: SearchedText | None = None
    standings: Collection[PersonStanding] = STANDINGS
    first: int = 0
    most: int | None = None


WHOLE: Final = RankCut()
"""Everybody."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The people of a cut, and how many stand like what, whatever standings and part of the list it asks for.

    `person_count` and `place_count` are of all these memberships: who has them, and where somebody has who is active.
    """

    people: tuple[RankedPerson, ...]
    standings: Mapping[PersonStanding, int] = field(default_factory=dict)
    person_count: int = 0
    place_count: int = 0


FACTORS: Final = (Authenticator.Type.WEBAUTHN.value, Authenticator.Type.TOTP.value)
"""What counts as a second factor, the strongest first."""

# Most organizations have none below: only the others are walked through. UNION, not UNION ALL: a ring of parents, which
# no constraint can forbid, ends the walk instead of never; there the root is among the children, and is counted so.
_SIZES: Final = """
    parents AS MATERIALIZED (
        SELECT o.id, o.parent_id, counted.children
          FROM (SELECT parent_id, count(*) AS children FROM directory_organization GROUP BY parent_id) counted
          JOIN directory_organization o ON o.id = counted.parent_id
    ), reach (root, up, id, children) AS (
        SELECT id, parent_id, id, children FROM parents WHERE id IN (SELECT id FROM roots)
        UNION
        SELECT reach.root, reach.up, parents.id, parents.children
          FROM reach JOIN parents ON parents.parent_id = reach.id
    ), sizes AS (
        SELECT root, (sum(children) + 1 - coalesce(max((id = up)::int), 0))::int AS size FROM reach GROUP BY root, up
    )
"""
_SIZES_OF: Final = f"WITH RECURSIVE roots AS (SELECT unnest(%s::uuid[]) AS id), {_SIZES} SELECT root, size FROM sizes"  # noqa: S608

_AT: Final = "operator_id IN (SELECT operator_id FROM managed WHERE organization_id = %s)"
# Of ASCII, what `folded` makes is what this makes, and its length in bytes is that in letters.
_IN: Final = "(octet_length({column}) = char_length({column}) AND strpos({folded}, %s) > 0)"
_FOLDED: Final = 'lower({column} COLLATE "C")'
_ONE_BLANK: Final = rf"regexp_replace({_FOLDED}, '[\t-\r\x1c- ]+', ' ', 'g')"
_COLUMNS: Final = ("p.name", "p.email", "o.name")
_FINDS: Final = """operator_id IN (
    SELECT m.operator_id FROM managed m
      JOIN accounts_operator p ON p.id = m.operator_id JOIN directory_organization o ON o.id = m.organization_id
     WHERE m.operator_id = ANY (%s::uuid[]) OR m.organization_id = ANY (%s::uuid[]) OR {texts})"""

# Of several roles, one that lies below another adds nothing to what somebody reaches. Letters are compared by their
# numbers, as Python compares them.
_RANKED: Final = """
    WITH RECURSIVE managed AS MATERIALIZED (
        SELECT m.operator_id, m.organization_id, m.role FROM accounts_membership m WHERE m.id IN ({managed})
    ), held AS MATERIALIZED (
        SELECT m.*, count(*) OVER (PARTITION BY m.operator_id) AS several FROM managed m WHERE {cut}
    ), roots AS (SELECT DISTINCT organization_id AS id FROM held), {sizes}, line (id, above) AS (
        SELECT o.id, o.parent_id FROM directory_organization o
         WHERE o.id IN (SELECT organization_id FROM held WHERE several > 1)
        UNION
        SELECT line.id, upper.parent_id FROM line JOIN directory_organization upper ON upper.id = line.above
    ), outer_roles AS (
        SELECT h.*, coalesce(s.size, 1) AS size, h.several > 1 AND EXISTS (
                   SELECT FROM line l JOIN held o ON o.operator_id = h.operator_id AND o.organization_id = l.above
                    WHERE l.id = h.organization_id AND l.above <> l.id) AS inside
          FROM held h LEFT JOIN sizes s ON s.root = h.organization_id
    ), ranked AS MATERIALIZED (
        SELECT p.id, p.email,
               CASE WHEN p.is_active THEN coalesce(sum(r.size) FILTER (WHERE NOT r.inside), 0) ELSE 0 END AS reaches,
               (max(array_position(%s::text[], r.role::text)) - 1) * 8 + p.is_active::int * 4
               + (EXISTS (SELECT FROM mfa_authenticator a WHERE a.user_id = p.id AND a.type = ANY (%s)))::int * 2
               + coalesce(coalesce(p.last_login, p.created_at) < %s, false)::int AS standing
          FROM outer_roles r JOIN accounts_operator p ON p.id = r.operator_id
         GROUP BY p.id
    )
    SELECT ARRAY(SELECT json_build_array(r.id, r.standing, r.reaches) FROM ranked r WHERE r.standing = ANY (%s)
                  ORDER BY r.standing / 8 DESC, r.reaches DESC, r.email COLLATE "C" LIMIT %s OFFSET %s),
           ARRAY(SELECT json_build_array(r.standing, count(*)) FROM ranked r GROUP BY r.standing),
           (SELECT count(DISTINCT operator_id) FROM managed),
           (SELECT count(DISTINCT m.organization_id) FROM managed m JOIN accounts_operator p ON p.id = m.operator_id
             WHERE p.is_active)
"""


def rank(managed: "QuerySet[Membership]", unseen_since: datetime | None, cut: RankCut) -> Ranking:
    """Rank who has these memberships. `unseen_since`: whoever was last seen before it is unseen."""
    memberships, parameters = primary_keys(managed)
    condition, facts = _condition(cut)
    with connection.cursor() as cursor:
        cursor.execute(
            _RANKED.format(managed=memberships, sizes=_SIZES, cut=condition),
            [
                *(*parameters, *facts, [*_BY_STRENGTH], list(FACTORS), unseen_since),
                *([number for number, standing in enumerate(_STANDINGS) if standing in cut.standings],),
                *(cut.most, cut.first),
            ],
        )
        people, standings, *counts = cursor.fetchone()
    return Ranking(
        tuple(RankedPerson(UUID(key), _STANDINGS[number], reaches) for key, number, reaches in people),
        {_STANDINGS[number]: count for number, count in standings},
        *counts,
    )


def primary_keys(rows: "QuerySet[Membership]") -> tuple[str, tuple[Any, ...]]:
    """Return a statement for the ids of these memberships, and its parameters."""
    statement, parameters = rows.select_related(None).order_by().values("id").query.sql_with_params()
    return statement, tuple(parameters)


def sizes(organizations: Collection[UUID]) -> Mapping[UUID, int]:
    """How many organizations each of some reaches, itself among them."""
    if not organizations:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SIZES_OF, [arrays.uuids(organizations)])
        return dict.fromkeys(organizations, 1) | dict(cursor.fetchall())


def _condition(cut: RankCut) -> tuple[str, list[Any]]:
    conditions, facts = ["TRUE"], list[Any]()
    if cut.place is not None:
        conditions.append(_AT)
        facts.append(cut.place)
    if cut.searched is not None:
        text = cut.searched.text
        column_text = _ONE_BLANK if " " in text else _FOLDED
        texts = [_IN.format(column=column, folded=column_text.format(column=column)) for column in _COLUMNS]
        conditions.append(_FINDS.format(texts=" OR ".join(texts)))
        facts += [arrays.uuids(cut.searched.operators), arrays.uuids(cut.searched.organizations)]
        facts += [text] * len(texts)
    return " AND ".join(conditions), facts
