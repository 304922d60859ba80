"""Looks things up in the roll for screens, commands and reports; changes nothing."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, Count, F, Q, QuerySet, When
from django.db.models.functions import Lower

from mailroll.directory import model_rows
from mailroll.directory.addresses import HELD, OWN
from mailroll.directory.fixed_queries import Parameter
from mailroll.directory.lifecycle import Lifetime
from mailroll.directory.models import MAIN, Address, Census, Domain, DomainAlias, Group, Organization, User
from mailroll.reconcile import addresses
from mailroll.reconcile.addresses import DomainFault, DomainName, mail_domain
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.text import folded, tidy

BATCH = 2000
"""Users a round trip."""

LISTED = f"""
    SELECT u.id, held.chief, held.aliases, u.display_name, u.kind, u.billable, g.name, o.label, u.pinned, u.kept,
           u.exempt, u.retired_at, u.external_id
      FROM {{users}}
      JOIN directory_group g ON g.id = u.group_id
      LEFT JOIN directory_owner o ON o.id = u.owner_id
     {HELD}
     WHERE u.domain_id = %s
     ORDER BY {{order}}
"""  # noqa: S608 - of our own pieces
"""The columns of `ListedUser`, in their order; the caller names the users and their order."""

_CLAIMED = """
    SELECT EXISTS (SELECT FROM directory_domain WHERE name = %(name)s AND claimed_at IS NOT NULL)
        OR EXISTS (SELECT FROM directory_domainalias WHERE name = %(name)s AND claimed_at IS NOT NULL)
"""
_PROVED_ALIASES = "SELECT name FROM directory_domainalias WHERE domain_id = %s AND proved_at IS NOT NULL"
_NAMES = """
    WITH mine (name, is_own, is_proved, is_of_another) AS (
        SELECT name, true, proved_at IS NOT NULL, false FROM directory_domain WHERE id = %(domain)s
        UNION ALL
        SELECT name, false, proved_at IS NOT NULL, claimed_at IS NOT NULL
          FROM directory_domainalias WHERE domain_id = %(domain)s
    )
    SELECT mine.*, EXISTS (SELECT FROM directory_domain d WHERE d.name = mine.name AND d.claimed_at IS NOT NULL)
                OR EXISTS (SELECT FROM directory_domainalias a WHERE a.name = mine.name AND a.claimed_at IS NOT NULL)
      FROM mine ORDER BY is_own DESC, name
"""
_ALL = LISTED.format(users="directory_user u", order="held.chief, u.display_name, u.id")


@dataclass(frozen=True, slots=True)
class OwnName:
    """A name of a domain: its own, or an alias domain's, proved to be its or not.

    `is_of_another`: its tenant proves it, although it was another's before. `is_claimed`: some tenant proves it so.
    """

    text: DomainName
    is_own: bool
    is_proved: bool
    is_of_another: bool
    is_claimed: bool


@dataclass(frozen=True, slots=True)
class ListedUser:
    """A user as lists show it. `address` is None where every address moved on; `managed_by` where it is hand-made."""

    id: UUID
    address: str | None
    aliases: tuple[str, ...]
    display_name: str
    kind: str
    billable: bool
    group: str
    managed_by: str | None
    pinned: bool
    kept: bool
    exempt: bool
    retired_at: datetime | None
    external_id: str | None


class UserJson(TypedDict):
    """A user as the command line and the API write it; times in ISO 8601, UTC."""

    address: str | None
    aliases: list[str]
    display_name: str
    kind: str
    billable: bool
    group: str
    managed_by: str | None
    pinned: bool
    kept: bool
    retired_at: str | None
    external_id: str | None


@dataclass(frozen=True, slots=True)
class GroupCount:
    """A group with its users in service, and how many of them are billed."""

    id: int
    name: str
    users: int
    billable: int


@dataclass(frozen=True, slots=True)
class UserCounts:
    """`users` are those in service; `billable` are among them."""

    users: int
    billable: int
    retired: int


def organization(key: str) -> Organization:
    """Find an organization by its id, or by its name where that is unique."""
    if (by_id := _as_id(key)) is not None:
        rows = list(Organization.objects.filter(id=by_id))
    else:
        # Few in an installation, and no index knows what looks the same.
        namesakes = [row for row in Organization.objects.order_by("id") if folded(row.name) == folded(key)]
        rows = [row for row in namesakes if row.name == tidy(key)] or namesakes
    match rows:
        case [one]:
            return one
        case []:
            raise BadInput(
                "organization_unknown",
                f"There is no organization “{key}”.",
                "Add it with: mailroll organization add NAME",
            )
        case _:
            raise BadInput("organization_ambiguous", f"Several organizations are named “{key}”.", "Give the id.")


def domain(key: str) -> Domain:
    """Find a domain by its id or its name, in whatever spelling.

    One that nobody has proved is named with its organization, `Birch Ltd/birch.example`: others may have the same.
    """
    place, _, text = key.rpartition("/")
    name = mail_domain(text)
    if (by_id := _as_id(key)) is not None:
        row = _domain("t.id = %s", by_id)
    elif isinstance(name, DomainFault):
        row = None
    elif place:
        row = _domain("t.organization_id = %s AND t.name = %s", organization(place).id, name)
    else:
        row = _domain("t.name = %s AND t.proved_at IS NOT NULL", name)
        if row is None and Domain.objects.filter(name=name).exists():
            raise BadInput(
                "domain_unproved",
                f"Nobody has proved {name} yet, so there may be several.",
                f"Name it with its organization: “ORGANIZATION/{name}”.",
            )
    if row is None:
        raise BadInput(
            "domain_unknown", f"There is no domain “{key}”.", "Add it with: mailroll domain add NAME --organization ..."
        )
    return row


def _domain(condition: str, *values: UUID | str) -> Domain | None:
    """Return the only domain that is as a condition with these values says, with its organization."""
    return next(iter(model_rows.select(Domain, f"WHERE {condition}", values, beside=("organization",))), None)


def by_name(domains: "QuerySet[Domain]", name: str | Parameter) -> "QuerySet[Domain]":
    """Return the domains of a name, the proved one first."""
    return domains.filter(name=name).order_by(F("proved_at").asc(nulls_last=True), "created_at", "id")


def by_path(domains: "QuerySet[Domain]", path: str) -> "QuerySet[Domain]":
    """Return the domains that a part of a page's address stands for (`Domain.path`), the proved one first."""
    place, _, name = path.rpartition(":")
    if not place:
        return by_name(domains, name)
    key = _as_id(place)
    return domains.none() if key is None else domains.filter(organization=key, name=name)


