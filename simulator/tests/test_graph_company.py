"""The tenant as a whole, and the settings of its mailboxes."""

import pytest

from simulator.tests.conformity import faults_of
from simulator.tests.office import OFFICE, Graph


def test_there_is_one_organization(graph: Graph) -> None:
    [found] = graph.listed("/organization")
    assert found["id"] == OFFICE
    assert found["tenantType"] == "AAD"
    domains = {domain["name"]: domain for domain in found["verifiedDomains"]}
    assert domains.keys() == {"office.example", "office.onmicrosoft.com"}
    assert domains["office.onmicrosoft.com"]["isInitial"]
    assert "Email" in domains["office.example"]["capabilities"].split(", ")
    assert "exchange" in {plan["service"] for plan in found["assignedPlans"]}


def test_a_permission_for_users_shows_the_basics_of_the_organization(graph: Graph) -> None:
    [found] = graph.allowed("User.Read.All").listed("/organization")
    assert (found["id"], found["displayName"]) == (OFFICE, "Office Ltd")
    assert len(found["verifiedDomains"]) == 2
    assert found["assignedPlans"] == []
    assert found["countryLetterCode"] is None


def test_domains_say_what_they_carry(graph: Graph) -> None:
    domains = {domain["id"]: domain for domain in graph.listed("/domains")}
    assert domains.keys() == {"office.onmicrosoft.com", "office.example", "unproved.example"}
    assert [name for name, domain in domains.items() if domain["isDefault"]] == ["office.example"]
    assert [name for name, domain in domains.items() if domain["isInitial"]] == ["office.onmicrosoft.com"]
    assert "Email" in domains["office.example"]["supportedServices"]
    assert domains["unproved.example"]["isVerified"] is False
    assert domains["unproved.example"]["supportedServices"] == []
    assert domains["office.example"]["availabilityStatus"] is None


def test_a_domain_is_found_by_its_name(graph: Graph) -> None:
    assert graph.get("/domains/OFFICE.example").json["isVerified"] is True
    assert graph.get("/domains/office.example?$select=id,isVerified").json.keys() == {
        "@odata.context",
        "id",
        "isVerified",
    }
    assert graph.refused("/domains/elsewhere.example") == (404, "Request_ResourceNotFound")
    graph.tenant.unverify_domain("office.example")
    assert graph.get("/domains/office.example").json["isVerified"] is False


def test_a_subdomain_is_no_root(graph: Graph) -> None:
    graph.tenant.add_domain("branch.office.example")
    assert graph.get("/domains/branch.office.example").json["isRoot"] is False
    assert graph.get("/domains/office.example").json["isRoot"] is True


def test_products_say_how_many_use_them(graph: Graph) -> None:
    skus = {sku["skuPartNumber"]: sku for sku in graph.listed("/subscribedSkus")}
    assert skus["O365_BUSINESS_PREMIUM"]["consumedUnits"] == 4
    assert skus["O365_BUSINESS_PREMIUM"]["prepaidUnits"]["enabled"] >= 4
    assert skus["FLOW_FREE"]["consumedUnits"] == 1
    assert skus["FLOW_FREE"]["id"] == f"{OFFICE}_{skus['FLOW_FREE']['skuId']}"
    names = {plan["servicePlanName"] for plan in skus["FLOW_FREE"]["servicePlans"]}
    assert "EXCHANGE_S_FOUNDATION" in names


@pytest.mark.parametrize("path", ["/subscribedSkus", "/domains", "/organization"])
def test_what_has_no_pages_has_only_a_select(graph: Graph, path: str) -> None:
    assert graph.get(f"{path}?$select=id").json["value"][0].keys() == {"id"}
    assert graph.refused(f"{path}?$top=5") == (400, "Request_UnsupportedQuery")
    assert graph.refused(f"{path}?$filter=id eq 'x'") == (400, "Request_UnsupportedQuery")
    assert graph.refused(f"{path}?$select=nothing") == (400, "BadRequest")


def test_a_room_is_a_place_under_another_id(graph: Graph) -> None:
    [place] = graph.listed("/places/microsoft.graph.room")
    attic = graph.user("attic")
    assert place["emailAddress"] == "attic@office.example"
    assert (place["displayName"], place["capacity"]) == ("Attic", 4)
    assert place["id"] != attic
    assert graph.get(f"/users/{attic}?$select=mail").json["mail"] == place["emailAddress"]


def test_places_page_by_top_and_skip_and_never_by_a_link(graph: Graph) -> None:
    for number in range(120):
        graph.tenant.add_room(f"Room {number}", local=f"room{number}")
    path = "/places/microsoft.graph.room"
    first = graph.get(path).json
    assert (len(first["value"]), "@odata.nextLink" in first) == (100, False)
    sizes = [len(graph.get(f"{path}?$top=50&$skip={skip}").json["value"]) for skip in (0, 50, 100, 121, 2_000)]
    assert sizes == [50, 50, 21, 0, 0]
    assert len({place["id"] for skip in (0, 100) for place in graph.get(f"{path}?$skip={skip}").json["value"]}) == 121
    assert graph.get(f"{path}?$top=1&$count=true").json["@odata.count"] == 121
    assert graph.refused(f"{path}?$skip=-1") == (400, "BadRequest")
    assert graph.refused(f"{path}?$skiptoken=x") == (400, "BadRequest")


