"""A connection that is there already, taken up by a source of another domain: nobody has to consent a second time."""

from uuid import UUID

from django.db import transaction

from mailroll.accounts import access
from mailroll.accounts.models import Operator
from mailroll.audit.acting import Acting
from mailroll.audit.notes import note
from mailroll.connections import credentials, outside
from mailroll.connections.consent import binding
from mailroll.connections.models import Connection, Source
from mailroll.connectors import registry
from mailroll.connectors.consent import Proof
from mailroll.directory import edit, tree
from mailroll.directory.models import Domain
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import BadInput, MailrollError, NeedsConsent


def usable(domain: Domain, operator: Operator) -> list[Connection]:
    """Return the connections that a source of this domain may take up, the organization's own first.

    They belong to the domain's organization, or to one above it in which the operator may connect, too. The last
    check found the domain verified there; of those that nobody checked yet, this will tell when they are taken up.
    """
    places = [place for place in tree.above(domain.organization) if access.may_connect(operator, place)]
    if domain.organization_id not in {place.id for place in places}:
        return []
    rows = Connection.objects.filter(organization__in=places).select_related("organization")
    found = [one for one in rows.order_by("created_at", "id") if domain.name in _domains(one, domain.name)]
    return sorted(found, key=lambda one: one.organization_id != domain.organization_id)


def use(source: Source, connection: UUID, operator: Operator, acting: Acting) -> Connection:
    """Have a source read through a connection that is there, once its tenant has proved the domain anew."""
    try:
        chosen = _chosen(source, connection, operator)
        proof = _proof(chosen, source.domain)
        return _taken_up(source, chosen, proof, operator, acting)
    except MailrollError as error:
        binding.note_refused(source, error, acting)
        raise


def _domains(connection: Connection, unknown: str) -> list[str]:
    names: list[str] = connection.health.get("domains", [unknown])
    return names


def _chosen(source: Source, connection: UUID, operator: Operator) -> Connection:
    for one in usable(source.domain, operator):
        if one.id == connection and one.kind == source.kind:
            binding.refuse_other_tenant(source, one.tenant_id)
            return one
    # The words of one that does not exist: whose connection it is, is nobody else's business.
    raise BadInput(
        "connection_unknown", f"{source.domain.name} cannot use this connection, or no longer.", "Connect it anew."
    )


def _proof(connection: Connection, domain: Domain) -> Proof:
    access = credentials.access(connection)
    proof = outside.ask(registry.kind(access.kind).prove(access.values, DomainName(domain.name)))
    if proof.missing:
        raise NeedsConsent(
            "permissions_missing",
            f"The connection is there, but not everything is granted. Missing: {', '.join(proof.missing)}.",
            "Have it accepted anew, then use it here.",
        )
    return proof


def _taken_up(source: Source, chosen: Connection, proof: Proof, operator: Operator, acting: Acting) -> Connection:
    with transaction.atomic():
        domain = Domain.objects.select_for_update(no_key=True, of=("self",)).get(id=source.domain_id)
        rows = Source.objects.select_for_update(of=("self",)).select_related("connection", "domain__organization")
        held = rows.get(owner=source.owner_id)
        kept = Connection.objects.select_for_update().get(id=_chosen(held, chosen.id, operator).id)
        binding.check_proof(domain, kept.tenant_id, proof)
        left = held.connection
        held.connection, held.tenant, held.enabled = kept, kept.tenant_id, True
        held.save(update_fields=["connection", "tenant", "enabled"])
        if left is not None and left.id != kept.id:
            binding.forget_unused(left)
        kept.health = binding.health(proof, domain, acting.now(), kept.health)
        kept.save(update_fields=["health"])
        edit.bump_revision(domain.id)
        note(
            acting,
            "source.connected",
            domain,
            source=str(held.owner_id),
            connection=str(kept.id),
            tenant=kept.tenant_id,
            cloud=kept.cloud,
            credential=kept.credential_kind,
            shared_with=[],
        )
    source.connection, source.tenant, source.enabled = kept, kept.tenant_id, True
    return kept
