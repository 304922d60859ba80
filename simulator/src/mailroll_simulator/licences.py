"""Licences by their real names and ids, what giving or taking one does to a user, and how a tenant has bought them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from mailroll_simulator.plans import ENTERPRISE, FLOW, FOUNDATION, KIOSK, OFFICE, PREMIUM, STANDARD, Plan
from mailroll_simulator.values import Json

_LONG_AGO = "2021-02-03T04:05:06Z"


@dataclass(frozen=True, slots=True)
class Licence:
    """A product as it is bought: its part number, id and service plans.

    `before` are the plans of whatever its holders had before: they stay listed for ever, as Deleted.
    """

    part: str
    id: str
    plans: tuple[Plan, ...]
    before: tuple[Plan, ...] = ()

    @property
    def mailbox(self) -> bool:
        return any(plan.mailbox for plan in self.plans)


@dataclass(frozen=True, slots=True)
class Subscription:
    """How a tenant stands with a product: its state, and how many units are not simply enabled.

    Without renewal it goes Enabled, Warning, Suspended, LockedOut, Deleted; its units go the same way.
    """

    status: str = "Enabled"
    warning: int = 0
    suspended: int = 0
    locked_out: int = 0


BOUGHT = Subscription()
STATES = ("Enabled", "Warning", "Suspended", "LockedOut", "Deleted")
"""In the order in which an unpaid subscription goes through them (subscribedSku: capabilityStatus)."""

LICENCES: Mapping[str, Licence] = {
    licence.part: licence
    for licence in (
        Licence(
            "O365_BUSINESS_ESSENTIALS", "3b555118-da6a-4418-894f-7df1e2096870", (STANDARD, *OFFICE), (KIOSK, FOUNDATION)
        ),
        Licence(
            "O365_BUSINESS_PREMIUM", "f245ecc8-75af-4f8e-b61f-27d8114de5f3", (STANDARD, *OFFICE), (KIOSK, FOUNDATION)
        ),
        Licence("SPB", "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46", (STANDARD, *OFFICE), (KIOSK, *PREMIUM[:12])),
        Licence("ENTERPRISEPACK", "6fd2c87f-b296-42f0-b197-1e91e994b900", (ENTERPRISE, *OFFICE), (STANDARD, FLOW)),
        Licence("SPE_E3", "05e9a617-0261-4cee-bb44-138d3ef5d965", (ENTERPRISE, *OFFICE), (STANDARD, *PREMIUM)),
        Licence(
            "SPE_E5",
            "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
            (ENTERPRISE, *OFFICE, *PREMIUM),
            (STANDARD, KIOSK, *OFFICE[:23]),
        ),
        Licence("EXCHANGESTANDARD", "4b9405b0-7788-4568-add1-99614e613b69", (STANDARD,), OFFICE),
        Licence("EXCHANGEENTERPRISE", "19ec0d23-8335-4cbd-94ac-6050e30712fa", (ENTERPRISE,)),
        Licence("EXCHANGEDESKLESS", "80b2d799-d2ba-4d2a-8842-fb0d0f3a4b82", (KIOSK,), (STANDARD, *OFFICE)),
        # Carries the Foundation plan, whose service reads "exchange" though no mailbox comes with it.
        Licence("FLOW_FREE", "f30db892-07e9-47e9-837c-80727f46fd3d", (FOUNDATION, FLOW)),
    )
}


def assigned_licences(parts: Iterable[str], disabled: Iterable[str] = ()) -> list[Json]:
    """Give the value of `assignedLicenses`; `disabled` are names of service plans."""
    off = frozenset(disabled)
    return [
        {
            "skuId": LICENCES[part].id,
            "disabledPlans": [plan.id for plan in LICENCES[part].plans if plan.name in off],
        }
        for part in parts
    ]


def assigned_plans(
    parts: Iterable[str], since: str, *, status: str = "Enabled", disabled: Iterable[str] = ()
) -> list[Json]:
    """Give the value of `assignedPlans`: those of the licences, and behind them what ended before."""
    return list(_assigned(tuple(parts), since, status, frozenset(disabled)))


@cache
def _assigned(parts: tuple[str, ...], since: str, status: str, off: frozenset[str]) -> tuple[Json, ...]:
    """Make each value once: plans are never changed, only replaced, and hundreds of users share them."""
    return tuple(
        {
            "assignedDateTime": moment,
            "capabilityStatus": "Deleted" if ended or plan.name in off else status,
            "service": plan.service,
            "servicePlanId": plan.id,
        }
        for part in parts
        for ended, moment, plans in (
            (False, since, LICENCES[part].plans),
            (True, _LONG_AGO, LICENCES[part].before),
        )
        for plan in plans
    )


def with_status(plans: Json, status: str) -> list[Json]:
    """Give the plans as they are once a subscription has come to another state; what had ended stays so."""
    if not isinstance(plans, list | tuple):
        return []
    return [
        plan if plan["capabilityStatus"] == "Deleted" else plan | {"capabilityStatus": status}
        for plan in plans
        if isinstance(plan, dict)
    ]


def provisioned_plans(parts: Iterable[str], *, status: str = "Enabled") -> list[Json]:
    return [
        {"capabilityStatus": status, "provisioningStatus": "Success", "service": plan.service}
        for part in parts
        for plan in LICENCES[part].plans
    ]


def subscribed_sku(
    licence: Licence, tenant_id: str, consumed: int, subscription: Subscription = BOUGHT
) -> dict[str, Json]:
    """Give one element of /subscribedSkus."""
    troubled = subscription.warning + subscription.suspended + subscription.locked_out
    return {
        "id": f"{tenant_id}_{licence.id}",
        "accountId": tenant_id,
        "accountName": None,
        "appliesTo": "User",
        "capabilityStatus": subscription.status,
        "consumedUnits": consumed,
        "prepaidUnits": {
            "enabled": max(0, consumed + 5 - troubled) if subscription.status == "Enabled" else 0,
            "suspended": subscription.suspended,
            "warning": subscription.warning,
            "lockedOut": subscription.locked_out,
        },
        "servicePlans": [
            {
                "servicePlanId": plan.id,
                "servicePlanName": plan.name,
                "provisioningStatus": "Success",
                "appliesTo": "User",
            }
            for plan in licence.plans
        ],
        "skuId": licence.id,
        "skuPartNumber": licence.part,
        "subscriptionIds": [],
    }
