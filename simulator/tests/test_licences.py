"""Products, the plans that people hold of them, and what becomes of both when nobody renews."""

from typing import Any

import pytest

from mailroll_simulator import Simulator, Tenant
from mailroll_simulator.licences import LICENCES, Subscription
from simulator.tests.office import EVERYTHING, Graph, office

BEN = "ben.baker@office.example"
PRODUCT = "O365_BUSINESS_PREMIUM"


def held(graph: Graph, upn: str = BEN) -> list[dict[str, Any]]:
    plans: list[dict[str, Any]] = graph.get(f"/users/{upn}?$select=assignedPlans").json["assignedPlans"]
    return plans


def sku(graph: Graph, part: str = PRODUCT) -> dict[str, Any]:
    found: list[dict[str, Any]] = graph.listed("/subscribedSkus")
    return next(each for each in found if each["skuPartNumber"] == part)


@pytest.mark.parametrize(
    ("part", "live", "listed"), [("ENTERPRISEPACK", 47, 49), ("SPE_E3", 47, 87), ("SPE_E5", 86, 111)]
)
def test_a_user_holds_as_many_plans_as_in_a_tenant_of_today(part: str, live: int, listed: int) -> None:
    tenant = Tenant("One", "one.onmicrosoft.com", "t", office().chance)
    plans = tenant.add_user("Ann Archer", licence=part).properties["assignedPlans"]
    assert isinstance(plans, list)
    states = [plan["capabilityStatus"] for plan in plans if isinstance(plan, dict)]
    assert (states.count("Enabled"), len(states)) == (live, listed)


@pytest.mark.parametrize("licence", LICENCES.values(), ids=lambda licence: licence.part)
def test_every_plan_stands_once_in_a_product(licence: Any) -> None:
    assert len({plan.id for plan in licence.plans}) == len(licence.plans)


def test_a_product_says_how_many_of_its_units_are_in_trouble() -> None:
    tenant = office()
    tenant.subscriptions[PRODUCT] = Subscription(warning=1)
    with Simulator([tenant], seed=1).in_thread() as sim:
        found = sku(Graph.connected(sim, tenant, *EVERYTHING))
    assert found["capabilityStatus"] == "Enabled"
    assert found["prepaidUnits"] == {"enabled": 8, "suspended": 0, "warning": 1, "lockedOut": 0}


@pytest.mark.parametrize(
    ("status", "units"),
    [("Warning", "warning"), ("Suspended", "suspended"), ("LockedOut", "lockedOut"), ("Deleted", "")],
)
def test_a_subscription_that_is_not_renewed_takes_its_plans_along_and_leaves_the_licence(
    status: str, units: str
) -> None:
    tenant = office()
    with Simulator([tenant], seed=1).in_thread() as sim:
        graph = Graph.connected(sim, tenant, *EVERYTHING)
        before = held(graph)
        tenant.lapse(PRODUCT, status)
        after, product = held(graph), sku(graph)
        licences = graph.get(f"/users/{BEN}?$select=assignedLicenses").json["assignedLicenses"]
    assert [each["skuId"] for each in licences] == [LICENCES[PRODUCT].id]
    assert {each["capabilityStatus"] for each in after} == {status, "Deleted"}
    assert [each["servicePlanId"] for each in after] == [each["servicePlanId"] for each in before]
    assert product["capabilityStatus"] == status
    assert {name for name, count in product["prepaidUnits"].items() if count} == ({units} if units else set())


def test_an_agent_is_a_user_with_a_type_of_its_own() -> None:
    tenant = office()
    agent = tenant.add_agent("Ada", local="ada")
    with Simulator([tenant], seed=1).in_thread() as sim:
        graph = Graph.connected(sim, tenant, *EVERYTHING)
        marked = [each for each in graph.listed("/users") if "@odata.type" in each]
        assert [(each["id"], each["@odata.type"]) for each in marked] == [(agent.id, "#microsoft.graph.agentUser")]
        assert graph.get(f"/users/{agent.id}").json["@odata.type"] == "#microsoft.graph.agentUser"
