"""Erases an organization and all below it: rows, runs, credentials, people of it alone, and names in the audit log."""

import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from mailroll.accounts import memberships, operators
from mailroll.accounts.models import Invitation, Membership, Operator, Token
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.audit.notes import Subject, note
from mailroll.connections.models import Connection, ConsentAttempt, ConsentLink, Source
from mailroll.connections.subscriptions import termination
from mailroll.customers.pseudonyms import Pseudonyms
from mailroll.directory import edit, tree
from mailroll.directory.models import Domain, Organization, User
from mailroll.gateway.models import MissingRows
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.sync.locks.domain_lock import alone
from mailroll.sync.models import Run
from mailroll.sync.removal import clear_domain
from mailroll.sync.standings import sums

_TOGETHER: Final = 1000
# The trail has the name of a domain that was removed, and the ledger its id, a moment before and in one transaction:
# somebody else may have removed one of that name at another time.
_REMOVED: Final = """
    SELECT DISTINCT last.domain_id
      FROM audit_auditentry a CROSS JOIN LATERAL (
           SELECT d.domain_id FROM directory_departure d
            WHERE d.address = a.subject AND d.at <= a.at ORDER BY d.at DESC LIMIT 1) last
     WHERE a.action = 'domain.removed' AND a.organization = ANY (%s)
       AND NOT EXISTS (SELECT FROM directory_domain still WHERE still.id = last.domain_id)
"""


@dataclass(frozen=True, slots=True)
class Erased:
    """How much there was. `entries` of the audit log stay, without names."""

    organizations: int
    domains: int
    users: int
    runs: int
    people: int
    entries: int


def served(organization: Organization) -> "QuerySet[Domain]":
    """The domains that gateways are told of, of an organization and all below it."""
    return Domain.objects.filter(organization__in=tree.below(organization).values("id"), proved_at__isnull=False)


def erase(organization: Organization, typed: str, acting: Acting, *, although_served: bool = False) -> Erased:
    """Erase all of it in one transaction. Raises `BadInput`, `Refused`, and `AlreadyRunning` while a run is under way.

    1. Take the locks of its domains, so that nothing is read or applied meanwhile.
    2. Remove the domains with lists, sources and runs, and what is kept of their addresses elsewhere.
    3. Remove connections, tokens, roles, people who have no role elsewhere, and the organizations themselves.
    4. Put pseudonyms for the names in the audit log, and note the erasure with the organization above.
    """
    if typed.strip() != organization.name:
        raise BadInput("name_not_typed", f"Type {organization.name} to erase it.", "Nothing was erased.")
    places, domains = _extent(organization)
    if not Organization.objects.exclude(id__in=places).exists():
        raise Refused(
            "organization_is_all",
            f"{organization.name} is all there is in this installation.",
            "Drop the database and the data folder instead.",
        )
    if not although_served and (
        served_names := list(served(organization).order_by("name").values_list("name", flat=True)[:4])
    ):
        names = ", ".join(served_names[:3]) + (" and more" if len(served_names) > 3 else "")  # noqa: PLR2004 - as many as are named
        raise Refused(
            "organization_served",
            f"Gateways are told of {names}: once they are erased, mail for everybody there is refused.",
            "Take the domains out of the gateways first; or say that it shall be all the same.",
        )
    with ExitStack() as locks:
        for domain in domains:
            locks.enter_context(alone(domain, acting.now()))
        with transaction.atomic():
            counts = _erase(organization, places, domains, acting)
    # What its domains came to is by now what was added and taken away again; together that is nothing, and goes.
    sums.fold()
    return counts


def _extent(organization: Organization) -> tuple[list[UUID], list[UUID]]:
    """The organizations, those below before those above them, and their domains."""
    parents = {row.id: row.parent_id for row in tree.below(organization)}
    order: list[UUID] = []
    level = [organization.id]
    while level:
        order = [*level, *order]
        level = sorted(key for key, parent in parents.items() if parent in level and key not in order)
    domains = Domain.objects.filter(organization__in=order).order_by("id")
    return order, list(domains.values_list("id", flat=True))


