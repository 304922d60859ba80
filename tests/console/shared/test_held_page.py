"""What the page of a held run says, and what it refuses."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from mailroll.accounts.models import Throttle
from mailroll.sync.models import Run, RunState
from tests.console.pages import buttons, words
from tests.console.people import PASSWORD, People
from tests.console.test_runs import _url
from tests.sync.world import Customer


def begin(customer: Customer) -> None:
    """Five of twelve would be removed; one joined and was let in."""
    customer.hold()


@pytest.fixture
def held(customer: Customer) -> Run:
    return Run.objects.get(domain=customer.domain, state=RunState.HELD)


def test_a_held_run_says_what_waits_and_why(held: Run, owner: Client) -> None:
    page = owner.get(_url(held))
    said = words(page)
    assert "Held: 5 of 12 users would be removed" in said
    assert "1 other change was applied. 5 removals wait for you; mail for all" in said
    assert (
        said.index("Why they would be removed") < said.index("Name or address") if "Name or address" in said else True
    )
    assert said.index("Deleted in Microsoft 365") < said.index("p0@")
    assert said.index("Discard") < said.index("Release")
    assert {"Discard this plan", "Release 5 removals"} <= set(buttons(page))


def test_a_release_tells_all_that_is_missing_at_once(held: Run, owner: Client, customer: Customer) -> None:
    page = owner.post(_url(held, "release/"), {"reason": "", "number": "4", "password": "wrong"})
    assert page.status_code == 422
    said = words(page)
    assert "Say why; it goes to the audit log." in said
    assert "Type the number of removals: 5." in said
    assert "This password is not right." in said
    assert "Nothing was released." in said
    assert len(customer.roll()) == 13


def test_passwords_cannot_be_tried_without_end(held: Run, owner: Client, customer: Customer) -> None:
    given = {"reason": "Let me in", "number": "5", "password": "wrong"}
    for _ in range(5):
        assert "This password is not right." in words(owner.post(_url(held, "release/"), given))
    # However slow this test is, no time passes.
    Throttle.objects.update(next_at=datetime.now(UTC) + timedelta(hours=1))
    page = words(owner.post(_url(held, "release/"), given | {"password": PASSWORD}))
    assert "Too many attempts. Wait " in page
    assert len(customer.roll()) == 13


def test_a_reading_that_was_not_whole_has_no_release(held: Run, owner: Client, customer: Customer) -> None:
    held.findings = [
        {"code": "listing_incomplete", "level": "holds-removals", "facts": {"objects": "40"}, "of": "reading"}
    ]
    held.save()
    page = owner.get(_url(held))
    assert "Held: a part of the answer is missing" in words(page)
    assert not [label for label in buttons(page) if label.startswith("Release")]
    assert "Read again" in buttons(page)
    given = {"reason": "Anyway", "number": "5", "password": PASSWORD}
    assert "cannot be released" in words(owner.post(_url(held, "release/"), given, follow=True))
    assert len(customer.roll()) == 13


def test_a_role_that_was_taken_away_while_the_page_was_open_ends_it(
    held: Run, people: People, customer: Customer
) -> None:
    technician = people.client("technician")
    assert technician.get(_url(held)).status_code == 200
    people.technician.memberships.all().delete()
    given = {"reason": "The customer agreed", "number": "5", "password": PASSWORD}
    assert technician.post(_url(held, "release/"), given).status_code == 404
    assert len(customer.roll()) == 13
