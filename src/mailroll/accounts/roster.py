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

LONG = promises.UNSEEN
"""Who was not seen for as long may no longer need the role."""


class Factor(StrEnum):
    """The strongest second factor that somebody has set up."""

    PASSKEY = "passkey"
    APP = "app"
    NONE = "none"


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

    def unseen_since(self, moment: datetime) -> bool:
        return (self.operator.last_login or self.operator.created_at) < moment


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """Somebody who is invited and not here yet."""

    invitation: Invitation
    place: str
    reaches: int


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody whom an administrator may know of.

    `places` are the organizations that they administer, to choose one of; nothing where there are too many for that.
    `place_count` is how many there are, `lonely` how many of these have nobody of their own.
    """

    colleagues: tuple[Colleague, ...]
    offered: tuple[OpenOffer, ...]
    places: Mapping[UUID, str]
    place_count: int
    lonely: int


def compose(by: Operator, now: datetime) -> Roster:
    """1. Read who has a role, and who is invited  2. see what the organizations of these reach  3. gather by person.

    What it takes follows from how many people there are, not from how many organizations. Those are called by their
    names alone: what tells those of one name apart is `place_names`, asked of the few that a page shows.
    """
    tree = access.reach(by, Role.ADMINISTRATOR)
    active = Membership.objects.filter(operator__is_active=True)
    counted = tree.aggregate(every=Count("id"), lonely=Count("id", filter=~Q(id__in=active.values("organization"))))
    memberships, offers = _read_memberships(people.managed(by)), list(invitations.waiting(by, now))
    organizations = list(tree.order_by("name", "id")) if counted["every"] <= places.FEW else []
    names = places.told_apart_among(organizations, tree)
    reaches = _reaches(memberships, (offer.organization_id for offer in offers))
    return Roster(
        tuple(sorted(_gathered(memberships, reaches), key=_standing)),
        tuple(OpenOffer(offer, offer.organization.name, reaches.sizes[offer.organization_id]) for offer in offers),
        {organization.id: names[organization.id] for organization in organizations},
        counted["every"],
        counted["lonely"],
    )


def place_names(roster: Roster, lines: Iterable[Colleague | OpenOffer], by: Operator) -> Mapping[UUID, str]:
    """What the organizations of these lines are called, told apart from others of the name that `by` administers."""
    if roster.places:
        return roster.places
    return _place_names(lines, by)


def _place_names(lines: Iterable[Colleague | OpenOffer], by: Operator) -> Mapping[UUID, str]:
    named_places: list[Organization | places.NamedPlace] = []
    for line in lines:
        if isinstance(line, OpenOffer):
            named_places.append(line.invitation.organization)
        else:
            named_places += (places.NamedPlace(role.organization, role.place, role.added_at) for role in line.roles)
    return places.told_apart_among(named_places, access.reach(by, Role.ADMINISTRATOR))


def told_apart(line: Colleague | OpenOffer, names: Mapping[UUID, str]) -> Colleague | OpenOffer:
    """Return a line whose organizations have these names; one that has none keeps its own.

    An organization that was moved or removed while the others were read is not among them.
    """
    if isinstance(line, OpenOffer):
        return replace(line, place=names.get(line.invitation.organization_id, line.place))
    return replace(
        line, roles=tuple(replace(role, place=names.get(role.organization, role.place)) for role in line.roles)
    )


def colleague(by: Operator, operator: UUID) -> Colleague | None:
    """Return one of those whom an administrator may know of."""
    memberships = _read_memberships(people.managed(by).filter(operator=operator))
    for line in _gathered(memberships, _reaches(memberships, ())):
        named_line = told_apart(line, _place_names([line], by))
        return named_line if isinstance(named_line, Colleague) else None
    return None


def _standing(line: Colleague) -> tuple[int, int, str]:
    return -_STRENGTHS[line.role], -line.reaches, line.operator.email


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


@dataclass(frozen=True, slots=True)
class _Reaches:
    """How many organizations each of some reaches, itself among them, and which lie above each of those that one has.

    Of the latter only those are known of which somebody has several.
    """

    sizes: Mapping[UUID, int]
    above: Mapping[UUID, frozenset[UUID]]

    def together(self, place_ids: Collection[UUID]) -> int:
        """How many several reach: of those that lie below another of them nothing is added."""
        if len(place_ids) == 1:
            return sum(self.sizes[place] for place in place_ids)
        return sum(self.sizes[place] for place in place_ids if self.above[place].isdisjoint(place_ids))


# Most organizations have none below: only the others are walked through. UNION, not UNION ALL: a ring of parents, which
# no constraint can forbid, ends the walk instead of never; there the root is among the children, and is counted so.
_SIZES: Final = """
    WITH RECURSIVE parents AS MATERIALIZED (
        SELECT o.id, o.parent_id, counted.children
          FROM (SELECT parent_id, count(*) AS children FROM directory_organization GROUP BY parent_id) counted
          JOIN directory_organization o ON o.id = counted.parent_id
    ), reach (root, up, id, children) AS (
        SELECT id, parent_id, id, children FROM parents WHERE id = ANY (%s::uuid[])
        UNION
        SELECT reach.root, reach.up, parents.id, parents.children
          FROM reach JOIN parents ON parents.parent_id = reach.id
    )
    SELECT root, (sum(children) + 1 - coalesce(max((id = up)::int), 0))::int FROM reach GROUP BY root, up
