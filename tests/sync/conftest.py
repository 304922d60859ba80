"""A customer for every test of a run: a real PostgreSQL, and a tenant behind real HTTPS."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_django import Settings

from mailroll.connectors.base import Connector
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.model import Snapshot
from mailroll.sync.purposes import candidates
from mailroll.sync.readings.whole_listing import WholeListing
from mailroll_simulator import Simulator, Tenant
from tests.sync import world


@pytest.fixture
def tenant() -> Tenant:
    return world.tenant()


@pytest.fixture
def simulator(tenant: Tenant, settings: Settings) -> Iterator[Simulator]:
    with world.simulated(tenant) as running:
        settings.MAILROLL = replace(
            settings.MAILROLL,
            custom_login_url=running.login_url,
            custom_graph_url=running.graph_url,
            custom_ca_file=running.ca_file,
        )
        yield running


@pytest.fixture
def customer(transactional_db: None, simulator: Simulator, tenant: Tenant) -> Iterator[world.Customer]:
    """Whatever its runs do: what is kept of how many its roll has is what comes of counting."""
    customer = world.connect(simulator, tenant)
    yield customer
    world.expect_counted()


@pytest.fixture
def listings(monkeypatch: pytest.MonkeyPatch) -> list[WholeListing]:
    """The listings that hold few records. They hold two candidates for each question, however small the tenant is."""
    made: list[WholeListing] = []
    begin = WholeListing.begin

    async def noted(self: WholeListing, shot: Snapshot, rooms: frozenset[Address], connector: Connector) -> None:
        made.append(self)
        look_up = self.look_up
        self.look_up = lambda: replace(look_up(), most=2)
        await begin(self, shot, rooms, connector)

    monkeypatch.setattr(candidates, "_SPARE", 0)
    monkeypatch.setattr(WholeListing, "begin", noted)
    return made
