"""Faults of how Graph answers."""

import json
from email.utils import parsedate_to_datetime

from simulator.tests.entrance import GRAPH_SCOPE
from simulator.tests.office import ALL, OFFICE, Graph, on, refusal


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


def unauthorized_once(graph: Graph) -> None:
    on(graph, "unauthorized_once")
    assert graph.refused("/users") == (401, "InvalidAuthenticationToken")
    assert graph.get("/users").status == 200


def unauthorized_always(graph: Graph) -> None:
    on(graph, "unauthorized_always")
    graph.sign_in()
    assert [graph.get("/users").status for _ in range(2)] == [401, 401]


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


def forbidden(graph: Graph) -> None:
    on(graph, "forbidden", path="/groups")
    assert graph.refused("/groups") == (403, "Authorization_RequestDenied")
    assert graph.get("/users").status == 200


def mailbox_forbidden(graph: Graph) -> None:
    on(graph, "mailbox_forbidden")
    assert graph.refused(f"/users/{graph.user('info')}/mailboxSettings/userPurpose") == (403, "ErrorAccessDenied")
    assert graph.get(f"/users/{graph.user('info')}").status == 200


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


def delta_gone(graph: Graph) -> None:
    link = graph.get("/users/delta?$select=displayName").json["@odata.deltaLink"]
    on(graph, "delta_gone", code="syncStateNotFound")
    answer = graph.get(link)
    assert refusal(answer) == (410, "syncStateNotFound")
    assert answer.location == f"{graph.sim.graph_url}/v1.0/users/delta?$deltatoken="
    assert graph.get("/users/delta?$select=displayName").status == 200


def redirect(graph: Graph) -> None:
    on(graph, "redirect", status=307)
    answer = graph.get("/users")
    assert (answer.status, answer.location) == (307, "https://graph.attacker.example/v1.0/users")
