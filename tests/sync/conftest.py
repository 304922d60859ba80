"""A customer for every test of a run: a real PostgreSQL, and a tenant behind real HTTPS."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_django import Settings

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
def customer(transactional_db: None, simulator: Simulator, tenant: Tenant) -> world.Customer:
    return world.connect(simulator, tenant)
