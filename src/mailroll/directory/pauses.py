"""Which pauses of removals a domain is under."""

from enum import StrEnum

from django.db.models import Q

from mailroll.directory import tree
from mailroll.directory.models import Domain, Pause


class Reach(StrEnum):
    """How far a pause reaches, in words that tell a customer nothing of others."""

    DOMAIN = "for this domain"
    ORGANIZATION = "for this organization"
    ABOVE = "by an organization above this one"
    EVERYWHERE = "everywhere"


def over(domain: Domain) -> list[Pause]:
    """The pauses that a domain is under, the oldest first."""
    above = Q(organization__in=tree.above(domain.organization))
    everywhere = Q(domain=None, organization=None)
    return list(Pause.objects.filter(Q(domain=domain) | above | everywhere).order_by("since", "id"))


def reach(pause: Pause, domain: Domain) -> Reach:
    if pause.domain_id is not None:
        return Reach.DOMAIN
    if pause.organization_id is None:
        return Reach.EVERYWHERE
    return Reach.ORGANIZATION if pause.organization_id == domain.organization_id else Reach.ABOVE
