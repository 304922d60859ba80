"""The people of the organizations that an operator administers: a line a person, however many roles it has."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import RawSQL

from mailroll import promises
from mailroll.accounts import access, invitations, people, places
from mailroll.accounts.models import Invitation, Membership, Operator, Role
from mailroll.directory import arrays
from mailroll.directory.models import Organization

_ROLES: Final = {role.value: role for role in Role}
_STRENGTHS: Final = {role: role.strength for role in Role}

_PICKED: Final = 200
"""People whose memberships are picked out; of more, all are read: that takes the database less time."""

LONG = promises.UNSEEN
"""Who was not seen for as long may no longer need the role."""


class Factor(StrEnum):
    """The strongest second factor that somebody has set up."""

    PASSKEY = "passkey"
    APP = "app"
    NONE = "none"


_FACTORS: Final = {Authenticator.Type.WEBAUTHN.value: Factor.PASSKEY, Authenticator.Type.TOTP.value: Factor.APP}


@dataclass(frozen=True, slots=True)
class Person:
    """What lists tell of an operator: of a large installation they show thousands."""

    id: UUID
    email: str
    name: str
    is_active: bool
    is_proved: bool
    last_login: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RankedPerson:
    """Where somebody stands in a list: by the strongest role, then by how many organizations they reach.

    `unseen`: whether they were not seen for `LONG`. Nobody who is switched off reaches anything.
    """

    operator: UUID
    role: Role
    reaches: int
    is_active: bool
    has_factor: bool
    unseen: bool


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role of somebody; `place` is what its organization is called, `added_at` when that was added."""

    membership: int
    organization: UUID
    place: str
    added_at: datetime
    role: Role


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with a role: the strongest first; `reaches` counts the organizations that the reader administers."""

    operator: Person
    roles: tuple[HeldRole, ...]
    reaches: int
    factor: Factor

    @property
    def role(self) -> Role:
        return self.roles[0].role


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """Somebody who is invited and not here yet."""

    invitation: Invitation
    place: str
    reaches: int


Entry = RankedPerson | Invitation
Line = Colleague | OpenOffer


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody whom an administrator may know of, in the order in which lists have them; `lines` tells more of some.

    `places` are the organizations that they administer, to choose one of; nothing where there are too many for that.
    `place_count` is how many there are, `lonely` how many of these have nobody of their own.
    """

    people: tuple[RankedPerson, ...]
    offers: tuple[Invitation, ...]
    places: Mapping[UUID, str]
    place_count: int
    lonely: int


def compose(by: Operator, now: datetime) -> Roster:
    """Rank who has a role, and read who is invited.

    What it takes follows from how many people there are, not from how many organizations. Those are called by their
    names alone: what tells those of one name apart is `place_names`, asked of the few that a page shows.
    """
    tree = access.reach(by, Role.ADMINISTRATOR)
    active = Membership.objects.filter(operator__is_active=True)
    counted = tree.aggregate(every=Count("id"), lonely=Count("id", filter=~Q(id__in=active.values("organization"))))
    organizations = list(tree.order_by("name", "id")) if counted["every"] <= places.FEW else []
    names = places.told_apart_among(organizations, tree)
    return Roster(
        _ranked(people.managed(by), now - LONG),
        tuple(invitations.waiting(by, now)),
        {organization.id: names[organization.id] for organization in organizations},
        counted["every"],
        counted["lonely"],
    )


def lines(by: Operator, entries: Sequence[Entry]) -> list[Line]:
    """Tell what lists say of some entries, in their order. Whoever lost all roles since then is left out."""
    ranked = {entry.operator: entry for entry in entries if isinstance(entry, RankedPerson)}
    managed = people.managed(by)
    if len(ranked) <= _PICKED:
        managed = managed.filter(operator__in=list(ranked))
    memberships = [rows for rows in _read_memberships(managed) if rows[0].operator.id in ranked] if ranked else []
    several = {row.place.id for rows in memberships if len(rows) > 1 for row in rows}
    sizes = _sizes(several.union(entry.organization_id for entry in entries if isinstance(entry, Invitation)))
    factors = _factors(ranked) if ranked else {}
    colleagues = {
        rows[0].operator.id: _colleague(rows, ranked[rows[0].operator.id].reaches, sizes, factors)
        for rows in memberships
    }
    told_lines = (
        colleagues.get(entry.operator)
        if isinstance(entry, RankedPerson)
        else OpenOffer(entry, entry.organization.name, sizes[entry.organization_id])
        for entry in entries
    )
    return [line for line in told_lines if line is not None]


def place_names(roster: Roster, lines: Iterable[Line], by: Operator) -> Mapping[UUID, str]:
    """What the organizations of these lines are called, told apart from others of the name that `by` administers."""
    if roster.places:
        return roster.places
    return _place_names(lines, by)


def _place_names(lines: Iterable[Line], by: Operator) -> Mapping[UUID, str]:
    named_places: list[Organization | places.NamedPlace] = []
    for line in lines:
        if isinstance(line, OpenOffer):
            named_places.append(line.invitation.organization)
        else:
            named_places += (places.NamedPlace(role.organization, role.place, role.added_at) for role in line.roles)
    return places.told_apart_among(named_places, access.reach(by, Role.ADMINISTRATOR))


