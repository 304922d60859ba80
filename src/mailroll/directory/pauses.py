"""Which pauses of removals a domain is under."""

from enum import StrEnum

from mailroll.directory import tree
from mailroll.directory.models import Domain, Pause

# Written by hand, as each run asks twice and hardly ever hears of one.
_OVER = f"""
    {tree.UP_FROM}
    SELECT p.* FROM directory_pause p
     WHERE p.domain_id = %s OR p.organization_id IN (SELECT id FROM above)
        OR (p.domain_id IS NULL AND p.organization_id IS NULL)
     ORDER BY p.since, p.id
"""  # noqa: S608 - of our own pieces


class Reach(StrEnum):
    """How far a pause reaches, in words that tell a customer nothing of others."""

    DOMAIN = "for this domain"
    ORGANIZATION = "for this organization"
    ABOVE = "by an organization above this one"
    EVERYWHERE = "everywhere"


def over(domain: Domain) -> list[Pause]:
    """The pauses that a domain is under, the oldest first."""
    return list(Pause.objects.raw(_OVER, [domain.organization_id, domain.id]))


def reach(pause: Pause, domain: Domain) -> Reach:
    if pause.domain_id is not None:
        return Reach.DOMAIN
    if pause.organization_id is None:
        return Reach.EVERYWHERE
    return Reach.ORGANIZATION if pause.organization_id == domain.organization_id else Reach.ABOVE
