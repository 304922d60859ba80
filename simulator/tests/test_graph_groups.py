"""Groups of every kind, who is in them, and which of it an app may see."""

import pytest

from simulator.tests.office import EVENTUAL, OFFICE, Graph

KINDS = {
    "Team": (["Unified"], True, False, "team@office.example"),
    "Lock": ([], False, True, None),
    "Alarm": ([], True, True, "alarm@office.example"),
    "News": ([], True, False, "news@office.example"),
    "Sellers": (["DynamicMembership"], False, True, None),
    "Secret": (["Unified"], True, False, "secret@office.example"),
}
USERS = "microsoft.graph.user"


def test_each_kind_of_group_is_told_by_three_properties(graph: Graph) -> None:
    shown = {
        group["displayName"]: (group["groupTypes"], group["mailEnabled"], group["securityEnabled"], group["mail"])
        for group in graph.listed("/groups?$select=displayName,groupTypes,mailEnabled,securityEnabled,mail")
    }
    assert shown == KINDS


def test_a_group_comes_with_its_default_properties(graph: Graph) -> None:
    group = graph.get(f"/groups/{graph.group('Sellers')}").json
    assert group["membershipRuleProcessingState"] == "On"
    assert {"id", "mail", "proxyAddresses", "visibility", "createdDateTime", "groupTypes"} <= group.keys()
    assert {"allowExternalSenders", "hideFromAddressLists", "assignedLicenses", "members"}.isdisjoint(group.keys())


def test_what_only_one_group_has_is_not_for_lists_nor_for_distribution_lists(graph: Graph) -> None:
    assert graph.refused("/groups?$select=hideFromAddressLists") == (501, "NotImplemented")
    assert graph.get(f"/groups/{graph.group('Team')}?$select=hideFromAddressLists").status == 200
    refused = graph.refused(f"/groups/{graph.group('News')}?$select=hideFromAddressLists")
    assert refused == (404, "MailboxNotEnabledForRESTAPI")


def test_a_group_that_is_not_there_is_not_found(graph: Graph) -> None:
    for path in (f"/groups/{OFFICE}", f"/groups/{OFFICE}/members", f"/groups/{OFFICE}/transitiveMembers"):
        assert graph.refused(path) == (404, "Request_ResourceNotFound")


def test_members_are_of_several_kinds_and_say_which(graph: Graph) -> None:
    members = graph.listed(f"/groups/{graph.group('News')}/members")
    assert {member["displayName"]: member["@odata.type"] for member in members} == {
        "Ben Baker": "#microsoft.graph.user",
        "Carol Customer": "#microsoft.graph.orgContact",
        "Lock": "#microsoft.graph.group",
    }


def test_a_select_shows_of_each_kind_what_it_has(graph: Graph) -> None:
    members = graph.listed(f"/groups/{graph.group('News')}/members?$select=id,userPrincipalName,groupTypes")
    assert sorted(sorted(member) for member in members) == [
        ["@odata.type", "groupTypes", "id"],
        ["@odata.type", "id"],
        ["@odata.type", "id", "userPrincipalName"],
    ]
    assert graph.refused(f"/groups/{graph.group('News')}/members?$select=nothing") == (400, "BadRequest")


def test_transitive_members_are_flat_and_each_comes_once(graph: Graph) -> None:
    news = graph.group("News")
    assert graph.shown(f"/groups/{news}/transitiveMembers") == [
        "Ada Admin",
        "Ben Baker",
        "Cara O'Neil",
        "Carol Customer",
        "Lock",
        "Team",
    ]
    assert graph.shown(f"/groups/{news}/transitiveMembers/{USERS}") == ["Ada Admin", "Ben Baker", "Cara O'Neil"]
    assert graph.shown(f"/groups/{news}/members/{USERS}") == ["Ben Baker"]


def test_groups_inside_a_group_are_told_apart_from_people(graph: Graph) -> None:
    news = graph.group("News")
    assert graph.shown(f"/groups/{news}/transitiveMembers/microsoft.graph.group") == ["Lock", "Team"]
    assert graph.shown(f"/groups/{news}/members/microsoft.graph.group") == ["Lock"]


