"""Faults of the token endpoint, and of batches."""

from simulator.tests.entrance import OTHER
from simulator.tests.office import Graph, asked, on


def throttle_token(graph: Graph) -> None:
    on(graph, "throttle_token", retry_after=2)
    answer = asked(graph)
    assert (answer.status, answer.headers["Retry-After"], answer.json["error_codes"]) == (429, "2", [90055])


def token_server_error(graph: Graph) -> None:
    on(graph, "token_server_error")
    answer = asked(graph)
    assert (answer.status, answer.json["error"]) == (503, "temporarily_unavailable")


def token_html_page(graph: Graph) -> None:
    on(graph, "token_html_page")
    answer = asked(graph)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


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


def inactive_secret(graph: Graph) -> None:
    on(graph, "inactive_secret")
    answer = asked(graph)
    assert (answer.status, answer.json["error_codes"]) == (401, [7000222])


def token_for_other_tenant(graph: Graph) -> None:
    graph.sim.consent(graph.app, graph.sim.tenants[1])
    on(graph, "token_for_other_tenant")
    graph.sign_in()
    assert graph.listed("/organization")[0]["id"] == OTHER


def token_wrong_audience(graph: Graph) -> None:
    on(graph, "token_wrong_audience")
    graph.sign_in()
    assert graph.refused("/users") == (401, "InvalidAuthenticationToken")


def roleless_token(graph: Graph) -> None:
    on(graph, "roleless_token")
    graph.sign_in()
    assert graph.refused("/users") == (403, "Authorization_RequestDenied")


def short_lived_token(graph: Graph) -> None:
    on(graph, "short_lived_token", seconds=5)
    assert asked(graph).json["expires_in"] == 5
    graph.sign_in()
    assert graph.get("/users").status == 200
    graph.sim.clock.advance(6)
    assert graph.refused("/users") == (401, "InvalidAuthenticationToken")


def _statuses(graph: Graph) -> dict[str, int]:
    requests = [{"id": str(number), "method": "GET", "url": "/organization"} for number in range(20)]
    return {one["id"]: one["status"] for one in graph.batch(*requests).json["responses"]}


def batch_inner_throttle(graph: Graph) -> None:
    on(graph, "batch_inner_throttle")
    assert set(_statuses(graph).values()) == {200, 429}


def batch_inner_error(graph: Graph) -> None:
    on(graph, "batch_inner_error", status=504)
    assert set(_statuses(graph).values()) == {200, 504}


def batch_missing_response(graph: Graph) -> None:
    on(graph, "batch_missing_response")
    assert 0 < len(_statuses(graph)) < 20
