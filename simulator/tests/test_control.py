"""The control surface over HTTP: every lever that Python has, for programs in other processes."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.request import Request

import pytest

from mailroll_simulator import Simulator, tenants
from simulator.tests.entrance import Answer, Client
from simulator.tests.office import OFFICE, Graph, crowd, office

T = f"/tenants/{OFFICE}"


def pull(graph: Graph, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
    data = None if body is None else json.dumps(body).encode()
    request = Request(graph.sim.control_url + path, data, dict(headers or {}), method=method)  # noqa: S310
    return graph.client.send(request)


def told(graph: Graph, method: str, path: str, body: object = None) -> Any:
    answer = pull(graph, method, path, body)
    assert answer.status in {200, 204}, answer.text
    return answer.json if answer.body else None


def test_it_says_what_there_is(graph: Graph) -> None:
    found = told(graph, "GET", "/")
    assert found["graph_url"] == graph.sim.graph_url
    assert {"method": "PUT", "path": "/faults/{name}"}.items() <= next(
        route for route in found["routes"] if route["path"] == "/faults/{name}" and route["method"] == "PUT"
    ).items()


def test_a_user_is_added_changed_deleted_and_restored(graph: Graph) -> None:
    made = told(graph, "POST", f"{T}/users", {"display_name": "Nia New", "aliases": ["nn@office.example"]})
    path = f"{T}/users/{made['id']}"
    assert graph.get(f"/users/{made['id']}").json["mail"] == "nia.new@office.example"
    told(graph, "PATCH", path, {"jobTitle": "Cook", "roles": ["GLOBAL_READER"], "password": "other", "barred": True})
    assert graph.get(f"/users/{made['id']}").json["jobTitle"] == "Cook"
    assert told(graph, "GET", path)["roles"] == ["GLOBAL_READER"]
    told(graph, "DELETE", f"{path}/licence")
    assert graph.get(f"/users/{made['id']}").json["mail"] == "nia.new@office.onmicrosoft.com"
    told(graph, "PUT", f"{path}/licence", {"licence": "SPB"})
    told(graph, "POST", f"{path}/convert-to-shared")
    assert told(graph, "GET", path)["purpose"] == "shared"
    told(graph, "DELETE", path)
    assert graph.get(f"/users/{made['id']}").status == 404
    assert [found["id"] for found in told(graph, "GET", f"{T}/deleted")["deleted"]] == [made["id"]]
    told(graph, "POST", f"{path}/restore")
    assert graph.get(f"/users/{made['id']}").status == 200
    told(graph, "DELETE", f"{path}?purge=true")
    assert told(graph, "GET", f"{T}/deleted")["deleted"] == []


@pytest.mark.parametrize(
    ("body", "purpose"),
    [
        ({"kind": "shared", "local": "box"}, "shared"),
        ({"kind": "room", "local": "hall", "capacity": 9}, "room"),
        ({"kind": "equipment", "local": "bus"}, "equipment"),
        ({"kind": "guest", "mail": "g@elsewhere.example"}, None),
        ({"licence": None}, None),
    ],
)
def test_other_kinds_are_added_too(graph: Graph, body: dict[str, Any], purpose: str | None) -> None:
    assert told(graph, "POST", f"{T}/users", {"display_name": "New One"} | body)["purpose"] == purpose


def test_users_are_listed_in_parts(graph: Graph) -> None:
    found = told(graph, "GET", f"{T}/users?start=2&limit=3")
    assert found["count"] == 10
    assert len(found["users"]) == 3


def test_a_domain_is_added_changed_and_removed(graph: Graph) -> None:
    told(graph, "PUT", f"{T}/domains/new.example", {"verified": False})
    assert graph.get("/domains/new.example").json["isVerified"] is False
    told(graph, "PUT", f"{T}/domains/new.example", {"verified": True})
    assert graph.get("/domains/new.example").json["isVerified"] is True
    told(graph, "PUT", f"{T}/domains/new.example", {"default": True})
    assert told(graph, "GET", T)["default_domain"] == "new.example"
    told(graph, "DELETE", f"{T}/domains/new.example")
    assert graph.get("/domains/new.example").status == 404
    assert pull(graph, "DELETE", f"{T}/domains/new.example").status == 404


def test_groups_and_contacts_are_changed(graph: Graph) -> None:
    ben = graph.user("ben.baker")
    group = told(graph, "POST", f"{T}/groups", {"display_name": "Club", "kind": "distribution", "members": [ben]})
    path = f"{T}/groups/{group['id']}"
    told(graph, "PUT", f"{path}/members/{graph.user('dan.dry')}")
    told(graph, "DELETE", f"{path}/members/{ben}")
    assert graph.shown(f"/groups/{group['id']}/members") == ["Dan Dry"]
    told(graph, "PATCH", path, {"description": "A club"})
    assert graph.get(f"/groups/{group['id']}").json["description"] == "A club"
    told(graph, "DELETE", path)
    assert "Club" not in [one["properties"]["displayName"] for one in told(graph, "GET", f"{T}/groups")["groups"]]
    contact = told(graph, "POST", f"{T}/contacts", {"display_name": "Con", "mail": "con@elsewhere.example"})
    assert len(told(graph, "GET", f"{T}/contacts")["contacts"]) == 2
    told(graph, "DELETE", f"{T}/contacts/{contact['id']}")
    assert graph.shown("/contacts") == ["Carol Customer"]


def test_a_product_lapses_and_is_paid_again(graph: Graph) -> None:
    def plans() -> set[str]:
        found = graph.get("/users/ben.baker@office.example?$select=assignedPlans").json["assignedPlans"]
        return {plan["capabilityStatus"] for plan in found}

    path = f"{T}/subscriptions/O365_BUSINESS_PREMIUM"
    before = plans()
    assert told(graph, "PUT", path, {"status": "Suspended"})["subscriptions"] == {"O365_BUSINESS_PREMIUM": "Suspended"}
    assert plans() - before == {"Suspended"}
    states = {sku["skuPartNumber"]: sku["capabilityStatus"] for sku in graph.get("/subscribedSkus").json["value"]}
    assert states["O365_BUSINESS_PREMIUM"] == "Suspended"
    told(graph, "PUT", path, {"status": "Enabled"})
    assert plans() == before
    assert pull(graph, "PUT", path, {"status": "Unpaid"}).status == 400
    assert pull(graph, "PUT", f"{T}/subscriptions/NONE", {"status": "Enabled"}).status == 404


def test_a_tenant_is_added_and_taken_away(graph: Graph) -> None:
    made = told(graph, "POST", "/tenants", {"display_name": "New", "initial_domain": "new.onmicrosoft.com"})
    assert len(told(graph, "GET", "/tenants")["tenants"]) == 3
    assert told(graph, "GET", "/tenants/new.onmicrosoft.com")["id"] == made["id"]
    changed = told(graph, "PATCH", "/tenants/new.onmicrosoft.com", {"exchange": False, "uneven": True, "late": 2})
    assert (changed["exchange"], changed["uneven"]) == (False, True)
    assert (changed["late"], changed["index_late"]) == (2.0, 0.0)
    again = {"display_name": "New", "initial_domain": "new.onmicrosoft.com", "id": made["id"]}
    assert pull(graph, "POST", "/tenants", again).status == 400
    told(graph, "DELETE", f"/tenants/{made['id']}")
    assert pull(graph, "GET", f"/tenants/{made['id']}").status == 404


def test_faults_are_switched_by_name(graph: Graph) -> None:
    assert told(graph, "PUT", "/faults/throttle", {"times": 1, "path": "/domains", "options": {"retry_after": 7}})
    assert graph.get("/users").status == 200
    assert graph.get("/domains").headers["Retry-After"] == "7"
    shown = told(graph, "GET", "/faults")
    assert [(active["name"], active["struck"]) for active in shown["active"]] == [("throttle", 1)]
    assert {"name", "text", "options"} == shown["faults"][0].keys()
    told(graph, "DELETE", "/faults/throttle")
    told(graph, "PUT", "/faults/bom", {})
    told(graph, "DELETE", "/faults")
    assert told(graph, "GET", "/faults")["active"] == []
    assert pull(graph, "PUT", "/faults/nothing", {}).status == 404
    assert pull(graph, "PUT", "/faults/throttle", {"options": {"rate": 1}}).status == 400
    assert pull(graph, "PUT", "/faults/throttle", {"often": 1}).status == 400


def test_the_clock_is_moved(graph: Graph) -> None:
    assert told(graph, "POST", "/clock/stop", {"at": "2030-01-02T03:04:05+00:00"})["now"].startswith("2030-01-02T03:04")
    assert told(graph, "POST", "/clock/advance", {"seconds": 60})["now"].startswith("2030-01-02T03:05:05")
    assert graph.get("/users").status == 401
    assert told(graph, "POST", "/clock/resume")["now"] < "2030"
    assert told(graph, "GET", "/clock")["now"] < "2030"
    assert pull(graph, "POST", "/clock/stop", {"at": "2030-01-02T03:04:05"}).status == 400


def test_apps_are_registered_consented_to_and_withdrawn(graph: Graph) -> None:
    app = told(graph, "POST", "/apps", {"display_name": "Fresh", "permissions": ["User.Read.All"]})
    app_path, here = f"/apps/{app['client_id']}", f"{T}/apps/{app['client_id']}"
    secret = told(graph, "POST", f"{app_path}/secrets", {"expires_in": 60})
    assert secret["expires"]
    fresh = Graph(graph.sim, graph.tenant, graph.sim.world.apps[app["client_id"]], graph.client, secret["secret"])
    told(graph, "PUT", here, {"delay": 0})
    fresh.sign_in()
    assert fresh.get("/users").status == 200
    told(graph, "PATCH", here, {"roles": ["Domain.Read.All"]})
    fresh.sign_in()
    assert (fresh.get("/users").status, fresh.get("/domains").status) == (403, 200)
    told(graph, "PATCH", app_path, {"redirect_uris": ["https://console.example/back"], "disabled": True})
    assert next(one for one in told(graph, "GET", "/apps")["apps"] if one["client_id"] == app["client_id"])["disabled"]
    told(graph, "DELETE", here)
    assert fresh.refused("/domains") == (401, "Authorization_IdentityNotFound")
    assert pull(graph, "PATCH", here, {"enabled": False}).status == 404
    told(graph, "DELETE", f"{app_path}/secrets")
    assert told(graph, "PUT", "/consent-delay", {"seconds": 9})["seconds"] == 9.0
    assert pull(graph, "GET", f"{T}/apps/none").status == 404


def test_tokens_are_revoked_and_keys_rotated(graph: Graph) -> None:
    kid = told(graph, "POST", "/keys/rotate", {"keep_old": True})["kid"]
    assert graph.sim.world.tokens.keys.current.kid == kid
    assert graph.get("/users").status == 200
    told(graph, "POST", "/tokens/revoke")
    assert graph.get("/users").status == 401
    told(graph, "POST", "/reset")
    assert graph.get("/users").status == 200
    told(graph, "POST", "/keys/rotate", {"keep_old": False})
    assert graph.get("/users").status == 401
    graph.sign_in()
    assert graph.get("/users").status == 200


def test_requests_are_shown_and_forgotten(graph: Graph) -> None:
    told(graph, "DELETE", "/requests")
    graph.get("/users?$top=1")
    graph.get("/domains")
    assert told(graph, "GET", "/requests?server=graph")["count"] == 2
    assert [seen["path"] for seen in told(graph, "GET", "/requests?path=/us")["requests"]] == ["/users"]
    assert told(graph, "GET", "/requests?server=login")["count"] == 0


def test_delta_tokens_are_made_too_old(graph: Graph) -> None:
    link = graph.get("/users/delta?$select=id").json["@odata.deltaLink"]
    told(graph, "POST", f"{T}/delta/expire")
    assert graph.get(link).status == 410


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nothing", None, 404),
        ("GET", "/tenants/nowhere", None, 404),
        ("GET", f"{T}/users/nobody@office.example", None, 404),
        ("POST", f"{T}/users", {}, 400),
        ("POST", f"{T}/users", {"display_name": "X", "shoeSize": 9}, 400),
        ("POST", f"{T}/users", {"display_name": "X", "kind": "robot"}, 400),
        ("POST", f"{T}/users", {"display_name": "X", "licence": "NONE"}, 400),
        ("POST", f"{T}/users", {"display_name": "X", "roles": ["KING"]}, 400),
        ("POST", f"{T}/users", {"display_name": "X", "kind": "guest"}, 400),
        ("POST", f"{T}/users", ["X"], 400),
        ("POST", f"{T}/users/nobody@office.example/restore", None, 404),
        ("POST", "/clock/advance", {}, 400),
        ("POST", "/apps", {"display_name": "X", "redirect_uris": ["http://attacker.example"]}, 400),
    ],
)
def test_what_is_wrong_is_said(graph: Graph, method: str, path: str, body: object, status: int) -> None:
    answer = pull(graph, method, path, body)
    assert (answer.status, list(answer.json)) == (status, ["error"])


def test_pages_of_a_browser_have_no_say(graph: Graph) -> None:
    origin = {"Origin": "https://attacker.example"}
    assert pull(graph, "POST", "/reset", headers=origin).status == 403
    assert pull(graph, "GET", "/", headers={"Host": "attacker.example"}).status == 403


# -- the same seed, the same behaviour


def behaviour(seed: int) -> list[Any]:
    """Give what a client sees of a simulator with faults by chance."""
    with Simulator([crowd(25), office_elsewhere()], seed=seed).in_thread() as sim:
        graph = Graph.connected(sim, sim.tenants[0], "User.Read.All")
        sim.faults.on("short_pages")
        sim.faults.on("server_error", path="/organization", times=1)
        sim.faults.on("batch_inner_throttle")
        pages = [[user["id"] for user in page.json["value"]] for page in graph.pages("/users?$top=10")]
        requests = [{"id": str(number), "method": "GET", "url": "/users?$top=1"} for number in range(20)]
        answers = [(one["id"], one["status"]) for one in graph.batch(*requests).json["responses"]]
        return [graph.app.client_id, pages, answers]


def office_elsewhere() -> Any:
    tenant = office()
    tenant.id = "eeeeeeee-5555-4555-8555-555555555555"
    return tenant


def test_the_same_seed_gives_the_same_behaviour_and_another_another() -> None:
    first, second, third = behaviour(5), behaviour(5), behaviour(6)
    assert first == second
    assert [one == other for one, other in zip(first, third, strict=True)] == [False, False, False]


def test_a_fault_with_a_seed_of_its_own_is_steady_whatever_came_before(crowded: Graph) -> None:
    def sizes() -> list[int]:
        crowded.sim.faults.on("short_pages", seed=9)
        return [len(page.json["value"]) for page in crowded.pages("/users?$top=10")]

    first = sizes()
    crowded.sim.faults.on("shuffled_page")
    crowded.get("/users")
    crowded.sim.faults.clear()
    assert sizes() == first


def test_a_simulator_can_be_stopped_and_started_again() -> None:
    sim = Simulator([tenants.practice()], seed=1)
    for _ in range(2):
        with sim.in_thread():
            assert Client(sim.ca_file).get(f"{sim.graph_url}/v1.0/users").status == 401
    with pytest.raises(RuntimeError, match="does not run"):
        sim.ca_file.exists()
