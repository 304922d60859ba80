"""Listings in pages: their sizes, their opaque links, and what becomes of a link."""

from contextlib import suppress
from http.client import HTTPException
from random import Random

import pytest

from mailroll_simulator import Simulator
from simulator.tests.entrance import other
from simulator.tests.office import EVENTUAL, Graph, crowd, refusal, token_of

EVERYONE = sorted(f"Person {number}" for number in range(25))


def test_a_page_holds_a_hundred_unless_told_otherwise(crowded: Graph) -> None:
    for number in range(25, 130):
        crowded.tenant.add_user(f"Person {number}", local=f"p{number}")
    assert [len(page.json["value"]) for page in crowded.pages("/users")] == [100, 30]
    assert [len(page.json["value"]) for page in crowded.pages("/users?$top=999")] == [130]


@pytest.mark.parametrize("top", ["0", "-1", "1000"])
def test_a_page_size_out_of_bounds_is_refused(crowded: Graph, top: str) -> None:
    answer = crowded.get(f"/users?$top={top}")
    assert (answer.status, answer.json["error"]["code"]) == (400, "Request_UnsupportedQuery")
    assert f"Invalid page size specified: '{top}'" in answer.json["error"]["message"]


@pytest.mark.parametrize("top", ["", "ten", "1.5", "²"])
def test_a_page_size_that_is_no_number_is_refused(crowded: Graph, top: str) -> None:
    assert crowded.refused(f"/users?$top={top}") == (400, "BadRequest")


def test_the_pages_of_a_listing_hold_everyone_once(crowded: Graph) -> None:
    pages = list(crowded.pages("/users?$top=10&$select=id,displayName"))
    assert [len(page.json["value"]) for page in pages] == [10, 10, 5]
    assert sorted(user["displayName"] for page in pages for user in page.json["value"]) == EVERYONE


def test_a_link_is_whole_and_keeps_the_query(crowded: Graph) -> None:
    link = crowded.get("/users?$top=10&$select=id").json["@odata.nextLink"]
    assert link.startswith(f"{crowded.sim.graph_url}/v1.0/users?$top=10&$select=id&$skiptoken=")
    assert crowded.get(link).json["value"][0].keys() == {"id"}


def test_the_last_page_has_no_link(crowded: Graph) -> None:
    assert "@odata.nextLink" not in crowded.get("/users?$top=25").json


@pytest.mark.parametrize("change", ["&$filter=userType eq 'Member'", "&$count=true"])
def test_nothing_may_be_added_to_a_link(crowded: Graph, change: str) -> None:
    link = crowded.get("/users?$top=10").json["@odata.nextLink"]
    assert crowded.refused(link + change.replace(" ", "%20")) == (400, "BadRequest")


def test_nothing_may_be_left_out_of_a_link(crowded: Graph) -> None:
    link = crowded.get("/users?$top=10&$select=id").json["@odata.nextLink"]
    assert crowded.refused(link.replace("$select=id&", "")) == (400, "BadRequest")


@pytest.mark.parametrize("place", [0, 10, -1])
def test_a_token_that_was_tampered_with_is_refused(crowded: Graph, place: int) -> None:
    link = crowded.get("/users?$top=10").json["@odata.nextLink"]
    token = token_of(link)
    changed = list(token)
    # Another letter whose every bit counts, even in the last place.
    changed[place] = "A" if changed[place] not in "ABCD" else "Q"
    answer = crowded.get(link.replace(token, "".join(changed)))
    assert refusal(answer) == (400, "Request_BadRequest")
    assert answer.json["error"]["message"] == "The page token is not valid."


def test_a_token_is_for_its_own_listing(graph: Graph) -> None:
    link = graph.get("/users?$top=1").json["@odata.nextLink"]
    assert graph.refused(link.replace("/users?", "/groups?")) == (400, "Request_BadRequest")


def test_a_token_expires(crowded: Graph) -> None:
    link = crowded.get("/users?$top=10").json["@odata.nextLink"]
    crowded.sim.clock.advance(3590)
    assert crowded.get(link).status == 200
    crowded.sim.clock.advance(20)
    crowded.sign_in()
    assert crowded.refused(link) == (400, "Directory_ExpiredPageToken")


@pytest.mark.parametrize("fault", ["server_error", "page_cut_short", "connection_reset"])
def test_a_link_out_of_a_retried_answer_leads_nowhere_and_one_out_of_another_answer_does(
    crowded: Graph, fault: str
) -> None:
    second = crowded.get("/users?$top=10").json["@odata.nextLink"]
    crowded.sim.faults.on(fault, times=1)
    with suppress(OSError, HTTPException):
        crowded.get(second)
    retried = crowded.get(second).json
    assert [user["displayName"] for user in retried["value"]] == [f"Person {number}" for number in range(10, 20)]
    assert crowded.refused(retried["@odata.nextLink"]) == (400, "DirectoryPageTokenNotFoundException")
    assert len(crowded.get(crowded.get(second).json["@odata.nextLink"]).json["value"]) == 5


def test_a_request_that_comes_much_later_is_not_taken_for_a_retried_one(crowded: Graph) -> None:
    crowded.sim.faults.on("server_error", times=1)
    assert crowded.get("/users?$top=10").status == 503
    crowded.sim.clock.advance(900)
    assert crowded.get(crowded.get("/users?$top=10").json["@odata.nextLink"]).status == 200


