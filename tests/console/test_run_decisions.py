"""A held run, or a preview, is released, applied or discarded from its page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from mailroll.audit.models import AuditEntry
from mailroll.sync.locks import domain_lock
from mailroll.sync.models import Run, RunRequest, RunState, Trigger
from mailroll.sync.runs import ask, decide, make
from tests.console.pages import buttons, words
from tests.console.people import PASSWORD, People
from tests.console.test_runs import _url
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def held(customer: Customer) -> Run:
    """Five of twelve would be removed; one joined and was let in."""
    return customer.hold()


def test_a_preview_is_discarded(customer: Customer, owner: Client) -> None:
    run = customer.preview()
    assert "The plan is discarded. Nothing was changed." in words(owner.post(_url(run, "discard/"), follow=True))
    run.refresh_from_db()
    assert run.state == RunState.DISCARDED


def test_a_release_takes_effect_with_reason_number_and_password(
    held: Run, owner: Client, customer: Customer, answered: Callable[[], UUID]
) -> None:
    given = {"reason": "The customer agreed", "number": "5", "password": PASSWORD}
    page = owner.post(_url(held, "release/"), given, follow=True)
    assert "Release waiting Waiting for its turn" in words(page)
    assert len(customer.roll()) == 13
    answered()
    assert "Released by you: The customer agreed" in words(owner.get(_url(held)))
    assert len(customer.roll()) == 8
    assert AuditEntry.objects.get(action="run.released").details["reason"] == "The customer agreed"
    assert PASSWORD not in str(list(AuditEntry.objects.values()))


def test_a_plan_that_is_asked_for_twice_is_applied_once_and_its_page_follows(
    customer: Customer, owner: Client, people: People, answered: Callable[[], UUID]
) -> None:
    run = customer.preview()
    first, second = (client.post(_url(run, "apply/")) for client in (owner, people.client("technician")))
    assert first.headers["Location"] == second.headers["Location"] == _url(run)
    page = owner.get(_url(run))
    assert "Sync waiting Waiting for its turn" in words(page)
    assert "asked for" in words(page)
    assert "by you" in words(page)
    assert "No worker runs at the moment. This begins as soon as one does." in words(page)
    assert "Cancel" in buttons(page)
    assert owner.get(_url(run, "progress/")).status_code == 200
    answered()
    assert owner.get(_url(run, "progress/")).status_code == 286
    assert "Applied" in words(owner.get(_url(run)))
    assert AuditEntry.objects.filter(action="run.applied").count() == 1
    assert AuditEntry.objects.get(action="run.apply_asked").actor == "operator:priya@northgate.example"


def test_a_decision_is_cancelled_before_it_begins(customer: Customer, owner: Client) -> None:
    run = customer.preview()
    owner.post(_url(run, "apply/"))
    page = owner.post(_url(run, "cancel/"), follow=True)
    assert "It is cancelled. Nothing was changed." in words(page)
    assert "Sync & Save: apply this plan" in buttons(page)
    assert customer.everyone() == []


def test_a_decision_that_came_too_late_says_so_on_its_page(
    customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    first, second = customer.preview(), customer.preview()
    owner.post(_url(first, "apply/"))
    decide.apply(second.id, customer.acting)
    answered()
    page = words(owner.get(_url(first)))
    assert "What you asked for" in page
    assert "did not take effect. The list has changed since this plan was made" in page


def test_a_release_that_somebody_else_was_faster_with_says_so(
    held: Run, customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    owner.post(_url(held, "release/"), {"reason": "Agreed", "number": "5", "password": PASSWORD})
    decide.release(held.id, "Agreed by phone", customer.acting)
    answered()
    page = words(owner.get(_url(held)))
    assert "did not take effect. This run is applied; only one that is held can be released." in page
    assert "Agreed by phone" in page


def test_a_plan_of_yesterday_offers_only_another_reading(held: Run, customer: Customer, owner: Client) -> None:
    preview = customer.preview()
    Run.objects.filter(id__in=[held.id, preview.id]).update(valid_until=datetime.now(UTC) - timedelta(minutes=1))
    for run in (held, preview):
        page = owner.get(_url(run))
        assert "This plan is more than 24 hours old. Read again." in words(page)
        assert not [label for label in buttons(page) if label.startswith(("Sync & Save", "Release"))]
    tab = words(owner.get(f"/domains/{DOMAIN}/user-sync/"))
    assert "is waiting" not in tab
    assert "for a decision" not in tab
    late = owner.post(_url(preview, "apply/"), follow=True)
    assert "more than 24 hours old, so nothing of it was applied." in words(late)


def test_a_plan_that_is_held_whole_is_released_by_the_number_of_its_changes(customer: Customer, owner: Client) -> None:
    customer.sync()
    for number in range(60):
        customer.tenant.add_user(f"New {number}", local=f"new{number}")
    held = customer.sync()
    page = words(owner.get(_url(held)))
    assert "Held: 60 users would be added" in page
    assert "Type the number of changes: 60" in page
    given = {"reason": "Two companies became one", "number": "59", "password": PASSWORD}
    assert "Type the number of changes: 60." in words(owner.post(_url(held, "release/"), given))
    owner.post(_url(held, "release/"), given | {"number": "60"}, follow=True)
    assert RunRequest.objects.get(decides=held).reason == "Two companies became one"


def test_addresses_that_wait_can_be_released(customer: Customer, owner: Client) -> None:
    person = customer.tenant.user(f"p0@{DOMAIN}")
    aliases = [f"smtp:p0.{letter}@{DOMAIN}" for letter in "abcdefgh"]
    customer.tenant.change_user(person, proxyAddresses=[f"SMTP:p0@{DOMAIN}", *aliases])
    customer.sync()
    customer.tenant.change_user(person, proxyAddresses=[f"SMTP:p0@{DOMAIN}"])
    held = customer.sync()
    page = words(owner.get(_url(held)))
    assert "Held: 8 addresses would stop being accepted" in page
    assert "Type the number of changes: 1" in page


def test_a_run_whose_worker_is_silent_says_so(
    customer: Customer, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = ask.for_run(customer.domain, Trigger.MANUAL, customer.acting)
    with domain_lock.alone(customer.domain.id, customer.time()):
        run = make.begin(customer.domain, Trigger.MANUAL, request, customer.acting)
        Run.objects.update(started_at=customer.time() - timedelta(minutes=9))
        assert "Nothing was heard" not in words(owner.get(_url(run)))
        # A session that has asked nothing for a minute, as this one has not for a moment.
        monkeypatch.setattr(domain_lock, "SILENT", timedelta())
        for step in ("", "progress/"):
            said = words(owner.get(_url(run, step)))
            assert "Nothing was heard of the worker that makes this since" in said
            assert "Nothing is applied" in said
            assert "says how to end it, and another one makes the run." in said
        ask.cancel(run.id, customer.acting)
        assert "says how to end it. This run is being cancelled." in words(owner.get(_url(run)))