def aliases(of: Domain) -> list[DomainName]:
    """Return the alias domains of a domain by name, those too that it has not proved."""
    return [DomainName(name) for name in of.aliases.order_by("name").values_list("name", flat=True)]


def accepted(of: Domain) -> frozenset[DomainName]:
    """Return every name that addresses of a domain may end in: its own, and the alias domains that it proved.

    A domain that nobody has proved has no addresses.
    """
    if of.proved_at is None:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_PROVED_ALIASES, [of.id])
        return frozenset({DomainName(of.name), *(DomainName(name) for (name,) in cursor.fetchall())})


def names(domain: UUID) -> list[OwnName]:
    """Return the names of a domain, its own one first, and how they stand."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"domain": domain})
        return [OwnName(DomainName(text), *marks) for text, *marks in cursor.fetchall()]


def is_claimed(name: str) -> bool:
    """Whether a name that is somebody's was proved to be another's as well."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMED, {"name": name})
        (answer,) = cursor.fetchone()
    return bool(answer)


def accepting(name: DomainName) -> Domain | None:
    """Return the domain that addresses with this ending belong to, as its own name or as an alias domain.

    Where nobody proved the name, it is the first that registered it.
    """
    domains = Domain.objects.select_related("organization").filter(name=name)
    row = domains.filter(proved_at__isnull=False).first()
    if row is not None:
        return row
    aliases = DomainAlias.objects.select_related("domain__organization").filter(name=name)
    alias = aliases.order_by(F("proved_at").asc(nulls_last=True), "id").first()
    if alias is not None and alias.proved_at is not None:
        return alias.domain
    row = domains.order_by("created_at", "id").first()
    return row if row is not None or alias is None else alias.domain


