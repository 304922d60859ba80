"""Where a mailbox plan is told by a licence, and where a user's own plans are asked for."""

import asyncio
import json
from random import Random
from typing import Any

import msgspec
import pytest

from mailroll.connectors.base import WantedObjects
from mailroll.connectors.microsoft365.facts.licences import Subscriptions
from mailroll.connectors.microsoft365.facts.wire import AssignedLicense, Sku
from mailroll.reconcile.errors import Retry
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import ObjectType, Record
from mailroll_simulator import Simulator, Tenant
from mailroll_simulator.licences import LICENCES, Subscription
from tests.connectors.hostile import (
    TENANT,
    Authority,
    Reply,
    Request,
    World,
    failed,
    guid,
    one_after_another,
    page,
    reply,
    user,
    world,
)
from tests.connectors.simulated import RECOMMENDED, connected

PLAN, OTHER_PLAN = "efb87545-963c-4e0d-99df-69c6916d9eb0", "9aaf7827-d63c-4b61-89c3-182f06f82e5c"
TEAMS = "57ff2da0-773e-42df-b2af-ffb7a2317929"
SKU, ADD_ON, UNLISTED = guid(0xA1), guid(0xA2), guid(0xA3)
BY_ID = "/directoryObjects/getByIds"


def product(sku: str = SKU, *plans: str, **changes: object) -> dict[str, Any]:
    """Return a product as Graph lists one: bought, paid for, and with a mailbox."""
    return {
        "skuId": sku,
        "skuPartNumber": "ENTERPRISEPACK",
        "capabilityStatus": "Enabled",
        "prepaidUnits": {"enabled": 25, "suspended": 0, "warning": 0, "lockedOut": 0},
        "servicePlans": [{"servicePlanId": plan, "provisioningStatus": "Success"} for plan in plans or (PLAN, TEAMS)],
    } | changes


def units(**changes: int) -> dict[str, int]:
    return {"enabled": 25, "suspended": 0, "warning": 0, "lockedOut": 0} | changes


def licence(sku: str = SKU, *disabled: str) -> dict[str, Any]:
    return {"skuId": sku, "disabledPlans": list(disabled)}


def told(products: list[dict[str, Any]], *licences: dict[str, Any]) -> bool | Unset:
    skus = msgspec.json.decode(json.dumps(products), type=list[Sku])
    return Subscriptions.of(skus).mailbox_plan(msgspec.json.decode(json.dumps(licences), type=list[AssignedLicense]))


def test_nobody_without_a_licence_has_a_plan() -> None:
    assert told([product()]) is False


@pytest.mark.parametrize(
    ("licences", "has_plan"),
    [
        ([licence()], True),
        ([licence(SKU.upper())], True),
        ([licence(SKU, PLAN)], False),
        ([licence(SKU, PLAN.upper())], False),
        ([licence(SKU, TEAMS)], True),
        ([licence(ADD_ON)], False),
        ([licence(ADD_ON), licence()], True),
        ([licence(UNLISTED)], UNSET),
        ([licence(UNLISTED), licence()], True),
        ([licence(SKU, PLAN), licence(UNLISTED)], UNSET),
        ([{"skuId": None}], UNSET),
        ([{"skuId": SKU, "disabledPlans": None}], True),
    ],
)
def test_a_licence_tells_where_its_product_does(licences: list[dict[str, Any]], has_plan: object) -> None:
    assert told([product(), product(ADD_ON, TEAMS)], *licences) is has_plan


@pytest.mark.parametrize(
    "changes",
    [
        {"capabilityStatus": "Warning"},
        {"capabilityStatus": "Suspended"},
        {"capabilityStatus": "LockedOut"},
        {"capabilityStatus": "Deleted"},
        {"capabilityStatus": None},
        {"prepaidUnits": units(warning=1)},
        {"prepaidUnits": units(suspended=1)},
        {"prepaidUnits": units(lockedOut=1)},
        {"prepaidUnits": None},
        {"prepaidUnits": {"enabled": 25}},
        {"servicePlans": [{"servicePlanId": PLAN, "provisioningStatus": "PendingActivation"}]},
        {"servicePlans": [{"servicePlanId": PLAN}]},
        {"servicePlans": None},
    ],
)
def test_a_product_in_trouble_tells_nothing_of_one_user(changes: dict[str, object]) -> None:
    assert told([product(SKU, **changes)], licence()) is UNSET
    assert told([product(SKU, **changes), product(ADD_ON, OTHER_PLAN)], licence(), licence(ADD_ON)) is True
    if changes.get("servicePlans", ()) is not None:
        assert told([product(SKU, **changes)], licence(SKU, PLAN)) is False


