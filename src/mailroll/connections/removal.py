"""The use case that takes an organization out of the Console."""

from django.db import transaction

from mailroll.accounts.models import Membership
from mailroll.audit.actor import Acting
from mailroll.connections.models import Connection
from mailroll.connections.subscriptions import termination
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import Refused


def remove_organization(organization: Organization, acting: Acting) -> None:
    """Take an empty organization away, with the roles in it and the connections that nothing uses."""
    if organization.parent_id is None:
        raise Refused(
            "organization_on_top",
            f"{organization.name} stands at the top, so it cannot be removed here.",
            "Whoever runs this Console can do it.",
        )
    with transaction.atomic():
        Organization.objects.select_for_update().get(id=organization.id)
        # Before the rows of others: a connection that a domain still uses cannot be deleted.
        edit.expect_empty(organization)
        own = Connection.objects.filter(organization=organization)
        termination.part(own)
        own.delete()
        Membership.objects.filter(organization=organization).delete()
        edit.remove_organization(organization, acting)
