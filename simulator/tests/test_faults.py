"""Every fault there is: switched on by name, and seen on the wire."""

import http.client
import json
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any

import pytest

from mailroll_simulator.faults.catalogue import CATALOGUE
from mailroll_simulator.faults.pages import NEXT_LINK_VARIANTS
from mailroll_simulator.faults.switchboard import Stage
from simulator.tests.entrance import GRAPH_SCOPE, OTHER, Answer
from simulator.tests.office import EVENTUAL, OFFICE, Graph, refusal

Proof = Callable[[Graph], None]
PROOFS: dict[str, Proof] = {}
# Sign-in faults are met by a person with a browser: they have tests of their own.
ELSEWHERE = {name for name, fault in CATALOGUE.items() if fault.stage is Stage.SIGN_IN}
ALL = "/users?$select=id,displayName,proxyAddresses&$top=4"


@pytest.mark.parametrize("name", sorted(CATALOGUE.keys() - ELSEWHERE))
def test_a_fault_has_its_effect_and_is_named_in_the_log(graph: Graph, name: str) -> None:
    graph.sim.requests.clear()
    PROOFS[name](graph)
    assert any(name in (seen.fault or "").split(",") for seen in graph.sim.requests)


def proof(text: Callable[[Graph], None]) -> Callable[[Graph], None]:
    """Note a function by its name as the proof of a fault."""
    PROOFS[text.__name__] = text
    return text


def asked(graph: Graph) -> Answer:
    """Ask for a token, whatever the answer."""
    return graph.client.post(
        f"{graph.sim.login_url}/{OFFICE}/oauth2/v2.0/token",
        {
            "grant_type": "client_credentials",
            "client_id": graph.app.client_id,
            "client_secret": graph.secret,
            "scope": GRAPH_SCOPE,
        },
    )


def on(graph: Graph, name: str, **options: Any) -> None:
    graph.sim.faults.on(name, seed=1, **options)


# -- pages


@proof
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


@proof
def empty_first_page(graph: Graph) -> None:
    on(graph, "empty_first_page")
    sizes = [len(page.json["value"]) for page in graph.pages(ALL)]
    assert sizes == [0, 4, 4, 2]


@proof
def empty_pages(graph: Graph) -> None:
    on(graph, "empty_pages", share=0.7)
    sizes = [len(page.json["value"]) for page in graph.pages(ALL)]
    assert sum(sizes) == 10
    assert 0 in sizes


@proof
def short_pages(graph: Graph) -> None:
    on(graph, "short_pages")
    assert 1 <= min(len(page.json["value"]) for page in graph.pages(ALL)) < 4


@proof
def empty_last_page(graph: Graph) -> None:
    on(graph, "empty_last_page")
    assert [len(page.json["value"]) for page in graph.pages("/users")] == [10, 0]


@proof
def truncated_listing(graph: Graph) -> None:
    on(graph, "truncated_listing")
    page = graph.get(ALL).json
    assert (len(page["value"]), "@odata.nextLink" in page) == (2, False)


@proof
def source_empty(graph: Graph) -> None:
    on(graph, "source_empty")
    assert graph.listed(ALL) == []
    assert graph.get(f"/users/{graph.user('ben.baker')}").status == 200


@proof
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


@proof
def next_link_loop(graph: Graph) -> None:
    on(graph, "next_link_loop")
    first = graph.get(ALL).json
    assert graph.get(first["@odata.nextLink"]).json["value"] == first["value"]
    graph.sim.faults.clear()
    second = graph.get(graph.get(ALL).json["@odata.nextLink"]).json
    on(graph, "next_link_loop", to="first")
    again = graph.get(graph.get(ALL).json["@odata.nextLink"]).json
    assert again["value"] == first["value"] != second["value"]


@proof
def repeated_users(graph: Graph) -> None:
    on(graph, "repeated_users", changed=True)
    users = graph.listed(ALL)
    assert len({user["id"] for user in users}) == 10 < len(users)
    assert "Changed" in {user.get("jobTitle") for user in users}


@proof
def skipped_user(graph: Graph) -> None:
    on(graph, "skipped_user", user=graph.user("ben.baker"))
    assert graph.user("ben.baker") not in graph.shown(ALL, name="id")
    found = graph.post("/directoryObjects/getByIds", {"ids": [graph.user("ben.baker")]}).json["value"]
    assert [user["displayName"] for user in found] == ["Ben Baker"]
    on(graph, "skipped_user")
    missing = [{user.id for user in graph.tenant.users} - {user["id"] for user in graph.listed(ALL)} for _ in range(2)]
    assert len(missing[0]) == 1
    assert missing[0] == missing[1]


