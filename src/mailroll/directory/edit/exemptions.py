"""Objects that a sync shall leave alone before they are in the list at all."""

from collections.abc import Collection

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.directory import waiting_addresses
from mailroll.directory.edit.domains import bump_revision, lock
from mailroll.directory.models import Domain, Exemption
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.errors import BadInput


def exempt_object(
    domain: Domain,
    external_id: str,
    acting: Acting,
    *,
    display_name: str,
    address: str,
    addresses: Collection[Address] = (),
) -> None:
    """Have every sync leave out an object that nobody in the list stands for yet: its `addresses` wait no more."""
    with transaction.atomic():
        lock(domain)
        _, new = Exemption.objects.get_or_create(
            domain=domain, external_id=external_id, defaults={"display_name": display_name, "address": address}
        )
        waiting_addresses.remove(domain.id, addresses)
        if not new:
            return
        bump_revision(domain.id)
        note(
            acting,
            "object.exempted",
            domain,
            object=external_id,
            name=display_name,
            address=address,
        )


def unexempt_object(domain: Domain, external_id: str, acting: Acting) -> Exemption:
    """Let the next sync take an object in as if nothing had been said about it."""
    with transaction.atomic():
        lock(domain)
        exemption = Exemption.objects.filter(domain=domain, external_id=external_id).first()
        if exemption is None:
            raise BadInput(
                "exemption_unknown", f"{domain.name} has no such exemption.", "It may have been ended meanwhile."
            )
        exemption.delete()
        bump_revision(domain.id)
        note(
            acting,
            "object.unexempted",
            domain,
            object=external_id,
            name=exemption.display_name,
            address=exemption.address,
        )
    return exemption
