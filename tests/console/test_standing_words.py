"""What home and the User Sync tab say of a domain and its sources is true after runs, and before the first."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mailroll.connections import sources
from mailroll.connections.sources import SourceSwitch
from mailroll.console.home import domain_words
from mailroll.insight import overview
from mailroll.insight.overview import Cause
from mailroll.sync.models import DomainStanding, RunState, Schedule
from mailroll.sync.schedules import schedule
from tests.console.pages import words
from tests.sync.world import DOMAIN, Customer

TAB = f"/domains/{DOMAIN}/user-sync/"
LOST = {"name": "MailboxSettings.Read", "state": "missing", "required": False, "lost_at": "2026-11-28T03:00:00+00:00"}
WITHDRAWN = "Consent was withdrawn by an administrator of Brightwater."
REFUSED = {"code": "consent_missing", "message": WITHDRAWN, "help": "Grant it again."}


pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def healthy(customer: Customer) -> Customer:
    customer.sync()
    schedule.switch_on_unseen(customer.domain, customer.acting)
    return customer


def test_a_first_preview_under_way_is_not_in_order_yet(customer: Customer, owner: Client) -> None:
    owner.post(f"{TAB}preview/")
    home = words(owner.get("/"))
    assert "Sync running" in home
    assert "Domains in order 0 of 1" in home


def test_a_run_that_leaves_removals_waiting_is_not_fine(healthy: Customer, owner: Client) -> None:
    for number in range(5):
        healthy.tenant.delete_user(f"p{number}@{DOMAIN}")
    healthy.tenant.add_user("New Joiner", local="joiner")
    healthy.sync()
    assert "Runs since midnight 2 1 fine, 1 held" in words(owner.get("/"))


def test_nothing_more_is_asked_for_what_home_says_of_a_run(healthy: Customer) -> None:
    def causes() -> Iterator[Cause]:
        yield Cause.HELD
        DomainStanding.objects.update(held_run=None, doubted=True)
        yield Cause.DOUBT
        DomainStanding.objects.update(failed=True)
        yield Cause.FAILED
        Schedule.objects.update(paused=REFUSED)
        yield Cause.NO_ACCESS

    for number in range(5):
        healthy.tenant.delete_user(f"p{number}@{DOMAIN}")
    healthy.sync()
    for cause in causes():
        (standing,) = overview.shown([healthy.domain.id], healthy.time())
        assert standing.cause is cause
        with CaptureQueriesContext(connection) as queries:
            assert domain_words.item(standing)
            assert domain_words.words(standing)
            assert domain_words.next_run(standing)
            assert standing.removals in {0, 5}
        assert not queries.captured_queries, cause


def test_a_last_run_that_is_held_has_removed_nobody(healthy: Customer, owner: Client) -> None:
    for number in range(5):
        healthy.tenant.delete_user(f"p{number}@{DOMAIN}")
    healthy.sync()
    said = words(owner.get(TAB))
    assert "Last run Held: 5 removals" in said
    assert "5 removed" not in said


def test_removals_that_wait_beside_addresses_stop_nothing_else(healthy: Customer, owner: Client) -> None:
    """Seen: “Nothing was changed” and “Waits for you” above a run whose other changes had been applied."""
    person = healthy.tenant.user(f"p9@{DOMAIN}")
    aliases = [f"smtp:p9.{letter}@{DOMAIN}" for letter in "abcdefgh"]
    healthy.tenant.change_user(person, proxyAddresses=[f"SMTP:p9@{DOMAIN}", *aliases])
    healthy.sync()
    healthy.tenant.change_user(person, proxyAddresses=[f"SMTP:p9@{DOMAIN}"])
    healthy.tenant.add_user("New Joiner", local="joiner")
    for number in range(5):
        healthy.tenant.delete_user(f"p{number}@{DOMAIN}")
    assert healthy.sync().state == RunState.APPLIED
    assert f"joiner@{DOMAIN}" in healthy.roll()
    home = words(owner.get("/"))
    assert "Held: 5 removals" in home
    assert "Nobody was removed, mail is accepted as before." in home
    assert "Nothing was changed" not in home
    assert "Waits for you" not in home


def test_a_run_whose_reading_is_in_doubt_is_not_fine(customer: Customer, owner: Client) -> None:
    for number in range(12):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.sync()
    assert "Runs since midnight 1 1 in doubt" in words(owner.get("/"))


def test_a_preview_is_no_run_that_was_fine(healthy: Customer, owner: Client) -> None:
    healthy.tenant.add_user("New Joiner", local="joiner")
    healthy.preview()
    assert "Runs since midnight 1 1 fine" in words(owner.get("/"))


def test_the_steps_have_the_numbers_that_they_are_called_by(customer: Customer, owner: Client) -> None:
    tab = words(owner.get(TAB))
    assert "see step 2." in tab
    assert "2. Look at a preview" in tab
    sources.set_switch(customer.source, SourceSwitch.ENABLED, customer.acting, on=False)
    tab = words(owner.get(TAB))
    assert "Connect a source first: see step 1." in tab
    assert "1. Connect a source" in tab


def test_everything_is_in_order_is_never_said_beside_a_held_mark(
    healthy: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    for number in range(5):
        healthy.tenant.delete_user(f"p{number}@{DOMAIN}")
    healthy.sync()
    owner.post(f"{TAB}sync/")
    run = reverse("console:run", args=[DOMAIN, answered()])
    for page in ("/", TAB, run):
        said = words(owner.get(page))
        assert "5 removals wait for you" in said
        assert "Everything is as it should be" not in said
        assert "Nothing needs you" not in said
