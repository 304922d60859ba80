"""A connection once it is there: checked again, and given up."""

from django.db import transaction

from mailroll.audit.acting import Acting
from mailroll.audit.notes import Subject, note
from mailroll.connections import credentials, outside
from mailroll.connections.consent import binding
from mailroll.connections.models import Connection, Source
from mailroll.connectors import registry
from mailroll.connectors.consent import Proof
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import MailrollError, NotVerified, Refused


def check(connection: Connection, domain: Domain, acting: Acting) -> bool:
    """Ask the tenant what it grants now, and keep the answer; a refusal is kept, too, and changes nothing else.

    Return whether it answered.
    """
    try:
        proof = _proof(connection, domain)
    except MailrollError as error:
        found = {**connection.health, "error": error.as_json(), "checked_at": acting.now().isoformat()}
        _keep(connection, found, error.code, acting)
        return False
    _keep(connection, binding.health(proof, domain, acting.now(), connection.health), "ok", acting)
    return True


def disconnect(source: Source, acting: Acting) -> None:
    """Let go of a tenant. Its users stay as they are; the credential goes with the last source that used it."""
    with transaction.atomic():
        Domain.objects.select_for_update(no_key=True).get(id=source.domain_id)
        held = Source.objects.select_for_update(of=("self",)).select_related("connection").get(owner=source.owner_id)
        left = held.connection
        if left is None:
            raise Refused("source_not_connected", "This source is not connected.", "Nothing was changed.")
        held.connection, held.enabled = None, False
        held.save(update_fields=["connection", "enabled"])
        edit.bump_revision(source.domain_id)
        note(
            acting,
            "source.disconnected",
            source.domain,
            source=str(source.owner_id),
            connection=str(left.id),
            tenant=left.tenant_id,
        )
        binding.forget_unused(left)


def _proof(connection: Connection, domain: Domain) -> Proof:
    access = credentials.access(connection)
    proof = outside.ask(registry.kind(access.kind).prove(access.values, DomainName(domain.name)))
    if proof.health.tenant and proof.health.tenant != connection.tenant_id:
        raise NotVerified(
            "other_directory", "Another directory answered than the one that was connected.", "Nothing is read of it."
        )
    return proof


def _keep(connection: Connection, found: dict[str, object], result: str, acting: Acting) -> None:
    with transaction.atomic():
        connection.health = found
        connection.save(update_fields=["health"])
        note(acting, "connection.checked", Subject(str(connection.id), connection.organization_id), result=result)