@pytest.mark.parametrize("reach", ["members", "transitiveMembers"])
@pytest.mark.parametrize("name", ["Team", "Alarm", "Sellers"])
def test_a_cast_to_groups_is_refused_where_there_are_none(graph: Graph, name: str, reach: str) -> None:
    path = f"/groups/{graph.group(name)}/{reach}/microsoft.graph.group"
    assert graph.refused(path) == (400, "Request_UnsupportedQuery")
    assert graph.refused(path, EVENTUAL) == (400, "Request_UnsupportedQuery")
    assert graph.shown(f"{path}?$count=true", EVENTUAL) == []


def test_a_cast_is_refused_on_page_two_as_links_carry_no_header(graph: Graph) -> None:
    path = f"/groups/{graph.group('News')}/transitiveMembers/{USERS}?$top=2"
    assert graph.refused(graph.get(path).json["@odata.nextLink"]) == (400, "Request_UnsupportedQuery")
    counted = graph.get(f"{path}&$count=true", EVENTUAL).json["@odata.nextLink"]
    assert graph.refused(counted) == (400, "Request_UnsupportedQuery")
    assert len(graph.listed(counted, EVENTUAL)) == 1


@pytest.mark.parametrize("namespace", ["microsoft.graph", "graph"])
def test_types_and_functions_answer_under_the_alias_of_their_namespace(graph: Graph, namespace: str) -> None:
    news, ben = graph.group("News"), graph.user("ben.baker")
    assert graph.shown(f"/groups/{news}/members/{namespace}.user") == ["Ben Baker"]
    assert graph.shown(f"/groups/{news}/transitiveMembers/{namespace}.group") == ["Lock", "Team"]
    assert graph.listed(f"/places/{namespace}.room")
    assert graph.listed(f"/directory/deletedItems/{namespace}.user") == []
    assert graph.get(f"/users/{namespace}.delta()?$select=id").status == 200
    assert graph.post(f"/users/{ben}/{namespace}.checkMemberGroups", {"groupIds": [news]}).json["value"] == [news]
    assert graph.post(f"/directoryObjects/{namespace}.getByIds", {"ids": [ben]}).status == 200
    assert graph.refused(f"/users/{namespace}.user@office.example") == (404, "Request_ResourceNotFound")


def test_groups_that_hold_each_other_end(graph: Graph) -> None:
    graph.tenant.add_member(graph.group("Team"), graph.group("News"))
    assert "News" in graph.shown(f"/groups/{graph.group('News')}/transitiveMembers")
    assert len(graph.listed(f"/users/{graph.user('ada.admin')}/transitiveMemberOf")) == 6


def test_members_page(graph: Graph) -> None:
    members = [graph.tenant.add_user(f"Extra {number}", local=f"x{number}") for number in range(7)]
    group = graph.tenant.add_group("Many", members=members)
    for path in ("members", f"members/{USERS}", "transitiveMembers", f"transitiveMembers/{USERS}"):
        pages = list(graph.pages(f"/groups/{group.id}/{path}?$top=3&$count=true", EVENTUAL))
        assert [len(page.json["value"]) for page in pages] == [3, 3, 1]
        assert graph.refused(f"/groups/{group.id}/{path}?$top=1000") == (400, "Request_UnsupportedQuery")


def test_a_cast_with_more_than_a_select_needs_the_advanced_engine(graph: Graph) -> None:
    path = f"/groups/{graph.group('News')}/transitiveMembers/{USERS}?$filter=department eq 'Sales'"
    assert graph.refused(path) == (400, "Request_UnsupportedQuery")
    assert graph.shown(f"{path}&$count=true", EVENTUAL) == ["Ben Baker", "Cara O'Neil"]
    first = graph.get(f"{path}&$count=true&$top=1", EVENTUAL).json
    assert (first["@odata.count"], len(first["value"])) == (2, 1)


def test_a_deleted_member_is_not_shown(graph: Graph) -> None:
    graph.tenant.delete_user(graph.user("ben.baker"))
    assert graph.shown(f"/groups/{graph.group('Team')}/members") == ["Ada Admin"]


