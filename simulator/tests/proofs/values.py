"""Faults of what an object says."""

from typing import Any

from simulator.tests.office import Graph, on


def _all_in_one(graph: Graph) -> list[dict[str, Any]]:
    return graph.listed("/users?$select=id,displayName,proxyAddresses")


def stale_row(graph: Graph) -> None:
    ben = next(user for user in graph.tenant.users if user.id == graph.user("ben.baker"))
    aliases = [*ben.proxy_addresses, "smtp:sales@brightwater.example"]
    graph.tenant.change_user(ben, proxyAddresses=aliases)
    on(graph, "stale_row", user=ben.id)
    shown = {user["id"]: user["proxyAddresses"] for user in _all_in_one(graph)}
    assert "smtp:sales@brightwater.example" not in shown[ben.id]
    asked = graph.get(f"/users/{ben.id}?$select=proxyAddresses").json
    assert "smtp:sales@brightwater.example" in asked["proxyAddresses"]


def missing_property(graph: Graph) -> None:
    on(graph, "missing_property")
    assert all("proxyAddresses" not in user for user in _all_in_one(graph))
    on(graph, "missing_property", shown="null")
    assert all(user["proxyAddresses"] is None for user in _all_in_one(graph))
    on(graph, "missing_property", shown="empty", share=0.5)
    assert 0 < sum(user["proxyAddresses"] == [] for user in _all_in_one(graph)) < 10


def lone_surrogate(graph: Graph) -> None:
    on(graph, "lone_surrogate")
    assert b"\\ud83d name" in graph.get("/users").body


def nul_in_name(graph: Graph) -> None:
    on(graph, "nul_in_name", user=graph.user("ben.baker"))
    names = {user["id"]: user["displayName"] for user in _all_in_one(graph)}
    assert names[graph.user("ben.baker")] == "nul \x00 name"
    # Once, unless told otherwise.
    assert "nul \x00 name" not in {user["displayName"] for user in _all_in_one(graph)}


def wrong_type(graph: Graph) -> None:
    on(graph, "wrong_type", property="proxyAddresses", value={"odd": True})
    assert [user for user in _all_in_one(graph) if user["proxyAddresses"] == {"odd": True}]


def huge_name(graph: Graph) -> None:
    on(graph, "huge_name")
    assert max(len(user["displayName"]) for user in _all_in_one(graph)) == 1_000_000


def many_proxies(graph: Graph) -> None:
    on(graph, "many_proxies")
    assert max(len(user["proxyAddresses"]) for user in _all_in_one(graph)) >= 10_000


def long_address(graph: Graph) -> None:
    on(graph, "long_address")
    addresses = [address for user in _all_in_one(graph) for address in user["proxyAddresses"]]
    assert max(map(len, addresses)) == len("smtp:") + 321


def missing_id(graph: Graph) -> None:
    on(graph, "missing_id")
    assert sum("id" not in user for user in _all_in_one(graph)) == 1
