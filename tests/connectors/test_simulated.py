"""The connector on simulated tenants with one of everything: what it says of each, and what it does about faults."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from random import Random

import pytest

from mailroll.connectors.base import EVERYBODY, PermissionState, WantedObjects
from mailroll.connectors.microsoft365.facts.attributes import SELECTABLE
from mailroll.reconcile.errors import NeedsConsent
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import ObjectType, Purpose, Record
from mailroll_simulator import Simulator, Tenant
from mailroll_simulator.values import guid
from tests.connectors.simulated import RECOMMENDED, REQUIRED, Connected, connected

EVERYTHING = WantedObjects(frozenset(row.attribute.name for row in SELECTABLE), groups=True, contacts=True)


def ask(
    simulator: Simulator,
    go: Callable[[Connected], Awaitable[None]],
    *,
    wanted: WantedObjects = EVERYBODY,
    permissions: tuple[str, ...] = RECOMMENDED,
    tenant: Tenant | None = None,
) -> None:
    async def opened() -> None:
        of = tenant or simulator.tenants[0]
        async with connected(simulator, of, wanted=wanted, permissions=permissions) as c:
            await go(c)

    asyncio.run(opened())


def test_one_of_everything_is_read_with_groups_and_contacts(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        reading = await c.read()
        assert not reading.unreadable
        assert not reading.unread
        counted = Counter(each.type for each in reading.records.values())
        assert counted == {
            ObjectType.USER: len(c.tenant.users),
            ObjectType.GROUP: len(c.tenant.groups),
            ObjectType.CONTACT: len(c.tenant.contacts),
        }
        forms = {each.display_name: each.form for each in reading.records.values() if each.type is ObjectType.GROUP}
        assert forms["Microsoft 365 group"] == "Microsoft 365 group"
        assert forms["Security group"] == forms["Dynamic membership"] == "security group"
        assert forms["Mail-enabled security group"] == "mail-enabled security group"
        assert forms["Distribution list"] == "distribution list"
        assert forms["Dynamic Microsoft 365 group, paused"] == "Microsoft 365 group"

    ask(simulator, go, wanted=WantedObjects(groups=True, contacts=True))


def test_sign_in_and_origin_are_read_of_everybody(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        records = (await c.read()).records
        facts = {
            local: (records[c.id(local)].account_enabled, records[c.id(local)].synced)
            for local in ("licensed", "blocked", "shared", "hybrid", "hybrid.shared")
        }
        assert facts == {
            "licensed": (True, None),
            "blocked": (False, None),
            "shared": (False, None),
            "hybrid": (True, True),
            "hybrid.shared": (False, True),
        }

    ask(simulator, go)


def test_every_attribute_is_known_of_everybody(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        reading = await c.read()
        people = [each for each in reading.records.values() if each.type is ObjectType.USER]
        expected = {row.attribute.name for row in SELECTABLE if row.property}
        for each in people:
            assert set(each.attributes) == expected
            assert UNSET not in each.attributes.values()

    ask(simulator, go, wanted=EVERYTHING)


def test_values_are_those_of_the_directory(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        c.tenant.change_user(
            f"licensed@{c.tenant.default_domain}",
            city="Leeds",
            businessPhones=["+44 113 496 0000"],
            employeeHireDate="2024-02-29T00:00:00Z",
            employeeOrgData={"division": "North", "costCenter": "4711"},
            onPremisesExtensionAttributes={f"extensionAttribute{number}": f"x{number}" for number in range(1, 16)},
            onPremisesLastSyncDateTime=None,
        )
        values = (await c.read()).records[c.id("licensed")].attributes
        assert values["city"] == "Leeds"
        assert values["businessPhones"] == ("+44 113 496 0000",)
        assert values["employeeHireDate"] == datetime(2024, 2, 29, tzinfo=UTC)
        assert (values["division"], values["costCenter"]) == ("North", "4711")
        assert (values["extensionAttribute1"], values["extensionAttribute15"]) == ("x1", "x15")
        assert values["assignedLicenses"] == (
            "f245ecc8-75af-4f8e-b61f-27d8114de5f3",
            "O365_BUSINESS_PREMIUM",
            "Microsoft 365 Business Standard",
        )
        assert values["createdDateTime"] == datetime(2019, 3, 4, 9, 30, tzinfo=UTC)
        assert values["onPremisesLastSyncDateTime"] is None
        assert isinstance(values["proxyAddresses"], tuple)
        assert {"SMTP:licensed@mess.example", "licensed@mess.example"} <= set(values["proxyAddresses"])

    ask(simulator, go, wanted=EVERYTHING)


@pytest.mark.parametrize(("named", "asks"), [("assignedLicenses", 2), ("city", 2), ("assignedPlans", 0)])
def test_the_tenants_products_are_asked_for_once_a_reading_unless_everybodys_plans_are_read(
    simulator: Simulator, named: str, asks: int
) -> None:
    async def go(c: Connected) -> None:
        await c.read()
        await c.read()
        assert c.paths().count("/subscribedSkus") == asks

    ask(simulator, go, wanted=WantedObjects(frozenset({named})))


def test_kind_and_membership_are_never_asked_of_graph(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        reading = await c.read()
        assert {tuple(each.attributes) for each in reading.records.values()} == {()}
        query, *_ = [seen.query for seen in simulator.requests.to("/users")]
        assert "kind" not in query
        assert "memberOf" not in query

    ask(simulator, go, wanted=WantedObjects(frozenset({"kind", "memberOf"})))


PURPOSES: dict[str, Purpose | Unset | None] = {
    "licensed": Purpose.USER,
    "blocked": Purpose.USER,
    "admin": None,
    "former": None,
    "foundation": None,
    "expired": None,
    "suspended": Purpose.USER,
    "barred": UNSET,
    "shared": Purpose.SHARED,
    "shared.enabled": Purpose.SHARED,
    "shared.full": Purpose.SHARED,
    "converted": Purpose.SHARED,
    "room": Purpose.ROOM,
    "room.teams": Purpose.ROOM,
    "equipment": Purpose.EQUIPMENT,
    "team": Purpose.OTHERS,
    "linked": Purpose.LINKED,
    "hybrid": None,
    "hybrid.shared": None,
    "hybrid.licensed": None,
}


def test_with_all_recommended_permissions_a_check_finds_everything(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        found = await c.connector.check()
        assert {each.state for each in found.permissions} == {PermissionState.GRANTED}

    ask(simulator, go)


def test_with_the_required_permissions_alone_the_rest_is_missing_and_nothing_lacks(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        found = await c.connector.check()
        assert not found.lacking
        missing = {each.name for each in found.permissions if each.state is PermissionState.MISSING}
        assert missing == set(RECOMMENDED) - set(REQUIRED)
        reading = await c.read()
        assert [each.type for each in reading.unread] == [ObjectType.GROUP, ObjectType.CONTACT]
        assert len(reading.records) == len(c.tenant.users)
        assert (await c.connector.purposes([c.id("licensed")])).refused == {c.id("licensed")}
        for question in (c.connector.rooms(), c.connector.groups()):
            with pytest.raises(NeedsConsent) as caught:
                await question
            assert caught.value.code == "permission_missing"
        for type_, name in ((ObjectType.GROUP, "GroupMember"), (ObjectType.CONTACT, "OrgContact")):
            with pytest.raises(NeedsConsent, match=name):
                await c.connector.find({c.id("licensed"): type_})
        [members] = (await c.connector.members(["Distribution list"])).values()
        assert members.ids is UNSET
        assert "GroupMember.Read.All" in str(members.problem)

    ask(simulator, go, permissions=REQUIRED, wanted=WantedObjects(groups=True, contacts=True))


@pytest.mark.parametrize("fault", ["empty_pages", "short_pages", "repeated_users", "shuffled_page", "empty_last_page"])
@pytest.mark.parametrize("path", ["/groups", "/contacts"])
def test_groups_and_contacts_are_whole_whatever_their_pages_are_like(
    simulator: Simulator, fault: str, path: str
) -> None:
    async def go(c: Connected) -> None:
        truth = (await c.read()).records
        simulator.faults.on(fault, path=path)
        assert (await c.read()).records == truth

    ask(simulator, go, wanted=WantedObjects(groups=True, contacts=True))


@pytest.mark.parametrize("reason", ["expired", "not_found", "not_valid"])
def test_a_large_tenant_is_read_in_the_end_however_often_graph_loses_its_place(
    simulator: Simulator, reason: str
) -> None:
    crowd = simulator.add_tenant(Tenant("Crowd", "crowd.onmicrosoft.com", guid(Random(reason)), Random(6)))
    for number in range(1_005):
        crowd.add_user(f"Person {number}", local=f"p{number}")

    async def go(c: Connected) -> None:
        simulator.faults.on("expired_page_token", reason=reason, above=100)
        assert len((await c.read()).records) == 1_005

    ask(simulator, go, tenant=crowd)


def test_pages_that_are_retried_again_and_again_lose_nobody(simulator: Simulator) -> None:
    crowd = simulator.add_tenant(Tenant("Queue", "queue.onmicrosoft.com", guid(Random("queue")), Random(6)))
    for number in range(5_000):
        crowd.add_user(f"Person {number}", local=f"p{number}")

    async def go(c: Connected) -> None:
        simulator.faults.on("server_error", path="/users", at_page=2, times=1)
        assert len((await c.read()).records) == 5_000
        beginnings = [seen for seen in simulator.requests.to("/users") if "skiptoken" not in seen.query]
        assert len(beginnings) == 1

    ask(simulator, go, tenant=crowd)


def test_objects_of_every_type_are_found_by_id(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        truth = (await c.read()).records
        everything = {name: each.type for name, each in truth.items()}
        gone = c.of(next(iter(c.tenant.deleted)))
        found = await c.connector.find(everything | {gone: ObjectType.USER})
        assert found == truth | {gone: None}

    ask(simulator, go, wanted=EVERYTHING)


@pytest.mark.parametrize(
    ("name", "locals_"),
    [
        ("Distribution list", {"licensed"}),
        ("all@mess.example", {"licensed"}),
        ("list@other.example", {"licensed"}),
        ("Security group", {"licensed", "former", "room", "warning"}),
        ("Loop, one", {"licensed", "sip"}),
        ("Loop, two", {"licensed", "sip"}),
        ("Empty list", set()),
    ],
)
def test_members_are_told_with_nested_groups(simulator: Simulator, name: str, locals_: set[str]) -> None:
    async def go(c: Connected) -> None:
        guest = next(user for user in c.tenant.users if user.text("displayName") == "Guest")
        [found] = (await c.connector.members([name])).values()
        assert found.ids is not UNSET
        assert found.ids - {c.of(guest.id)} == {c.id(local) for local in locals_}
        assert found.problem is None

    ask(simulator, go)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Hidden membership", "membership_hidden"),
        ("Holds a group with hidden membership", "membership_hidden"),
        ("Twins", "group_ambiguous"),
        ("Sextuplets", "group_unknown"),
    ],
)
def test_members_that_cannot_be_told_say_why(simulator: Simulator, name: str, code: str) -> None:
    async def go(c: Connected) -> None:
        [found] = (await c.connector.members([name])).values()
        assert (found.ids, found.problem and found.problem.code) == (UNSET, code)

    ask(simulator, go)


def test_with_the_right_to_see_them_hidden_members_are_told(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        [found] = (await c.connector.members(["Holds a group with hidden membership"])).values()
        assert found.ids == frozenset(map(c.id, ("sip", "licensed", "barred")))

    ask(simulator, go, permissions=(*RECOMMENDED, "Member.Read.Hidden"))


def test_a_membership_that_a_list_of_members_lost_is_told_for_the_user(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        lost, other = c.id("licensed"), c.group("Empty list")
        simulator.faults.on("skipped_user", path="/groups/*", user=lost.partition(":")[2])
        [found] = (await c.connector.members(["Distribution list"])).values()
        assert found.ids is not UNSET
        assert lost not in found.ids
        told = await c.connector.memberships({lost: [found.object, other], c.id("sip"): [found.object]})
        assert told == {lost: {found.object}, c.id("sip"): frozenset()}

    ask(simulator, go)


def test_two_hundred_groups_inside_each_other_in_a_loop_end(simulator: Simulator) -> None:
    deep = Tenant("Deep Ltd", "deep.onmicrosoft.com", "dddddddd-4444-4444-8444-444444444444", Random(5))
    deep.add_domain("deep.example", default=True)
    people = [deep.add_user(f"Person {number}", local=f"p{number}") for number in range(200)]
    groups = [
        deep.add_group(f"Level {number}", local=f"level{number}", members=[person])
        for number, person in enumerate(people)
    ]
    for outer, inner in zip(groups, [*groups[1:], groups[0]], strict=True):
        deep.add_member(outer, inner)

    async def go(c: Connected) -> None:
        for name in ("Level 0", "Level 199"):
            [found] = (await c.connector.members([name])).values()
            assert found.ids == frozenset(c.of(person.id) for person in people)

    ask(simulator, go, tenant=simulator.add_tenant(deep))


def test_a_group_that_may_not_be_seen_is_a_record_of_which_nothing_is_known(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        group = c.of(c.group("Distribution list"))
        simulator.faults.on("missing_property", path="/directoryObjects/getByIds", property="mailEnabled", shown="null")
        assert await c.connector.find({group: ObjectType.GROUP}) == {group: Record(group, ObjectType.GROUP)}

    ask(simulator, go)
