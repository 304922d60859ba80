"""What every answer has: the token it needs, the permission, the headers, and the body of a refusal."""

import re
from collections.abc import Iterator

import pytest

from mailroll_simulator import Simulator
from mailroll_simulator.graph.routes import ROUTES
from simulator.tests.entrance import other
from simulator.tests.office import EVENTUAL, EVERYTHING, OFFICE, Graph, office, refusal

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ALL_READS = "Directory.Read.All"
# Each route, and the permissions that open it, each alone.
GROUPS = {"Group.ReadBasic.All", "GroupMember.Read.All", "Group.Read.All", ALL_READS}
USERS = {"User.Read.All", ALL_READS}
MEMBERS = {"GroupMember.ReadBasic.All", "GroupMember.Read.All", "Group.Read.All", ALL_READS}
ORGANIZATION = {"Organization.Read.All", ALL_READS}
MATRIX = {
    "GET /organization": ORGANIZATION | USERS | {"User.ReadBasic.All"},
    "GET /domains": {"Domain.Read.All", ALL_READS},
    "GET /domains/{id}": {"Domain.Read.All", ALL_READS},
    "GET /subscribedSkus": ORGANIZATION | {"LicenseAssignment.Read.All"},
    "GET /places/microsoft.graph.room": {"Place.Read.All"},
    "GET /places/microsoft.graph.roomlist": {"Place.Read.All"},
    "GET /places/{mail}/microsoft.graph.roomlist/rooms": {"Place.Read.All"},
    "GET /users": USERS | {"User.ReadBasic.All"},
    "GET /users/$count": USERS,
    "GET /users/delta": USERS | {"User.ReadBasic.All"},
    "GET /users/{id}": USERS | {"User.ReadBasic.All"},
    "GET /users/{id}/mailboxSettings": {"MailboxSettings.Read"},
    "GET /users/{id}/mailboxSettings/{property}": {"MailboxSettings.Read"},
    "GET /users/{id}/memberOf": USERS | GROUPS,
    "GET /users/{id}/transitiveMemberOf": USERS | GROUPS,
    "POST /users/{id}/checkMemberGroups": USERS | GROUPS,
    "POST /users/{id}/getMemberGroups": USERS | GROUPS,
    "GET /groups": GROUPS,
    "GET /groups/$count": GROUPS,
    "GET /groups/delta": GROUPS,
    "GET /groups/{id}": GROUPS,
    "GET /groups/{id}/members": MEMBERS,
    "GET /groups/{id}/members/microsoft.graph.user": MEMBERS,
    "GET /groups/{id}/members/microsoft.graph.group": MEMBERS,
    "GET /groups/{id}/transitiveMembers": MEMBERS,
    "GET /groups/{id}/transitiveMembers/microsoft.graph.user": MEMBERS,
    "GET /groups/{id}/transitiveMembers/microsoft.graph.group": MEMBERS,
    "GET /contacts": {"OrgContact.Read.All", ALL_READS},
    "GET /contacts/delta": {"OrgContact.Read.All", ALL_READS},
    "GET /contacts/{id}": {"OrgContact.Read.All", ALL_READS},
    "GET /directory/deletedItems/microsoft.graph.user": USERS,
    "GET /directory/deletedItems/microsoft.graph.group": {"Group.Read.All", ALL_READS},
    "POST /directoryObjects/getByIds": USERS | GROUPS | {"OrgContact.Read.All"},
}
LIST_OF_ROOMS = "upstairs@office.example"
PERMISSIONS = sorted({permission for opened in MATRIX.values() for permission in opened})
BODIES = {
    "checkMemberGroups": {"groupIds": [OFFICE]},
    "getMemberGroups": {"securityEnabledOnly": False},
    "getByIds": {"ids": [OFFICE], "types": ["user", "group", "contact"]},
}


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulator]:
    with Simulator([office(), other()], seed=1).in_thread() as running:
        running.tenants[0].add_room_list("Upstairs", local="upstairs")
        yield running


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_permission_opens_its_own_routes_and_no_others(sim: Simulator, permission: str) -> None:
    graph = Graph.connected(sim, sim.tenants[0], permission)
    opened = set()
    for route in MATRIX:
        method, _, pattern = route.partition(" ")
        found = {
            "users": graph.user("ben.baker"),
            "groups": graph.group("Lock"),  # with a group inside, or no cast to groups answers
            "contacts": next(iter(graph.tenant.contacts)).id,
            "domains": "office.example",
        }.get(pattern.split("/")[1], "")
        path = pattern.replace("{id}", found).replace("{property}", "userPurpose").replace("{mail}", LIST_OF_ROOMS)
        if method == "GET":
            answer = graph.get(path, EVENTUAL)
        else:
            answer = graph.post(path, BODIES[path.rpartition("/")[2].removeprefix("microsoft.graph.")])
        if answer.status == 200:
            opened.add(route)
        else:
            codes = {"/mailboxSettings": "ErrorAccessDenied", "/places/": "UnknownError"}
            code = next((codes[part] for part in codes if part in pattern), "Authorization_RequestDenied")
            assert refusal(answer) == (403, code), (route, answer.text)
    assert opened == {route for route, enough in MATRIX.items() if permission in enough}


