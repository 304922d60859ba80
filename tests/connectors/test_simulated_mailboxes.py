"""Mailboxes and rooms of a simulated tenant: what they say they are for, and what keeps them from it."""

from random import Random

import pytest

from mailroll.connectors.base import PermissionState
from mailroll.reconcile.errors import Broken, NeedsConsent
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import ExternalId, Purpose
from mailroll_simulator import Simulator, Tenant
from mailroll_simulator.values import guid
from tests.connectors.simulated import Connected
from tests.connectors.test_simulated import PURPOSES, ask


def test_mailboxes_of_all_sorts_say_what_they_are_for(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        guest = next(user for user in c.tenant.users if user.text("displayName") == "Guest")
        gone = next(iter(c.tenant.deleted))
        expected = {c.id(local): purpose for local, purpose in PURPOSES.items()}
        expected |= {c.of(guest.id): None, c.of(gone): None}
        answers = await c.connector.purposes(tuple(expected))
        assert answers.purposes == expected
        assert answers.refused == {c.id("barred")}
        assert c.paths() == ["/$batch"] * 2

    ask(simulator, go)


async def _all(c: Connected) -> dict[ExternalId, Purpose | Unset | None]:
    return dict((await c.connector.purposes([c.of(user.id) for user in c.tenant.users])).purposes)


@pytest.mark.parametrize("fault", ["batch_inner_error", "batch_missing_response"])
def test_answers_that_fail_inside_a_batch_leave_their_mailboxes_unknown(simulator: Simulator, fault: str) -> None:
    async def go(c: Connected) -> None:
        truth = await _all(c)
        simulator.faults.on(fault, seed=4)
        found = await _all(c)
        assert found.keys() == truth.keys()
        assert {name: each for name, each in found.items() if each is not UNSET and each != truth[name]} == {}
        assert 0 < sum(each is UNSET for each in found.values()) < len(found)

    ask(simulator, go)


def test_mailboxes_that_are_throttled_are_asked_until_all_have_answered(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        truth = await _all(c)
        simulator.faults.on("batch_inner_throttle", seed=4, share=0.3, retry_after=2.5)
        assert await _all(c) == truth
        assert c.clock.slept
        assert all(2.5 <= pause <= 2.75 for pause in c.clock.slept)
        inner = [seen for seen in simulator.requests.to("/users/") if seen.inner]
        assert {seen.method for seen in inner} == {"GET"}

    ask(simulator, go)


def test_mailboxes_that_are_throttled_for_ever_are_left_unknown(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        simulator.faults.on("batch_inner_throttle", share=1.0, retry_after=30)
        assert set((await _all(c)).values()) == {UNSET}
        assert c.paths() == ["/$batch"] * 5

    ask(simulator, go)


def test_a_policy_that_keeps_every_mailbox_from_us_leaves_them_unknown(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        simulator.faults.on("mailbox_forbidden")
        assert set((await _all(c)).values()) == {UNSET}
        states = {each.name: each.state for each in (await c.connector.check()).permissions}
        assert states["MailboxSettings.Read"] is PermissionState.MISSING

    ask(simulator, go)


def test_rooms_are_those_of_the_tenants_list(simulator: Simulator) -> None:
    async def go(c: Connected) -> None:
        expected = {"room@mess.example", "room.enabled@mess.example", "room.teams@mess.example"}
        assert await c.connector.rooms() == expected
        simulator.faults.on("short_pages", path="/places/*")
        assert await c.connector.rooms() == expected

    ask(simulator, go)


def test_more_rooms_than_one_page_holds_are_read_to_the_last(simulator: Simulator) -> None:
    hotel = simulator.add_tenant(Tenant("Hotel", "hotel.onmicrosoft.com", guid(Random("hotel")), Random(6)))
    for number in range(250):
        hotel.add_room(f"Room {number}", local=f"room{number}")

    async def go(c: Connected) -> None:
        expected = {f"room{number}@hotel.onmicrosoft.com" for number in range(250)}
        assert await c.connector.rooms() == expected
        simulator.faults.on("short_pages", path="/places/*")
        assert await c.connector.rooms() == expected

    ask(simulator, go, tenant=hotel)


def test_a_tenant_without_exchange_has_no_rooms_to_tell(simulator: Simulator) -> None:
    bare = simulator.add_tenant(Tenant("Bare", "bare.onmicrosoft.com", guid(Random("bare")), Random(6)))
    bare.exchange = False

    async def go(c: Connected) -> None:
        with pytest.raises((NeedsConsent, Broken)):
            await c.connector.rooms()

    ask(simulator, go, tenant=bare)
