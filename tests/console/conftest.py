"""A customer, and the people who look at it through the Console."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from mailroll.sync.models import RunRequest
from mailroll.sync.progress import never
from mailroll.sync.runs import answer as answers
from tests.console.people import People, hire
from tests.sync.conftest import customer, simulator, tenant
from tests.sync.world import Customer

__all__ = ["customer", "simulator", "tenant"]


@pytest.fixture
def today(customer: Customer) -> None:
    """Pages know no other clock than the real one."""
    customer.time.at = datetime.now(UTC)


@pytest.fixture
def people(customer: Customer, settings: Settings) -> People:
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    # As fast as can be: what a hash costs is not what these tests are about.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return hire(customer.domain.organization)


@pytest.fixture
def owner(people: People) -> Client:
    return people.client("owner")


@pytest.fixture
def answered() -> Callable[[], UUID]:
    """Do what a worker would: carry out the run that was asked for last, and return its id."""

    def carry_out() -> UUID:
        request = RunRequest.objects.get(outcome="")
        answers.answer(request.id, never)
        return request.id

    return carry_out
