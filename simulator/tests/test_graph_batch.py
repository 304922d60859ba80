"""Batches: twenty requests in one, each answered on its own."""

import base64
from typing import Any

import pytest

from simulator.tests.office import OFFICE, Graph, refusal


def ask(identifier: str, url: str, **more: object) -> dict[str, Any]:
    return {"id": identifier, "method": "GET", "url": url} | more


def responses(graph: Graph, *requests: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = graph.batch(*requests)
    assert answer.status == 200, answer.text
    found = answer.json["responses"]
    assert len({one["id"] for one in found}) == len(found)
    return {one["id"]: one for one in found}


def test_each_request_has_an_answer_of_its_own(graph: Graph) -> None:
    found = responses(
        graph,
        ask("1", f"/users/{graph.user('info')}/mailboxSettings/userPurpose"),
        ask("2", f"/users/{graph.user('dan.dry')}/mailboxSettings/userPurpose"),
        ask("3", f"/users/{OFFICE}"),
        ask("4", "users?$select=id&$top=3"),
    )
    assert (found["1"]["status"], found["1"]["body"]["value"]) == (200, "shared")
    assert (found["2"]["status"], found["2"]["body"]["error"]["code"]) == (404, "MailboxNotEnabledForRESTAPI")
    assert found["3"]["status"] == 404
    assert len(found["4"]["body"]["value"]) == 3
    assert found["4"]["body"]["@odata.nextLink"].startswith(f"{graph.sim.graph_url}/v1.0/users?")
    assert found["1"]["headers"]["Content-Type"].startswith("application/json")


def test_answers_come_in_any_order(graph: Graph) -> None:
    requests = [ask(str(number), "/organization") for number in range(20)]
    orders = [[one["id"] for one in graph.batch(*requests).json["responses"]] for _ in range(2)]
    assert sorted(orders[0], key=int) == [str(number) for number in range(20)]
    assert orders[0] != orders[1]


def test_twenty_requests_are_the_most(graph: Graph) -> None:
    assert graph.batch(*(ask(str(number), "/users") for number in range(20))).status == 200
    assert refusal(graph.batch(*(ask(str(number), "/users") for number in range(21)))) == (400, "BadRequest")
    assert graph.batch().status == 400


@pytest.mark.parametrize(
    "request_",
    [
        {"id": "A", "method": "GET", "url": "/users"},
        {"id": "", "method": "GET", "url": "/users"},
        {"method": "GET", "url": "/users"},
        {"id": "2", "url": "/users"},
        {"id": "2", "method": "GET"},
        {"id": "2", "method": "FETCH", "url": "/users"},
        {"id": 2, "method": "GET", "url": "/users"},
        {"id": "2", "method": "GET", "url": "/users", "dependsOn": ["9"]},
        {"id": "2", "method": "GET", "url": "/users", "dependsOn": ["2"]},
        "users",
    ],
)
def test_a_malformed_batch_is_refused_as_a_whole(graph: Graph, request_: Any) -> None:
    assert refusal(graph.batch(ask("a", "/users"), request_)) == (400, "BadRequest")


def test_what_nobody_knows_and_what_is_null_is_let_pass(graph: Graph) -> None:
    found = responses(graph, ask("1", "/domains", wanted=True, dependsOn=None, headers=None, body=None))
    assert found["1"]["status"] == 200


def test_requests_that_wait_for_each_other_are_refused(graph: Graph) -> None:
    circle = ask("1", "/users", dependsOn=["2"]), ask("2", "/users", dependsOn=["1"])
    assert graph.batch(*circle).status == 400


def test_what_depends_on_a_failure_fails_with_it(graph: Graph) -> None:
    found = responses(
        graph,
        ask("3", "/organization", dependsOn=["2"]),
        ask("2", "/organization", dependsOn=["1"]),
        ask("1", f"/users/{OFFICE}"),
        ask("4", "/organization", dependsOn=["5"]),
        ask("5", "/domains"),
    )
    assert {name: one["status"] for name, one in found.items()} == {"1": 404, "2": 424, "3": 424, "4": 200, "5": 200}
    assert found["2"]["body"]["error"]["code"] == "failedDependency"


def test_headers_go_with_each_request(graph: Graph) -> None:
    url = "/users?$count=true&$filter=userType ne 'Member'"
    found = responses(graph, ask("1", url), ask("2", url, headers={"ConsistencyLevel": "eventual"}))
    assert found["1"]["status"] == 400
    assert found["2"]["body"]["@odata.count"] == 1


def test_a_body_needs_its_content_type(graph: Graph) -> None:
    body = {"ids": [graph.user("ben.baker")]}
    post = {"method": "POST", "url": "/directoryObjects/getByIds", "body": body}
    found = responses(graph, {"id": "1"} | post, {"id": "2", "headers": {"Content-Type": "application/json"}} | post)
    assert found["1"]["status"] == 400
    assert [one["id"] for one in found["2"]["body"]["value"]] == body["ids"]


def test_what_is_not_json_is_in_base64(graph: Graph) -> None:
    found = responses(graph, ask("1", "/users/$count", headers={"ConsistencyLevel": "eventual"}))
    assert base64.b64decode(found["1"]["body"]).decode("utf-8-sig") == "10"
    assert found["1"]["headers"]["Content-Type"] == "text/plain"


def test_permissions_count_for_each_request(graph: Graph) -> None:
    users = graph.allowed("User.Read.All")
    found = responses(users, ask("1", "/users?$top=1"), ask("2", "/domains"))
    assert (found["1"]["status"], found["2"]["status"]) == (200, 403)


def test_no_batch_is_inside_another(graph: Graph) -> None:
    inner = {"id": "1", "method": "POST", "url": "/$batch", "headers": {"Content-Type": "application/json"}, "body": {}}
    assert responses(graph, inner)["1"]["status"] == 400


def test_a_batch_with_a_bad_token_is_refused_as_a_whole(graph: Graph) -> None:
    graph.headers["Authorization"] = "Bearer nonsense"
    assert refusal(graph.batch(ask("1", "/users"))) == (401, "InvalidAuthenticationToken")


def test_a_throttled_request_inside_says_when_to_come_back(graph: Graph) -> None:
    graph.sim.faults.on("batch_inner_throttle", seed=3, share=0.5, retry_after="2.5")
    found = responses(graph, *(ask(str(number), "/organization") for number in range(20)))
    throttled = [one for one in found.values() if one["status"] == 429]
    assert 0 < len(throttled) < 20
    assert {one["headers"]["Retry-After"] for one in throttled} == {"2.5"}
    assert {one["body"]["error"]["code"] for one in throttled} == {"TooManyRequests"}


def test_the_log_tells_requests_inside_from_those_outside(graph: Graph) -> None:
    graph.sim.requests.clear()
    graph.batch(ask("1", "/organization"), ask("2", "/domains"))
    assert [(seen.path, seen.inner) for seen in graph.sim.requests] == [
        ("/organization", True),
        ("/domains", True),
        ("/$batch", False),
    ]
