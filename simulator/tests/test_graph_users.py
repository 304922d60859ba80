"""Users: what comes by default, what has to be asked for, and who is found under which name."""

import pytest

from simulator.tests.office import EVENTUAL, OFFICE, Graph

DEFAULT = {
    "businessPhones",
    "displayName",
    "givenName",
    "id",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
}


def test_without_a_select_the_default_properties_come_and_no_others(graph: Graph) -> None:
    assert all(user.keys() == DEFAULT for user in graph.listed("/users"))


def test_one_user_has_the_same_default_properties(graph: Graph) -> None:
    found = graph.get(f"/users/{graph.user('ben.baker')}").json
    assert found.keys() == DEFAULT | {"@odata.context"}
    assert found["@odata.context"].endswith("/$metadata#users/$entity")


def test_what_was_selected_comes_even_where_it_is_null_and_nothing_else(graph: Graph) -> None:
    users = graph.listed("/users?$select=id,mail,accountEnabled,proxyAddresses,onPremisesSyncEnabled,userType")
    dry = next(user for user in users if user["id"] == graph.user("dan.dry"))
    assert dry == {
        "id": graph.user("dan.dry"),
        "mail": None,
        "accountEnabled": True,
        "proxyAddresses": [],
        "onPremisesSyncEnabled": None,
        "userType": "Member",
    }


def test_the_context_says_what_was_selected(graph: Graph) -> None:
    page = graph.get("/users?$select=id,mail").json
    assert page["@odata.context"] == f"{graph.sim.graph_url}/v1.0/$metadata#users(id,mail)"


def test_an_unknown_property_is_refused(graph: Graph) -> None:
    answer = graph.get("/users?$select=id,mailEnabled")
    assert (answer.status, answer.json["error"]["code"]) == (400, "BadRequest")
    assert "'mailEnabled' on type 'microsoft.graph.user'" in answer.json["error"]["message"]


@pytest.mark.parametrize("name", ["mailboxSettings", "aboutMe", "birthday", "skills", "hireDate"])
def test_what_only_one_user_has_is_not_for_lists(graph: Graph, name: str) -> None:
    assert graph.refused(f"/users?$select=id,{name}") == (501, "NotImplemented")
    assert graph.get(f"/users/{graph.user('ben.baker')}?$select=id,{name}").status == 200


def test_sign_ins_need_a_permission_of_their_own(graph: Graph) -> None:
    assert graph.refused("/users?$select=id,signInActivity") == (403, "Authorization_RequestDenied")
    assert graph.allowed("User.Read.All", "AuditLog.Read.All").get("/users?$select=id,signInActivity").status == 200


def test_the_basic_permission_shows_the_basics(graph: Graph) -> None:
    basic = graph.allowed("User.ReadBasic.All")
    assert basic.refused("/users?$select=id,proxyAddresses") == (403, "Authorization_RequestDenied")
    assert basic.refused("/users/delta?$select=assignedLicenses") == (403, "Authorization_RequestDenied")
    shown = {"id", "displayName", "givenName", "surname", "mail", "userPrincipalName"}
    assert all(user.keys() == shown for user in basic.listed("/users"))


def test_a_licensed_person_has_plans_and_addresses(graph: Graph) -> None:
    ben = graph.get(
        f"/users/{graph.user('ben.baker')}?$select=mail,proxyAddresses,assignedLicenses,assignedPlans,provisionedPlans"
    ).json
    assert ben["mail"] == "ben.baker@office.example"
    assert ben["proxyAddresses"] == [
        "SMTP:ben.baker@office.example",
        "smtp:ben.baker@office.onmicrosoft.com",
        "smtp:sales@office.example",
    ]
    assert [licence["skuId"] for licence in ben["assignedLicenses"]] == ["f245ecc8-75af-4f8e-b61f-27d8114de5f3"]
    assert {plan["capabilityStatus"] for plan in ben["assignedPlans"]} == {"Enabled", "Deleted"}
    assert 50 > len([plan for plan in ben["assignedPlans"] if plan["capabilityStatus"] == "Enabled"]) > 40
    assert "9aaf7827-d63c-4b61-89c3-182f06f82e5c" in {plan["servicePlanId"] for plan in ben["assignedPlans"]}


def test_a_licence_without_a_mailbox_plan_brings_no_address(graph: Graph) -> None:
    eve = graph.get(f"/users/{graph.user('eve.flow')}?$select=mail,proxyAddresses,assignedPlans").json
    assert (eve["mail"], eve["proxyAddresses"]) == (None, [])
    assert "exchange" in {plan["service"] for plan in eve["assignedPlans"]}


