"""Faults of the pages of a listing."""

from mailroll_simulator.faults.pages import NEXT_LINK_VARIANTS
from simulator.tests.office import ALL, EVENTUAL, OFFICE, Graph, on


def late_objects(graph: Graph) -> None:
    graph.sim.clock.stop()
    old = graph.shown(ALL)
    on(graph, "late_objects", seconds=5)
    late = graph.tenant.add_user("Late Comer", local="late")
    group = graph.tenant.add_group("Late group", members=(late,))
    for path in (ALL, "/users?$filter=displayName eq 'Late Comer'", "/groups", f"/groups/{group.id}/members"):
        assert {late.id, group.id}.isdisjoint(graph.shown(path, name="id")), path
    assert graph.get("/users?$count=true", EVENTUAL).json["@odata.count"] == len(graph.listed("/users"))
    assert graph.get(f"/users/{late.id}").status == 200
    found = graph.post("/directoryObjects/getByIds", {"ids": [late.id, group.id]}).json["value"]
    assert {item["id"] for item in found} == {late.id, group.id}
    graph.sim.clock.advance(6)
    assert graph.shown(ALL) == sorted([*old, "Late Comer"])


def empty_first_page(graph: Graph) -> None:
    on(graph, "empty_first_page")
    sizes = [len(page.json["value"]) for page in graph.pages(ALL)]
    assert sizes == [0, 4, 4, 2]


def empty_pages(graph: Graph) -> None:
    on(graph, "empty_pages", share=0.7)
    sizes = [len(page.json["value"]) for page in graph.pages(ALL)]
    assert sum(sizes) == 10
    assert 0 in sizes


def short_pages(graph: Graph) -> None:
    on(graph, "short_pages")
    assert 1 <= min(len(page.json["value"]) for page in graph.pages(ALL)) < 4


def empty_last_page(graph: Graph) -> None:
    on(graph, "empty_last_page")
    assert [len(page.json["value"]) for page in graph.pages("/users")] == [10, 0]


def truncated_listing(graph: Graph) -> None:
    on(graph, "truncated_listing")
    page = graph.get(ALL).json
    assert (len(page["value"]), "@odata.nextLink" in page) == (2, False)


def source_empty(graph: Graph) -> None:
    on(graph, "source_empty")
    assert graph.listed(ALL) == []
    assert graph.get(f"/users/{graph.user('ben.baker')}").status == 200


def next_link_other_host(graph: Graph) -> None:
    good = graph.get(ALL).json["@odata.nextLink"]
    links = {}
    for variant in NEXT_LINK_VARIANTS:
        on(graph, "next_link_other_host", variant=variant, url="https://given.example/")
        links[variant] = graph.get(ALL).json["@odata.nextLink"]
    assert all(link != good for link in links.values())
    assert links["host"].startswith("https://graph.attacker.example/v1.0/users?")
    assert links["given"] == "https://given.example/"
    assert links["number"] == 12345
    assert links["scheme"].startswith("http://localhost:")
    assert "/beta/users?" in links["version"]


def next_link_loop(graph: Graph) -> None:
    on(graph, "next_link_loop")
    first = graph.get(ALL).json
    assert graph.get(first["@odata.nextLink"]).json["value"] == first["value"]
    graph.sim.faults.clear()
    second = graph.get(graph.get(ALL).json["@odata.nextLink"]).json
    on(graph, "next_link_loop", to="first")
    again = graph.get(graph.get(ALL).json["@odata.nextLink"]).json
    assert again["value"] == first["value"] != second["value"]


def repeated_users(graph: Graph) -> None:
    on(graph, "repeated_users", changed=True)
    users = graph.listed(ALL)
    assert len({user["id"] for user in users}) == 10 < len(users)
    assert "Changed" in {user.get("jobTitle") for user in users}


def skipped_user(graph: Graph) -> None:
    on(graph, "skipped_user", user=graph.user("ben.baker"))
    assert graph.user("ben.baker") not in graph.shown(ALL, name="id")
    found = graph.post("/directoryObjects/getByIds", {"ids": [graph.user("ben.baker")]}).json["value"]
    assert [user["displayName"] for user in found] == ["Ben Baker"]
    on(graph, "skipped_user")
    missing = [{user.id for user in graph.tenant.users} - {user["id"] for user in graph.listed(ALL)} for _ in range(2)]
    assert len(missing[0]) == 1
    assert missing[0] == missing[1]


def shuffled_page(graph: Graph) -> None:
    on(graph, "shuffled_page")
    orders = [[user["id"] for user in graph.get("/users").json["value"]] for _ in range(2)]
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]


def delta_no_link(graph: Graph) -> None:
    on(graph, "delta_no_link")
    page = graph.get("/users/delta?$select=displayName").json
    assert {"@odata.nextLink", "@odata.deltaLink"}.isdisjoint(page)


def delta_replay(graph: Graph) -> None:
    on(graph, "delta_replay")
    first = graph.get("/users/delta?$select=displayName").json
    assert len(first["value"]) == 20
    assert len(graph.get(first["@odata.deltaLink"]).json["value"]) == 10


def delta_removed_unknown(graph: Graph) -> None:
    on(graph, "delta_removed_unknown")
    last = graph.get("/users/delta?$select=displayName").json["value"][-1]
    assert last == {"id": "00000000-dead-4000-8000-000000000000", "@removed": {"reason": "deleted"}}


def other_organization(graph: Graph) -> None:
    on(graph, "other_organization")
    assert graph.listed("/organization")[0]["id"] != OFFICE


def unverified_domain(graph: Graph) -> None:
    on(graph, "unverified_domain")
    shown = {domain["id"]: domain["isVerified"] for domain in graph.listed("/domains")}
    assert shown == {"office.onmicrosoft.com": True, "office.example": False, "unproved.example": False}
