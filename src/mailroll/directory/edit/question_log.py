"""Whether it is kept which addresses of an organization gateways ask for."""

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.directory.models import Organization


def keep_asked(organization: Organization, acting: Acting, *, on: bool) -> None:
    """Keep which addresses gateways ask for, or no longer; what was kept goes with the next flush of a server."""
    with transaction.atomic():
        if Organization.objects.select_for_update(no_key=True).get(id=organization.id).keeps_asked == on:
            return
        organization.keeps_asked = on
        organization.save(update_fields=("keeps_asked",))
        note(acting, "organization.keeps_asked" if on else "organization.keeps_asked_no_more", organization)
