"""Delta rounds: first everything, then what changed, and what becomes of a token that is too old."""

from typing import Any

import pytest

from simulator.tests.office import EVENTUAL, OFFICE, Graph, token_of

MINIMAL = {"Prefer": "return=minimal"}


def finish(graph: Graph, path: str, headers: dict[str, str] | None = None) -> tuple[list[dict[str, Any]], str]:
    """Follow a round to its end: its entries, and the link to the next one."""
    pages = list(graph.pages(path, headers))
    assert all("@odata.deltaLink" not in page.json for page in pages[:-1])
    return [entry for page in pages for entry in page.json["value"]], pages[-1].json["@odata.deltaLink"]


def test_the_first_round_lists_everyone(graph: Graph) -> None:
    entries, link = finish(graph, "/users/delta?$select=displayName,mail")
    assert {entry["id"] for entry in entries} == {user.id for user in graph.tenant.users}
    assert link.startswith(f"{graph.sim.graph_url}/v1.0/users/delta?$deltatoken=")


def test_the_first_round_leaves_out_what_was_never_set(graph: Graph) -> None:
    entries, _ = finish(graph, "/users/delta?$select=displayName,mail,jobTitle")
    by_name = {entry["displayName"]: entry for entry in entries}
    assert by_name["Dan Dry"].keys() == {"id", "displayName"}
    assert by_name["Ben Baker"].keys() == {"id", "displayName", "mail", "jobTitle"}


def test_nothing_new_is_an_empty_round_with_a_new_link(graph: Graph) -> None:
    _, link = finish(graph, "/users/delta?$select=displayName")
    graph.sim.clock.advance(1)
    entries, following = finish(graph, link)
    assert entries == []
    assert following != link
    assert finish(graph, following)[0] == []


def test_from_now_on_starts_with_nothing(graph: Graph) -> None:
    entries, link = finish(graph, "/users/delta?$select=displayName&$deltatoken=latest")
    assert entries == []
    graph.tenant.add_user("New Comer")
    assert [entry["displayName"] for entry in finish(graph, link)[0]] == ["New Comer"]


def test_a_changed_user_comes_with_all_that_is_set_or_was(graph: Graph) -> None:
    _, link = finish(graph, "/users/delta?$select=displayName,jobTitle,mail,companyName")
    ben = graph.user("ben.baker")
    graph.tenant.change_user(ben, jobTitle=None)
    [entry], _ = finish(graph, link)
    assert entry == {
        "id": ben,
        "displayName": "Ben Baker",
        "jobTitle": None,
        "mail": "ben.baker@office.example",
        "companyName": "Office Ltd",
    }


def test_the_minimum_is_what_changed(graph: Graph) -> None:
    _, link = finish(graph, "/users/delta?$select=displayName,jobTitle,mail")
    ben = graph.user("ben.baker")
    graph.tenant.change_user(ben, jobTitle=None, department="Other")
    assert finish(graph, link, MINIMAL)[0] == [{"id": ben, "jobTitle": None}]


def test_only_what_was_selected_is_tracked(graph: Graph) -> None:
    _, link = finish(graph, "/users/delta?$select=displayName")
    graph.tenant.change_user(graph.user("ben.baker"), jobTitle="Other")
    assert finish(graph, link)[0] == []


def test_several_changes_of_one_user_are_one_entry(graph: Graph) -> None:
    _, link = finish(graph, "/users/delta?$select=displayName")
    for name in ("One", "Two", "Three"):
        graph.tenant.change_user(graph.user("ben.baker"), displayName=name)
    assert [entry["displayName"] for entry in finish(graph, link)[0]] == ["Three"]


def test_a_licence_taken_away_is_told(graph: Graph) -> None:
    _, link = finish(graph, "/users/delta?$select=assignedPlans,proxyAddresses")
    graph.tenant.remove_licence(graph.user("ben.baker"))
    [entry], _ = finish(graph, link)
    assert {plan["capabilityStatus"] for plan in entry["assignedPlans"]} == {"Deleted"}
    assert entry["proxyAddresses"] == ["SMTP:ben.baker@office.onmicrosoft.com"]


def test_a_deleted_user_is_removed_first_restorably_then_for_good(graph: Graph) -> None:
    _, link = finish(graph, "/users/delta?$select=displayName")
    ben = graph.user("ben.baker")
    graph.tenant.delete_user(ben)
    entries, link = finish(graph, link)
    assert entries == [{"id": ben, "@removed": {"reason": "changed"}}]
    graph.tenant.purge_user(ben)
    entries, _ = finish(graph, link)
    assert entries == [{"id": ben, "@removed": {"reason": "deleted"}}]


