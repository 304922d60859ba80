"""The people of the organizations that an operator administers: a line a person, however many roles it has."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from mailroll import promises
from mailroll.accounts import access, invitations, people, places, ranks
from mailroll.accounts.models import Invitation, Membership, Operator, Role
from mailroll.accounts.people_search import SearchScope, search
from mailroll.accounts.ranks import PersonStanding, RankCut, RankedPerson
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


_FACTORS: Final = dict(zip(ranks.FACTORS, (Factor.PASSKEY, Factor.APP), strict=True))


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
    """Whom an administrator may know of, in the order in which lists have them; `lines` tells more of some.

    `people` are those of a cut, `standings` how many stand like what whatever the cut says of that, and `offers` all
    whom its search finds. `person_count` is of all who have a role.
    `places` are the organizations that they administer, to choose one of; nothing where there are too many for that.
    `place_count` is how many there are, `lonely` how many of these have nobody of their own.
    """

    people: tuple[RankedPerson, ...]
    standings: Mapping[PersonStanding, int]
    offers: tuple[Invitation, ...]
    person_count: int
    places: Mapping[UUID, str]
    place_count: int
    lonely: int


def compose(by: Operator, now: datetime, text: str = "", cut: RankCut = ranks.WHOLE) -> Roster:
    """Rank who has a role, and read who is invited; with a text, those whose names have it.

    What it takes follows from how many people there are, not from how many organizations. Those are called by their
    names alone: what tells those of one name apart is `place_names`, asked of the few that a page shows.
    """
    tree, managed = access.reach(by, Role.ADMINISTRATOR), people.managed(by)
    place_count = tree.count()
    organizations = list(tree.order_by("name", "id")) if place_count <= places.FEW else []
    names = places.told_apart(organizations)
    offers = list(invitations.waiting(by, now))
    if cut.place is not None:
        offers = [offer for offer in offers if offer.organization_id == cut.place]
    if text:
        searched, offers = search(text, offers, SearchScope(managed, tree, names))
        cut = replace(cut, searched=searched)
    ranked = ranks.rank(managed, now - LONG, cut)
    return Roster(
        ranked.people,
        ranked.standings,
        tuple(offers),
        ranked.person_count,
        {organization.id: names[organization.id] for organization in organizations},
        place_count,
        max(0, place_count - ranked.place_count),
    )


def lines(by: Operator, entries: Sequence[Entry]) -> list[Line]:
    """Tell what lists say of some entries, in their order. Whoever lost all roles since then is left out."""
    ranked = {entry.operator: entry for entry in entries if isinstance(entry, RankedPerson)}
    managed = people.managed(by)
    if len(ranked) <= _PICKED:
        managed = managed.filter(operator__in=list(ranked))
    memberships = [rows for rows in _read_memberships(managed) if rows[0].operator.id in ranked] if ranked else []
    several = {row.place.id for rows in memberships if len(rows) > 1 for row in rows}
    sizes = ranks.sizes(several.union(entry.organization_id for entry in entries if isinstance(entry, Invitation)))
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
    return [line for line in lines(by, ranks.rank(rows, None, ranks.WHOLE).people) if isinstance(line, Colleague)]


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
