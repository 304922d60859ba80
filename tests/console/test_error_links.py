"""Every error that is shown leads to what the documentation says of its code."""

import pytest
from django.contrib.messages.storage.base import Message
from django.test import Client
from django.urls import reverse

from mailroll.console import explanation
from mailroll.console.templatetags import marks
from mailroll.directory.models import User
from tests.sync.world import DOMAIN, Customer


@pytest.mark.parametrize(
    ("code", "page"),
    [
        ("consent_missing", "/help/reference/errors/#consent_missing"),
        ("x", "/help/reference/errors/"),
        ('"><script>', "/help/reference/errors/"),
    ],
)
def test_a_code_has_a_place_and_what_is_none_has_not(code: str, page: str) -> None:
    assert explanation.page_of(code) == page


def test_a_message_that_is_about_no_error_leads_nowhere() -> None:
    assert marks.about_message(Message(40, "Saved.", "stays")) == ""
    assert "#list_empty" in marks.about_message(Message(40, "It is empty.", "stays about-list_empty"))


def test_a_run_that_failed_and_a_refused_deed_lead_there(customer: Customer, owner: Client) -> None:
    customer.simulator.faults.on("malformed_json")
    run = customer.sync()
    page = owner.get(reverse("console:run", args=[DOMAIN, run.id])).content.decode()
    assert 'href="/help/reference/errors/#answer_malformed"' in page
    refused = owner.post(
        reverse("console:domain-alias-remove", args=[DOMAIN]), {"name": "elsewhere.example"}, follow=True
    )
    assert 'href="/help/reference/errors/#alias_unknown"' in refused.content.decode()


def test_buttons_of_a_user_and_of_a_run_lead_there_too(customer: Customer, owner: Client) -> None:
    customer.sync()
    somebody = User.objects.filter(domain=customer.domain).earliest("display_name")
    moved = owner.post(reverse("console:user-group", args=[DOMAIN, somebody.id]), {"group": "Nowhere"}, follow=True)
    assert 'href="/help/reference/errors/#group_unknown"' in moved.content.decode()
    run = customer.preview()
    ended = reverse("console:run-discard", args=[DOMAIN, run.id])
    owner.post(ended)
    assert 'href="/help/reference/errors/#run_' in owner.post(ended, follow=True).content.decode()
