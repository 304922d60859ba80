"""What a program may ask for in a while, and what it is told beyond that."""

import pytest

from mailroll_simulator.errors import GraphError
from mailroll_simulator.graph.limits import APPLICATION, LARGE, MEDIUM, SMALL, Limits, units_of
from simulator.tests.office import Graph

COSTLY = 5  # units of one listing of transitive members


def spend(graph: Graph, units: int) -> None:
    """Ask for so many units, twenty questions at a time."""
    team = graph.group("Team")
    for start in range(0, units // COSTLY, 20):
        count = min(20, units // COSTLY - start)
        asked = [{"id": str(n), "method": "GET", "url": f"/groups/{team}/transitiveMembers"} for n in range(count)]
        answers = graph.post("/$batch", {"requests": asked}).json["responses"]
        assert {one["status"] for one in answers} == {200}


def test_beyond_the_units_of_a_small_tenant_it_answers_429_until_they_are_past(graph: Graph) -> None:
    graph.sim.clock.stop()
    spend(graph, 2_700)
    assert "x-ms-throttle-limit-percentage" not in graph.get("/groups?$select=id").headers
    spend(graph, 700)
    assert graph.get("/groups").headers["x-ms-throttle-limit-percentage"] == "1.0"
    spend(graph, SMALL - 3_405)
    assert graph.get("/subscribedSkus").status == 200, "the last units of all"
    refused = graph.get("/subscribedSkus")
    assert (refused.status, refused.json["error"]["code"]) == (429, "TooManyRequests")
    assert (
        refused.headers["x-ms-throttle-scope"]
        == f"Tenant_Application/ReadWrite/{graph.app.client_id}/{graph.tenant.id}"
    )
    assert refused.headers["x-ms-throttle-information"] == "ResourceUnitLimitExceeded"
    wait = int(refused.headers["Retry-After"])
    assert 1 <= wait <= 11
    batch = graph.post("/$batch", {"requests": [{"id": "1", "method": "GET", "url": "/subscribedSkus"}]})
    [inner] = batch.json["responses"]
    assert (batch.status, inner["status"], inner["headers"]["Retry-After"]) == (200, 429, str(wait))
    other = graph.allowed("Organization.Read.All", "User.Read.All")
    assert other.get("/users").status == 200, "another application has units of its own"
    graph.sim.clock.advance(wait)
    assert graph.get("/subscribedSkus").status == 200


def test_limits_can_be_switched_off(graph: Graph) -> None:
    graph.sim.clock.stop()
    graph.sim.limits.on = False
    spend(graph, SMALL + 100)
    assert "x-ms-throttle-limit-percentage" not in graph.get("/groups").headers


@pytest.mark.parametrize(
    ("users", "units"), [(0, SMALL), (49, SMALL), (50, MEDIUM), (500, MEDIUM), (501, LARGE), (10**6, LARGE)]
)
def test_units_follow_from_the_size_of_the_tenant(users: int, units: int) -> None:
    assert units_of(users) == units


def test_an_application_has_a_limit_over_all_tenants() -> None:
    limits, tenants = Limits(), [f"tenant-{number}" for number in range(20)]
    for tenant in tenants[:-1]:
        limits.charge("app", tenant, 1_000, APPLICATION // 20, 0.0)
    limits.charge("app", tenants[-1], 1_000, APPLICATION // 20 - 1, 0.0)
    with pytest.raises(GraphError) as refused:
        limits.charge("app", "another", 1_000, 2, 0.0)
    assert refused.value.headers["x-ms-throttle-scope"] == "Application/ReadWrite/app/another"
    limits.charge("app", "another", 1_000, 2, 21.0)


def test_no_window_holds_more_and_a_clock_set_back_blocks_nobody() -> None:
    limits = Limits()
    answered: list[float] = []
    for tick in range(600):
        now = tick / 20
        try:
            limits.charge("app", "tenant", 10, 100, now)
        except GraphError:
            continue
        answered.append(now)
    assert len(answered) > 2 * SMALL // 100
    for begin in answered:
        assert 100 * sum(begin <= at < begin + 10 for at in answered) <= SMALL
    limits.charge("app", "tenant", 10, SMALL, -1_000.0)