def test_every_route_is_in_the_matrix() -> None:
    # What a subscription wants depends on what it is to: see test_graph_subscriptions.
    others = {route for route in ROUTES if not route.pattern.startswith("/subscriptions")}
    assert {f"{route.method} {route.pattern}" for route in others} == MATRIX.keys() | {"POST /$batch"}


def test_a_refusal_has_graphs_body(graph: Graph) -> None:
    answer = graph.get(f"/users/{OFFICE}", {"client-request-id": "11111111-2222-4333-8444-555555555555"})
    error = answer.json["error"]
    assert answer.json.keys() == {"error"}
    assert error["code"] == "Request_ResourceNotFound"
    assert error["message"].startswith(f"Resource '{OFFICE}' does not exist")
    assert error["innerError"]["client-request-id"] == "11111111-2222-4333-8444-555555555555"
    assert error["innerError"]["request-id"] == answer.headers["request-id"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", error["innerError"]["date"])


@pytest.mark.parametrize("path", ["/users", "/nothing", f"/users/{OFFICE}"])
def test_every_answer_has_its_ids_and_a_date(graph: Graph, path: str) -> None:
    answers = [graph.get(path, {"client-request-id": "11111111-2222-4333-8444-555555555555"}) for _ in range(2)]
    for answer in answers:
        assert GUID.fullmatch(answer.headers["request-id"])
        assert answer.headers["client-request-id"] == "11111111-2222-4333-8444-555555555555"
        assert answer.headers["x-ms-ags-diagnostic"]
        assert answer.headers["Strict-Transport-Security"]
        assert answer.headers["Date"]
    assert answers[0].headers["request-id"] != answers[1].headers["request-id"]
    unnamed = graph.get(path)
    assert unnamed.headers["client-request-id"] == unnamed.headers["request-id"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/me",
        "/users/{ben}/manager",
        "/users/{ben}/memberOf/x",
        "/groups/{ben}/owners",
        "/directory",
        "/users/",
        "/Users/x/y/z",
    ],
)
def test_an_unknown_path_is_refused(graph: Graph, path: str) -> None:
    assert graph.refused(path.format(ben=graph.user("ben.baker"))) == (400, "BadRequest")


def test_another_version_is_refused(graph: Graph) -> None:
    answer = graph.get(f"{graph.sim.graph_url}/beta/users")
    assert refusal(answer) == (404, "ResourceNotFound")


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "HEAD"])
def test_another_method_is_refused(graph: Graph, method: str) -> None:
    answer = graph.send(method, f"/users/{graph.user('ben.baker')}")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET")
    if method != "HEAD":
        assert refusal(answer) == (405, "Request_BadRequest")
    assert graph.get(f"/users/{graph.user('ben.baker')}").status == 200


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer x.y.z", "Basic eDp5", "Bearer nonsense"])
def test_without_a_good_token_nothing_is_answered(graph: Graph, authorization: str) -> None:
    for path in ("/users", "/nothing"):
        answer = graph.get(path, {"Authorization": authorization})
        assert refusal(answer) == (401, "InvalidAuthenticationToken")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_token_signed_by_nobody_known_is_refused(graph: Graph) -> None:
    head, payload, _ = graph.token().split(".")
    answer = graph.get("/users", {"Authorization": f"Bearer {head}.{payload}.{'A' * 342}"})
    assert answer.status == 401