@proof
def shuffled_page(graph: Graph) -> None:
    on(graph, "shuffled_page")
    orders = [[user["id"] for user in graph.get("/users").json["value"]] for _ in range(2)]
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]


@proof
def delta_no_link(graph: Graph) -> None:
    on(graph, "delta_no_link")
    page = graph.get("/users/delta?$select=displayName").json
    assert {"@odata.nextLink", "@odata.deltaLink"}.isdisjoint(page)


@proof
def delta_replay(graph: Graph) -> None:
    on(graph, "delta_replay")
    first = graph.get("/users/delta?$select=displayName").json
    assert len(first["value"]) == 20
    assert len(graph.get(first["@odata.deltaLink"]).json["value"]) == 10


@proof
def delta_removed_unknown(graph: Graph) -> None:
    on(graph, "delta_removed_unknown")
    last = graph.get("/users/delta?$select=displayName").json["value"][-1]
    assert last == {"id": "00000000-dead-4000-8000-000000000000", "@removed": {"reason": "deleted"}}


@proof
def other_organization(graph: Graph) -> None:
    on(graph, "other_organization")
    assert graph.listed("/organization")[0]["id"] != OFFICE


@proof
def unverified_domain(graph: Graph) -> None:
    on(graph, "unverified_domain")
    shown = {domain["id"]: domain["isVerified"] for domain in graph.listed("/domains")}
    assert shown == {"office.onmicrosoft.com": True, "office.example": False, "unproved.example": False}


# -- values


def _all_in_one(graph: Graph) -> list[dict[str, Any]]:
    return graph.listed("/users?$select=id,displayName,proxyAddresses")


@proof
def stale_row(graph: Graph) -> None:
    ben = next(user for user in graph.tenant.users if user.id == graph.user("ben.baker"))
    aliases = [*ben.proxy_addresses, "smtp:sales@brightwater.example"]
    graph.tenant.change_user(ben, proxyAddresses=aliases)
    on(graph, "stale_row", user=ben.id)
    shown = {user["id"]: user["proxyAddresses"] for user in _all_in_one(graph)}
    assert "smtp:sales@brightwater.example" not in shown[ben.id]
    asked = graph.get(f"/users/{ben.id}?$select=proxyAddresses").json
    assert "smtp:sales@brightwater.example" in asked["proxyAddresses"]


@proof
def missing_property(graph: Graph) -> None:
    on(graph, "missing_property")
    assert all("proxyAddresses" not in user for user in _all_in_one(graph))
    on(graph, "missing_property", shown="null")
    assert all(user["proxyAddresses"] is None for user in _all_in_one(graph))
    on(graph, "missing_property", shown="empty", share=0.5)
    assert 0 < sum(user["proxyAddresses"] == [] for user in _all_in_one(graph)) < 10


@proof
def lone_surrogate(graph: Graph) -> None:
    on(graph, "lone_surrogate")
    assert b"\\ud83d name" in graph.get("/users").body


@proof
def nul_in_name(graph: Graph) -> None:
    on(graph, "nul_in_name", user=graph.user("ben.baker"))
    names = {user["id"]: user["displayName"] for user in _all_in_one(graph)}
    assert names[graph.user("ben.baker")] == "nul \x00 name"
    # Once, unless told otherwise.
    assert "nul \x00 name" not in {user["displayName"] for user in _all_in_one(graph)}


@proof
def wrong_type(graph: Graph) -> None:
    on(graph, "wrong_type", property="proxyAddresses", value={"odd": True})
    assert [user for user in _all_in_one(graph) if user["proxyAddresses"] == {"odd": True}]


@proof
def huge_name(graph: Graph) -> None:
    on(graph, "huge_name")
    assert max(len(user["displayName"]) for user in _all_in_one(graph)) == 1_000_000


@proof
def many_proxies(graph: Graph) -> None:
    on(graph, "many_proxies")
    assert max(len(user["proxyAddresses"]) for user in _all_in_one(graph)) >= 10_000


@proof
def long_address(graph: Graph) -> None:
    on(graph, "long_address")
    addresses = [address for user in _all_in_one(graph) for address in user["proxyAddresses"]]
    assert max(map(len, addresses)) == len("smtp:") + 321