def test_a_restored_user_comes_back_as_an_ordinary_entry(graph: Graph) -> None:
    _, link = finish(graph, "/users/delta?$select=displayName")
    ben = graph.user("ben.baker")
    graph.tenant.delete_user(ben)
    _, link = finish(graph, link)
    graph.tenant.restore_user(ben)
    assert finish(graph, link)[0] == [{"id": ben, "displayName": "Ben Baker"}]


def test_what_was_unset_is_null_still_once_a_user_is_restored(graph: Graph) -> None:
    _, link = finish(graph, "/users/delta?$select=displayName,jobTitle")
    ben = graph.user("ben.baker")
    graph.tenant.change_user(ben, jobTitle=None)
    graph.tenant.delete_user(ben)
    graph.tenant.restore_user(ben)
    assert finish(graph, link)[0] == [{"id": ben, "displayName": "Ben Baker", "jobTitle": None}]


def test_a_round_can_be_read_again_from_its_link(graph: Graph) -> None:
    _, link = finish(graph, "/users/delta?$select=displayName")
    graph.tenant.change_user(graph.user("ben.baker"), displayName="Other")
    first, _ = finish(graph, link)
    assert finish(graph, link)[0] == first


def test_a_round_has_pages_of_the_services_own_size(crowded: Graph) -> None:
    for number in range(25, 430):
        crowded.tenant.add_user(f"Person {number}", local=f"p{number}")
    pages = list(crowded.pages("/users/delta?$select=displayName"))
    assert [len(page.json["value"]) for page in pages] == [200, 200, 30]
    assert crowded.refused("/users/delta?$top=5") == (400, "Request_UnsupportedQuery")


def test_what_changes_during_a_round_comes_in_the_next(crowded: Graph) -> None:
    for number in range(25, 430):
        crowded.tenant.add_user(f"Person {number}", local=f"p{number}")
    first = crowded.get("/users/delta?$select=displayName").json
    crowded.tenant.change_user("p3@crowd.example", displayName="Changed")
    _, link = finish(crowded, first["@odata.nextLink"])
    assert [entry["displayName"] for entry in finish(crowded, link)[0]] == ["Changed"]


@pytest.mark.parametrize(
    ("select", "named"),
    [("", "users"), ("?$select=mail", "users(mail)"), ("?$select=mail,id", "users(mail,id)")],
)
def test_the_context_names_what_was_selected_though_the_id_always_comes(graph: Graph, select: str, named: str) -> None:
    page = graph.get(f"/users/delta{select}").json
    assert page["@odata.context"].endswith(f"/$metadata#{named}")
    assert all("id" in user for user in page["value"])
    assert graph.get(page["@odata.deltaLink"]).json["@odata.context"] == page["@odata.context"]


def test_a_round_can_be_about_some_ids_alone(graph: Graph) -> None:
    ben, dan = graph.user("ben.baker"), graph.user("dan.dry")
    entries, link = finish(graph, f"/users/delta?$select=displayName&$filter=id eq '{ben}' or id eq '{dan.upper()}'")
    assert {entry["id"] for entry in entries} == {ben, dan}
    graph.tenant.change_user(graph.user("info"), displayName="Other")
    graph.tenant.change_user(dan, displayName="Dan Wet")
    assert [entry["displayName"] for entry in finish(graph, link)[0]] == ["Dan Wet"]


@pytest.mark.parametrize("text", ["displayName eq 'x'", "id eq 'a' and id eq 'b'", "id ne 'a'", ""])
def test_nothing_but_ids_filters_a_round(graph: Graph, text: str) -> None:
    assert graph.refused(f"/users/delta?$filter={text}") == (400, "Request_UnsupportedQuery")


def test_fifty_ids_are_the_most(graph: Graph) -> None:
    ids = [f"id eq '00000000-0000-4000-8000-{number:012x}'" for number in range(51)]
    assert finish(graph, f"/users/delta?$filter={' or '.join(ids[:50])}")[0] == []
    assert graph.refused(f"/users/delta?$filter={' or '.join(ids)}") == (400, "Request_UnsupportedQuery")


@pytest.mark.parametrize("option", ["$orderby=displayName", "$search=x", "$expand=manager", "$count=true"])
def test_other_options_are_not_supported(graph: Graph, option: str) -> None:
    assert graph.refused(f"/users/delta?{option}", EVENTUAL) == (400, "Request_UnsupportedQuery")