def test_a_list_of_rooms_is_named_by_its_address(graph: Graph) -> None:
    attic = graph.tenant.user("attic@office.example")
    graph.tenant.add_room("Cellar", local="cellar")
    graph.tenant.add_room_list("Upstairs", local="upstairs", rooms=[attic])
    [upstairs] = graph.listed("/places/microsoft.graph.roomlist")
    assert faults_of(upstairs, "roomList") == []
    mail = upstairs["emailAddress"]
    assert graph.shown(f"/places/{mail}/microsoft.graph.roomlist/rooms") == ["Attic"]
    assert graph.shown(f"/groups?$filter=mail eq '{mail}'") == ["Upstairs"]
    unknown = f"/places/{upstairs['id']}/microsoft.graph.roomlist/rooms"
    assert graph.refused(unknown) == (404, "ErrorItemNotFound")


def test_there_are_no_places_in_a_tenant_without_exchange(graph: Graph) -> None:
    graph.tenant.exchange = False
    assert graph.refused("/places/microsoft.graph.room") == (401, "OrganizationFromTenantGuidNotFound")


# -- mailboxes


@pytest.mark.parametrize(
    ("local", "purpose"),
    [("ben.baker", "user"), ("info", "shared"), ("attic", "room"), ("van", "equipment"), ("cara", "user")],
)
def test_a_mailbox_says_its_purpose_in_two_shapes(graph: Graph, local: str, purpose: str) -> None:
    user = graph.user(local)
    whole = graph.get(f"/users/{user}/mailboxSettings").json
    assert whole["userPurpose"] == purpose
    assert whole["timeZone"]
    alone = graph.get(f"/users/{user}/mailboxSettings/userPurpose").json
    assert alone.keys() == {"@odata.context", "value"}
    assert alone["value"] == purpose
    inside = graph.get(f"/users/{user}?$select=id,mailboxSettings").json
    assert inside["mailboxSettings"]["userPurpose"] == purpose


def test_settings_can_be_selected_from(graph: Graph) -> None:
    found = graph.get(f"/users/{graph.user('info')}/mailboxSettings?$select=userPurpose").json
    assert found.keys() == {"@odata.context", "userPurpose"}
    assert graph.refused(f"/users/{graph.user('info')}/mailboxSettings/nothing") == (400, "BadRequest")


@pytest.mark.parametrize("form", ["", "/userPurpose"])
def test_who_has_no_mailbox_has_no_settings(graph: Graph, form: str) -> None:
    assert graph.refused(f"/users/{graph.user('dan.dry')}/mailboxSettings{form}") == (
        404,
        "MailboxNotEnabledForRESTAPI",
    )
    guest = "gus_elsewhere.example%23EXT%23@office.onmicrosoft.com"
    assert graph.refused(f"/users/{guest}/mailboxSettings{form}") == (404, "ResourceNotFound")
    assert graph.refused(f"/users/{OFFICE}/mailboxSettings{form}") == (404, "ErrorInvalidUser")


def test_an_access_policy_keeps_a_mailbox_from_the_app(graph: Graph) -> None:
    graph.tenant.user("ben.baker@office.example").barred = True
    assert graph.refused(f"/users/{graph.user('ben.baker')}/mailboxSettings") == (403, "ErrorAccessDenied")
    assert graph.get(f"/users/{graph.user('info')}/mailboxSettings").status == 200


def test_of_a_mailbox_on_premises_exchange_tells_nothing_whatever_is_granted(graph: Graph) -> None:
    graph.tenant.user("ben.baker@office.example").on_premises = True
    assert graph.refused(f"/users/{graph.user('ben.baker')}/mailboxSettings") == (403, "ErrorAccessDenied")


def test_exchange_does_not_know_a_tenant_without_it(graph: Graph) -> None:
    graph.tenant.exchange = False
    code = "OrganizationFromTenantGuidNotFound"
    assert graph.refused(f"/users/{graph.user('info')}/mailboxSettings/userPurpose") == (401, code)


def test_a_converted_mailbox_is_a_shared_one(graph: Graph) -> None:
    ben = graph.user("ben.baker")
    graph.tenant.convert_to_shared(ben)
    assert graph.get(f"/users/{ben}/mailboxSettings/userPurpose").json["value"] == "shared"
    found = graph.get(f"/users/{ben}?$select=mail,accountEnabled,assignedLicenses").json
    assert (found["mail"], found["accountEnabled"], found["assignedLicenses"]) == (
        "ben.baker@office.example",
        False,
        [],
    )


def test_settings_need_their_permission_even_inside_a_user(graph: Graph) -> None:
    users = graph.allowed("User.Read.All")
    ben = graph.user("ben.baker")
    for path in (f"{ben}/mailboxSettings", f"{ben}/mailboxSettings/userPurpose", f"{ben}?$select=id,mailboxSettings"):
        assert users.refused(f"/users/{path}") == (403, "ErrorAccessDenied")
    assert users.refused(f"/users/{OFFICE}/mailboxSettings") == (403, "ErrorAccessDenied")
