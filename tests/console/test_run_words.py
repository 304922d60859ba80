"""What pages say of plans and of what is held: true in every state."""

from datetime import timedelta

import pytest
from django.test import Client

from mailroll.connections import attach, sources
from mailroll.connections.credentials import Credential
from mailroll.directory import edit
from mailroll.insight import overview
from mailroll.insight.overview import Cause
from mailroll.reconcile.imports import Missing
from mailroll.sync import imports
from mailroll.sync.models import Run, RunState
from mailroll.sync.schedules import schedule
from tests.cli.commands import mailroll
from tests.console.pages import buttons, words
from tests.sync.world import DOMAIN, PERMISSIONS, Customer

TAB = f"/domains/{DOMAIN}/user-sync/"


pytestmark = pytest.mark.usefixtures("today")


def _url(run: Run) -> str:
    return f"/domains/{DOMAIN}/runs/{run.id}/"


def _apply_button(owner: Client, run: Run) -> str:
    (button,) = [label for label in buttons(owner.get(_url(run))) if label.startswith("Sync & Save")]
    return button.removeprefix("Sync & Save: ")


def test_only_a_plan_that_cannot_shrink_is_applied_exactly(customer: Customer, owner: Client) -> None:
    preview = customer.preview()
    assert _apply_button(owner, preview) == "apply this plan"
    said = "Once this reading is more than 5 minutes old, whoever would go is asked for again"
    assert said in words(owner.get(_url(preview)))
    content = f"address,display_name\nfax@{DOMAIN},Fax\n".encode()
    file = imports.preview(content, Missing.STAYS, customer.domain, customer.acting)
    assert _apply_button(owner, file) == "apply exactly this plan"
    assert said not in words(owner.get(_url(file)))


def test_what_would_be_held_is_what_the_button_says(customer: Customer, owner: Client) -> None:
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    removals = customer.preview()
    assert _apply_button(owner, removals) == "hold the removals, apply the rest"
    assert "Applied as it is, the removals are held for a decision." in words(owner.get(_url(removals)))
    for number in range(60):
        customer.tenant.add_user(f"New {number}", local=f"new{number}")
    growth = customer.preview()
    assert _apply_button(owner, growth) == "hold all of it"
    said = words(owner.get(_url(growth)))
    assert "Applied as it is, all of it is held for a decision. Nothing takes effect before." in said
    assert "Everything else takes effect at once" not in said


def test_nothing_is_said_to_be_held_where_nobody_would_go(customer: Customer, owner: Client) -> None:
    customer.sync()
    app = customer.simulator.register_app(display_name="Dead", permissions=PERMISSIONS, redirect_uris=())
    place, dead = customer.domain.organization, Credential(secret="not-the-secret")
    offer = attach.offer(place, "microsoft365", customer.tenant.id, app.client_id, "custom", dead)
    sources.add(customer.domain, attach.attach(None, offer, attach.OnTrust(), customer.acting), customer.acting)
    customer.tenant.add_user("Joiner", local="joiner")
    preview = customer.preview()
    assert "source_unread" in {one["code"] for one in preview.findings}
    assert _apply_button(owner, preview) == "apply this plan"
    assert "are held" not in words(owner.get(_url(preview)))


def test_the_limit_of_a_preview_is_measured_by_whom_sources_keep(customer: Customer, owner: Client) -> None:
    customer.sync()
    for number in range(48):
        edit.add_user(customer.domain, f"fax{number}@{DOMAIN}", customer.acting)
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    preview = customer.preview()
    assert "1 removal, the limit is 3." in words(owner.get(_url(preview)))
    for number in range(2, 7):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    held = customer.sync()
    said = words(owner.get(_url(held)))
    assert "Held: 6 of 12 users would be removed" in said
    assert "Limit of one run 3" in said
    assert "Kept by sources 12" in said
    # A run from before that was kept names no limit.
    preview.counts.pop("measured")
    preview.save()
    assert "the limit is" not in words(owner.get(_url(preview)))


def test_what_only_another_reading_can_tell_waits_for_nobody(customer: Customer, owner: Client) -> None:
    customer.sync()
    schedule.switch_on_unseen(customer.domain, customer.acting)
    customer.tenant.unverify_domain(DOMAIN)
    held = customer.sync()
    assert held.state == RunState.HELD
    for page in (owner.get("/"), owner.get(TAB), owner.get(_url(held))):
        said = words(page)
        assert "waits for another reading" in said
        assert "for you" not in said.replace("Nothing is set up for you", "")
        assert "Waits for you" not in said
        assert "Decide" not in said
        assert "A release is for" not in said
    told = mailroll("sync", DOMAIN).out
    assert "nobody can release it before a reading is whole" in told
    assert "Removals wait" not in told


def test_growth_that_waits_is_said_to_be_all_of_it(customer: Customer, owner: Client) -> None:
    customer.sync()
    for number in range(60):
        customer.tenant.add_user(f"New {number}", local=f"new{number}")
    held = customer.sync()
    for page in (owner.get("/"), owner.get(TAB), owner.get(_url(held))):
        assert "60 changes wait for you" in words(page)
        assert "0 removals" not in words(page)
    assert "A release is for exactly this plan, or less of it" in words(owner.get(_url(held)))
    again = mailroll("sync", DOMAIN).out
    assert again.startswith("Nothing changes, and all of it waits for a decision: ")
    assert "What is held waits in run" in again


def test_a_plan_whose_time_is_over_waits_for_nobody(customer: Customer, owner: Client) -> None:
    customer.sync()
    for number in range(5):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    held = customer.sync()
    assert overview.standing(customer.domain, customer.time()).cause is Cause.HELD
    Run.objects.filter(id=held.id).update(valid_until=customer.time() - timedelta(minutes=1))
    assert overview.standing(customer.domain, customer.time()).cause is None
    assert "wait for you" not in words(owner.get("/"))