def told_apart(line: Line, names: Mapping[UUID, str]) -> Line:
    """Return a line whose organizations have these names; one that has none keeps its own.

    An organization that was moved or removed while the others were read is not among them.
    """
    if isinstance(line, OpenOffer):
        return replace(line, place=names.get(line.invitation.organization_id, line.place))
    return replace(
        line, roles=tuple(replace(role, place=names.get(role.organization, role.place)) for role in line.roles)
    )


def everybody(by: Operator) -> list[Colleague]:
    """Return all whom an administrator may know of, as lists have them."""
    return _colleagues(by, people.managed(by))


def colleague(by: Operator, operator: UUID) -> Colleague | None:
    """Return one of those whom an administrator may know of."""
    for line in _colleagues(by, people.managed(by).filter(operator=operator)):
        named_line = told_apart(line, _place_names([line], by))
        return named_line if isinstance(named_line, Colleague) else None
    return None


def _colleagues(by: Operator, rows: "QuerySet[Membership]") -> list[Colleague]:
    return [line for line in lines(by, _ranked(rows, None)) if isinstance(line, Colleague)]


@dataclass(frozen=True, slots=True)
class _MembershipRow:
    """A membership as it is read here."""

    id: int
    role: Role
    place: places.NamedPlace
    operator: Person


def _read_memberships(rows: "QuerySet[Membership]") -> list[list[_MembershipRow]]:
    """Read what each person has as plain values: three rows of a model for each would take most of the page's time."""
    of_place = ("organization_id", "organization__name", "organization__created_at")
    of_person = ("id", "email", "name", "is_active", "is_proved", "last_login", "created_at")
    plain_rows = (
        rows.select_related(None)
        .order_by("operator_id")
        .values_list("id", "role", *of_place, *(f"operator__{name}" for name in of_person))
    )
    memberships: list[list[_MembershipRow]] = []
    person = None
    for key, role, place, name, since, *about in plain_rows:
        if person is None or person.id != about[0]:
            person = Person(*about)
            memberships.append([])
        memberships[-1].append(_MembershipRow(key, _ROLES[role], places.NamedPlace(place, name, since), person))
    return memberships


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
# Of several roles, one that lies below another adds nothing to what somebody reaches. Letters are compared by their
# numbers, as Python compares them.
_RANKED: Final = """
    WITH RECURSIVE held AS MATERIALIZED (
        SELECT m.operator_id, m.organization_id, m.role, count(*) OVER (PARTITION BY m.operator_id) AS several
          FROM accounts_membership m WHERE m.id IN ({managed})
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
    )
    SELECT p.id, max(array_position(%s::text[], r.role::text)) AS strength,
           CASE WHEN p.is_active THEN coalesce(sum(r.size) FILTER (WHERE NOT r.inside), 0) ELSE 0 END AS reaches,
           p.is_active,
           EXISTS (SELECT FROM mfa_authenticator a WHERE a.user_id = p.id AND a.type = ANY (%s)),
           coalesce(coalesce(p.last_login, p.created_at) < %s, false)
      FROM outer_roles r JOIN accounts_operator p ON p.id = r.operator_id
     GROUP BY p.id ORDER BY strength DESC, reaches DESC, p.email COLLATE "C"
"""


def _ranked(rows: "QuerySet[Membership]", unseen_since: datetime | None) -> tuple[RankedPerson, ...]:
    """Rank who has these memberships. `unseen_since`: whoever was last seen before it is unseen."""
    managed, parameters = rows.select_related(None).order_by().values("id").query.sql_with_params()
    roles = sorted(Role, key=lambda role: role.strength)
    with connection.cursor() as cursor:
        cursor.execute(
            _RANKED.format(managed=managed, sizes=_SIZES), [*parameters, [*roles], list(_FACTORS), unseen_since]
        )
        return tuple(RankedPerson(key, roles[strength - 1], *about) for key, strength, *about in cursor.fetchall())


def _sizes(organizations: Collection[UUID]) -> Mapping[UUID, int]:
    """How many organizations each of some reaches, itself among them."""
    if not organizations:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SIZES_OF, [arrays.uuids(organizations)])
        return dict.fromkeys(organizations, 1) | dict(cursor.fetchall())


def _colleague(
    memberships: Sequence[_MembershipRow], reaches: int, sizes: Mapping[UUID, int], factors: Mapping[UUID, Factor]
) -> Colleague:
    operator = memberships[0].operator
    roles = [
        HeldRole(
            membership.id, membership.place.id, membership.place.name, membership.place.created_at, membership.role
        )
        for membership in memberships
    ]
    if len(roles) > 1:
        roles.sort(key=lambda held: (-_STRENGTHS[held.role], -sizes[held.organization], held.place, held.organization))
    return Colleague(operator, tuple(roles), reaches, factors.get(operator.id, Factor.NONE))


def _factors(operators: Collection[UUID]) -> dict[UUID, Factor]:
    keys = RawSQL("SELECT unnest(%s::uuid[])", (arrays.uuids(operators),))
    rows = Authenticator.objects.filter(user__in=keys, type__in=list(_FACTORS)).order_by("type")
    # "webauthn" comes after "totp", and so stays where there are both.
    return {user: _FACTORS[kind] for user, kind in rows.values_list("user_id", "type")}
