"""The look-up in the Console: what only a run or the directory tells."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from mailroll.console.lookup.views import address_of
from mailroll.directory.models import Domain
from mailroll.sync.addresses import replies
from mailroll.sync.models import AddressQuestion, Run
from tests.console.pages import buttons, words
from tests.sync.world import DOMAIN, Customer

NOBODY = f"night-desk@{DOMAIN}"


@pytest.fixture
def synced(customer: Customer) -> Customer:
    """In step with its tenant, by the real clock: pages go by that."""
    customer.sync()
    Domain.objects.filter(id=customer.domain.id).update(read_at=datetime.now(UTC))
    return customer


def test_what_waits_leads_to_its_preview(synced: Customer, owner: Client) -> None:
    synced.tenant.add_user("New Joiner", local="joiner")
    run = synced.preview()
    Run.objects.filter(id=run.id).update(valid_until=datetime.now(UTC) + timedelta(hours=1))
    response = owner.get(address_of(f"joiner@{DOMAIN}"))
    assert "A preview would add it" in words(response)
    assert reverse("console:run", args=[DOMAIN, run.id]) in response.content.decode()


def test_the_directory_is_asked_by_a_worker_and_its_answer_shown(synced: Customer, owner: Client) -> None:
    synced.tenant.add_user("New Joiner", local="joiner")
    here = address_of(f"joiner@{DOMAIN}")
    assert "Nobody asked lately." in words(owner.get(here))
    asked = owner.post(reverse("console:lookup-ask", args=[DOMAIN]), {"address": f"joiner@{DOMAIN}"}, follow=True)
    assert "Asked, and not answered yet" in words(asked)
    assert "No worker runs at this moment" in words(asked)
    assert "waiting.js" not in asked.content.decode()
    replies.answer(AddressQuestion.objects.get().id)
    told = words(owner.get(here))
    assert "User New Joiner, object" in told
    assert "The next run takes it into the list" in told
    assert "Ask Microsoft 365 again" in buttons(owner.get(here))