def test_skip_is_not_supported(crowded: Graph) -> None:
    assert crowded.refused("/users?$skip=10") == (400, "Request_UnsupportedQuery")


def test_a_page_can_be_asked_for_again(crowded: Graph) -> None:
    link = crowded.get("/users?$top=10").json["@odata.nextLink"]
    assert crowded.get(link).json["value"] == crowded.get(link).json["value"]


def test_who_leaves_or_comes_during_a_listing_shifts_nobody_else(crowded: Graph) -> None:
    first = crowded.get("/users?$top=10").json
    crowded.tenant.delete_user("p0@crowd.example")
    crowded.tenant.add_user("Person 25", local="p25")
    rest = [user["displayName"] for page in crowded.pages(first["@odata.nextLink"]) for user in page.json["value"]]
    assert sorted(rest) == sorted(f"Person {number}" for number in range(10, 26))


def test_pages_can_be_short_and_of_random_size_and_still_hold_everyone(crowded: Graph) -> None:
    crowded.sim.faults.on("short_pages", seed=4)
    pages = list(crowded.pages("/users?$top=10"))
    sizes = [len(page.json["value"]) for page in pages]
    assert len(set(sizes)) > 2
    assert sorted(user["displayName"] for page in pages for user in page.json["value"]) == EVERYONE


def test_pages_can_be_empty_while_the_listing_goes_on(crowded: Graph) -> None:
    crowded.sim.faults.on("empty_pages", seed=4)
    pages = list(crowded.pages("/users?$top=5"))
    assert [] in [page.json["value"] for page in pages[:-1]]
    assert sorted(user["displayName"] for page in pages for user in page.json["value"]) == EVERYONE


def test_a_count_comes_with_the_header_on_the_first_page_alone(crowded: Graph) -> None:
    pages = list(crowded.pages("/users?$top=10&$count=true", EVENTUAL))
    assert [page.json.get("@odata.count") for page in pages] == [25, None, None]


def test_a_count_without_the_header_is_ignored(crowded: Graph) -> None:
    assert "@odata.count" not in crowded.get("/users?$count=true").json
    assert crowded.refused("/users?$count=maybe", EVENTUAL) == (400, "BadRequest")


def test_headers_are_not_remembered_by_a_link(crowded: Graph) -> None:
    link = crowded.get("/users?$top=10&$count=true&$filter=endsWith(mail,'@crowd.example')", EVENTUAL).json[
        "@odata.nextLink"
    ]
    assert crowded.refused(link) == (400, "Request_UnsupportedQuery")
    assert len(crowded.get(link, EVENTUAL).json["value"]) == 10


def test_a_listing_that_is_ordered_pages_as_well(crowded: Graph) -> None:
    shown = [user["displayName"] for user in crowded.listed("/users?$top=10&$orderby=displayName desc")]
    assert shown == EVERYONE[::-1]


@pytest.mark.parametrize(
    "path",
    ["/groups", "/contacts", "/directory/deletedItems/microsoft.graph.user"],
)
def test_other_listings_page_too(graph: Graph, path: str) -> None:
    for number in range(3):
        graph.tenant.add_contact(f"Contact {number}", mail=f"c{number}@elsewhere.example")
        graph.tenant.delete_user(graph.tenant.add_user(f"Gone {number}"))
    pages = list(graph.pages(f"{path}?$top=2"))
    ids = [item["id"] for page in pages for item in page.json["value"]]
    assert len(pages) > 1
    assert len(set(ids)) == len(ids) == len(graph.listed(path))


def test_a_token_lists_nothing_of_another_tenant() -> None:
    twin = crowd(25)
    twin.id = "dddddddd-4444-4444-8444-444444444444"
    with Simulator([crowd(25), twin, other()], seed=1).in_thread() as sim:
        one = Graph.connected(sim, sim.tenants[0], "User.Read.All")
        two = Graph.connected(sim, twin, "User.Read.All")
        link = one.get("/users?$top=10").json["@odata.nextLink"]
        assert two.refused(link) == (400, "Request_BadRequest")


def test_tenants_with_the_same_ids_are_kept_apart() -> None:
    # Two copies of one directory, ids and all.
    twin = crowd(25)
    twin.id, twin.chance = "dddddddd-4444-4444-8444-444444444444", Random(1)
    with Simulator([crowd(25), twin], seed=1).in_thread() as sim:
        here = Graph.connected(sim, sim.tenants[0], "User.Read.All")
        there = Graph.connected(sim, twin, "User.Read.All")
        same = here.user("p3")
        assert same == there.user("p3")
        twin.change_user(same, displayName="Elsewhere")
        twin.delete_user(there.user("p4"))
        assert here.get(f"/users/{same}").json["displayName"] == "Person 3"
        assert there.get(f"/users/{same}").json["displayName"] == "Elsewhere"
        assert len(here.listed("/users?$top=10")) == 25
        assert len(there.listed("/users?$top=10")) == 24
        since = here.get("/users/delta?$deltatoken=latest").json["@odata.deltaLink"]
        twin.change_user(there.user("p5"), jobTitle="Spy")
        assert here.get(since).json["value"] == []
        assert there.refused(since) == (400, "BadRequest")
        got = here.post("/directoryObjects/getByIds", {"ids": [same]}).json["value"]
        assert [user["displayName"] for user in got] == ["Person 3"]
