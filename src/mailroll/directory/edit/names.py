"""Names that mail comes under: one is held by the one domain that proved it, as its own or as its alias."""

from django.db import connection

from mailroll.directory.edit.reserved_names import refuse_reserved
from mailroll.directory.models import Domain, DomainAlias, Organization
from mailroll.reconcile.addresses import DomainFault, DomainName, mail_domain
from mailroll.reconcile.errors import BadInput, Refused

_FAULTS = {
    DomainFault.SYNTAX: ("“{}” is not a mail domain.", "Give a name like example.com, without “@” or “https://”."),
    DomainFault.WILDCARD: ("“{}” stands for many domains.", "Add each mail domain by its own name."),
    DomainFault.ONMICROSOFT: (
        "{} belongs to Microsoft, and no mail for it passes a gateway.",
        "Add the domain that your people's addresses end in.",
    ),
}
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('mailroll:names', 0))"


def good_name(name: str) -> DomainName:
    """Return the canonical form of a name, or refuse what none can have."""
    canonical = mail_domain(name)
    if isinstance(canonical, DomainFault):
        message, way_out = _FAULTS[canonical]
        raise BadInput(canonical.value, message.format(name.strip()), way_out)
    return canonical


def free_name(name: str) -> DomainName:
    """Return the canonical form of a name that is free, and stays so until the transaction under way ends.

    Two tables hold names, so no constraint keeps them apart: whoever gives one out waits here for whoever else does.
    A domain or an alias domain that nobody proved holds none.
    """
    canonical = possible_name(name)
    if is_held(canonical):
        raise _exists(canonical)
    return canonical


def possible_name(name: str) -> DomainName:
    """Return the canonical form of a name that somebody may own; nobody gives one out meanwhile."""
    canonical = good_name(name)
    refuse_reserved(canonical)
    lock_names()
    return canonical


def refuse_twice(organization: Organization, name: DomainName) -> None:
    """Refuse a name that an organization has already, proved or not."""
    aliases = DomainAlias.objects.filter(domain__organization=organization, name=name, proved_at__isnull=False)
    if alias := aliases.select_related("domain").first():
        raise Refused("domain_exists", f"{name} is an alias domain of {alias.domain.name} already.", "Nothing to do.")
    if organization.domains.filter(name=name).exists():
        raise Refused("domain_exists", f"{organization.name} has {name} already.", "Find it among its domains.")


def no_domain(name: str) -> DomainName:
    """Return the canonical form of a name that is no domain here, and becomes none in the transaction under way."""
    canonical = possible_name(name)
    if is_domain(canonical):
        raise _exists(canonical)
    return canonical


def lock_names() -> None:
    """Keep others from giving out names until the transaction under way ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def is_domain(name: str) -> bool:
    """Whether a name is somebody's domain: one that nobody proved is nobody's yet."""
    return Domain.objects.filter(name=name, proved_at__isnull=False).exists()


def is_held(name: str) -> bool:
    """Whether a name is somebody's, as a domain or as an alias domain."""
    return is_domain(name) or DomainAlias.objects.filter(name=name, proved_at__isnull=False).exists()


def _exists(name: DomainName) -> Refused:
    # The same words whoever has it: one customer learns nothing of another.
    return Refused(
        "domain_exists",
        f"{name} is in this installation already.",
        "If it is not in your list, ask your provider.",
    )
