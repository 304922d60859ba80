"""The audit log has what was refused: sign-ins, pages, confirmations; from where, and never what a stranger typed."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from mailroll.accounts import operators
from mailroll.accounts.models import Throttle
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from tests.console.pages import words
from tests.console.people import PASSWORD, People
from tests.sync.world import Customer

pytestmark = pytest.mark.django_db

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture(autouse=True)
def fresh(people: People) -> None:
    cache.clear()


def _try(email: str, password: str, address: str = "203.0.113.9", agent: str = AGENT) -> Client:
    client = Client(REMOTE_ADDR=address, headers={"user-agent": agent})
    client.post(reverse("account_login"), {"login": email, "password": password})
    return client


def _keep_waiting() -> None:
    """Have every next try wait, however slow this machine is."""
    Throttle.objects.update(next_at=Now() + timedelta(hours=1))


def _told(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action).order_by("id"))


def test_a_wrong_password_is_an_entry_with_the_place_that_it_came_from(people: People) -> None:
    _try("Vera@Northgate.example", "guess")
    (entry,) = _told("operator.sign_in_failed")
    assert (entry.actor, entry.subject, entry.organization) == ("visitor", people.viewer.email, None)
    assert (entry.client, entry.agent) == ("203.0.113.9", AGENT)
    assert entry.details == {"by": "password"}
    page = words(people.client("owner").get(reverse("console:audit")))
    assert "Sign-in failed" in page
    assert "203.0.113.9" in page
    assert "Firefox on Linux" in page
    assert "203.0.113.9" not in words(people.client("stranger").get(reverse("console:audit")))


def test_what_is_typed_as_a_name_is_kept_only_where_it_is_an_operators(people: People) -> None:
    for typed in ("hunter2@my.password", "someone@else.example", "hunter2@my.password"):
        _try(typed, "hunter3")
    told = _told("operator.sign_in_failed")
    assert [(one.subject, one.details.get("times")) for one in told] == [("", None), ("", 2)]
    assert "hunter" not in str(list(AuditEntry.objects.values()))
    # Nobody's own: only who administers every topmost organization is told, and here there are two of them.
    assert "Sign-in failed" not in words(people.client("owner").get(reverse("console:audit")))
    both = people.stranger.memberships.get().organization
    both.parent = people.owner.memberships.get().organization
    both.save()
    assert "an address of nobody here" in words(people.client("owner").get(reverse("console:audit")))


def test_guesses_without_end_are_few_entries(people: People) -> None:
    for number in range(5):
        _try(people.viewer.email, f"guess {number}")
    _keep_waiting()
    for number in range(20):
        _try(people.viewer.email, f"guess {number}")
    assert [one.details.get("times") for one in _told("operator.sign_in_failed")] == [None, 2, 4]
    soon = _told("operator.sign_in_too_soon")
    assert [one.details.get("times") for one in soon] == [None, 2, 4, 8, 16]
    Throttle.objects.all().delete()
    _try(people.viewer.email, "guess", address="198.51.100.7")
    assert _told("operator.sign_in_failed")[-1].client == "198.51.100.7"


def test_the_right_password_of_who_is_switched_off_says_so_to_administrators(people: People) -> None:
    operators.deactivate(people.viewer, Acting("cli:root"))
    _try(people.viewer.email, PASSWORD)
    assert _told("operator.sign_in_failed")[0].details == {"by": "password", "switched_off": True}


def test_whose_a_wrong_passkey_claims_to_be_is_not_kept(people: People) -> None:
    claimed = {"response": {"userHandle": "aHVudGVyMg"}, "id": "x"}
    Client().post(reverse("mfa_login_webauthn"), {"credential": json.dumps(claimed)})
    assert [(one.subject, one.details) for one in _told("operator.sign_in_failed")] == [("", {"by": "passkey"})]


def test_a_page_that_is_refused_is_an_entry_that_names_it_as_we_do(customer: Customer, people: People) -> None:
    url = reverse("console:source-add", args=[customer.domain.name])
    assert people.client("viewer").get(url).status_code == 403
    assert people.client("stranger").get(url).status_code == 404
    assert people.client("stranger").get(reverse("console:source-add", args=["never.example"])).status_code == 404
    role, reach, again = _told("operator.refused")
    assert (role.actor, role.subject) == (f"operator:{people.viewer.email}", people.viewer.email)
    assert role.details == {"page": "source-add", "why": "role"}
    # What exists and what does not are one to whoever does not reach it, in the log as well.
    assert reach.details == {"page": "source-add", "why": "not theirs or not there"}
    assert (again.details["times"], again.subject) == (2, people.stranger.email)
    assert "never.example" not in str(list(AuditEntry.objects.values()))
    assert customer.domain.name not in str(list(AuditEntry.objects.filter(action="operator.refused").values()))


def test_a_confirmation_is_an_entry_given_or_not_or_too_soon(people: People) -> None:
    client, url = people.unconfirmed("owner"), reverse("account_reauthenticate")
    for _ in range(5):
        client.post(url, {"password": "guess"})
    _keep_waiting()
    client.post(url, {"password": "guess"})
    assert len(_told("operator.not_confirmed")) == 5
    assert [one.details for one in _told("operator.confirmed_too_soon")] == [{"by": "password"}]
    Throttle.objects.all().delete()
    cache.clear()
    client.post(url, {"password": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    (given,) = _told("operator.confirmed")
    assert (given.subject, given.client, given.details) == (people.owner.email, "203.0.113.9", {"by": "password"})


def test_every_entry_that_a_request_makes_says_where_it_came_from(customer: Customer, people: People) -> None:
    AuditEntry.objects.all().delete()
    owner = people.client("owner")
    url = reverse("console:organization", args=[customer.domain.organization_id])
    owner.post(url, {"name": "New name"}, REMOTE_ADDR="203.0.113.9", headers={"user-agent": "x\x07" * 500})
    entry = AuditEntry.objects.get(action="organization.renamed")
    assert entry.client == "203.0.113.9"
    assert len(entry.agent) <= 256
    assert entry.agent.isprintable()


def test_where_the_provider_works_from_is_not_told_to_its_customer(customer: Customer, people: People) -> None:
    """The owner above acts at the customer; who administers only the customer sees the act alone."""
    place = customer.domain.organization
    above = people.stranger.memberships.get().organization
    place.parent = above
    place.save()
    url = reverse("console:organization", args=[place.id])
    people.client("stranger").post(url, {"name": "New name"}, REMOTE_ADDR="203.0.113.9")
    people.client("owner").post(url, {"name": "Newer name"}, REMOTE_ADDR="198.51.100.7")
    seen = words(people.client("owner").get(reverse("console:audit")))
    assert "New name" in seen
    assert "203.0.113.9" not in seen
    assert "198.51.100.7" in seen
    assert "203.0.113.9" in words(people.client("stranger").get(reverse("console:audit")))
