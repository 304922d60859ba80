"""The tenants that are ready to use: what is in them, and that all of it holds together."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from time import process_time

import pytest

from mailroll_simulator import Role, Simulator, Tenant, tenants
from simulator.tests.office import EVENTUAL, EVERYTHING, Graph

SMALL = [tenants.small_firm, tenants.haulier, tenants.practice, tenants.school, tenants.mess]
SHOWN = "id,displayName,userPrincipalName,mail,proxyAddresses,userType,accountEnabled"


def mailboxes(tenant: Tenant, domain: str) -> int:
    return sum(user.purpose is not None and user.mail.endswith(f"@{domain}") for user in tenant.users)


@pytest.mark.parametrize(
    ("make", "domain", "count"),
    [
        (tenants.small_firm, "brightwater.example", 22),
        (tenants.haulier, "coldharbour.example", 61),
        (tenants.practice, "petrel-dental.example", 6),
        (tenants.school, "lindenfield.example", 39),
        (tenants.school, "students.lindenfield.example", 400),
    ],
)
def test_a_tenant_has_as_many_mailboxes_as_it_is_said_to(make: Callable[[], Tenant], domain: str, count: int) -> None:
    assert mailboxes(make(), domain) == count


@pytest.mark.parametrize("make", [tenants.small_firm, tenants.haulier, tenants.practice])
def test_a_firm_has_an_administrator_an_ordinary_user_and_a_guest_to_sign_in_as(make: Callable[[], Tenant]) -> None:
    users = list(make().users)
    assert any(Role.GLOBAL_ADMINISTRATOR in user.roles and user.purpose == "user" for user in users)
    assert any(not user.roles and user.purpose == "user" for user in users)
    assert any(user.home_tenant for user in users)


@pytest.mark.parametrize("make", SMALL)
def test_a_tenant_is_the_same_each_time(make: Callable[[], Tenant]) -> None:
    first, second = make(), make()
    assert first.id == second.id
    assert [(user.id, user.properties) for user in first.users] == [(user.id, user.properties) for user in second.users]
    assert [group.members for group in first.groups] == [group.members for group in second.groups]


@pytest.mark.parametrize("make", [tenants.small_firm, tenants.haulier, tenants.practice, tenants.school])
def test_no_two_hold_one_address_and_all_names_are_told_apart(make: Callable[[], Tenant]) -> None:
    tenant = make()
    holders = [*tenant.users, *tenant.groups, *tenant.contacts]
    held = Counter(address.casefold() for item in holders for address in item.proxy_addresses)
    assert [address for address, count in held.items() if count > 1] == []
    assert len({user.upn.casefold() for user in tenant.users}) == len(tenant.users)
    assert all(address.isascii() for address in held)


def test_tenants_share_no_id() -> None:
    made = [make() for make in SMALL]
    ids = Counter(item.id for tenant in made for item in (*tenant.users, *tenant.groups, *tenant.contacts))
    assert max(ids.values()) == 1
    assert len({tenant.id for tenant in made}) == len(made)


@pytest.mark.parametrize("name", [name for name in tenants.NAMED if name != "huge"])
def test_a_named_tenant_is_read_whole(name: str) -> None:
    with Simulator([tenants.NAMED[name].make()], seed=1).in_thread() as sim:
        graph = Graph.connected(sim, sim.tenants[0], *EVERYTHING)
        assert len(graph.listed(f"/users?$select={SHOWN}")) == len(graph.tenant.users)
        assert len(graph.listed("/groups?$top=999")) == len(graph.tenant.groups)
        for group in graph.listed("/groups?$select=id"):
            assert graph.listed(f"/groups/{group['id']}/transitiveMembers") is not None


@pytest.mark.parametrize("name", [name for name in tenants.NAMED if name != "huge"])
def test_the_pages_of_a_named_tenant_are_of_any_size_and_some_are_empty(name: str) -> None:
    with Simulator([tenants.NAMED[name].make()], seed=1).in_thread() as sim:
        graph = Graph.connected(sim, sim.tenants[0], *EVERYTHING)
        missing = {0, 1, 2}
        for page in (page for size in range(2, 9) for page in graph.pages(f"/users?$select=id&$top={size}")):
            missing.discard(len(page.json["value"]))
            if not missing:
                break
        assert not missing
        pages = [page.json["value"] for page in graph.pages("/users?$select=id&$top=999")]
        assert len(pages) > 1
        rounds = [page.json["value"] for page in graph.pages("/users/delta?$select=id")]
        assert sum(map(len, rounds)) == sum(map(len, pages)) == len(graph.tenant.users)


def test_a_page_of_uneven_size_is_the_same_when_asked_for_again(crowded: Graph) -> None:
    crowded.tenant.uneven = True
    first = crowded.get("/users?$top=9").json
    assert crowded.get("/users?$top=9").json["value"] == first["value"]
    link = first["@odata.nextLink"]
    assert crowded.get(link).json["value"] == crowded.get(link).json["value"]


def test_who_is_added_to_a_named_tenant_comes_late_and_later_where_the_eventual_index_answers() -> None:
    with Simulator([tenants.small_firm()], seed=1).in_thread() as sim:
        graph = Graph.connected(sim, sim.tenants[0], *EVERYTHING)
        sim.clock.stop()
        before = len(graph.tenant.users)
        added = graph.tenant.add_user("Late Comer", local="late")

        def counted() -> tuple[int, int]:
            indexed = graph.get("/users?$count=true&$top=1", EVENTUAL).json["@odata.count"]
            return len(graph.listed("/users?$select=id")), indexed

        assert graph.get(f"/users/{added.id}").status == 200
        assert counted() == (before, before)
        sim.clock.advance(4)
        assert counted() == (before + 1, before)
        sim.clock.advance(5)
        assert counted() == (before + 1, before + 1)


def test_what_has_no_pages_is_whole_in_an_uneven_tenant(crowded: Graph) -> None:
    crowded.tenant.uneven = True
    for number in range(9):
        crowded.tenant.add_domain(f"d{number}.example")
    assert len(crowded.get("/domains").json["value"]) == 11
    assert "@odata.nextLink" not in crowded.get("/organization").json


def test_a_school_of_classes_and_years_nests(crowded: Graph) -> None:
    school = crowded.sim.add_tenant(tenants.school())
    graph = Graph.connected(crowded.sim, school, *EVERYTHING)
    students = graph.group("All students")
    assert len(graph.listed(f"/groups/{students}/members")) == 5
    everybody = graph.listed(f"/groups/{students}/transitiveMembers?$select=id")
    assert sum(member["@odata.type"] == "#microsoft.graph.user" for member in everybody) == 420


def test_the_mess_has_a_restored_user_and_a_deleted_one(crowded: Graph) -> None:
    graph = Graph.connected(crowded.sim, crowded.sim.add_tenant(tenants.mess()), *EVERYTHING)
    assert graph.shown("/directory/deletedItems/microsoft.graph.user") == ["Soft-deleted"]
    assert "Deleted and restored" in graph.shown("/users")


def huge(count: int) -> Tenant:
    return tenants.huge(count)


def test_of_a_huge_tenant_each_page_holds_people_nobody_made_before() -> None:
    started = process_time()
    with Simulator([huge(1_000_000)], seed=1).in_thread() as sim:
        graph = Graph.connected(sim, sim.tenants[0], *EVERYTHING)
        page = graph.get(f"/users?$top=999&$select={SHOWN}").json
        assert len(page["value"]) == 999
        user = page["value"][500]
        assert graph.get(f"/users/{user['id']}?$select={SHOWN}").json["mail"] == user["mail"]
        assert graph.get(f"/users/{user['userPrincipalName']}").json["id"] == user["id"]
        assert graph.get("/users/$count", {"ConsistencyLevel": "eventual"}).body.decode("utf-8-sig") == "1000000"
        assert graph.get("/users/delta?$select=id").json["@odata.nextLink"]
        by_id = graph.get(f"/users/delta?$filter=id eq '{user['id']}'").json
        assert [found["id"] for found in by_id["value"]] == [user["id"]]
        # What would hold the machine is refused.
        assert graph.refused("/users?$orderby=displayName") == (400, "Request_UnsupportedQuery")
        count = "/users/$count?$filter=startsWith(displayName,'A')"
        assert graph.refused(count, {"ConsistencyLevel": "eventual"}) == (400, "Request_UnsupportedQuery")
        assert graph.get("/subscribedSkus").json["value"][0]["consumedUnits"] == 1_000_000
        assert graph.get("/organization").status == 200
    # The whole of it, and of this process alone; a directory that is made in full takes a minute and more.
    assert process_time() - started < 20


def test_a_huge_tenant_lists_everyone_once_and_writes_each_alike() -> None:
    with Simulator([huge(2500)], seed=1).in_thread() as sim:
        graph = Graph.connected(sim, sim.tenants[0], *EVERYTHING)
        users = graph.listed(f"/users?$top=999&$select={SHOWN}")
        assert len({user["id"] for user in users}) == len(users) == 2500
        assert len({address for user in users for address in user["proxyAddresses"]}) == 2500 * 2 + 834
        for user in users[::500]:
            alone = graph.get(f"/users/{user['id']}?$select={SHOWN}").json
            del alone["@odata.context"]
            assert alone == user


def test_a_huge_tenant_changes_like_any_other() -> None:
    with Simulator([huge(300)], seed=1).in_thread() as sim:
        graph = Graph.connected(sim, sim.tenants[0], *EVERYTHING)
        people = graph.listed("/users?$top=999")
        since = graph.get("/users/delta?$deltatoken=latest&$select=displayName").json["@odata.deltaLink"]
        graph.tenant.change_user(people[3]["id"], displayName="Changed")
        graph.tenant.delete_user(people[4]["userPrincipalName"])
        added = graph.tenant.add_user("Brand New")
        shown = {user["id"]: user["displayName"] for user in graph.listed("/users?$top=100")}
        assert len(shown) == 300
        assert shown[people[3]["id"]] == "Changed"
        assert shown[added.id] == "Brand New"
        assert people[4]["id"] not in shown
        news = {entry["id"]: entry for entry in graph.get(since).json["value"]}
        assert news.keys() == {people[3]["id"], people[4]["id"], added.id}
        assert news[people[4]["id"]]["@removed"] == {"reason": "changed"}
        graph.tenant.restore_user(people[4]["id"])
        assert graph.get(f"/users/{people[4]['userPrincipalName']}").json["id"] == people[4]["id"]
        assert len(graph.listed("/users?$top=100")) == 301


def test_a_million_people_take_no_memory() -> None:
    lines = (
        "import resource",
        "from mailroll_simulator import tenants",
        "from mailroll_simulator.graph.shapes import Shape",
        "from mailroll_simulator.schema import object_type",
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024",
        "before = peak()",
        "users = tenants.huge(1_000_000).users",
        "shape = Shape(object_type('user'))",
        "for page in range(1000): users.written(page * 999, 20, shape)",
        "print(peak() - before)",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, check=True, text=True)  # noqa: S603
    assert int(done.stdout) < 20  # MiB
