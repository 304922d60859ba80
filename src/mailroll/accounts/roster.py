"""The people of the organizations that an operator administers: a line a person, however many roles it has."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from allauth.mfa.models import Authenticator

from mailroll import promises
from mailroll.accounts import access, invitations, people, places
from mailroll.accounts.models import Invitation, Membership, Operator, Role
from mailroll.directory.models import Organization

LONG = promises.UNSEEN
"""Who was not seen for as long may no longer need the role."""


class Factor(StrEnum):
    """The strongest second factor that somebody has set up."""

    PASSKEY = "passkey"
    APP = "app"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role of somebody; `place` is what its organization is called, told apart from others of the name."""

    membership: int
    organization: UUID
    place: str
    role: Role


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with a role: the strongest first; `reaches` counts the organizations that the reader administers."""

    operator: Operator
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
    """Everybody whom an administrator may know of; `lonely` are the organizations with nobody of their own."""

    colleagues: tuple[Colleague, ...]
    offered: tuple[OpenOffer, ...]
    places: Mapping[UUID, str]
    lonely: tuple[UUID, ...]


def compose(by: Operator, now: datetime) -> Roster:
    """1. Read the tree that `by` administers  2. gather roles by person  3. count what each reaches of it."""
    tree = list(access.organizations_as(by, Role.ADMINISTRATOR).order_by("name", "id"))
    names = places.told_apart(tree)
    held: defaultdict[Operator, list[Membership]] = defaultdict(list)
    for membership in people.managed(by):
        held[membership.operator].append(membership)
    factors = _factors(held)
    below = _below(tree)
    colleagues = [_colleague(operator, roles, names, below, factors) for operator, roles in held.items()]
    offers = [
        OpenOffer(one, names[one.organization_id], len(below[one.organization_id]))
        for one in invitations.waiting(by, now)
    ]
    peopled = {one.organization_id for roles in held.values() for one in roles if one.operator.is_active}
    return Roster(
        tuple(sorted(colleagues, key=lambda one: (-one.role.strength, -one.reaches, one.operator.email))),
        tuple(offers),
        names,
        tuple(place.id for place in tree if place.id not in peopled),
    )


def _colleague(
    operator: Operator,
    roles: Sequence[Membership],
    names: Mapping[UUID, str],
    below: Mapping[UUID, frozenset[UUID]],
    factors: Mapping[UUID, Factor],
) -> Colleague:
    lines = [HeldRole(one.id, one.organization_id, names[one.organization_id], Role(one.role)) for one in roles]
    lines.sort(key=lambda one: (-one.role.strength, -len(below[one.organization]), one.place))
    reached = frozenset[UUID]().union(*(below[one.organization] for one in lines)) if operator.is_active else ()
    return Colleague(operator, tuple(lines), len(reached), factors.get(operator.id, Factor.NONE))


def _below(tree: Iterable[Organization]) -> dict[UUID, frozenset[UUID]]:
    """Map each organization to itself and all below it; a ring of parents ends the walk."""
    children: defaultdict[UUID | None, list[UUID]] = defaultdict(list)
    for place in tree:
        children[place.parent_id].append(place.id)
    found: dict[UUID, frozenset[UUID]] = {}
    for place in tree:
        reached, waiting = set[UUID](), [place.id]
        while waiting:
            here = waiting.pop()
            if here not in reached:
                reached.add(here)
                waiting += children[here]
        found[place.id] = frozenset(reached)
    return found


def _factors(operators: Iterable[Operator]) -> dict[UUID, Factor]:
    kinds = {Authenticator.Type.WEBAUTHN.value: Factor.PASSKEY, Authenticator.Type.TOTP.value: Factor.APP}
    rows = Authenticator.objects.filter(user__in=list(operators), type__in=list(kinds)).order_by("type")
    # "webauthn" comes after "totp", and so stays where there are both.
    return {user: kinds[kind] for user, kind in rows.values_list("user_id", "type")}