def test_a_hidden_membership_needs_a_permission_of_its_own(graph: Graph) -> None:
    secret = graph.group("Secret")
    assert graph.shown(f"/groups/{secret}/members") == ["Ada Admin"]
    without = graph.allowed("GroupMember.Read.All", "User.Read.All")
    assert without.listed(f"/groups/{secret}/members") == []
    assert without.listed(f"/groups/{secret}/transitiveMembers/{USERS}") == []


def test_without_a_permission_for_users_members_are_ids_and_nothing_else(graph: Graph) -> None:
    groups = graph.allowed("GroupMember.Read.All")
    by_type = {member["@odata.type"]: member for member in groups.listed(f"/groups/{graph.group('News')}/members")}
    user = by_type["#microsoft.graph.user"]
    assert user["id"] == graph.user("ben.baker")
    assert {value for name, value in user.items() if name not in {"@odata.type", "id"}} == {None}
    assert by_type["#microsoft.graph.group"]["displayName"] == "Lock"
    assert by_type["#microsoft.graph.orgContact"]["displayName"] is None


def test_member_of_tells_groups_and_roles(graph: Graph) -> None:
    ada = graph.listed(f"/users/{graph.user('ada.admin')}/memberOf")
    assert sorted((item["@odata.type"], item["displayName"]) for item in ada) == [
        ("#microsoft.graph.directoryRole", "Global administrator"),
        ("#microsoft.graph.group", "Alarm"),
        ("#microsoft.graph.group", "Secret"),
        ("#microsoft.graph.group", "Team"),
    ]
    role = next(item for item in ada if item["@odata.type"].endswith("directoryRole"))
    assert role["roleTemplateId"] == "62e90394-69f5-4237-9190-012177145e10"


def test_transitive_member_of_goes_all_the_way_up(graph: Graph) -> None:
    ben = graph.user("ben.baker")
    assert graph.shown(f"/users/{ben}/memberOf") == ["News", "Sellers", "Team"]
    assert graph.shown(f"/users/{ben}/transitiveMemberOf") == ["Lock", "News", "Sellers", "Team"]


def test_of_a_role_an_app_without_permission_sees_only_that_there_is_one(graph: Graph) -> None:
    users = graph.allowed("User.Read.All")
    role = next(
        item
        for item in users.listed(f"/users/{graph.user('ada.admin')}/memberOf")
        if item["@odata.type"] == "#microsoft.graph.directoryRole"
    )
    assert role["roleTemplateId"] is None


def test_groups_can_be_checked_for_a_user(graph: Graph) -> None:
    ben = graph.user("ben.baker")
    asked = [graph.group(name) for name in ("Lock", "Alarm", "News")]
    answer = graph.post(f"/users/{ben}/checkMemberGroups", {"groupIds": asked})
    assert set(answer.json["value"]) == {graph.group("Lock"), graph.group("News")}
    assert answer.headers["x-ms-resource-unit"] == "4"


@pytest.mark.parametrize("body", [{}, {"groupIds": []}, {"groupIds": [OFFICE] * 21}, {"groupIds": [1]}, {"ids": []}])
def test_a_check_has_one_to_twenty_groups(graph: Graph, body: dict[str, object]) -> None:
    assert graph.post(f"/users/{graph.user('ben.baker')}/checkMemberGroups", body).status == 400


def test_all_groups_of_a_user_can_be_asked_for(graph: Graph) -> None:
    path = f"/users/{graph.user('ben.baker')}/getMemberGroups"
    named = {group: graph.group(group) for group in ("Lock", "News", "Sellers", "Team")}
    assert set(graph.post(path, {"securityEnabledOnly": False}).json["value"]) == set(named.values())
    security = {named["Lock"], named["Sellers"]}
    assert set(graph.post(path, {"securityEnabledOnly": True}).json["value"]) == security
    assert graph.post(path, {}).status == 400