"""
_ABOVE: Final = """
    WITH RECURSIVE line (id, above) AS (
        SELECT id, parent_id FROM directory_organization WHERE id = ANY (%s::uuid[])
        UNION
        SELECT line.id, upper.parent_id FROM line JOIN directory_organization upper ON upper.id = line.above
    )
    SELECT id, array_agg(above) FILTER (WHERE above <> id) FROM line GROUP BY id
"""


def _reaches(everybody: Iterable[Sequence[_MembershipRow]], offered: Iterable[UUID]) -> _Reaches:
    sizes, inner = dict.fromkeys(offered, 1), set[UUID]()
    for memberships in everybody:
        several = [membership.place.id for membership in memberships]
        sizes.update(dict.fromkeys(several, 1))
        if len(several) > 1:
            inner.update(several)
    above: dict[UUID, frozenset[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SIZES, [arrays.uuids(sizes)])
        sizes.update(cursor.fetchall())
        if inner:
            cursor.execute(_ABOVE, [arrays.uuids(inner)])
            above = {place: frozenset(line or ()) for place, line in cursor.fetchall()}
    return _Reaches(sizes, above)


def _gathered(everybody: Sequence[Sequence[_MembershipRow]], reaches: _Reaches) -> list[Colleague]:
    factors = _factors([memberships[0].operator.id for memberships in everybody])
    return [_colleague(memberships, reaches, factors) for memberships in everybody]


def _colleague(memberships: Sequence[_MembershipRow], reaches: _Reaches, factors: Mapping[UUID, Factor]) -> Colleague:
    operator = memberships[0].operator
    lines = [
        HeldRole(
            membership.id, membership.place.id, membership.place.name, membership.place.created_at, membership.role
        )
        for membership in memberships
    ]
    if len(lines) > 1:
        lines.sort(
            key=lambda line: (-_STRENGTHS[line.role], -reaches.sizes[line.organization], line.place, line.organization)
        )
    reached = reaches.together([line.organization for line in lines]) if operator.is_active else 0
    return Colleague(operator, tuple(lines), reached, factors.get(operator.id, Factor.NONE))


def _factors(operators: Collection[UUID]) -> dict[UUID, Factor]:
    kinds = {Authenticator.Type.WEBAUTHN.value: Factor.PASSKEY, Authenticator.Type.TOTP.value: Factor.APP}
    keys = RawSQL("SELECT unnest(%s::uuid[])", (arrays.uuids(operators),))
    rows = Authenticator.objects.filter(user__in=keys, type__in=list(kinds)).order_by("type")
    # "webauthn" comes after "totp", and so stays where there are both.
    return {user: kinds[kind] for user, kind in rows.values_list("user_id", "type")}