def users(of: Domain) -> Iterator[ListedUser]:
    """Yield the users of a domain by address, retired ones too, as they were when the first one is taken."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_ALL, [of.id])
        while rows := cursor.fetchmany(BATCH):
            for key, address, aliases, *rest in rows:
                yield ListedUser(key, address, tuple(aliases or ()), *rest)


def holder(address: addresses.Address) -> User | None:
    """Return whose address it is or was until it ends, in whatever domain: the caller decides who may see that."""
    users = User.objects.select_related("domain", "group", "owner")
    return users.filter(addresses__address=address).first()


def holder_with_lives(address: addresses.Address) -> tuple[User, ListedUser, tuple[Lifetime, ...]] | None:
    """Return the `holder` of an address and what `listed_with_lives` tells of them, in one look."""
    about = ("user__domain__organization__parent", "user__group", "user__owner")
    # By the domain as well: without it no index knows the addresses of a user.
    theirs = Address.objects.filter(user__addresses__address=address, domain=F("user__domain"))
    rows = list(_with_own(theirs).select_related(*about))
    if not rows:
        return None
    return rows[0].user, _listed_as(rows[0].user, [row for row in rows if row.own]), _lives_of(rows)


def accepts(of: Domain, name: DomainName) -> bool:
    """Whether a name is one of `accepted`; its own is known already."""
    if of.proved_at is None:
        return False
    return name == of.name or of.aliases.filter(proved_at__isnull=False, name=name).exists()


def lives(users: Collection[UUID], of: Domain) -> Mapping[UUID, tuple[Lifetime, ...]]:
    """Return every address that users have, or had until it ends, in its life: the primary one first, own ones next."""
    rows_by_user: dict[UUID, list[Any]] = {}
    for row in _with_own(Address.objects.filter(domain=of, user__in=list(users))):
        rows_by_user.setdefault(row.user_id, []).append(row)
    return {user: _lives_of(rows) for user, rows in rows_by_user.items()}


def _with_own(rows: "QuerySet[Address]") -> "QuerySet[Any]":
    return rows.annotate(own=Q(OWN)).order_by("-is_primary", "address")


def _lives_of(rows: Iterable[Any]) -> tuple[Lifetime, ...]:
    several = (
        Lifetime(addresses.Address(row.address), bool(row.own), row.ending_since, row.confirmed_at) for row in rows
    )
    return tuple(sorted(several, key=lambda life: not life.own))


def counts(of: Domain) -> UserCounts:
    census = Census.objects.filter(domain=of).first()
    return UserCounts(census.users, census.billable, census.retired) if census is not None else UserCounts(0, 0, 0)


def managed(of: Domain) -> int:
    """How many users in service sources keep: what the limits of a sync are measured by."""
    return User.objects.filter(domain=of, owner__isnull=False, retired_at__isnull=True).count()


def group_called(of: Domain, name: str) -> Group | None:
    """Find a group by its name, or by one that looks the same."""
    rows = list(Group.objects.filter(domain=of).order_by("id"))
    exact = next((row for row in rows if row.name == name), None)
    return exact or next((row for row in rows if folded(row.name) == folded(name)), None)


def groups(of: Domain, part: slice) -> list[GroupCount]:
    """Return a part of the groups of a domain, those without users too: Main first, then by name."""
    main_first = Case(When(name=MAIN, then=0), default=1)
    rows = list(Group.objects.filter(domain=of).order_by(main_first, Lower("name"), "id")[part])
    # By the domain, whose users an index has; by the group each would be looked for among all users there are.
    serving = User.objects.filter(domain=of, group__in=rows, retired_at__isnull=True).order_by().values_list("group")
    counted = serving.annotate(all=Count("id"), paid=Count("id", filter=Q(billable=True)))
    numbers = {group: counts for group, *counts in counted}
    return [GroupCount(row.id, row.name, *numbers.get(row.id, (0, 0))) for row in rows]


def primary_of(user: User) -> str:
    """What to call a user by: its primary address, its name where every address moved on, its id at last."""
    chief = user.addresses.filter(domain=user.domain_id, is_primary=True).first()
    return chief.address if chief else user.display_name or str(user.id)


def listed(user: User) -> ListedUser:
    return _listed_as(user, list(user.addresses.filter(OWN, domain=user.domain_id).order_by("address")))


def listed_with_lives(user: User) -> tuple[ListedUser, tuple[Lifetime, ...]]:
    """Return what `listed` and `lives` tell of one user, out of one look at its addresses."""
    rows = list(_with_own(user.addresses.filter(domain=user.domain_id)))
    own = [row for row in rows if row.own]
    return _listed_as(user, own), _lives_of(rows)


def _listed_as(user: User, addresses: Sequence[Address]) -> ListedUser:
    return ListedUser(
        id=user.id,
        address=next((address.address for address in addresses if address.is_primary), None),
        aliases=tuple(address.address for address in addresses if not address.is_primary),
        display_name=user.display_name,
        kind=user.kind,
        billable=user.billable,
        group=user.group.name,
        managed_by=None if user.owner is None else user.owner.label,
        pinned=user.pinned,
        kept=user.kept,
        exempt=user.exempt,
        retired_at=user.retired_at,
        external_id=user.external_id,
    )


def as_json(user: ListedUser | User) -> UserJson:
    listed_user = listed(user) if isinstance(user, User) else user
    return {
        "address": listed_user.address,
        "aliases": list(listed_user.aliases),
        "display_name": listed_user.display_name,
        "kind": listed_user.kind,
        "billable": listed_user.billable,
        "group": listed_user.group,
        "managed_by": listed_user.managed_by,
        "pinned": listed_user.pinned,
        "kept": listed_user.kept,
        "retired_at": None if listed_user.retired_at is None else listed_user.retired_at.isoformat(),
        "external_id": listed_user.external_id,
    }


def _as_id(key: str) -> UUID | None:
    try:
        return UUID(key.strip())
    except ValueError:
        return None
