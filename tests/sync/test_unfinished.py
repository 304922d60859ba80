"""Readings that Microsoft asks to go on with later: they do, once, and only where nothing has changed since."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection as database

from mailroll.connections import sources
from mailroll.connections.models import Connection
from mailroll.connections.sources import SourceSwitch
from mailroll.directory import edit
from mailroll.sync.models import Run, RunState, UnfinishedPage, UnfinishedReading
from mailroll.sync.readings import interruptions
from mailroll.sync.removal import remove_domain
from mailroll.sync.workers.tick import fill
from tests.sync.test_filtered_runs import take_only
from tests.sync.world import DOMAIN, Customer

WAIT = 600


@pytest.fixture(autouse=True)
def _several_pages(customer: Customer) -> None:
    customer.tenant.uneven = True


def _interrupted(customer: Customer) -> Run:
    """Read the first page, until Microsoft asks to come back in ten minutes; and let them pass."""
    customer.simulator.faults.on("throttle", retry_after=WAIT, at_page=2)
    run = customer.sync()
    assert run.state == RunState.FAILED
    assert UnfinishedReading.objects.exists()
    customer.simulator.faults.off("throttle")
    customer.time.pass_(seconds=WAIT)
    return run


def _goes_on(customer: Customer) -> bool:
    """Make a run, and tell whether it went on behind the first page of users."""
    customer.simulator.requests.clear()
    customer.sync()
    asked = [seen.query for seen in customer.simulator.requests.to("/users") if seen.path == "/users"]
    assert asked
    return "skiptoken" in asked[0].lower()


def test_a_reading_goes_on_where_it_had_to_stop(customer: Customer) -> None:
    _interrupted(customer)
    assert _goes_on(customer)
    assert len(customer.roll()) == 12
    assert not UnfinishedReading.objects.exists()
    assert not _goes_on(customer)


def test_what_is_kept_is_sealed(customer: Customer) -> None:
    _interrupted(customer)
    with database.cursor() as cursor:
        cursor.execute("SELECT sealed FROM sync_unfinishedpage")
        rows = [str(sealed) for (sealed,) in cursor.fetchall()]
    assert len(rows) == 1
    assert "skiptoken" not in rows[0]
    assert DOMAIN not in rows[0]


def test_the_roll_is_as_old_as_the_first_page(customer: Customer) -> None:
    run = _interrupted(customer)
    again = customer.sync()
    assert again.state == RunState.APPLIED
    assert again.read_at == run.started_at
    customer.domain.refresh_from_db()
    assert customer.domain.read_at == run.started_at


def test_whom_an_old_page_would_remove_is_asked_for_by_id(customer: Customer) -> None:
    """Three had left the department when the first page came, and are back by now."""
    for number in range(12):
        customer.tenant.change_user(f"p{number}@{DOMAIN}", department="Joinery")
    take_only(customer, "department", "is", "Joinery")
    customer.sync()
    customer.time.pass_(hours=1)
    for number in range(3):
        customer.tenant.change_user(f"p{number}@{DOMAIN}", department="Sales")
    _interrupted(customer)
    for number in range(3):
        customer.tenant.change_user(f"p{number}@{DOMAIN}", department="Joinery")
    assert _goes_on(customer)
    assert len(customer.roll()) == 12


def test_who_left_meanwhile_is_removed_once_the_listing_is_new(customer: Customer) -> None:
    customer.sync()
    customer.time.pass_(hours=1)
    _interrupted(customer)
    customer.tenant.delete_user(f"p0@{DOMAIN}")
    assert _goes_on(customer)
    customer.sync()
    assert len(customer.roll()) == 11


@pytest.mark.parametrize("reason", ["expired", "not_found", "not_valid"])
def test_where_the_link_is_refused_it_begins_anew(customer: Customer, reason: str) -> None:
    _interrupted(customer)
    customer.simulator.faults.on("expired_page_token", reason=reason, times=1)
    assert _goes_on(customer)
    assert len(customer.roll()) == 12


def _switched(customer: Customer) -> None:
    sources.set_switch(customer.source, SourceSwitch.GROUPS, customer.acting, on=False)


def _checked(customer: Customer) -> None:
    Connection.objects.update(health={"permissions": [{"name": "Place.Read.All", "state": "missing"}]})


def _later(customer: Customer) -> None:
    customer.time.at += interruptions.VALID


def _earlier(customer: Customer) -> None:
    customer.time.at -= timedelta(days=1)


def _moved(customer: Customer) -> None:
    """What somebody copied from another row."""
    UnfinishedPage.objects.update(number=7)


def _read_anew(customer: Customer) -> None:
    customer.domain.read_at = customer.time()
    customer.domain.save(update_fields=["read_at"])


@pytest.mark.parametrize("change", [_switched, _checked, _later, _earlier, _moved, _read_anew])
def test_what_has_changed_since_makes_it_void(customer: Customer, change: Callable[[Customer], None]) -> None:
    _interrupted(customer)
    change(customer)
    assert not _goes_on(customer)
    assert not UnfinishedReading.objects.exists()


def test_what_another_release_kept_in_another_form_is_void(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(interruptions, "_FORMAT", 1)
        _interrupted(customer)
    assert not _goes_on(customer)
    assert len(customer.roll()) == 12


def test_a_reading_that_went_on_can_be_told_to_wait_again(customer: Customer) -> None:
    first = _interrupted(customer)
    customer.simulator.faults.on("throttle", retry_after=WAIT, at_page=2)
    assert _goes_on(customer)
    customer.simulator.faults.off("throttle")
    assert UnfinishedReading.objects.get().began_at == first.started_at
    assert UnfinishedPage.objects.count() == 1
    assert _goes_on(customer)
    assert len(customer.roll()) == 12


def test_a_wait_after_the_listing_reads_no_page_again(customer: Customer) -> None:
    customer.sync()
    customer.time.pass_(hours=1)
    customer.tenant.delete_user(f"p0@{DOMAIN}")
    customer.simulator.faults.on("throttle", retry_after=WAIT, path="/directoryObjects/getByIds")
    assert customer.sync().state == RunState.FAILED
    customer.simulator.faults.off("throttle")
    customer.time.pass_(seconds=WAIT)
    customer.simulator.requests.clear()
    customer.sync()
    listed = [seen for seen in customer.simulator.requests.to("/users") if "displayName" in seen.query]
    assert listed == []  # and not what a check asks of some users
    assert len(customer.roll()) == 11


def test_another_domain_of_the_same_connection_begins_anew(customer: Customer) -> None:
    customer.tenant.add_domain("second.example")
    second = edit.add_domain(customer.domain.organization, "second.example", customer.acting)
    sources.add(second, customer.connection, customer.acting)
    _interrupted(customer)
    assert not _goes_on(replace(customer, domain=second))
    assert UnfinishedReading.objects.get().domain_id == customer.domain.id
    assert _goes_on(customer)


def test_the_clock_deletes_what_nobody_came_for(customer: Customer) -> None:
    _interrupted(customer)
    fill(customer.time(), 1, leaves_quiet=False)
    assert UnfinishedReading.objects.exists()
    fill(customer.time() + interruptions.VALID, 1, leaves_quiet=False)
    assert not UnfinishedPage.objects.exists()


def test_it_goes_with_its_domain(customer: Customer) -> None:
    _interrupted(customer)
    remove_domain(customer.domain, DOMAIN, customer.acting)
    assert not UnfinishedPage.objects.exists()


def test_it_goes_with_its_connection(customer: Customer) -> None:
    _interrupted(customer)
    sources.remove_keeping_users(customer.source, customer.acting)
    Connection.objects.filter(id=customer.connection.id).delete()
    assert not UnfinishedPage.objects.exists()
