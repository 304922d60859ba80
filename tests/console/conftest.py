"""A customer, and the people who look at it through the Console."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from mailroll.sync.models import RunRequest
from mailroll.sync.progress import never
from mailroll.sync.runs import answer as answers
from tests.connections.consents import HOME, Scene, scened
from tests.console.connecting import BRAND, Browser
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


@pytest.fixture
def scene(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[Scene]:
    with scened(settings, tmp_path) as made:
        yield made


@pytest.fixture
def browser(scene: Scene, settings: Settings) -> Iterator[Browser]:
    settings.ALLOWED_HOSTS = [urlsplit(HOME).hostname, BRAND]
    settings.MAILROLL = replace(settings.MAILROLL, hosts=(BRAND,))
    made = Browser(scene)
    made.sign_in(scene.operator)
    yield made
    scene.nothing_secret()
