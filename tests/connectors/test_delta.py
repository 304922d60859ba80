"""Changes as Graph tells them, from a simulated tenant: what comes of them is what a full listing shows."""

import asyncio
from collections.abc import Iterator, Sequence
from random import Random

import pytest

from mailroll.connectors.base import End, RawPage, Wanted
from mailroll.connectors.delta import (
    Altered,
    DeltaCursor,
    Regrouped,
    RemovalReason,
    Removed,
    Told,
)
from mailroll.connectors.microsoft365 import merging
from mailroll.reconcile.model import ExternalId, ObjectType, Record
from mailroll_simulator import Simulator, Tenant, tenants
from tests.connectors.simulated import Connected, connected

ALL = Wanted(groups=True, contacts=True, members=True)
DAY = 86400


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
    """A tenant of its own for each test, as all of them change it."""
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


async def mirrored(c: Connected) -> dict[tuple[ObjectType, ExternalId], bytes]:
    """Read everything as it comes, by type and id."""
    found: dict[tuple[ObjectType, ExternalId], bytes] = {}
    parts = [part async for part in c.connector.raws()]
    assert isinstance(parts[-1], End)
    for part in parts:
        if isinstance(part, RawPage):
            found |= {(part.type, c.of(merging.parsed(one)["id"])): one for one in part.objects}
    return found


async def records(c: Connected, mirror: dict[tuple[ObjectType, ExternalId], bytes]) -> dict[ExternalId, Record]:
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
            merged = c.connector.delta.merged(told[0].type, mirror[ObjectType.USER, told[0].id], told[0].entry)
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
