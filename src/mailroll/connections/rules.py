"""What has to be true before a tenant is attached; each rule refuses by a code of its own."""

from typing import Final

from mailroll.accounts import access
from mailroll.accounts.models import Operator
from mailroll.connections import clouds
from mailroll.connections.models import Connection, Source
from mailroll.connectors.base import ConnectionHealth
from mailroll.connectors.consent import Proof
from mailroll.directory import tree
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.errors import BadInput, NeedsConsent, NotVerified, Refused

DOMAINS_SHOWN: Final = 10
PROVED_ELSEWHERE: Final = "domain_proved_elsewhere"


def refuse_without_role(operator: Operator, organization: Organization) -> None:
    if not access.may_connect(operator, organization):
        raise Refused(
            "role_missing",
            "You may not connect sources in this organization, or no longer.",
            "Ask an administrator of the organization.",
        )


def refuse_out_of_reach(source: Source, connection: Connection, operator: Operator | None, *, trusted: bool) -> None:
    """A connection serves its organization, and those below where the operator may connect in its own, too."""
    place, home = connection.organization, source.domain.organization
    allowed = trusted or (operator is not None and access.may_connect(operator, place))
    if connection.kind != source.kind or not (
        place == home or (allowed and tree.above(home).filter(id=place.id).exists())
    ):
        raise unknown(source.domain)


def unknown(domain: Domain) -> BadInput:
    """The words of a connection that does not exist: whose it is, is nobody else's business."""
    return BadInput(
        "connection_unknown",
        f"{domain.name} cannot use this connection, or no longer.",
        f"Connect it anew, in the organization of {domain.name} or in one above it.",
    )


def refuse_other_tenant(source: Source, tenant: str) -> None:
    """A source never silently turns to another directory: its users would all be somebody else's."""
    if source.tenant and source.tenant != tenant:
        raise Refused(
            "other_tenant",
            "This is not the tenant that this source had.",
            "Sign in to the same tenant as before. If another one is meant, make a new source.",
        )


def refuse_claimed(connection: Connection, operator: Operator | None) -> list[Organization]:
    """Refuse a tenant that another organization has, but for an operator with rights over both; return those others."""
    rows = Connection.objects.filter(
        cloud=connection.cloud, login_url=connection.login_url, tenant_id=connection.tenant_id
    ).exclude(organization=connection.organization_id)
    others = list(Organization.objects.filter(id__in=rows.values("organization")))
    if others and (operator is None or not all(access.may_connect(operator, other) for other in others)):
        # Whose it is, is nobody else's business.
        raise Refused(
            "tenant_claimed",
            "This tenant is connected already, in another organization of this Console.",
            "An administrator of both organizations can connect it here, too.",
        )
    return others


def refuse_unproved(domain: Domain, tenant: str, proof: Proof) -> None:
    """Refuse a tenant that grants too little, is not the one it was taken for, or has not proved the domain."""
    if proof.missing:
        raise NeedsConsent(
            "permissions_missing",
            f"The tenant answers, but not everything is granted. Missing: {', '.join(proof.missing)}.",
            "The registration has to declare these as application permissions, and an administrator to consent to "
            "them; then connect again.",
        )
    refuse_other_directory(tenant, proof.health)
    if domain.name not in proof.health.domains:
        domains = sorted(proof.health.domains)
        listing = ", ".join(domains[:DOMAINS_SHOWN]) + (" and others" if len(domains) > DOMAINS_SHOWN else "")
        raise NotVerified(
            "domain_not_verified",
            f"{proof.health.tenant_name or 'The tenant'} has not verified {domain.name}. "
            f"{'Its domains are: ' + listing if domains else 'It has no mail domain at all'}.",
            f"Take the tenant that owns {domain.name}, or verify the domain there first.",
        )


def refuse_cloud_without_proof(domain: Domain, connection: Connection) -> None:
    """Refuse to have a domain proved by servers that somebody below the top has named."""
    if not clouds.proves(connection):
        raise Refused(
            "cloud_proves_nothing",
            f"A tenant of a custom cloud does not prove that {domain.name} is yours: whose servers these are, nobody "
            "at your provider has said.",
            "Prove the domain by a record in its DNS zone first, or ask your provider to connect it.",
        )


def proved_elsewhere(name: str) -> Refused:
    """The words for both ways of proof: who has the domain is nobody else's business."""
    return Refused(
        PROVED_ELSEWHERE,
        f"{name} is yours by this proof, but it was proved in another organization of this Console first. There "
        "it stays until your provider decides; both of you are told.",
        "Ask your provider.",
    )


def refuse_other_directory(tenant: str, health: ConnectionHealth) -> None:
    if health.tenant != tenant:
        raise NotVerified(
            "other_directory",
            "The directory that answered is not the tenant that was asked. Nothing is read of it.",
            "Start again. If it happens again, somebody between this Console and Microsoft may be changing answers.",
        )