def test_a_product_in_trouble_that_has_no_mailbox_is_no_reason_to_ask() -> None:
    assert told([product(SKU, TEAMS, capabilityStatus="Suspended")], licence()) is False


def test_a_product_that_is_listed_twice_counts_once_it_is_settled_twice() -> None:
    assert told([product(), product(SKU.upper(), capabilityStatus="Warning")], licence()) is UNSET


async def read(w: World) -> dict[str, Record]:
    pages, ended = await w.whole()
    assert ended
    return {each.id.removeprefix(f"{TENANT}:"): each for part in pages for each in part.records}


def licensed(number: int, *licences: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in user(number).items() if name != "assignedPlans"} | {
        "assignedLicenses": list(licences)
    }


def directory(asked: list[Any], *people: dict[str, Any]) -> Any:
    """Answer a listing with these people, and questions by id with a plan that is suspended."""

    def graph(request: Request) -> Reply:
        if request.method == "GET":
            return reply(page(*people))
        ids = json.loads(request.body)["ids"]
        asked.append((request.target.partition("?")[2], ids))
        plans = [{"servicePlanId": PLAN, "capabilityStatus": "Suspended"}]
        return reply(page(*({"id": each, "assignedPlans": plans} for each in ids)))

    return graph


def test_only_those_whose_licence_does_not_tell_are_asked_for_by_id(authority: Authority) -> None:
    asked: list[Any] = []
    people = (licensed(1, licence()), licensed(2), licensed(3, licence(UNLISTED)), licensed(4, licence(ADD_ON)))

    async def go() -> None:
        async with world(authority) as w:
            w.server.skus = one_after_another(reply(page(product(), product(ADD_ON, TEAMS))))
            w.server.graph = directory(asked, *people)
            found = await read(w)
            assert [found[guid(number)].mailbox_plan for number in range(1, 5)] == [True, False, True, False]
            assert [found[guid(number)].plan_lapsed for number in range(1, 5)] == [False, False, True, False]
            assert asked == [("$select=id,assignedPlans", [guid(3)])]
            assert "assignedPlans" not in w.server.asked[0].target

    asyncio.run(go())


def test_plans_are_asked_for_in_answers_that_stay_small(authority: Authority) -> None:
    asked: list[Any] = []

    async def go() -> None:
        async with world(authority) as w:
            w.server.skus = one_after_another(reply(page()))
            w.server.graph = directory(asked, *(licensed(number, licence()) for number in range(1, 451)))
            assert len(await read(w)) == 450
            assert [len(ids) for _, ids in asked] == [200, 200, 50]

    asyncio.run(go())


