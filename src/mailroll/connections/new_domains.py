"""Domains that people add in the Console: of those that nobody has proved yet, an organization has only so many."""

from django.db import transaction

from mailroll.accounts import access, installation
from mailroll.accounts.models import Operator
from mailroll.audit.actor import Acting
from mailroll.connections.lookalikes import note_look_alikes
from mailroll.connections.ownership import watch
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import Refused


def add_domain(organization: Organization, name: str, operator: Operator, acting: Acting) -> Domain:
    """Add a domain. It is proved at once where somebody adds it who stands at the top.

    Of others each is asked for in DNS again and again, and fills the pages of those above: so they are few.
    """
    with transaction.atomic():
        # Two requests at once would both find room for one.
        Organization.objects.select_for_update(no_key=True).get(id=organization.id)
        proved = access.stands_on_top(operator, organization)
        if not proved:
            _expect_room(organization)
        return register_domain(organization, name, acting, proved=proved)


def register_domain(organization: Organization, name: str, acting: Acting, *, proved: bool) -> Domain:
    """Add a domain that is proved, or waits for a record in its zone as well as for a tenant."""
    with transaction.atomic():
        domain = edit.add_domain(organization, name, acting, proved=proved)
        note_look_alikes(domain, acting)
        if not proved:
            watch.begin(domain, domain.name, acting.now())
    return domain


def add_alias(domain: Domain, name: str, operator: Operator, acting: Acting) -> tuple[DomainName, bool]:
    """Add an alias domain; return its name, and whether it is proved: at once where somebody at the top adds it."""
    proved = access.stands_on_top(operator, domain.organization)
    return register_alias(domain, name, acting, proved=proved), proved


def register_alias(domain: Domain, name: str, acting: Acting, *, proved: bool) -> DomainName:
    """Add an alias domain that is proved, or waits for a record in its zone as well as for a tenant."""
    with transaction.atomic():
        alias = edit.add_domain_alias(domain, name, acting, proved=proved)
        if not proved:
            watch.begin(domain, alias, acting.now())
    return alias


def _expect_room(organization: Organization) -> None:
    most = installation.settings().unproved_domains
    if organization.domains.filter(proved_at__isnull=True).count() >= most:
        raise Refused(
            "domains_unproved",
            f"{organization.name} has {most} domains that nobody has proved yet, and may have no more of them.",
            "Prove those first, remove what is not needed, or ask your provider.",
        )
