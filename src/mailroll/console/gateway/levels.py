"""How far a pause of removals may reach: a domain, an organization with all below it, or the installation."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Subquery, Sum, UUIDField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from mailroll.accounts import access
from mailroll.accounts.models import Operator, Role
from mailroll.directory import edit, tree
from mailroll.directory.fixed_queries import FixedQuery, Parameter
from mailroll.directory.models import Domain, Organization, Pause
from mailroll.sync.models import StandingSum

OWN: Final = "domain"
EVERYWHERE: Final = "everywhere"


@dataclass(frozen=True, slots=True)
class PauseLevel:
    """Something that somebody may pause and resume, and the words for it."""

    key: str
    words: str
    of: edit.Paused


def level_of(pause: Pause) -> str:
    if pause.domain_id is not None:
        return OWN
    return EVERYWHERE if pause.organization_id is None else str(pause.organization_id)


def levels(operator: Operator, domain: Domain) -> list[PauseLevel]:
    """Return the levels above and at a domain that an operator may pause, from the narrowest on."""
    if not access.may_release(operator, domain.organization):
        return []
    pause_levels = [PauseLevel(OWN, domain.name, domain)]
    everywhere = access.everywhere(operator, Role.TECHNICIAN)
    rows = _line(everywhere=everywhere).rows(viewer=operator.id, organization=domain.organization_id)
    line = {organization.id: organization for organization in rows}
    every = next((organization.every_domain for organization in line.values()), 0)
    # What stands at the top has them all below it, where nothing else does.
    over_all = every if access.holds_the_only_top(operator, Role.TECHNICIAN) else None
    at: UUID | None = domain.organization_id
    # Popped, so that a ring of parents ends.
    while at is not None and (place := line.pop(at, None)) is not None:
        role = access.role_with(place, operator)
        if role is not None and role.strength >= Role.TECHNICIAN.strength:
            count = over_all if over_all is not None and place.parent_id is None else _below(place)
            pause_levels.append(PauseLevel(str(place.id), f"{place.name} and all below it, {_domains(count)}", place))
        at = place.parent_id
    if everywhere:
        pause_levels.append(PauseLevel(EVERYWHERE, f"this whole installation, {_domains(every)}", None))
    return pause_levels


@cache
def _line(*, everywhere: bool) -> FixedQuery[Any]:
    """Ask for an organization and all above it, with their domains counted; `everywhere`: and all there are."""
    above = access.organizations_with_role(Parameter("viewer", UUIDField()))
    above = above.filter(id__in=tree.line(Parameter("organization", UUIDField())))
    every_domain = _every_domain() if everywhere else Value(0)
    return FixedQuery(above.annotate(own_domains=_own_domains(), leads=_leads(), every_domain=every_domain))


def _own_domains() -> Combinable:
    proved = Domain.objects.filter(organization=OuterRef("id"), proved_at__isnull=False).order_by()
    return Coalesce(Subquery(proved.values("organization").annotate(number=Count("id")).values("number")), 0)


def _every_domain() -> Combinable:
    """How many there are in all: as sums have them, less the few that nobody proved."""
    sums = StandingSum.objects.order_by().annotate(one=Value(1)).values("one").annotate(number=Sum("domains"))
    unproved = Domain.objects.filter(proved_at__isnull=True).order_by().annotate(one=Value(1)).values("one")
    unproved = unproved.annotate(number=Count("id"))
    return Coalesce(Subquery(sums.values("number")), 0) - Coalesce(Subquery(unproved.values("number")), 0)


def _leads() -> Exists:
    return Exists(Organization.objects.filter(parent=OuterRef("id")))


def _below(place: Any) -> int:
    """Count the proved domains of an organization and those below: most have none below, and are not walked down."""
    if not place.leads:
        return int(place.own_domains)
    return Domain.objects.filter(organization__in=tree.below(place), proved_at__isnull=False).count()


def _domains(count: int) -> str:
    return f"{count:,} domain{'' if count == 1 else 's'}"
