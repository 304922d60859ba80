"""The other door: the customer's own app registration. Its proof is a credential that works in that tenant, and the
domain verified there; nobody signs in at Microsoft.
"""

from collections.abc import Mapping
from typing import Final
from uuid import uuid4

from django.db import transaction

from mailroll.accounts import installation
from mailroll.accounts.models import Operator
from mailroll.audit.acting import Acting
from mailroll.connections import credentials, outside
from mailroll.connections.consent import binding, certificates
from mailroll.connections.models import CertificateDraft, Connection, CredentialKind, Source
from mailroll.connections.setup import Credential
from mailroll.connectors import registry
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import BadInput, MailrollError, NeedsConsent

_CUSTOM: Final = "custom"


def connect(  # noqa: PLR0917 - what a person enters on one form
    source: Source, operator: Operator, tenant: str, client: str, cloud: str, credential: Credential, acting: Acting
) -> Connection:
    """Prove a registration of the customer's own, and bind the source to its tenant.

    A refusal is raised and audited; nothing is stored of what was entered.
    """
    try:
        return _connected(source, operator, tenant, client, cloud, credential, acting)
    except MailrollError as error:
        binding.note_refused(source, error, acting)
        raise


def drafted(source: Source) -> Credential:
    """Return the credential whose certificate was made here."""
    made = certificates.draft(source)
    if made is None:
        raise BadInput(
            "certificate_not_made", "There is no certificate yet.", "Make one, upload it in Entra, then connect."
        )
    return Credential(certificate=made.certificate, certificate_key=certificates.key(made))


def _connected(  # noqa: PLR0917 - what a person enters on one form
    source: Source, operator: Operator, tenant: str, client: str, cloud: str, credential: Credential, acting: Acting
) -> Connection:
    made = _row(source, tenant, client, cloud)
    secrets = credential.values
    values = _values(made, secrets)
    # Malformed settings are refused before anything else; nothing is sent anywhere.
    registry.build(made.kind, values)
    binding.refuse_other_tenant(source, made.tenant_id)
    found = binding.known(made)
    made.id = uuid4() if found is None else found.id
    made.credential_kind = CredentialKind.SECRET if credential.secret else CredentialKind.CERTIFICATE
    made.sealed_credential = credentials.seal(made.id, secrets)
    made.credential_ends_at = certificates.ends_at(credential.certificate) if credential.certificate else None
    made.consent = {"by": operator.email, "role": "", "at": acting.now().isoformat(), "door": "registration"}
    proof = outside.ask(registry.kind(made.kind).prove(values, DomainName(source.domain.name)))
    if proof.missing:
        raise NeedsConsent(
            "permissions_missing",
            f"The registration works, but not everything is granted. Missing: {', '.join(proof.missing)}.",
            "Add these as application permissions, let an administrator consent to them, and check again.",
        )
    with transaction.atomic():
        bound = binding.bind(source, made, proof, operator, acting)
        CertificateDraft.objects.filter(source=source).delete()
    return bound


def _row(source: Source, tenant: str, client: str, cloud: str) -> Connection:
    made = Connection(
        organization=source.domain.organization,
        kind=source.kind,
        cloud=cloud,
        tenant_id=tenant.strip().lower(),
        client_id=client.strip().lower(),
    )
    own = installation.settings()
    if cloud == _CUSTOM and own.custom_login_url and own.custom_graph_url:
        made.login_url, made.graph_url = own.custom_login_url, own.custom_graph_url
        made.ca_file = str(own.custom_ca_file or "")
    return made


def _values(made: Connection, secrets: Mapping[str, str]) -> Mapping[str, str]:
    return {
        "tenant_id": made.tenant_id,
        "client_id": made.client_id,
        "cloud": made.cloud,
        "login_url": made.login_url,
        "graph_url": made.graph_url,
        "ca_file": made.ca_file,
        **secrets,
    }