def _erase(organization: Organization, places: Sequence[UUID], domains: Sequence[UUID], acting: Acting) -> Erased:
    list(Organization.objects.select_for_update().filter(id__in=places).order_by("id"))
    if (list(places), list(domains)) != _extent(organization):
        raise Refused("organization_changed", "Something was added meanwhile.", "Look again, and erase it then.")
    runs = Run.objects.filter(domain__in=domains).count()
    users = User.objects.filter(domain__in=domains).count()
    for domain in Domain.objects.filter(id__in=domains).order_by("id"):
        clear_domain(domain, acting)
    _forget_addresses([*domains, *_removed_before(places)])
    _remove_connections(places)
    _remove_tokens(places)
    emails = _remove_people(places, acting)
    above = organization.parent_id
    for place in places:
        edit.remove_organization(Organization.objects.get(id=place), acting)
    entries = _take_names_out(places, emails)
    counts = Erased(len(places), len(domains), users, runs, len(emails), entries)
    about = Subject(organization.name, above)
    note(acting, "organization.erased", about, was=str(organization.id), **asdict(counts))
    return counts


def _removed_before(places: Sequence[UUID]) -> list[UUID]:
    """The domains that were removed from these organizations lately, which the ledger still knows."""
    with connection.cursor() as cursor:
        cursor.execute(_REMOVED, [list(places)])
        return [domain for (domain,) in cursor.fetchall()]


def _forget_addresses(domains: Sequence[UUID]) -> None:
    """Remove addresses from what servers follow: that each domain is gone, and was meant to go, stays for them."""
    MissingRows.objects.filter(domain_id__in=domains).delete()
    keys = list(domains)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM directory_departure WHERE domain_id = ANY (%s) AND address LIKE '%%@%%'", [keys])
        cursor.execute("DELETE FROM gateway.feed WHERE domain_id = ANY (%s) AND address LIKE '%%@%%'", [keys])
        # By this, exports know to remove files of before that have its addresses (`gateway.departures`).
        cursor.execute("INSERT INTO directory_departure (domain_id) SELECT unnest(%s::uuid[])", [keys])
        # All of the domain is to be read again, which then is not there.
        cursor.execute("INSERT INTO gateway.feed (domain_id) SELECT unnest(%s::uuid[])", [keys])


def _remove_connections(places: Sequence[UUID]) -> None:
    own = Connection.objects.filter(organization__in=places)
    if Source.objects.filter(connection__in=own).exists():
        raise Refused(
            "connection_used_elsewhere",
            "A domain of another organization is read through a connection of this one.",
            "Connect that domain anew in its own organization first.",
        )
    termination.part(own)
    own.delete()


def _remove_tokens(places: Sequence[UUID]) -> None:
    """A token that is for others as well goes on for those."""
    others = Organization.objects.filter(tokens=OuterRef("id")).exclude(id__in=places)
    Token.objects.filter(~Exists(others), organizations__in=places).delete()
    for token in Token.objects.filter(organizations__in=places).distinct():
        token.organizations.remove(*Organization.objects.filter(id__in=places))


def _remove_people(places: Sequence[UUID], acting: Acting) -> list[str]:
    """Take away the roles, and the accounts of who has none elsewhere; return the addresses of those.

    Who invited or connected somebody elsewhere keeps an account without a role: what they made there refers to it.
    """
    in_places = Q(organization__in=places)
    staff = Operator.objects.filter(memberships__organization__in=places).distinct()
    elsewhere = (
        Q(id__in=Membership.objects.exclude(in_places).values("operator"))
        | Q(id__in=Invitation.objects.exclude(in_places).values("invited_by"))
        | Q(id__in=ConsentLink.objects.values("created_by"))
        | Q(id__in=ConsentAttempt.objects.exclude(operator=None).values("operator"))
    )
    leaving = list(staff.exclude(elsewhere).order_by("id"))
    for membership in Membership.objects.filter(in_places).select_related("operator").order_by("id"):
        memberships.revoke(membership, acting)
    for operator in leaving:
        operators.remove(operator, acting)
    return [operator.email for operator in leaving]


def _take_names_out(places: Sequence[UUID], emails: Sequence[str]) -> int:
    """Put pseudonyms into the entries of the organizations, and into those of accounts that went with them."""
    pseudonyms = Pseudonyms(secrets.token_bytes(32))
    operator_emails = frozenset(Operator.objects.values_list("email", flat=True))
    entries = AuditEntry.objects.filter(Q(organization__in=places) | Q(organization=None, subject__in=emails))
    last, number = 0, 0
    while batch := list(entries.filter(id__gt=last).order_by("id")[:_TOGETHER]):
        last, number = batch[-1].id, number + len(batch)
        for entry in batch:
            pseudonyms.put_into(entry, operator_emails)
        AuditEntry.objects.bulk_update(batch, ["actor", "subject", "details", "client", "agent"])
    return number
