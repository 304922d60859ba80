"""The people of the organizations that an operator administers: a line a person, however many roles it has."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Count, Exists, OuterRef

from mailroll import promises
from mailroll.accounts import access, invitations, people, places
from mailroll.accounts.models import Invitation, Membership, Operator, Role

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

    What it takes follows from how many people there are, not from how many organizations.
    """
    tree = access.reach(by, Role.ADMINISTRATOR)
    peopled = Exists(Membership.objects.filter(organization=OuterRef("id"), operator__is_active=True))
    counted = tree.aggregate(every=Count("id"), lonely=Count("id", filter=~peopled))
    held, offers = list(people.managed(by)), list(invitations.waiting(by, now))
    shown = list(tree.order_by("name", "id")) if counted["every"] <= places.FEW else []
    theirs = (*(one.organization for one in held), *(one.organization for one in offers))
    names = places.told_apart_among([*shown, *theirs], tree)
    reaches = _reaches([*held, *offers])
    return Roster(
        tuple(sorted(_gathered(held, names, reaches), key=_standing)),
        tuple(OpenOffer(one, names[one.organization_id], reaches.sizes[one.organization_id]) for one in offers),
        {one.id: names[one.id] for one in shown},
        counted["every"],
        counted["lonely"],
    )


def colleague(by: Operator, operator: UUID) -> Colleague | None:
    """Return one of those whom an administrator may know of."""
    held = list(people.managed(by).filter(operator=operator))
    names = places.told_apart_among([one.organization for one in held], access.reach(by, Role.ADMINISTRATOR))
    return next(iter(_gathered(held, names, _reaches(held))), None)


def _standing(one: Colleague) -> tuple[int, int, str]:
    return -one.role.strength, -one.reaches, one.operator.email


@dataclass(frozen=True, slots=True)
class _Reaches:
    """How many organizations each of some reaches, itself among them, and which of these some lie below it."""

    sizes: Mapping[UUID, int]
    below: Mapping[UUID, frozenset[UUID]]

    def together(self, held: Collection[UUID]) -> int:
        """How many several reach: of those that lie below another of them nothing is added."""
        inner = frozenset[UUID]().union(*(self.below[one] for one in held))
        return sum(self.sizes[one] for one in held if one not in inner)


# UNION, not UNION ALL: a ring of parents, which no constraint can forbid, ends the walk instead of never.
_REACHES = """
    WITH RECURSIVE reach (root, id) AS (
        SELECT root, root FROM unnest(%s::uuid[]) root
        UNION
        SELECT reach.root, child.id FROM reach JOIN directory_organization child ON child.parent_id = reach.id
    )
    SELECT root, count(*), coalesce(array_agg(id) FILTER (WHERE id <> root AND id = ANY (%s)), '{}')
      FROM reach GROUP BY root
"""


def _reaches(held: Iterable[Membership | Invitation]) -> _Reaches:
    roots, several = set[UUID](), defaultdict[UUID, set[UUID]](set)
    for one in held:
        roots.add(one.organization_id)
        if isinstance(one, Membership):
            several[one.operator_id].add(one.organization_id)
    # Only of who has roles in several is it asked whether one lies below another.
    inner = set[UUID]().union(*(places for places in several.values() if len(places) > 1))
    with connection.cursor() as cursor:
        cursor.execute(_REACHES, [list(roots), list(inner)])
        rows = cursor.fetchall()
    return _Reaches({root: size for root, size, _ in rows}, {root: frozenset(below) for root, _, below in rows})


def _gathered(held: Iterable[Membership], names: Mapping[UUID, str], reaches: _Reaches) -> list[Colleague]:
    by_person: defaultdict[Operator, list[Membership]] = defaultdict(list)
    for one in held:
        by_person[one.operator].append(one)
    factors = _factors(by_person)
    return [_colleague(operator, roles, names, reaches, factors) for operator, roles in by_person.items()]


def _colleague(
    operator: Operator,
    roles: Sequence[Membership],
    names: Mapping[UUID, str],
    reaches: _Reaches,
    factors: Mapping[UUID, Factor],
) -> Colleague:
    lines = [HeldRole(one.id, one.organization_id, names[one.organization_id], Role(one.role)) for one in roles]
    lines.sort(key=lambda one: (-one.role.strength, -reaches.sizes[one.organization], one.place))
    reached = reaches.together([one.organization for one in lines]) if operator.is_active else 0
    return Colleague(operator, tuple(lines), reached, factors.get(operator.id, Factor.NONE))


def _factors(operators: Iterable[Operator]) -> dict[UUID, Factor]:
    kinds = {Authenticator.Type.WEBAUTHN.value: Factor.PASSKEY, Authenticator.Type.TOTP.value: Factor.APP}
    rows = Authenticator.objects.filter(user__in=list(operators), type__in=list(kinds)).order_by("type")
    # "webauthn" comes after "totp", and so stays where there are both.
    return {user: kinds[kind] for user, kind in rows.values_list("user_id", "type")}
