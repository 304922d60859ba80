"""Names that mail comes under: one is held by one domain of the installation, as its own or as an alias."""

from django.db import connection

from mailroll.directory.models import Domain, DomainAlias
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
    """
    canonical = good_name(name)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    taken = Domain.objects.filter(name=canonical).exists() or DomainAlias.objects.filter(name=canonical).exists()
    if taken:
        # The same words whoever has it: one customer learns nothing of another.
        raise Refused(
            "domain_exists",
            f"{canonical} is in this installation already.",
            "If it is not in your list, ask your provider.",
        )
    return canonical