def test_contacts_are_listed_and_found(graph: Graph) -> None:
    [carol] = graph.listed("/contacts?$select=id,displayName,mail,proxyAddresses,companyName")
    assert carol["proxyAddresses"] == ["SMTP:carol@elsewhere.example"]
    assert graph.get(f"/contacts/{carol['id']}").json["companyName"] == "Elsewhere"
    assert graph.refused(f"/contacts/{graph.user('ben.baker')}") == (404, "Request_ResourceNotFound")


# -- by ids


def test_objects_of_several_kinds_come_by_id_and_who_is_gone_is_left_out(graph: Graph) -> None:
    ben, gone = graph.user("ben.baker"), graph.user("dan.dry")
    graph.tenant.delete_user(gone)
    contact = next(iter(graph.tenant.contacts)).id
    ids = [ben.upper(), gone, graph.group("Team"), contact, OFFICE]
    answer = graph.post("/directoryObjects/getByIds", {"ids": ids})
    assert {item["id"]: item["@odata.type"] for item in answer.json["value"]} == {
        ben: "#microsoft.graph.user",
        graph.group("Team"): "#microsoft.graph.group",
        contact: "#microsoft.graph.orgContact",
    }
    assert answer.json["@odata.context"].endswith("$metadata#directoryObjects")


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["user"], {"user"}),
        (["user", "group"], {"user", "group"}),
        (["directoryObject"], {"user", "group"}),
        ([], {"user", "group"}),
        (["device"], set()),
    ],
)
def test_types_narrow_it_down(graph: Graph, types: list[str], expected: set[str]) -> None:
    body = {"ids": [graph.user("ben.baker"), graph.group("Team")], "types": types}
    if not expected:
        assert graph.post("/directoryObjects/getByIds", body).status == 403
        return
    found = graph.post("/directoryObjects/getByIds", body).json["value"]
    assert {item["@odata.type"].removeprefix("#microsoft.graph.") for item in found} == expected


def test_a_select_applies_to_objects_by_id(graph: Graph) -> None:
    [ben] = graph.post("/directoryObjects/getByIds?$select=id,mail", {"ids": [graph.user("ben.baker")]}).json["value"]
    assert ben.keys() == {"@odata.type", "id", "mail"}


def test_a_thousand_ids_can_be_asked_for_and_no_more(graph: Graph) -> None:
    ids = [f"00000000-0000-4000-8000-{number:012x}" for number in range(1001)]
    assert graph.post("/directoryObjects/getByIds", {"ids": ids[:1000]}).json["value"] == []
    refused = graph.post("/directoryObjects/getByIds", {"ids": ids})
    assert (refused.status, refused.json["error"]["code"]) == (400, "Request_BadRequest")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ids": []},
        {"ids": "x"},
        {"ids": ["not-a-guid"]},
        {"ids": [OFFICE], "types": ["person"]},
        {"ids": [OFFICE], "types": "user"},
        {"ids": [OFFICE], "more": 1},
    ],
)
def test_a_wrong_body_is_refused(graph: Graph, body: dict[str, object]) -> None:
    assert graph.post("/directoryObjects/getByIds", body).status == 400


def test_a_body_has_to_be_json_and_to_say_so(graph: Graph) -> None:
    path = "/directoryObjects/getByIds"
    body = b'{"ids":["cccccccc-3333-4333-8333-333333333333"]}'
    assert graph.send("POST", path, {"Content-Type": "text/plain"}, body).status == 400
    assert graph.send("POST", path, {"Content-Type": "application/json"}, body[:-1]).status == 400
    assert graph.send("POST", path, {"Content-Type": "application/json"}, body).status == 200


def test_of_objects_not_readable_only_kind_and_id_are_shown(graph: Graph) -> None:
    groups = graph.allowed("GroupMember.Read.All")
    ids = [graph.user("ben.baker"), graph.group("Team")]
    found = {item["id"]: item for item in groups.post("/directoryObjects/getByIds", {"ids": ids}).json["value"]}
    assert found[ids[0]]["displayName"] is None
    assert found[ids[1]]["displayName"] == "Team"
    assert groups.post("/directoryObjects/getByIds", {"ids": ids, "types": ["user"]}).status == 403