def test_a_select_is_checked(graph: Graph) -> None:
    assert graph.refused("/users/delta?$select=members") == (400, "BadRequest")
    assert graph.refused("/users/delta?$select=id,mailboxSettings") == (501, "NotImplemented")
    assert graph.get("/users/delta?$select=manager").status == 200


def test_options_are_not_given_again(graph: Graph) -> None:
    _, link = finish(graph, "/users/delta?$select=displayName")
    assert graph.refused(f"{link}&$select=displayName") == (400, "BadRequest")


@pytest.mark.parametrize("path", ["/users/delta()", "/users/microsoft.graph.delta()", "/users/microsoft.graph.delta"])
def test_the_function_can_be_spelt_out(graph: Graph, path: str) -> None:
    assert len(finish(graph, f"{path}?$select=displayName")[0]) == 10


@pytest.mark.parametrize("made_up", ["x", "AAAA", "", None])
def test_a_made_up_token_is_refused(graph: Graph, made_up: str | None) -> None:
    _, link = finish(graph, "/users/delta?$select=displayName")
    token = token_of(link)
    wrong = token[:-2] if made_up is None else made_up
    if wrong == "":
        # What a resync leads to: a round from the beginning.
        assert len(finish(graph, link.replace(token, ""))[0]) == 10
        return
    assert graph.refused(link.replace(token, wrong)) == (400, "BadRequest")


def test_a_token_is_for_its_own_collection_and_kind(graph: Graph) -> None:
    _, link = finish(graph, "/users/delta?$select=displayName")
    assert graph.refused(link.replace("/users/", "/groups/")) == (400, "BadRequest")
    assert graph.refused(link.replace("$deltatoken", "$skiptoken")) == (400, "BadRequest")


def test_a_change_is_told_with_the_delay_of_the_tenant_and_never_lost(graph: Graph) -> None:
    graph.tenant.late = 3.0
    graph.sim.clock.advance(4)  # who was made a moment ago is told of by now
    _, link = finish(graph, "/users/delta?$select=displayName&$deltatoken=latest")
    graph.tenant.change_user(graph.user("ben.baker"), displayName="Other")
    entries, link = finish(graph, link)
    assert entries == []
    graph.sim.clock.advance(4)
    assert [entry["displayName"] for entry in finish(graph, link)[0]] == ["Other"]


def test_a_token_lives_seven_days_and_then_leads_to_a_full_round(graph: Graph) -> None:
    _, link = finish(graph, "/users/delta?$select=displayName")
    graph.sim.clock.advance(6.9 * 86400)
    graph.sign_in()
    _, link = finish(graph, link)
    graph.sim.clock.advance(7.1 * 86400)
    graph.sign_in()
    answer = graph.get(link)
    assert (answer.status, answer.json["error"]["code"]) == (410, "resyncRequired")
    assert answer.location == f"{graph.sim.graph_url}/v1.0/users/delta?$deltatoken="
    assert len(finish(graph, answer.location)[0]) == 10


def test_all_tokens_of_a_tenant_can_be_made_too_old(graph: Graph) -> None:
    links = [finish(graph, f"/{name}/delta?$select=displayName")[1] for name in ("users", "groups", "contacts")]
    graph.tenant.expire_delta_tokens()
    assert [graph.get(link).status for link in links] == [410, 410, 410]


# -- groups


def test_groups_come_with_their_members(graph: Graph) -> None:
    entries, _ = finish(graph, "/groups/delta?$select=displayName,members")
    news = next(entry for entry in entries if entry["displayName"] == "News")
    assert sorted((member["@odata.type"], member["id"]) for member in news["members@delta"]) == sorted(
        (f"#microsoft.graph.{item.type_name}", item.id)
        for item in (
            graph.tenant.user("ben.baker@office.example"),
            next(iter(graph.tenant.contacts)),
            graph.tenant.group(graph.group("Lock")),
        )
    )


def test_members_come_unasked_where_nothing_is_selected_and_not_where_something_else_is(graph: Graph) -> None:
    assert any("members@delta" in entry for entry in finish(graph, "/groups/delta")[0])
    assert not any("members@delta" in entry for entry in finish(graph, "/groups/delta?$select=displayName")[0])


