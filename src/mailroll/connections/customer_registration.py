"""The other door: the customer's own app registration. Its proof is a credential that works in that tenant, and the
domain verified there; nobody signs in at Microsoft.
"""

from django.db import transaction

from mailroll.accounts.models import Operator
from mailroll.audit.actor import Acting
from mailroll.connections import attach, certificates, check, rules
from mailroll.connections.credentials import Credential
from mailroll.connections.models import CertificateDraft, Connection, Source
from mailroll.reconcile.errors import BadInput


def connect(  # noqa: PLR0917 - what a person enters on one form
    source: Source, operator: Operator, tenant: str, client: str, cloud: str, credential: Credential, acting: Acting
) -> Connection:
    """Prove a registration of the customer's own, and attach its tenant.

    A refusal is raised and audited; nothing is stored of what was entered.
    """
    with attach.noting_refusal(source, acting):
        offer = attach.offer(source.domain.organization, source.kind, tenant, client, cloud, credential)
        offer.consent = {"by": operator.email, "role": "", "at": acting.now().isoformat(), "door": "registration"}
        rules.refuse_other_tenant(source, offer.tenant_id)
        proof = check.ask(offer, source.domain)
        with transaction.atomic():
            connection = attach.attach(source, offer, attach.Proved(proof, operator), acting)
            CertificateDraft.objects.filter(source=source).delete()
    return connection


def drafted(source: Source) -> Credential:
    """Return the credential whose certificate was made here."""
    draft = certificates.draft(source)
    if draft is None:
        raise BadInput(
            "certificate_not_made", "There is no certificate yet.", "Make one, upload it in Entra, then connect."
        )
    return Credential(certificate=draft.certificate, certificate_key=certificates.key(draft))
