"""The use cases that set a domain up: connections, their check, and sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from mailroll.accounts import installation
from mailroll.audit.acting import Acting
from mailroll.audit.notes import Subject, note
from mailroll.connections import credentials, outside, sources
from mailroll.connections.models import Connection, CredentialKind, Source
from mailroll.connectors import registry
from mailroll.connectors.base import Health
from mailroll.directory import edit, tree
from mailroll.directory.models import MAIN, Domain, Organization, Owner
from mailroll.reconcile.errors import BadInput, Refused

_SECRETS = ("secret", "certificate", "certificate_key")
_CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret, or a certificate with its key (PEM). Exactly one of them; the connector checks."""

    secret: str = ""
    certificate: str = ""
    certificate_key: str = ""

    def __repr__(self) -> str:
        return "Credential(...)"

    @property
    def values(self) -> Mapping[str, str]:
        given = {name: getattr(self, name) for name in _SECRETS}
        return {name: value for name, value in given.items() if value}


def add_connection(
    organization: Organization,
    acting: Acting,
    *,
    kind: str,
    tenant: str,
    client: str,
    credential: Credential,
    cloud: str = "global",
) -> Connection:
    """Store permission to read a tenant. The hosts of a custom cloud are taken from the settings and pinned."""
    connection = Connection(
        id=uuid4(),
        organization=organization,
        kind=kind,
        cloud=cloud,
        tenant_id=tenant.strip().lower(),
        client_id=client.strip().lower(),
        credential_kind=CredentialKind.SECRET if credential.secret else CredentialKind.CERTIFICATE,
    )
    if cloud == _CUSTOM:
        own = installation.settings()
        if own.custom_login_url is None or own.custom_graph_url is None:
            raise BadInput(
                "custom_cloud_unset",
                "The custom cloud has no hosts in this installation.",
                "Set MAILROLL_CUSTOM_LOGIN_URL and MAILROLL_CUSTOM_GRAPH_URL.",
            )
        connection.login_url, connection.graph_url = own.custom_login_url, own.custom_graph_url
        connection.ca_file = str(own.custom_ca_file or "")
    connection.sealed_credential = credentials.seal(connection.id, credential.values)
    # Malformed settings are refused before anything is stored; nothing is sent anywhere.
    registry.build(kind, credentials.access(connection).values)
    with transaction.atomic():
        connection.save(force_insert=True)
        note(
            acting,
            "connection.added",
            Subject(str(connection.id), organization.id),
            kind=kind,
            cloud=cloud,
            tenant=connection.tenant_id,
            client=connection.client_id,
            credential=connection.credential_kind,
        )
    return connection


def find_connection(key: str) -> Connection:
    try:
        found = Connection.objects.select_related("organization").filter(id=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise BadInput(
            "connection_unknown", f"There is no connection {key}.", "Add one with: mailroll connection add microsoft365"
        )
    return found


def mark_hybrid(connection: Connection, acting: Acting) -> None:
    """Say that mailboxes of the tenant may lie on premises: who comes from there is taken for a person."""
    _set_hybrid(connection, acting, "connection.hybrid", hybrid=True)


def unmark_hybrid(connection: Connection, acting: Acting) -> None:
    _set_hybrid(connection, acting, "connection.not_hybrid", hybrid=False)


def _set_hybrid(connection: Connection, acting: Acting, action: str, *, hybrid: bool) -> None:
    with transaction.atomic():
        if Connection.objects.filter(id=connection.id, hybrid=not hybrid).update(hybrid=hybrid):
            for domain in Domain.objects.filter(sources__connection=connection).distinct().order_by("id"):
                edit.bump_revision(domain.id)
            note(acting, action, Subject(str(connection.id), connection.organization_id))
    connection.hybrid = hybrid


def check(connection: Connection) -> Health:
    """Ask the tenant what it grants. Raises the connector's errors."""
    access = credentials.access(connection)

    async def ask() -> Health:
        async with registry.build(access.kind, access.values) as connector:
            return await connector.check()

    return outside.ask(ask())


def add_source(
    domain: Domain, connection: Connection, acting: Acting, *, group: str | None = None, precedence: int | None = None
) -> Source:
    """Add a User Source to a domain. Its place in the order, where none is given, is after all others."""
    if not tree.above(domain.organization).filter(id=connection.organization_id).exists():
        # The words of one that does not exist: whose connection it is, is nobody else's business.
        raise BadInput(
            "connection_unknown",
            f"There is no connection {connection.id} in the organization of {domain.name}.",
            "Add the connection to the same organization as the domain, or to one above it.",
        )
    with transaction.atomic():
        # Whoever adds another at this moment waits here for its place in the order.
        Domain.objects.select_for_update(no_key=True).get(id=domain.id)
        taken = Source.objects.filter(domain=domain)
        if precedence is None:
            precedence = (taken.aggregate(last=Max("precedence"))["last"] or 0) + 1
        elif taken.filter(precedence=precedence).exists():
            raise Refused(
                "precedence_taken",
                f"Another source of {domain.name} has the precedence {precedence} already.",
                "Give another number; the lowest is tried first.",
            )
        owner = Owner.objects.create(domain=domain, label=sources.free_name(domain, sources.NAMES[connection.kind]))
        source = Source.objects.create(
            owner=owner,
            domain=domain,
            kind=connection.kind,
            connection=connection,
            tenant=connection.tenant_id,
            group=group or MAIN,
            precedence=precedence,
        )
        edit.bump_revision(domain.id)
        note(
            acting,
            "source.added",
            domain,
            source=str(owner.id),
            connection=str(connection.id),
            group=source.group,
            precedence=precedence,
        )
    return source
