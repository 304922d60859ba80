"""The list of alerts: who sees which, in what order, and what is done with one."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from mailroll.accounts.models import Membership, Role
from mailroll.alerts import evaluation
from mailroll.alerts.causes import AlertCause
from mailroll.alerts.models import Alert
from mailroll.audit.models import AuditEntry
from mailroll.connections.models import Connection
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.sync.models import Schedule
from mailroll.sync.schedules import schedule
from tests.console.pages import buttons, words
from tests.console.people import People
from tests.sync.world import DOMAIN, Customer


@pytest.fixture
def pressed(customer: Customer, people: People) -> Customer:
    """A customer whose consent is gone, whose list is old, and whose secret ends; by the real clock, as on pages."""
    customer.time.at = datetime.now(UTC)
    schedule.switch_on_unseen(customer.domain, customer.acting)
    Connection.objects.update(credential_ends_at=customer.time() + timedelta(days=20))
    gone = {"code": "consent_missing", "message": "The consent was withdrawn.", "help": "Connect again."}
    Schedule.objects.update(paused=gone, next_run_at=customer.time() + timedelta(hours=1))
    evaluation.evaluate(customer.time())
    return customer


def test_the_most_pressing_comes_first_with_what_it_means_and_its_cure(pressed: Customer, owner: Client) -> None:
    page = owner.get("/alerts/")
    said = words(page)
    assert "2 open. An alert ends by itself when its cause ends." in said
    urgent, soon = said.index("The consent was withdrawn"), said.index("The client secret ends")
    assert urgent < soon
    assert "Nothing can be read: who is new is not in the list yet, and all others get mail as before." in said
    assert f"{DOMAIN} Brightwater Joinery, 0 users" in said
    assert f'href="/connections/{pressed.connection.id}/"' in page.content.decode()
    assert "Alerts 2 open" in words(owner.get("/"))
    assert [one for one in buttons(page) if one in {"1 hour", "1 day", "1 week", "Until it changes"}] == [
        *("1 hour", "1 day"),
        *("1 hour", "1 day", "1 week", "Until it changes"),
    ]


def test_what_is_put_off_counts_no_more_and_what_is_acknowledged_does(
    pressed: Customer, people: People, owner: Client
) -> None:
    soon = Alert.objects.get(cause=AlertCause.SECRET_ENDS)
    urgent = Alert.objects.get(cause=AlertCause.NO_ACCESS)
    owner.post(f"/alerts/{soon.id}/snooze/", {"length": "week"})
    technician = people.client("technician")
    technician.post(f"/alerts/{urgent.id}/acknowledge/", {"note": "It is moved this week, back on Monday."})
    page = words(owner.get("/alerts/"))
    assert "1 open." in page
    assert "Acknowledged by Tom Ellery, today" in page
    assert "“It is moved this week, back on Monday.”" in page
    assert "Put off until" in words(owner.get("/alerts/?show=snoozed"))
    assert "Acknowledged by you" in words(technician.get("/alerts/?show=acknowledged"))
    owner.post(f"/alerts/{soon.id}/reopen/")
    assert "2 open." in words(owner.get("/alerts/"))
    noted = AuditEntry.objects.filter(action__startswith="alert.").order_by("id")
    assert [(one.action, one.actor) for one in noted] == [
        ("alert.snoozed", "operator:priya@northgate.example"),
        ("alert.acknowledged", "operator:tom@northgate.example"),
        ("alert.reopened", "operator:priya@northgate.example"),
    ]
    assert noted[1].details == {"alert": str(urgent.id), "note": "It is moved this week, back on Monday."}


def test_what_is_urgent_is_put_off_for_a_day_at_the_most(pressed: Customer, owner: Client) -> None:
    urgent = Alert.objects.get(cause=AlertCause.NO_ACCESS)
    for length in ("week", "change"):
        refused = owner.post(f"/alerts/{urgent.id}/snooze/", {"length": length}, follow=True)
        assert "What is urgent can be put off for a day at the most." in words(refused)
    urgent.refresh_from_db()
    assert (urgent.snoozed_until, urgent.snoozed_until_change) == (None, False)
    assert owner.post(f"/alerts/{urgent.id}/snooze/", {"length": "year"}).status_code == 404
    owner.post(f"/alerts/{urgent.id}/snooze/", {"length": "day"})
    urgent.refresh_from_db()
    assert urgent.snoozed_until is not None


def test_an_alert_that_is_over_says_so_and_cannot_be_put_off(pressed: Customer, owner: Client) -> None:
    Connection.objects.update(credential_ends_at=None)
    evaluation.evaluate(pressed.time() + timedelta(minutes=1))
    over = Alert.objects.get(cause=AlertCause.SECRET_ENDS)
    assert "Over" in words(owner.get(f"/alerts/{over.id}/"))
    assert "This alert is over." in words(owner.post(f"/alerts/{over.id}/snooze/", {"length": "hour"}, follow=True))
    assert "The client secret ends" in words(owner.get("/alerts/?show=ended"))


def test_another_customer_sees_nothing_of_it_and_who_stands_above_sees_all(pressed: Customer, people: People) -> None:
    stranger = people.client("stranger")
    page = words(stranger.get("/alerts/"))
    assert "Nothing needs you." in page
    taken = stranger.get("/alerts/export/")
    assert DOMAIN not in page + b"".join(taken.streaming_content).decode()  # type: ignore[attr-defined]
    assert "badge" not in stranger.get("/").content.decode().partition("<main")[0]
    top = edit.add_organization("Northgate", pressed.acting)
    place = pressed.domain.organization
    type(place).objects.filter(id=place.id).update(parent=top)
    Membership.objects.create(operator=people.stranger, organization=top, role=Role.VIEWER)
    seen = stranger.get("/alerts/")
    assert "2 open." in words(seen)
    assert "1 hour" not in buttons(seen)


def test_of_a_shared_connection_only_the_domains_are_named_that_one_may_see(pressed: Customer, people: People) -> None:
    place = pressed.domain.organization
    branch = edit.add_organization("Branch", pressed.acting, parent=place)
    edit.add_domain(branch, "branch.example", pressed.acting)
    Alert.objects.filter(cause=AlertCause.SECRET_ENDS).update(
        organization=branch, domains=[pressed.domain.id, Domain.objects.get(name="branch.example").id]
    )
    Membership.objects.filter(operator=people.stranger).update(organization=branch)
    page = people.client("stranger").get("/alerts/")
    assert "branch.example" in words(page)
    assert "and 1 more" in words(page)
    assert DOMAIN not in page.content.decode()


def test_the_list_is_narrowed_by_words_and_severity_and_taken_out_as_a_file(pressed: Customer, owner: Client) -> None:
    assert "2 of 2" in words(owner.get("/alerts/", {"q": "BRIGHTWATER.ex"}))
    assert "No alert matches" in words(owner.get("/alerts/", {"q": "xyz"}))
    one = words(owner.get("/alerts/", {"severity": "soon"}))
    assert "The client secret ends" in one
    assert "The consent was withdrawn" not in one
    Alert.objects.update(acknowledged_note="=1+1", acknowledged_at=pressed.time())
    answer = owner.get("/alerts/export/", {"severity": "soon"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["cause"], row["domains"], row["note"]) == ("secret_ends", DOMAIN, "'=1+1")


def test_where_nobody_has_looked_yet_it_is_not_said_that_all_is_well(people: People) -> None:
    page = words(people.client("owner").get("/alerts/"))
    assert "Nothing has been looked at yet" in page
    assert "Nothing needs you" not in page