def test_whoever_does_not_answer_stays_unknown(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.skus = one_after_another(reply(page()))
            w.server.graph = one_after_another(reply(page(licensed(1, licence()))), reply(page()))
            assert (await read(w))[guid(1)].mailbox_plan is UNSET

    asyncio.run(go())


def test_where_many_may_not_be_asked_for_each_is_asked_alone(authority: Authority) -> None:
    def graph(request: Request) -> Reply:
        if request.method == "POST":
            return failed(403, "Authorization_RequestDenied")
        if guid(1) in request.target:
            return reply({"id": guid(1), "assignedPlans": [{"servicePlanId": PLAN, "capabilityStatus": "Enabled"}]})
        return reply(page(licensed(1, licence())))

    async def go() -> None:
        async with world(authority) as w:
            w.server.skus, w.server.graph = one_after_another(reply(page())), graph
            assert (await read(w))[guid(1)].mailbox_plan is True

    asyncio.run(go())


def test_products_are_an_input_of_their_own(authority: Authority) -> None:
    """Nothing of the user changes, and the mailbox is gone all the same."""

    async def go() -> None:
        async with world(authority) as w:
            w.server.skus = one_after_another(reply(page(product())), reply(page(product(SKU, TEAMS))))
            w.server.graph = one_after_another(reply(page(licensed(1, licence()))))
            assert (await read(w))[guid(1)].mailbox_plan is True
            assert (await read(w))[guid(1)].mailbox_plan is False

    asyncio.run(go())


@pytest.mark.parametrize(
    "answer",
    [
        failed(403, "Authorization_RequestDenied"),
        failed(400, "BadRequest"),
        reply(page({"skuId": 7})),
        reply(page({"skuId": SKU, "prepaidUnits": {"warning": "some"}})),
    ],
)
def test_where_products_cannot_be_read_everybodys_plans_are(authority: Authority, answer: Reply) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.skus, w.server.graph = one_after_another(answer), one_after_another(reply(page(user(1))))
            assert (await read(w))[guid(1)].mailbox_plan is True
            [asked] = w.server.asked
            assert "assignedPlans" in asked.target
            assert "assignedLicenses" not in asked.target

    asyncio.run(go())


def test_products_that_do_not_come_now_are_waited_for(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.skus = one_after_another(failed(503, "ServiceUnavailable"))
            with pytest.raises(Retry):
                await read(w)
            assert not w.server.asked

    asyncio.run(go())


def office() -> Tenant:
    tenant = Tenant("Office", "office.onmicrosoft.com", guid(0xF1), Random(1))
    tenant.add_domain("office.example", default=True)
    for number in range(3):
        tenant.add_user(f"Person {number}", local=f"p{number}")
        tenant.add_user(f"Driver {number}", local=f"d{number}", licence="EXCHANGEDESKLESS")
    return tenant


async def both_ways(simulator: Simulator, tenant: Tenant) -> tuple[dict[str, tuple[object, bool]], list[str]]:
    """Read by product and by plan, which must say the same; return it, and what was asked of Graph the first way."""
    found: list[dict[str, tuple[object, bool]]] = []
    paths: list[str] = []
    for without in (set[str](), {"Organization.Read.All"}):
        permissions = [name for name in RECOMMENDED if name not in without]
        async with connected(simulator, tenant, permissions=permissions) as c:
            simulator.requests.clear()
            everybody = (await c.read()).records
            states = {str(each.display_name): (each.mailbox_plan, each.plan_lapsed) for each in everybody.values()}
            found.append({**states})
            paths = paths or c.paths()
    assert found[0] == found[1]
    return found[0], paths


@pytest.mark.parametrize("status", ["Warning", "Suspended", "LockedOut", "Deleted"])
def test_both_ways_say_the_same_of_a_tenant_that_lapses(status: str) -> None:
    tenant = office()

    async def go(simulator: Simulator) -> None:
        before, paths = await both_ways(simulator, tenant)
        assert set(before.values()) == {(True, False)}
        assert BY_ID not in paths
        tenant.lapse("O365_BUSINESS_PREMIUM", status)
        after, paths = await both_ways(simulator, tenant)
        lapsed = {"Suspended", "LockedOut"}
        assert after["Person 1"] == (status != "Deleted", status in lapsed)
        assert after["Driver 1"] == (True, False)
        assert paths.count(BY_ID) == 1

    with Simulator([tenant], seed=1).in_thread() as simulator:
        asyncio.run(go(simulator))


def test_a_part_that_was_not_renewed_makes_its_holders_tell_for_themselves() -> None:
    tenant = office()
    tenant.subscriptions["EXCHANGEDESKLESS"] = Subscription(suspended=1)
    plans = tenant.user("d1@office.example").properties["assignedPlans"]
    assert isinstance(plans, list)
    first, *rest = plans
    assert isinstance(first, dict)
    tenant.change_user("d1@office.example", assignedPlans=[first | {"capabilityStatus": "Suspended"}, *rest])

    async def go(simulator: Simulator) -> None:
        found, paths = await both_ways(simulator, tenant)
        assert [found[f"Driver {number}"] for number in range(3)] == [(True, False), (True, True), (True, False)]
        assert paths.count(BY_ID) == 1

    with Simulator([tenant], seed=1).in_thread() as simulator:
        asyncio.run(go(simulator))


def test_a_filter_on_plans_has_everybodys_read() -> None:
    tenant = office()

    async def go(simulator: Simulator) -> None:
        async with connected(simulator, tenant, wanted=WantedObjects(frozenset({"assignedPlans"}))) as c:
            found = (await c.read()).records[c.id("p1")]
            held = found.attributes["assignedPlans"]
            assert isinstance(held, tuple)
            assert set(held) == {plan.id for plan in LICENCES["O365_BUSINESS_PREMIUM"].plans}
            tenant.lapse("O365_BUSINESS_PREMIUM")
            assert (await c.read()).records[c.id("p1")].attributes["assignedPlans"] == held

    with Simulator([tenant], seed=1).in_thread() as simulator:
        asyncio.run(go(simulator))


def test_an_agent_among_users_is_told_in_listings_and_by_id() -> None:
    tenant = office()
    agent = tenant.add_agent("Ada", local="ada")

    async def go(simulator: Simulator) -> None:
        async with connected(simulator, tenant) as c:
            name = c.of(agent.id)
            assert (await c.read()).records[name].agent
            found = (await c.connector.find({name: ObjectType.USER}))[name]
            assert found is not None
            assert found.agent

    with Simulator([tenant], seed=1).in_thread() as simulator:
        asyncio.run(go(simulator))