@proof
def missing_id(graph: Graph) -> None:
    on(graph, "missing_id")
    assert sum("id" not in user for user in _all_in_one(graph)) == 1


# -- answers


@proof
def throttle(graph: Graph) -> None:
    for given, header in ((3, "3"), ("0.5", "0.5"), (None, None), ("soon", "soon")):
        on(graph, "throttle", retry_after=given)
        answer = graph.get("/users")
        assert refusal(answer) == (429, "TooManyRequests")
        assert answer.headers["Retry-After"] == header
        assert answer.headers["x-ms-throttle-information"] == "ResourceUnitLimitExceeded"
        scope = f"Tenant_Application/ReadWrite/{graph.app.client_id}/{OFFICE}"
        assert answer.headers["x-ms-throttle-scope"] == scope
        assert answer.json["error"]["innerError"]["code"] == "429"
    on(graph, "throttle", retry_after="date:5")
    assert parsedate_to_datetime(str(graph.get("/users").headers["Retry-After"])).year >= 2026


@proof
def server_error(graph: Graph) -> None:
    on(graph, "server_error", retry_after=2)
    answer = graph.get("/domains")
    assert (refusal(answer), answer.headers["Retry-After"]) == ((503, "ServiceUnavailable"), "2")
    on(graph, "server_error", status=504)
    assert refusal(graph.get("/users")) == (504, "GatewayTimeout")
    on(graph, "server_error", status=502, body="html")
    assert graph.get("/users").headers["Content-Type"] == "text/html"
    on(graph, "server_error", status=500, body="empty")
    assert (graph.get("/users").status, graph.get("/users").body) == (500, b"")


@proof
def unauthorized_once(graph: Graph) -> None:
    on(graph, "unauthorized_once")
    assert graph.refused("/users") == (401, "InvalidAuthenticationToken")
    assert graph.get("/users").status == 200


@proof
def unauthorized_always(graph: Graph) -> None:
    on(graph, "unauthorized_always")
    graph.sign_in()
    assert [graph.get("/users").status for _ in range(2)] == [401, 401]


@proof
def claims_challenge(graph: Graph) -> None:
    on(graph, "claims_challenge")
    answer = graph.get("/users")
    assert answer.status == 401
    assert 'error="insufficient_claims", claims="' in answer.headers["WWW-Authenticate"]
    graph.sign_in()
    assert graph.get("/users").status == 401
    token = graph.client.post(
        f"{graph.sim.login_url}/{OFFICE}/oauth2/v2.0/token",
        {
            "grant_type": "client_credentials",
            "client_id": graph.app.client_id,
            "client_secret": graph.secret,
            "scope": GRAPH_SCOPE,
            "claims": json.dumps({"access_token": {"nbf": {"essential": True, "value": "1604106651"}}}),
        },
    ).json["access_token"]
    assert graph.get("/users", {"Authorization": f"Bearer {token}"}).status == 200


@proof
def forbidden(graph: Graph) -> None:
    on(graph, "forbidden", path="/groups")
    assert graph.refused("/groups") == (403, "Authorization_RequestDenied")
    assert graph.get("/users").status == 200


@proof
def mailbox_forbidden(graph: Graph) -> None:
    on(graph, "mailbox_forbidden")
    assert graph.refused(f"/users/{graph.user('info')}/mailboxSettings/userPurpose") == (403, "ErrorAccessDenied")
    assert graph.get(f"/users/{graph.user('info')}").status == 200


@proof
def expired_page_token(graph: Graph) -> None:
    on(graph, "expired_page_token")
    link = graph.get(ALL).json["@odata.nextLink"]
    assert graph.refused(link) == (400, "Directory_ExpiredPageToken")
    on(graph, "expired_page_token", reason="not_found")
    assert graph.refused(link) == (400, "DirectoryPageTokenNotFoundException")
    on(graph, "expired_page_token", reason="not_valid")
    assert graph.refused(link) == (400, "Request_BadRequest")
    on(graph, "expired_page_token", above=3)
    assert graph.refused(link) == (400, "Directory_ExpiredPageToken")
    assert len(graph.listed(ALL.replace("=4", "=3"))) == 10


