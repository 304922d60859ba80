"""The use cases that take a domain or an organization out of the Console, with all that is kept of it."""

from django.db import transaction

from mailroll.accounts.models import Membership
from mailroll.audit.acting import Acting
from mailroll.audit.notes import note
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.sync.locking import alone
from mailroll.sync.models import Connection, Run, Source


def remove_domain(domain: Domain, typed: str, acting: Acting) -> None:
    """Take a domain away with its roll, sources and runs. Raises `AlreadyRunning` while a run is under way.

    `typed` is the name as a person typed it: the last thing that stands between a click and a customer without a list.
    """
    if typed.strip().lower() != domain.name:
        raise BadInput("name_not_typed", f"Type {domain.name} to remove it.", "Nothing was removed.")
    with alone(domain.id, acting.now()), transaction.atomic():
        Domain.objects.select_for_update().get(id=domain.id)
        runs, sources = Run.objects.filter(domain=domain), Source.objects.filter(domain=domain)
        counted = {"runs": runs.count(), "sources": sources.count()}
        note(acting, "domain.emptied", domain, **counted)
        runs.update(parent=None, waits_in=None)
        runs.delete()
        sources.delete()
        edit.remove_domain(domain, acting)


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
        if organization.domains.exists() or organization.children.exists():
            raise Refused(
                "organization_not_empty",
                f"{organization.name} still has domains, or customers below it.",
                "Remove those first.",
            )
        Connection.objects.filter(organization=organization).delete()
        Membership.objects.filter(organization=organization).delete()
        edit.remove_organization(organization, acting)
