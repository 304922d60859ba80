"""Who has a plan with a mailbox, from licences where these say enough, and whose plans have to be asked for by id.

A user's `assignedPlans` are most of what a user is: 50 to 111 entries, ended ones among them, where `assignedLicenses`
have one or two. What a licence holds the tenant says once, in `/subscribedSkus`. It says nothing of the state that a
plan is in for one user, so it counts only where there is but one state to be in: the product is Enabled, and none of
its units are suspended, in their time of grace, or locked (resources/subscribedsku, resources/licenseunitsdetail).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from mailroll.connectors.microsoft365.facts.plans import MAILBOX_PLANS
from mailroll.connectors.microsoft365.facts.wire import AssignedLicense, Sku, Units
from mailroll.reconcile.known import UNSET, Unset

_NONE: Final = frozenset[str]()
SKU_SELECT: Final = "skuId,skuPartNumber,capabilityStatus,prepaidUnits,servicePlans"


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The products of a tenant by id in lower case: which mailbox plans each holds, and which are `settled`."""

    plans: Mapping[str, frozenset[str]] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()

    @classmethod
    def of(cls, skus: Iterable[Sku]) -> "Subscriptions":
        """Read the list of products; one that is there twice is settled only if it is so both times."""
        plans: dict[str, frozenset[str]] = {}
        settled: dict[str, bool] = {}
        for sku in skus:
            if sku.sku_id is None or sku.service_plans is None:
                continue
            name = sku.sku_id.lower()
            plans[name] = plans.get(name, frozenset()) | _mailbox_plans(sku)
            settled[name] = settled.get(name, True) and _is_settled(sku)
        return cls(plans, frozenset(name for name, is_so in settled.items() if is_so))

    def mailbox_plan(self, licences: Iterable[AssignedLicense]) -> bool | Unset:
        """Tell whether one of the licences brings a mailbox; UNSET where the user's own plans have to tell.

        1. A product that is not listed may hold anything.
        2. One whose mailbox plans are all switched off for this user, or that has none, brings no mailbox.
        3. A settled one brings the mailbox for certain, whatever state the others are in.
        """
        doubt = False
        for licence in licences:
            name = (licence.sku_id or "").lower()
            plans = self.plans.get(name)
            disabled = {plan.lower() for plan in licence.disabled_plans} if licence.disabled_plans else _NONE
            if plans is not None and plans <= disabled:
                continue
            if name in self.settled:
                return True
            doubt = True
        return UNSET if doubt else False


def _mailbox_plans(sku: Sku) -> frozenset[str]:
    return MAILBOX_PLANS & {(plan.service_plan_id or "").lower() for plan in sku.service_plans or ()}


def _is_settled(sku: Sku) -> bool:
    units = sku.prepaid_units
    if sku.capability_status != "Enabled" or not isinstance(units, Units):
        return False
    if (units.suspended, units.warning, units.locked_out) != (0, 0, 0):
        return False
    return all(
        plan.provisioning_status == "Success"
        for plan in sku.service_plans or ()
        if (plan.service_plan_id or "").lower() in MAILBOX_PLANS
    )
