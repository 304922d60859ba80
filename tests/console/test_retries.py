"""What pages and the command line say of automatic syncs that fail, rung by rung."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mailroll.sync.models import RunRequest, Schedule, Trigger
from mailroll.sync.runs import make
from mailroll.sync.schedules import schedule
from tests.console.pages import words
from tests.sync.world import DOMAIN, Customer

COUNTED = ("after a failure", "second failure in a row", "third failure in a row", "fourth failure in a row")
WHY = "Microsoft Graph asks for a pause."


@pytest.fixture(autouse=True)
def _failing(customer: Customer) -> None:
    """Pages know no other clock than the real one."""
    customer.time.at = datetime.now(UTC)
    customer.sync()
    schedule.switch_on_unseen(customer.domain, customer.acting)
    customer.simulator.faults.on("throttle", retry_after=61)


def _fail(customer: Customer) -> None:
    make.carry_out(customer.domain, Trigger.AUTOMATIC, uuid4(), customer.acting)


def _pages(customer: Customer, owner: Client) -> tuple[str, str]:
    """The User Sync tab and the page of the source."""
    source = reverse("console:source", args=[DOMAIN, customer.source.owner_id])
    return words(owner.get(f"/domains/{DOMAIN}/user-sync/")), words(owner.get(source))


def test_every_page_says_when_the_next_try_comes_and_how_many_failed(customer: Customer, owner: Client) -> None:
    for counted in COUNTED:
        _fail(customer)
        following = Schedule.objects.get(domain=customer.domain).next_run_at
        assert following is not None
        at = f"{timezone.localtime(following):%H:%M}, {counted}"
        tab, source = _pages(customer, owner)
        assert f"{at}." in tab
        assert "On. Next try " in tab
        assert tab.count(WHY[:-1]) == 1, "why it failed stands in the box below, once"
        assert f"{at}: {WHY}" in source
        assert "Connected to Office 365." not in source


def test_a_try_that_is_late_or_under_way_is_called_so(customer: Customer, owner: Client) -> None:
    _fail(customer)
    Schedule.objects.update(next_run_at=datetime.now(UTC) - timedelta(minutes=6))
    tab, source = _pages(customer, owner)
    assert "The next try is late, as no worker has taken it up; after a failure." in tab
    assert "Next try at" not in tab + source
    RunRequest.objects.create(
        domain=customer.domain, trigger=Trigger.AUTOMATIC, actor="schedule", asked_at=datetime.now(UTC)
    )
    tab, source = _pages(customer, owner)
    assert "Trying again now, after a failure." in tab
    assert f"Trying again now, after a failure: {WHY}" in source


def test_a_success_ends_what_is_said_of_it(customer: Customer, owner: Client) -> None:
    _fail(customer)
    customer.simulator.faults.off("throttle")
    _fail(customer)
    tab, source = _pages(customer, owner)
    assert "after a failure" not in tab + source
    assert "Runs every hour, next" in tab
