"""Of whom an organization demands a second factor: a level that holds in it and in all below, where it may be raised.

What is demanded of somebody follows from their roles: the role, and the strictest level from its organization upwards.
An organization on top that says nothing has the installation's default.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, Subquery

from mailroll.accounts import access, installation, operators
from mailroll.accounts.models import Operator, SignInPolicy
from mailroll.audit.notes import note
from mailroll.directory import tree
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.settings import Demand


@dataclass(frozen=True, slots=True)
class Demanded:
    """What holds in an organization: its own level, and the least that those above leave to it."""

    own: Demand | None
    floor: Demand
    by: Organization | None
    """Who above sets the floor; None where nobody does."""

    @property
    def level(self) -> Demand:
        return max(self.own or Demand.NOBODY, self.floor, key=_strictness)

    @property
    def choices(self) -> tuple[Demand, ...]:
        """The levels that are not weaker than what holds above."""
        return tuple(demand for demand in Demand if _strictness(demand) >= _strictness(self.floor))


def demand_on(organization: Organization) -> Demanded:
    """Say what is demanded in an organization, and by whom."""
    default = installation.settings().second_factor
    if organization.parent_id is None:
        # On top the default is a beginning, not a floor: who stands there decides.
        return Demanded(_own(organization) or default, Demand.NOBODY, None)
    own, floor, by = None, Demand.NOBODY, None
    said = SignInPolicy.objects.filter(organization=OuterRef("id")).values("demand")
    for place in tree.above(organization).annotate(demand=Subquery(said)):
        if place.id == organization.id:
            own = Demand(place.demand) if place.demand else None
            continue
        level = Demand(place.demand) if place.demand else default if place.parent_id is None else Demand.NOBODY
        if _strictness(level) > _strictness(floor):
            floor, by = level, place
    return Demanded(own, floor, by)


def demand(organization: Organization, level: Demand, *, by: Operator) -> None:
    """Set a level. Raises `Refused` for one that is weaker than what holds above."""
    if not access.may_settle(by, organization):
        raise BadInput("organization_unknown", "There is no such organization.", "Look at the list again.")
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(id=organization.id)
        now = demand_on(organization)
        if level not in now.choices:
            raise Refused(
                "demand_weaker",
                f"Above “{organization.name}” a second factor is demanded of {words(now.floor)}.",
                "Choose that, or more.",
            )
        before = _own(organization)
        if before is level:
            return
        SignInPolicy.objects.update_or_create(organization=organization, defaults={"demand": level.value})
        note(
            operators.acting_as(by),
            "organization.second_factor_demand",
            organization,
            before=before.value if before else None,
            after=level.value,
        )


def words(level: Demand) -> str:
    return "administrators and technicians" if level is Demand.TECHNICIANS else level.value


def _own(organization: Organization) -> Demand | None:
    demand = SignInPolicy.objects.filter(organization=organization).values_list("demand", flat=True).first()
    return Demand(demand) if demand else None


def _strictness(level: Demand) -> int:
    return tuple(Demand).index(level)
