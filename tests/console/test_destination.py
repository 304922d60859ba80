"""Where the users of a source go: people moved by hand come back on demand, and the sum says who goes there."""

import pytest
from django.db import connection as database
from django.test import Client
from django.urls import reverse

from mailroll.audit.models import AuditEntry
from mailroll.connections import filters, sources
from mailroll.connections.models import Source
from mailroll.directory import edit
from mailroll.insight import placement
from mailroll.sync.samples import intake
from mailroll.sync.schedules import schedule
from tests.console.pages import words
from tests.sync.world import DOMAIN, Customer


def _url(source: Source) -> str:
    return reverse("console:source-destination", args=[DOMAIN, source.owner_id])


@pytest.fixture
def moved(customer: Customer) -> Customer:
    """Two of twelve were moved by hand."""
    customer.sync()
    edit.add_group(customer.domain, "Reception", customer.acting)
    for name in ("p1", "p2"):
        user = customer.user(f"{name}@{DOMAIN}")
        edit.move_user(customer.domain, user.id, "Reception", customer.acting)
    return customer


def test_people_moved_by_hand_stay_where_they_are_unless_asked_for(moved: Customer, owner: Client) -> None:
    page = words(owner.get(_url(moved.source)))
    assert "Leave them where they are" in page
    assert "Move them back at the next run (2 now)" in page
    assert "10 users of it are in Main already. 2 were moved to other groups by hand." in page
    owner.post(_url(moved.source), {"group": "group:Main", "moved": "leave"})
    moved.sync()
    assert moved.roll()[f"p1@{DOMAIN}"].group == "Reception"
    owner.post(_url(moved.source), {"group": "group:Main", "moved": "back"})
    assert moved.roll()[f"p1@{DOMAIN}"].group == "Reception"
    assert "2 change group at the next run." in words(owner.get(_url(moved.source)))
    run = moved.sync()
    assert (run.counts["update"], moved.roll()[f"p1@{DOMAIN}"].group) == (2, "Main")
    entry = AuditEntry.objects.get(action="users.groups_unset")
    assert (entry.subject, entry.details) == (DOMAIN, {"source": "Office 365", "users": 2})


def test_where_nobody_was_moved_nothing_is_noted(customer: Customer) -> None:
    customer.sync()
    assert sources.move_back(customer.source, customer.acting) == 0
    assert not AuditEntry.objects.filter(action="users.groups_unset").exists()


def test_the_sum_says_who_goes_there_and_whom_an_earlier_source_takes(customer: Customer) -> None:
    for number in range(4):
        customer.tenant.change_user(f"p{number}@{DOMAIN}", department="Sales")
    sales = filters.check(customer.source, {"all": [{"field": "department", "operator": "is", "value": "Sales"}]})
    schedule.save_filter(customer.source, sales, customer.acting)
    rest = sources.add(customer.domain, customer.connection, customer.acting)
    assert placement.placement_of(rest, customer.acting).selected is None
    with database.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'todo'")
    intake.take(customer.connection.id, customer.time())
    seen = placement.placement_of(rest, customer.acting).selected
    assert seen is not None
    assert (seen.matching, seen.before, seen.taken) == (12, (("Office 365", 4),), 8)
    first = placement.placement_of(customer.source, customer.acting).selected
    assert first is not None
    assert (first.matching, first.before) == (4, ())
