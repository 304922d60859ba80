"""Changes as Graph tells them, from a simulated tenant: what comes of them is what a full listing shows."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.connectors.base import WantedObjects
from mailroll.connectors.delta import (
    Altered,
    DeltaCursor,
    Regrouped,
    RemovalReason,
    Removed,
    Told,
    gathered,
)
from mailroll.connectors.microsoft365.facts import merge
from mailroll.reconcile.model import ExternalId, ObjectType, Record
from mailroll_simulator import Simulator, Tenant, tenants
from mailroll_simulator.objects import DirectoryObject
from tests.connectors.simulated import Connected, connected

ALL = WantedObjects(groups=True, contacts=True, members=True)
DAY = 86400
Mirror = dict[tuple[ObjectType, ExternalId], bytes]


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(seed=5).in_thread() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Iterator[Simulator]:
    yield running
    running.reset()


@pytest.fixture
def tenant(simulator: Simulator) -> Tenant:
    return make(simulator)


def make(simulator: Simulator) -> Tenant:
    """Make a tenant of its own for each test, as all of them change it."""
    made = tenants.practice(Random(len(simulator.tenants)))
    made.late = made.index_late = 0.0
    return simulator.add_tenant(made)


async def changes(c: Connected, cursor: DeltaCursor, kept: Sequence[bytes] = ()) -> tuple[list[Told], DeltaCursor]:
    """Follow a round to its end: what was told, and the next cursor, which comes once and last."""
    told = [each async for each in c.connector.delta.changes(cursor, kept)]
    *found, last = told
    assert isinstance(last, DeltaCursor)
    assert not any(isinstance(each, DeltaCursor) for each in found)
    return [each for each in found if not isinstance(each, DeltaCursor)], last


async def mirrored(c: Connected) -> Mirror:
    """Read everything as it comes, by type and id."""
    read = (await c.read()).records
    found = await c.connector.find_raw({key: each.type for key, each in read.items()})
    return {(read[key].type, key): raw for key, raw in found.items() if raw is not None}


async def records(c: Connected, mirror: Mirror) -> dict[ExternalId, Record]:
    """Decode all of a mirror."""
    found: dict[ExternalId, Record] = {}
    for type_ in ObjectType:
        raws = [raw for (its_type, _), raw in mirror.items() if its_type is type_]
        page = await c.connector.decoded(type_, raws)
        assert not page.unreadable
        found |= {each.id: each for each in page.records}
    return found


def test_raw_objects_make_the_records_that_a_reading_has(simulator: Simulator, tenant: Tenant) -> None:
    async def go() -> None:
        async with connected(simulator, tenant, wanted=ALL) as c:
            read = await c.read()
            assert await records(c, await mirrored(c)) == read.records

    asyncio.run(go())


def test_cursors_taken_first_tell_what_came_after_and_cost_the_listing_nothing(
    simulator: Simulator, tenant: Tenant
) -> None:
    async def go() -> None:
        async with connected(simulator, tenant, wanted=ALL) as c:
            cursors = await c.connector.delta.latest()
            assert [each.type for each in cursors] == [ObjectType.USER, ObjectType.GROUP, ObjectType.CONTACT]
            mirror = await mirrored(c)
            assert c.paths().count("/subscribedSkus") == 1
            molly = tenant.change_user("molly.garside@petrel-dental.example", displayName="Molly Gray")
            tenant.delete_user("ewa.pawlak@petrel-dental.example")
            group = tenant.add_group("News", kind="distribution", local="news", members=[molly])
            told, _ = await changes(c, cursors[0])
            assert [type(each) for each in told] == [Altered, Removed]
            assert isinstance(told[1], Removed)
            assert told[1].reason is RemovalReason.RESTORABLE
            assert isinstance(told[0], Altered)
            merged = c.connector.delta.merged(cursors[0], mirror[ObjectType.USER, told[0].id], told[0].entry)
            [record] = (await c.connector.decoded(ObjectType.USER, [merged])).records
            assert record == (await c.connector.find({record.id: ObjectType.USER}))[record.id]
            assert record.display_name == "Molly Gray"
            told, _ = await changes(c, cursors[1])
            assert told[0] == Regrouped(c.of(group.id), (c.of(molly.id),), ())
            assert isinstance(told[1], Altered)

    asyncio.run(go())


def test_nothing_new_is_one_request_for_each_type(simulator: Simulator, tenant: Tenant) -> None:
    async def go() -> None:
        async with connected(simulator, tenant, wanted=ALL) as c:
            cursors = await c.connector.delta.latest()
            before = len(c.paths())
            for cursor in cursors:
                told, following = await changes(c, cursor)
                assert not told
                assert following.link != cursor.link
                assert (following.type, following.bound) == (cursor.type, cursor.bound)
            assert len(c.paths()) - before == len(cursors)

    asyncio.run(go())


def test_the_state_of_a_product_is_told_by_its_holders(simulator: Simulator, tenant: Tenant) -> None:
    async def go() -> None:
        async with connected(simulator, tenant) as c:
            (cursor,) = await c.connector.delta.latest()
            mirror = await mirrored(c)
            basis = await c.connector.basis()
            tenant.lapse("O365_BUSINESS_ESSENTIALS")
            found = await gathered(c.connector.delta.changes(cursor))
            assert found.altered
            for name, entries in found.altered.items():
                raw = mirror[ObjectType.USER, name]
                merged = c.connector.delta.merged(cursor, raw, entries[-1])
                assert merge.parsed(merged) == merge.parsed(raw), "no licence changed, and no listing shows plans"
            await mirrored(c)
            assert await c.connector.basis() != basis

    asyncio.run(go())


T = TypeVar("T", bound=DirectoryObject)


def one(of: Iterable[T], number: int) -> T | None:
    """Pick an object, always the same one of the same ones."""
    some = sorted(of, key=lambda each: each.id)
    return some[number % len(some)] if some else None


def change(tenant: Tenant, number: int, **properties: str | None) -> None:
    if user := one(tenant.users, number):
        tenant.change_user(user, **properties)


def license_(tenant: Tenant, number: int, part: str | None) -> None:
    if (user := one(tenant.users, number)) and part is None:
        tenant.remove_licence(user)
    elif user:
        tenant.assign_licence(user, str(part))


def delete(tenant: Tenant, number: int) -> None:
    if len(tenant.users) > 1 and (user := one(tenant.users, number)):
        tenant.delete_user(user)


def undelete(tenant: Tenant, number: int, *, purge: bool) -> None:
    gone = one([each.item for each in tenant.deleted.values() if each.item.type_name == "user"], number)
    if gone:
        (tenant.purge if purge else tenant.restore_user)(gone.id)


def regroup(tenant: Tenant, number: int, *, leave: bool) -> None:
    group, user = one(tenant.groups, number), one(tenant.users, number)
    if group and user:
        (tenant.remove_member if leave else tenant.add_member)(group, user)


def disband(tenant: Tenant, number: int) -> None:
    if group := one(tenant.groups, number):
        tenant.delete_group(group)


def forget(tenant: Tenant, number: int) -> None:
    if contact := one(tenant.contacts, number):
        tenant.delete_contact(contact)


def fresh(tenant: Tenant) -> str:
    return f"n{len(tenant.changes.entries)}"


EDITS: dict[str, Callable[[Tenant, int], object]] = {
    "add": lambda tenant, _: tenant.add_user("New", local=fresh(tenant)),
    "rename": lambda tenant, number: change(tenant, number, displayName=f"Name {number}"),
    "unname": lambda tenant, number: change(tenant, number, displayName=None),
    "no mail": lambda tenant, number: change(tenant, number, mail=None),
    "department": lambda tenant, number: change(tenant, number, department=f"Department {number}"),
    "no department": lambda tenant, number: change(tenant, number, department=None),
    "licence": lambda tenant, number: license_(tenant, number, "O365_BUSINESS_PREMIUM"),
    "no licence": lambda tenant, number: license_(tenant, number, None),
    "delete": delete,
    "restore": lambda tenant, number: undelete(tenant, number, purge=False),
    "purge": lambda tenant, number: undelete(tenant, number, purge=True),
    "group": lambda tenant, _: tenant.add_group("New", kind="distribution", local=fresh(tenant)),
    "join": lambda tenant, number: regroup(tenant, number, leave=False),
    "leave": lambda tenant, number: regroup(tenant, number, leave=True),
    "disband": disband,
    "contact": lambda tenant, _: tenant.add_contact("New", mail=f"{fresh(tenant)}@else.example"),
    "forget": forget,
}
HISTORY = st.lists(
    st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 9)), max_size=8), min_size=1, max_size=3
)


async def follow(c: Connected, mirror: Mirror, cursors: Sequence[DeltaCursor]) -> tuple[DeltaCursor, ...]:
    """Bring a mirror up to date by what the directory tells; whoever is told as removed is asked for by id."""
    following = []
    for cursor in cursors:
        found = await gathered(c.connector.delta.changes(cursor))
        for name, entries in found.altered.items():
            for entry in entries:
                merged = c.connector.delta.merged(cursor, mirror.get((cursor.type, name)), entry)
                mirror[cursor.type, name] = merged
        for name, raw in (await c.connector.find_raw(dict.fromkeys(found.removed, cursor.type))).items():
            if raw is None:
                mirror.pop((cursor.type, name), None)
            else:
                mirror[cursor.type, name] = raw
        following.append(found.cursor)
    return tuple(following)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=HISTORY, replays=st.integers(0, 3), attributes=st.booleans())
def test_changes_come_to_what_a_full_reading_shows(
    simulator: Simulator, rounds: list[list[tuple[str, int]]], *, replays: int, attributes: bool
) -> None:
    tenant = make(simulator)
    wanted = replace(ALL, attributes=frozenset({"department", "jobTitle", "division"} if attributes else ()))

    async def go() -> None:
        async with connected(simulator, tenant, wanted=wanted) as c:
            cursors = await c.connector.delta.latest()
            mirror = await mirrored(c)
            members = {c.of(group.id): set(group.members) for group in tenant.groups}
            if replays:
                simulator.faults.on("delta_replay", count=replays)
            for edits in rounds:
                for what, number in edits:
                    EDITS[what](tenant, number)
                for told in (await changes(c, cursors[1]))[0]:
                    if isinstance(told, Regrouped):
                        held = members.setdefault(told.group, set())
                        held |= {name.partition(":")[2] for name in told.joined}
                        held -= {name.partition(":")[2] for name in told.left}
                cursors = await follow(c, mirror, cursors)
                assert await records(c, mirror) == (await c.read()).records
                assert {c.of(each.id): set(each.members) for each in tenant.groups}.items() <= {
                    c.of(each.id): members.get(c.of(each.id), set()) for each in tenant.groups
                }.items()

    try:
        asyncio.run(go())
    finally:
        simulator.reset()
