"""The page of the first run: who comes with the link, who comes with another, and what it leads to."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts import access
from mailroll.accounts.first_run import LINK
from mailroll.accounts.models import Operator, Throttle
from mailroll.audit.models import AuditEntry
from mailroll.cli.web import greet
from mailroll.directory.models import Organization
from mailroll.settings import Demand, Switch
from tests.console.pages import words
from tests.console.people import PASSWORD

pytestmark = pytest.mark.django_db

GIVEN = {
    "name": "Priya Raman",
    "email": "Priya@Northgate.example",
    "password": PASSWORD,
    "again": PASSWORD,
    "organization": "Northgate IT",
}


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> Iterator[None]:
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    cache.clear()
    yield
    LINK.end()


@pytest.fixture
def link() -> str:
    offered = LINK.offer()
    assert offered is not None
    return reverse("console:start-link", args=(offered[0],))


def test_the_link_leads_to_an_account_and_on_to_the_second_factor(
    client: Client, link: str, settings: Settings
) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, second_factor=Demand.TECHNICIANS)
    shown = client.get(link)
    assert shown.headers["Location"] == reverse("console:start")
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in str(dict(client.session))
    page = client.get(reverse("console:start"))
    assert "Nobody is here yet." in words(page)
    assert "This link works once, until" in words(page)
    assert "Mail. No mail server is set" in words(page)
    made = client.post(reverse("console:start"), GIVEN)
    assert (made.status_code, made.headers["Location"]) == (302, reverse("console:domain-add"))
    assert client.get(made.headers["Location"]).headers["Location"] == reverse("mfa_index")
    # The password was given just now, so it is not asked for again.
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    who = Operator.objects.get()
    assert (who.email, who.name) == ("priya@northgate.example", "Priya Raman")
    assert [one.name for one in access.organizations(who)] == ["Northgate IT"]
    assert AuditEntry.objects.latest("id").action == "operator.signed_in"
    assert Client().get(link).status_code == 410


def test_without_a_demand_the_first_domain_is_next(client: Client, link: str, settings: Settings) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, second_factor=Demand.NOBODY)
    client.get(link)
    assert "Second factor" not in words(client.get(reverse("console:start")))
    made = client.post(reverse("console:start"), GIVEN, follow=True)
    assert "Add a domain" in words(made)


def test_a_used_link_an_old_one_and_one_that_never_was_are_answered_alike(client: Client, link: str) -> None:
    invented = client.get(reverse("console:start-link", args=("invented",)))
    LINK.end()
    old = client.get(link)
    bare = client.get(reverse("console:start"))
    Operator.objects.create_user("jo@example.com")
    used = client.get(link)
    assert {answer.status_code for answer in (invented, old, bare, used)} == {410}
    assert len({words(answer) for answer in (invented, old, bare, used)}) == 1
    assert not client.session.items()


def test_a_page_that_is_open_makes_nobody_once_somebody_is_here(client: Client, link: str) -> None:
    client.get(link)
    Operator.objects.create_user("jo@example.com")
    assert client.post(reverse("console:start"), GIVEN).status_code == 410
    assert Operator.objects.count() == 1
    assert not Organization.objects.exists()


def test_guesses_are_slowed_noted_and_keep_nobody_else_out(client: Client, link: str) -> None:
    wrong = reverse("console:start-link", args=("guessed",))
    assert [client.get(wrong).status_code for _ in range(5)] == [410] * 5
    # As long as it takes here: the next one has to wait two seconds, which a slow machine may need by itself.
    assert Throttle.objects.filter(next_at__gt=F("last_at")).update(next_at=Now() + timedelta(hours=1)) == 1
    assert client.get(wrong).status_code == 429
    # Who has the link comes in from the same network, and that gives no guess away.
    assert client.get(link).status_code == 302
    assert client.get(wrong).status_code == 429
    noted = AuditEntry.objects.values_list("action", "actor", "subject")
    assert set(noted) == {("installation.link_refused", "visitor", "")}


def test_every_fault_is_told_at_its_field(client: Client, link: str) -> None:
    client.get(link)
    wrong = {
        "name": "",
        "email": "priya@x",
        "password": "northgate it",
        "again": "other",
        "organization": "Northgate IT",
    }
    page = client.post(reverse("console:start"), wrong)
    assert page.status_code == 422
    faults = re.findall(r'id="id_([a-z]+)_error"', page.content.decode())
    assert faults == ["name", "email", "password", "again"]
    assert "northgate it" not in page.content.decode()
    assert not Operator.objects.exists()


def test_an_organization_that_is_there_is_not_made_again(client: Client, link: str) -> None:
    Organization.objects.create(name="Northgate")
    client.get(link)
    assert "You become administrator of Northgate." in words(client.get(reverse("console:start")))
    client.post(reverse("console:start"), {**GIVEN, "organization": ""})
    assert [one.name for one in Organization.objects.all()] == ["Northgate"]
    assert [one.name for one in access.organizations(Operator.objects.get())] == ["Northgate"]


def test_the_sign_in_says_how_the_first_account_is_made(client: Client) -> None:
    assert "Nobody has an account here yet." in words(client.get(reverse("account_login")))
    Operator.objects.create_user("jo@example.com")
    assert "Nobody has an account" not in words(client.get(reverse("account_login")))


def test_no_link_is_printed_that_would_lead_to_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, password_sign_in=Switch.OFF)
    greet()
    assert "MAILROLL_PASSWORD_SIGN_IN=on" in capsys.readouterr().out
    assert LINK.waits() is None
    assert "Nobody has an account" not in words(client.get(reverse("account_login")))
    settings.MAILROLL = replace(settings.MAILROLL, password_sign_in=Switch.ON)
    Operator.objects.create_user("jo@example.com")
    greet()
    assert capsys.readouterr().out == ""