def test_a_token_expires_during_a_listing(graph: Graph) -> None:
    link = graph.get("/users?$top=2").json["@odata.nextLink"]
    # A page token lives an hour; the access token is by chance older when it is used.
    graph.sim.clock.advance(3590)
    while graph.get("/organization").status == 200:
        graph.sim.clock.advance(600)
    assert graph.refused("/users") == (401, "InvalidAuthenticationToken")
    assert graph.refused(link) == (401, "InvalidAuthenticationToken")
    graph.sign_in()
    assert graph.get("/users").status == 200


def test_tokens_can_be_revoked(graph: Graph) -> None:
    graph.sim.clock.stop()
    graph.sim.world.tokens.revoke()
    assert graph.refused("/users") == (401, "InvalidAuthenticationToken")
    # In the same second, a new one is good.
    graph.sign_in()
    assert graph.get("/users").status == 200


def test_for_a_while_after_a_consent_nothing_is_as_it_will_be(graph: Graph) -> None:
    graph.sim.clock.stop()
    app = graph.sim.register_app(display_name="Fresh", permissions=("User.Read.All",))
    graph.sim.consent(app, graph.tenant, delay=60)
    fresh = Graph(graph.sim, graph.tenant, app, graph.client, app.add_secret())
    refused = fresh.client.post(
        f"{fresh.sim.login_url}/{OFFICE}/oauth2/v2.0/token",
        {
            "grant_type": "client_credentials",
            "client_id": app.client_id,
            "client_secret": fresh.secret,
            "scope": "https://graph.microsoft.com/.default",
        },
    )
    assert (refused.status, refused.json["error_codes"]) == (400, [700016])
    graph.sim.clock.advance(40)
    fresh.sign_in()
    assert fresh.refused("/users") == (403, "Authorization_RequestDenied")
    graph.sim.clock.advance(30)
    # An old token keeps what it had; a new one has the roles.
    assert fresh.refused("/users") == (403, "Authorization_RequestDenied")
    fresh.sign_in()
    assert fresh.get("/users").status == 200


def test_an_app_deleted_from_the_tenant_is_not_known_there_whatever_its_token(graph: Graph) -> None:
    graph.sim.withdraw(graph.app, graph.tenant)
    assert graph.refused("/users") == (401, "Authorization_IdentityNotFound")


def test_a_token_is_for_one_tenant(graph: Graph) -> None:
    other_tenant = graph.sim.tenants[1]
    there = Graph.connected(graph.sim, other_tenant, *EVERYTHING)
    assert graph.get("/organization").json["value"][0]["id"] == OFFICE
    assert there.get("/organization").json["value"][0]["id"] == other_tenant.id
    assert there.refused(f"/users/{graph.user('ben.baker')}") == (404, "Request_ResourceNotFound")
    assert there.post("/directoryObjects/getByIds", {"ids": [graph.user("ben.baker")]}).json["value"] == []


@pytest.mark.parametrize(
    ("path", "cost"),
    [
        ("/users", 2),
        ("/users?$select=id", 1),
        ("/users?$top=5", 1),
        ("/users?$top=5&$select=id", 1),
        ("/groups", 1),
        ("/groups/{team}/members", 3),
        ("/groups/{team}/members?$select=id", 2),
        ("/groups/{team}/transitiveMembers", 5),
        ("/groups/{team}/transitiveMembers?$select=id&$top=10", 3),
        ("/users/{ben}/memberOf", 2),
        ("/subscribedSkus", 3),
    ],
)
def test_an_answer_says_what_it_cost(graph: Graph, path: str, cost: int) -> None:
    answer = graph.get(path.format(team=graph.group("Team"), ben=graph.user("ben.baker")))
    assert answer.headers["x-ms-resource-unit"] == str(cost)


def test_the_log_keeps_the_request_and_no_credential(graph: Graph) -> None:
    graph.sim.requests.clear()
    graph.get("/users?$top=2&$select=id", {"ConsistencyLevel": "eventual", "X-Other": "x"})
    [seen] = graph.sim.requests.to("/users")
    assert (seen.method, seen.path, seen.query, seen.status) == ("GET", "/users", "$top=2&$select=id", 200)
    assert (seen.client_id, seen.tenant_id, seen.authorized) == (graph.app.client_id, OFFICE, True)
    assert seen.headers["consistencylevel"] == "eventual"
    assert "x-other" not in seen.headers
    assert graph.headers["Authorization"].partition(" ")[2] not in str(seen)