def test_a_guest_is_told_by_name_and_kind(graph: Graph) -> None:
    guest = graph.get("/users/gus_elsewhere.example%23EXT%23@office.onmicrosoft.com?$select=userType,creationType,mail")
    assert guest.json["userType"] == "Guest"
    assert guest.json["creationType"] == "Invitation"
    assert guest.json["mail"] == "gus@elsewhere.example"


@pytest.mark.parametrize(
    "path",
    [
        "/users/{id}",
        "/users/{ID}",
        "/users('{id}')",
        "/users/ben.baker@office.example",
        "/users/BEN.BAKER@OFFICE.EXAMPLE",
        "/users('ben.baker@office.example')",
    ],
)
def test_a_user_is_found_by_id_and_by_name(graph: Graph, path: str) -> None:
    ben = graph.user("ben.baker")
    assert graph.get(path.format(id=ben, ID=ben.upper())).json["id"] == ben


def test_a_name_that_starts_with_a_dollar_is_only_a_key(graph: Graph) -> None:
    assert graph.get("/users('$money@office.example')").json["displayName"] == "Money Only"
    assert graph.refused("/users/$money@office.example") == (400, "BadRequest")


def test_a_quote_in_a_key_is_doubled(graph: Graph) -> None:
    graph.tenant.add_user("Pat O'Brien", local="pat.o'brien")
    assert graph.get("/users('pat.o''brien@office.example')").json["displayName"] == "Pat O'Brien"


@pytest.mark.parametrize("key", ["nobody@office.example", OFFICE, "gus@elsewhere.example"])
def test_who_is_not_there_is_not_found(graph: Graph, key: str) -> None:
    assert graph.refused(f"/users/{key}") == (404, "Request_ResourceNotFound")


def test_a_deleted_user_is_in_no_listing_but_among_the_deleted(graph: Graph) -> None:
    ben = graph.user("ben.baker")
    graph.tenant.delete_user(ben)
    assert ben not in graph.shown("/users", name="id")
    assert graph.refused(f"/users/{ben}") == (404, "Request_ResourceNotFound")
    deleted = graph.listed("/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,deletedDateTime")
    assert [user["id"] for user in deleted] == [ben]
    assert deleted[0]["userPrincipalName"] == f"{ben.replace('-', '')}ben.baker@office.example"
    assert deleted[0]["deletedDateTime"]
    graph.tenant.restore_user(ben)
    assert graph.get("/users/ben.baker@office.example").json["id"] == ben
    assert graph.listed("/directory/deletedItems/microsoft.graph.user") == []


def test_the_deleted_are_listed_by_kind_alone(graph: Graph) -> None:
    assert graph.refused("/directory/deletedItems") == (400, "BadRequest")
    graph.tenant.delete_group(graph.group("Team"))
    graph.tenant.delete_group(graph.group("Lock"))
    # Only Microsoft 365 groups can be restored.
    assert graph.shown("/directory/deletedItems/microsoft.graph.group") == ["Team"]
    assert graph.listed("/directory/deletedItems/microsoft.graph.user") == []


def test_users_are_counted_as_bare_text(graph: Graph) -> None:
    assert graph.refused("/users/$count") == (400, "Request_BadRequest")
    answer = graph.get("/users/$count", EVENTUAL)
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.body.decode("utf-8-sig") == "10"
    assert graph.get("/users/$count?$filter=userType eq 'Guest'", EVENTUAL).body.decode("utf-8-sig") == "1"


def test_a_licence_taken_away_leaves_the_initial_domains_address(graph: Graph) -> None:
    ben = graph.user("ben.baker")
    graph.tenant.remove_licence(ben)
    found = graph.get(f"/users/{ben}?$select=mail,proxyAddresses,assignedLicenses,assignedPlans").json
    assert found["proxyAddresses"] == ["SMTP:ben.baker@office.onmicrosoft.com"]
    assert found["mail"] == "ben.baker@office.onmicrosoft.com"
    assert found["assignedLicenses"] == []
    assert {plan["capabilityStatus"] for plan in found["assignedPlans"]} == {"Deleted"}
    assert graph.refused(f"/users/{ben}/mailboxSettings") == (404, "MailboxNotEnabledForRESTAPI")


def test_a_licence_given_back_brings_the_address_back(graph: Graph) -> None:
    ben = graph.user("ben.baker")
    graph.tenant.remove_licence(ben)
    graph.tenant.assign_licence(ben, "EXCHANGESTANDARD")
    found = graph.get(f"/users/{ben}?$select=mail,proxyAddresses").json
    assert found["mail"] == "ben.baker@office.example"
    assert "SMTP:ben.baker@office.example" in found["proxyAddresses"]
    assert graph.get(f"/users/{ben}/mailboxSettings/userPurpose").json["value"] == "user"
