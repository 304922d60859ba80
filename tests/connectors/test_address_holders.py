"""Which objects have one address: asked for without reading the tenant, in every spelling."""

import asyncio
from collections.abc import Iterator

import pytest

from mailroll.connectors.base import AddressHolders
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.model import ObjectType
from mailroll_simulator import Simulator, tenants
from tests.connectors.simulated import RECOMMENDED, connected

NAME = "xn--bcher-kva.example"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    tenant = tenants.mess()
    tenant.add_domain(NAME)
    tenant.add_user("Primary", local="primary", proxyAddresses=[f"SMTP:Odd.'Name+&#@{tenant.default_domain}"])
    tenant.add_user("Alias", local="alias", proxyAddresses=["smtp:shown@bücher.example", f"smtp:encoded@{NAME}"])
    tenant.add_group("Everybody", kind="distribution", local="everybody")
    with Simulator([tenant], seed=3).in_thread() as running:
        yield running


def _holding(simulator: Simulator, local: str, name: str = "", without: str = "") -> AddressHolders:
    async def go() -> AddressHolders:
        tenant = simulator.tenants[0]
        permissions = [one for one in RECOMMENDED if one != without]
        async with connected(simulator, tenant, permissions=permissions) as c:
            return await c.connector.holding(Address(f"{local}@{name or tenant.default_domain}"))

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("local", "name", "who"),
    [
        ("odd.'name+&#", "", "Primary"),
        ("shown", NAME, "Alias"),
        ("encoded", NAME, "Alias"),
    ],
)
def test_whoever_has_an_address_is_found(simulator: Simulator, local: str, name: str, who: str) -> None:
    (record,) = _holding(simulator, local, name).records
    assert (record.type, record.display_name) == (ObjectType.USER, who)


def test_nobody_is_found_for_an_address_that_nobody_has(simulator: Simulator) -> None:
    assert _holding(simulator, "nobody") == AddressHolders(())


def test_what_may_not_be_read_is_told_and_fails_nothing(simulator: Simulator) -> None:
    (group,) = _holding(simulator, "everybody").records
    assert group.type is ObjectType.GROUP
    found = _holding(simulator, "everybody", without="GroupMember.Read.All")
    assert (found.records, [one.type for one in found.unread]) == ((), [ObjectType.GROUP])
