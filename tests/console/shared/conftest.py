"""A customer that is made once for the tests of a module, which only look at it: what each writes is taken back.

A module may say in `begin` what becomes of the customer first. Nothing may run in a test here: a run goes by what is
committed, and a tenant of the simulator forgets nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from mailroll.connections.models import Connection, Source
from mailroll.directory.models import Domain
from tests import emptying
from tests.console.people import People, hire
from tests.sync import world
from tests.sync.world import Customer, Time


@dataclass(frozen=True)
class SharedWorld:
    customer: Customer
    people: People


@pytest.fixture(scope="module")
def shared(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[SharedWorld]:
    tenant = world.tenant()
    with django_db_blocker.unblock(), world.simulated(tenant) as running:
        own = replace(
            settings.MAILROLL,
            custom_login_url=running.login_url,
            custom_graph_url=running.graph_url,
            custom_ca_file=running.ca_file,
        )
        with override_settings(MAILROLL=own, ALLOWED_HOSTS=["localhost", "testserver"]):
            try:
                customer = world.connect(running, tenant)
                customer.time.at = datetime.now(UTC)
                people = hire(customer.domain.organization)
                if begin := getattr(request.module, "begin", None):
                    begin(customer)
                yield SharedWorld(customer, people)
            finally:
                emptying.empty()


@pytest.fixture(autouse=True)
def customer(shared: SharedWorld, db: None) -> Customer:
    """The customer as it is stored; pages know no other clock than the real one.

    Every test here has it, asked for or not: it is there, whichever test of the module was the first.
    """
    made = shared.customer
    return replace(
        made,
        domain=Domain.objects.get(id=made.domain.id),
        connection=Connection.objects.get(id=made.connection.id),
        source=Source.objects.select_related("owner").get(owner_id=made.source.owner_id),
        time=Time(datetime.now(UTC)),
    )


@pytest.fixture
def people(shared: SharedWorld, customer: Customer) -> People:
    """Everybody as they were hired; what a test takes from them is taken back with all else."""
    return shared.people
