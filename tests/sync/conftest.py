"""A customer for every test of a run: a real PostgreSQL, and a tenant behind real HTTPS."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_django import Settings

from mailroll.reconcile.model import Scope, SourceSpec
from mailroll.sync.asides import ReadingQuestion
from mailroll.sync.first_listing import FirstListing
from mailroll.sync.purposes import candidates
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


@pytest.fixture
def listings(monkeypatch: pytest.MonkeyPatch) -> list[FirstListing]:
    """The listings that hold few records. They hold two candidates for each question, however small the tenant is."""
    made: list[FirstListing] = []
    of = FirstListing.of

    def noted(source: SourceSpec, question: ReadingQuestion, scope: Scope, _: int) -> FirstListing:
        made.append(of(source, question, scope, 2))
        return made[-1]

    monkeypatch.setattr(candidates, "_SPARE", 0)
    monkeypatch.setattr(FirstListing, "of", noted)
    return made
