"""Domains that people add in the Console: of those that no tenant has proved yet, an organization has only so many."""

from django.db import transaction

from mailroll.accounts import access, installation
from mailroll.accounts.models import Operator
from mailroll.audit.acting import Acting
from mailroll.connections.models import Source
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.errors import Refused


def add_domain(organization: Organization, name: str, operator: Operator, acting: Acting) -> Domain:
    """Add a domain. Whoever does not stand at the top may not take one name after the other that others need.

    A name is held by whoever adds it first, and its rightful customer is refused: so unproved ones are few.
    """
    with transaction.atomic():
        # Two requests at once would both find room for one.
        Organization.objects.select_for_update().get(id=organization.id)
        if not access.stands_on_top(operator, organization):
            _expect_room(organization)
        return edit.add_domain(organization, name, acting)


def _expect_room(organization: Organization) -> None:
    most = installation.settings().unproved_domains
    proved = Source.objects.exclude(tenant="").values("domain")
    if Domain.objects.filter(organization=organization).exclude(id__in=proved).count() >= most:
        raise Refused(
            "domains_unproved",
            f"{organization.name} has {most} domains that no tenant has proved yet, and may have no more of them.",
            "Connect those first, remove what is not needed, or ask your provider.",
        )
