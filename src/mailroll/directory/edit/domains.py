"""Organizations, domains and groups: how they are added, and the two counters of a domain."""

from uuid import UUID

from django.db import IntegrityError, connection, transaction

from mailroll.directory.edit.recording import Recorder
from mailroll.directory.models import MAIN, Domain, Group, Organization
from mailroll.reconcile.addresses import DomainFault, mail_domain
from mailroll.reconcile.errors import BadInput, Refused

_FAULTS = {
    DomainFault.SYNTAX: ("“{}” is not a mail domain.", "Give a name like example.com, without “@” or “https://”."),
    DomainFault.WILDCARD: ("“{}” stands for many domains.", "Add each mail domain by its own name."),
    DomainFault.ONMICROSOFT: (
        "{} belongs to Microsoft, and no mail for it passes a gateway.",
        "Add the domain that your people's addresses end in.",
    ),
}


def add_organization(name: str, record: Recorder, *, parent: Organization | None = None) -> Organization:
    """Add a customer, or a provider. Names may repeat: the id tells them apart."""
    name = name.strip()
    if not name or not name.isprintable():
        raise BadInput("organization_unnamed", "An organization needs a name.", "Give one that people know it by.")
    with transaction.atomic():
        made = Organization.objects.create(name=name, parent=parent)
        record("organization.added", organization=made.id, subject=name, parent=str(parent.id) if parent else None)
    return made


def add_domain(name: str, organization: Organization, record: Recorder) -> Domain:
    """Add a mail domain with its group Main."""
    canonical = mail_domain(name)
    if isinstance(canonical, DomainFault):
        message, way_out = _FAULTS[canonical]
        raise BadInput(canonical.value, message.format(name.strip()), way_out)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = Domain.objects.create(organization=organization, name=canonical)
        except IntegrityError as clash:
            # The same words whoever has it: one customer learns nothing of another.
            raise Refused(
                "domain_exists",
                f"{canonical} is in this installation already.",
                "If it is not in your list, ask your provider.",
            ) from clash
        Group.objects.create(domain=made, name=MAIN)
        record("domain.added", organization=organization.id, subject=canonical, domain=str(made.id))
    return made


def add_group(name: str, domain: Domain, record: Recorder) -> Group:
    name = name.strip()
    if not name or not name.isprintable():
        raise BadInput("group_unnamed", "A group needs a name.", "Give one that people know it by.")
    with transaction.atomic():
        lock(domain)
        made, new = Group.objects.get_or_create(domain=domain, name=name)
        if not new:
            raise Refused("group_exists", f"{domain.name} has a group “{name}” already.", "Use it, or another name.")
        record("group.added", organization=domain.organization_id, subject=domain.name, group=name)
    return made


def lock(domain: Domain) -> None:
    """Wait for whoever writes the domain's roll, and keep others out until the transaction ends."""
    if not Domain.objects.select_for_update().filter(id=domain.id).exists():
        raise BadInput("domain_unknown", f"{domain.name} no longer exists.", "List the domains to see which do.")


def bump_revision(domain: UUID) -> int:
    """Count a change of the domain's sources or limits: plans made before it can no longer be applied."""
    return _count(domain, "revision")


def next_fence(domain: UUID) -> int:
    """Give the caller the right to write the roll, and take it from every worker before."""
    return _count(domain, "fence")


def _count(domain: UUID, column: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE directory_domain SET {column} = {column} + 1 WHERE id = %s RETURNING {column}",  # noqa: S608
            [domain],
        )
        found = cursor.fetchone()
    if found is None:
        raise BadInput("domain_unknown", "The domain no longer exists.", "List the domains to see which do.")
    return int(found[0])