def test_members_that_came_and_went_are_told(graph: Graph) -> None:
    _, link = finish(graph, "/groups/delta?$select=displayName,members")
    team, ben, dan = graph.group("Team"), graph.user("ben.baker"), graph.user("dan.dry")
    graph.tenant.add_member(team, dan)
    graph.tenant.remove_member(team, ben)
    [entry], link = finish(graph, link)
    assert entry == {
        "id": team,
        "displayName": "Team",
        "members@delta": [
            {"@odata.type": "#microsoft.graph.user", "id": dan},
            {"@odata.type": "#microsoft.graph.user", "id": ben, "@removed": {"reason": "deleted"}},
        ],
    }
    graph.tenant.add_member(team, ben)
    graph.tenant.remove_member(team, ben)
    [entry], _ = finish(graph, link)
    assert [member.get("@removed") for member in entry["members@delta"]] == [{"reason": "deleted"}]


def test_a_soft_deleted_member_is_still_one_until_deleted_for_good(graph: Graph) -> None:
    _, link = finish(graph, "/groups/delta?$select=displayName,members")
    ben = graph.user("ben.baker")
    graph.tenant.delete_user(ben)
    entries, link = finish(graph, link)
    assert entries == []
    graph.tenant.purge_user(ben)
    entries, _ = finish(graph, link)
    assert {member["@removed"]["reason"] for entry in entries for member in entry["members@delta"]} == {"deleted"}
    assert {entry["displayName"] for entry in entries} == {"Team", "News", "Sellers"}


def test_a_large_group_comes_in_parts_on_several_pages(graph: Graph) -> None:
    people = [graph.tenant.add_user(f"Extra {number}", local=f"x{number}") for number in range(130)]
    group = graph.tenant.add_group("Large", members=people)
    pages = list(graph.pages("/groups/delta?$select=displayName,members"))
    parts = [entry for page in pages for entry in page.json["value"] if entry["id"] == group.id]
    assert [len(part["members@delta"]) for part in parts] == [50, 50, 30]
    assert {member["id"] for part in parts for member in part["members@delta"]} == {user.id for user in people}
    for page in pages:
        ids = [entry["id"] for entry in page.json["value"]]
        assert len(set(ids)) == len(ids)


def test_members_need_a_permission_and_hidden_ones_another(graph: Graph) -> None:
    basic = graph.allowed("Group.ReadBasic.All")
    assert not any("members@delta" in entry for entry in finish(basic, "/groups/delta")[0])
    members = graph.allowed("GroupMember.Read.All")
    with_members = {entry["displayName"] for entry in finish(members, "/groups/delta")[0] if "members@delta" in entry}
    assert with_members == {"Team", "Lock", "Alarm", "News", "Sellers"}


@pytest.mark.parametrize(("name", "reasons"), [("Team", ["changed"]), ("Lock", ["deleted"])])
def test_only_a_microsoft_365_group_is_removed_restorably(graph: Graph, name: str, reasons: list[str]) -> None:
    _, link = finish(graph, "/groups/delta?$select=displayName")
    group = graph.group(name)
    graph.tenant.delete_group(group)
    entries, _ = finish(graph, link)
    assert [entry["@removed"]["reason"] for entry in entries if entry["id"] == group] == reasons


def test_contacts_have_rounds_too(graph: Graph) -> None:
    entries, link = finish(graph, "/contacts/delta?$select=displayName,mail")
    assert [entry["displayName"] for entry in entries] == ["Carol Customer"]
    carol = entries[0]["id"]
    graph.tenant.change_contact(carol, displayName="Carol Client")
    entries, link = finish(graph, link)
    assert [entry["displayName"] for entry in entries] == ["Carol Client"]
    graph.tenant.delete_contact(carol)
    assert finish(graph, link)[0] == [{"id": carol, "@removed": {"reason": "deleted"}}]


def test_rounds_may_replay_what_is_known(graph: Graph) -> None:
    graph.sim.faults.on("delta_replay", count=3)
    _, link = finish(graph, "/users/delta?$select=displayName")
    graph.tenant.change_user(graph.user("ben.baker"), displayName="Other")
    entries, _ = finish(graph, link)
    assert [entry["displayName"] for entry in entries].count("Other") == 2
    assert len(entries) == 5


def test_rounds_may_have_empty_pages(crowded: Graph) -> None:
    crowded.sim.faults.on("empty_pages", path="/users/delta", seed=1)
    crowded.sim.faults.on("short_pages", path="/users/delta", seed=1)
    pages = list(crowded.pages("/users/delta?$select=displayName"))
    assert [] in [page.json["value"] for page in pages]
    assert len({entry["id"] for page in pages for entry in page.json["value"]}) == 25
    assert pages[-1].json["@odata.deltaLink"]


def test_an_unknown_tenants_user_is_in_no_round(graph: Graph) -> None:
    assert finish(graph, f"/users/delta?$filter=id eq '{OFFICE}'")[0] == []