@proof
def delta_gone(graph: Graph) -> None:
    link = graph.get("/users/delta?$select=displayName").json["@odata.deltaLink"]
    on(graph, "delta_gone", code="syncStateNotFound")
    answer = graph.get(link)
    assert refusal(answer) == (410, "syncStateNotFound")
    assert answer.location == f"{graph.sim.graph_url}/v1.0/users/delta?$deltatoken="
    assert graph.get("/users/delta?$select=displayName").status == 200


@proof
def redirect(graph: Graph) -> None:
    on(graph, "redirect", status=307)
    answer = graph.get("/users")
    assert (answer.status, answer.location) == (307, "https://graph.attacker.example/v1.0/users")


# -- bodies


@proof
def malformed_json(graph: Graph) -> None:
    whole = len(graph.get("/users").body)
    on(graph, "malformed_json")
    answer = graph.get("/users")
    assert len(answer.body) == int(answer.headers["Content-Length"]) == whole // 2
    with pytest.raises(ValueError, match=r"char"):
        json.loads(answer.body)


@proof
def bom(graph: Graph) -> None:
    on(graph, "bom")
    assert graph.get("/users").body.startswith(b"\xef\xbb\xbf{")


@proof
def html_page(graph: Graph) -> None:
    on(graph, "html_page")
    answer = graph.get("/users")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<!DOCTYPE html>")


@proof
def error_in_200(graph: Graph) -> None:
    on(graph, "error_in_200")
    assert refusal(graph.get("/users")) == (200, "UnknownError")


@proof
def nan(graph: Graph) -> None:
    on(graph, "nan")
    assert graph.get("/users").body.endswith(b',"extra":NaN}')


@proof
def duplicate_keys(graph: Graph) -> None:
    on(graph, "duplicate_keys")
    assert graph.get("/users").body.count(b'"value":[') == 2


@proof
def value_not_list(graph: Graph) -> None:
    on(graph, "value_not_list")
    assert graph.get("/users").json == {"value": {"id": "1"}}


@proof
def deep_nesting(graph: Graph) -> None:
    on(graph, "deep_nesting", depth=5000)
    assert graph.get("/users").body == b'{"value":' + b"[" * 5000 + b"]" * 5000 + b"}"


@proof
def empty_body(graph: Graph) -> None:
    on(graph, "empty_body")
    assert (graph.get("/users").status, graph.get("/users").body) == (200, b"")


@proof
def wrong_content_type(graph: Graph) -> None:
    on(graph, "wrong_content_type")
    answer = graph.get("/users")
    assert answer.headers["Content-Type"] == "text/plain"
    assert len(answer.json["value"]) == 10


@proof
def slow_page(graph: Graph) -> None:
    size = len(graph.get("/users").body)
    on(graph, "slow_page", wait=0.1, rate=size * 4)
    began = monotonic()
    assert len(graph.get("/users").json["value"]) == 10
    assert monotonic() - began > 0.2


@proof
def page_cut_short(graph: Graph) -> None:
    on(graph, "page_cut_short")
    with pytest.raises(http.client.IncompleteRead):
        graph.get("/users")


@proof
def connection_reset(graph: Graph) -> None:
    on(graph, "connection_reset")
    with pytest.raises(OSError, match=r"reset|closed"):
        graph.get("/users")


# -- the token endpoint


@proof
def throttle_token(graph: Graph) -> None:
    on(graph, "throttle_token", retry_after=2)
    answer = asked(graph)
    assert (answer.status, answer.headers["Retry-After"], answer.json["error_codes"]) == (429, "2", [90055])


@proof
def token_server_error(graph: Graph) -> None:
    on(graph, "token_server_error")
    answer = asked(graph)
    assert (answer.status, answer.json["error"]) == (503, "temporarily_unavailable")


@proof
def token_html_page(graph: Graph) -> None:
    on(graph, "token_html_page")
    answer = asked(graph)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


@proof
def token_error(graph: Graph) -> None:
    on(graph, "token_error", code=53003, claims='{"access_token":{}}', suberror="message_only")
    answer = asked(graph).json
    assert answer["error_codes"] == [53003]
    assert answer["error_description"].startswith("AADSTS53003: ")
    assert (answer["suberror"], answer["claims"]) == ("message_only", '{"access_token":{}}')
    statuses = {}
    for code in (700016, 7000215, 7000222, 90002, 65001):
        on(graph, "token_error", code=code)
        statuses[code] = asked(graph).status
    assert statuses == {700016: 400, 7000215: 401, 7000222: 401, 90002: 400, 65001: 400}


