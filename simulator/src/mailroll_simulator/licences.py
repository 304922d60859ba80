"""Licences by their real names and ids, and what giving or taking one does to a user."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mailroll_simulator.values import Json


@dataclass(frozen=True, slots=True)
class Plan:
    """One service plan inside a licence."""

    name: str
    id: str
    service: str

    @property
    def mailbox(self) -> bool:
        return self.id in _MAILBOX_PLANS


@dataclass(frozen=True, slots=True)
class Licence:
    """A product as it is bought: its part number, id and service plans."""

    part: str
    id: str
    plans: tuple[Plan, ...]

    @property
    def mailbox(self) -> bool:
        return any(plan.mailbox for plan in self.plans)


_STANDARD = Plan("EXCHANGE_S_STANDARD", "9aaf7827-d63c-4b61-89c3-182f06f82e5c", "exchange")
_ENTERPRISE = Plan("EXCHANGE_S_ENTERPRISE", "efb87545-963c-4e0d-99df-69c6916d9eb0", "exchange")
_KIOSK = Plan("EXCHANGE_S_DESKLESS", "4a82b400-a79f-41a4-b4e2-e94f5787b113", "exchange")
_FOUNDATION = Plan("EXCHANGE_S_FOUNDATION", "113feb6c-3fe4-4440-bddc-54d774bf0318", "exchange")
_TEAMS = Plan("TEAMS1", "57ff2da0-773e-42df-b2af-ffb7a2317929", "TeamspaceAPI")
_SHAREPOINT = Plan("SHAREPOINTSTANDARD", "c7699d2e-19aa-44de-8edf-1736da088ca1", "SharePoint")
_FLOW = Plan("FLOW_P2_VIRAL", "50e68c76-46c6-4674-81f9-75456511b170", "ProcessSimple")

_MAILBOX_PLANS = frozenset((_STANDARD.id, _ENTERPRISE.id, _KIOSK.id))

LICENCES: Mapping[str, Licence] = {
    licence.part: licence
    for licence in (
        Licence(
            "O365_BUSINESS_ESSENTIALS",
            "3b555118-da6a-4418-894f-7df1e2096870",
            (_STANDARD, _TEAMS, _SHAREPOINT),
        ),
        Licence(
            "O365_BUSINESS_PREMIUM",
            "f245ecc8-75af-4f8e-b61f-27d8114de5f3",
            (_STANDARD, _TEAMS, _SHAREPOINT),
        ),
        Licence("SPB", "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46", (_STANDARD, _TEAMS, _SHAREPOINT)),
        Licence("ENTERPRISEPACK", "6fd2c87f-b296-42f0-b197-1e91e994b900", (_ENTERPRISE, _TEAMS, _SHAREPOINT)),
        Licence("SPE_E3", "05e9a617-0261-4cee-bb44-138d3ef5d965", (_ENTERPRISE, _TEAMS, _SHAREPOINT)),
        Licence("EXCHANGESTANDARD", "4b9405b0-7788-4568-add1-99614e613b69", (_STANDARD,)),
        Licence("EXCHANGEENTERPRISE", "19ec0d23-8335-4cbd-94ac-6050e30712fa", (_ENTERPRISE,)),
        Licence("EXCHANGEDESKLESS", "80b2d799-d2ba-4d2a-8842-fb0d0f3a4b82", (_KIOSK,)),
        # Carries the Foundation plan, whose service reads "exchange" though no mailbox comes with it.
        Licence("FLOW_FREE", "f30db892-07e9-47e9-837c-80727f46fd3d", (_FOUNDATION, _FLOW)),
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
    off = frozenset(disabled)
    return [
        {
            "assignedDateTime": since,
            "capabilityStatus": "Deleted" if plan.name in off else status,
            "service": plan.service,
            "servicePlanId": plan.id,
        }
        for part in parts
        for plan in LICENCES[part].plans
    ]


def provisioned_plans(parts: Iterable[str], *, status: str = "Enabled") -> list[Json]:
    return [
        {"capabilityStatus": status, "provisioningStatus": "Success", "service": plan.service}
        for part in parts
        for plan in LICENCES[part].plans
    ]


def subscribed_sku(licence: Licence, tenant_id: str, consumed: int) -> dict[str, Json]:
    """Give one element of /subscribedSkus."""
    return {
        "id": f"{tenant_id}_{licence.id}",
        "accountId": tenant_id,
        "accountName": None,
        "appliesTo": "User",
        "capabilityStatus": "Enabled",
        "consumedUnits": consumed,
        "prepaidUnits": {"enabled": consumed + 5, "suspended": 0, "warning": 0, "lockedOut": 0},
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