@proof
def inactive_secret(graph: Graph) -> None:
    on(graph, "inactive_secret")
    answer = asked(graph)
    assert (answer.status, answer.json["error_codes"]) == (401, [7000222])


@proof
def token_for_other_tenant(graph: Graph) -> None:
    graph.sim.consent(graph.app, graph.sim.tenants[1])
    on(graph, "token_for_other_tenant")
    graph.sign_in()
    assert graph.listed("/organization")[0]["id"] == OTHER


@proof
def token_wrong_audience(graph: Graph) -> None:
    on(graph, "token_wrong_audience")
    graph.sign_in()
    assert graph.refused("/users") == (401, "InvalidAuthenticationToken")


@proof
def roleless_token(graph: Graph) -> None:
    on(graph, "roleless_token")
    graph.sign_in()
    assert graph.refused("/users") == (403, "Authorization_RequestDenied")


@proof
def short_lived_token(graph: Graph) -> None:
    on(graph, "short_lived_token", seconds=5)
    assert asked(graph).json["expires_in"] == 5
    graph.sign_in()
    assert graph.get("/users").status == 200
    graph.sim.clock.advance(6)
    assert graph.refused("/users") == (401, "InvalidAuthenticationToken")


# -- batches


def _statuses(graph: Graph) -> dict[str, int]:
    requests = [{"id": str(number), "method": "GET", "url": "/organization"} for number in range(20)]
    return {one["id"]: one["status"] for one in graph.batch(*requests).json["responses"]}


@proof
def batch_inner_throttle(graph: Graph) -> None:
    on(graph, "batch_inner_throttle")
    assert set(_statuses(graph).values()) == {200, 429}


@proof
def batch_inner_error(graph: Graph) -> None:
    on(graph, "batch_inner_error", status=504)
    assert set(_statuses(graph).values()) == {200, 504}


@proof
def batch_missing_response(graph: Graph) -> None:
    on(graph, "batch_missing_response")
    assert 0 < len(_statuses(graph)) < 20


# -- when a fault strikes


def test_a_fault_strikes_as_often_as_it_is_told(graph: Graph) -> None:
    graph.sim.faults.on("throttle", times=2)
    assert [graph.get("/users").status for _ in range(4)] == [429, 429, 200, 200]


def test_a_fault_strikes_one_page(graph: Graph) -> None:
    graph.sim.faults.on("server_error", at_page=2)
    first = graph.get(ALL)
    assert (first.status, graph.get(first.json["@odata.nextLink"]).status) == (200, 503)


def test_a_fault_strikes_one_path(graph: Graph) -> None:
    graph.sim.faults.on("throttle", path="/groups/*/members")
    assert graph.get(f"/groups/{graph.group('Team')}/members").status == 429
    assert graph.get(f"/groups/{graph.group('Team')}").status == 200


def test_a_fault_strikes_one_tenant(graph: Graph) -> None:
    there = Graph.connected(graph.sim, graph.sim.tenants[1], "User.Read.All")
    graph.sim.faults.on("throttle", tenant=OTHER)
    assert (graph.get("/users").status, there.get("/users").status) == (200, 429)


def test_faults_can_be_switched_off_and_are_told_apart(graph: Graph) -> None:
    graph.sim.faults.on("throttle")
    graph.sim.faults.on("bom")
    assert [active.name for active in graph.sim.faults.active()] == ["throttle", "bom"]
    graph.sim.faults.off("throttle")
    assert graph.get("/users").body.startswith(b"\xef\xbb\xbf")
    graph.sim.reset()
    assert graph.get("/users").body.startswith(b"{")


def test_an_unknown_fault_or_option_is_refused(graph: Graph) -> None:
    with pytest.raises(LookupError, match="no fault nothing"):
        graph.sim.faults.on("nothing")
    with pytest.raises(TypeError, match="no option rate"):
        graph.sim.faults.on("throttle", rate=1)
    with pytest.raises(LookupError, match="no fault nothing"):
        graph.sim.faults.off("nothing")


def test_every_fault_is_proved() -> None:
    without = (CATALOGUE.keys() - ELSEWHERE) ^ PROOFS.keys()
    assert not without, f"each wants a function with its name and @proof above: {without}"
    assert {"forged_id_token", "forged_callback", "consent_not_granted"} == ELSEWHERE
