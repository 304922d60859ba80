"""An invitation is taken up with an account of the issuer: the link says whose the address is, the issuer does not."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts import access, identities, invitations, operators
from mailroll.accounts.identities import Identity
from mailroll.accounts.models import Operator, Role
from mailroll.audit import clock
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.settings import Switch
from tests.console import issuers
from tests.console.issuers import Elsewhere
from tests.console.pages import words
from tests.console.people import PASSWORD, People
from tests.sync.world import Customer

# The issuer lives in this process, and uses what its own library will drop.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")]
server, elsewhere, browser = issuers.server, issuers.elsewhere, issuers.browser

JO, WELCOME = "jo@firm.example", reverse("console:invitation")
ACTING = Acting("cli:root")


def _opened(people: People, customer: Customer, browser: Client, email: str = JO, *, mailed: bool) -> None:
    """Somebody was invited, by mail or by a link that who invited saw, and opens it."""
    place = customer.domain.organization
    offer, token = invitations.invite(email, place, Role.TECHNICIAN, by=people.owner, now=clock.now())
    if mailed:
        invitations.sent(offer)
    browser.get(reverse("console:invitation-link", args=[token]))


def _onwards(browser: Client) -> str:
    found = re.search(r'href="(/account/issuer/invitation/[^"]+)"', browser.get(WELCOME).content.decode())
    assert found is not None
    return found[1]


def _who(client: Client) -> str | None:
    seen = client.get(reverse("console:profile"))
    return str(seen.context["who"].email) if seen.status_code == 200 else None


def test_whoever_is_invited_takes_it_up_with_an_account_there_whatever_that_calls_them(
    people: People, customer: Customer, elsewhere: Elsewhere, browser: Client
) -> None:
    _opened(people, customer, browser, mailed=True)
    elsewhere.knows("jo-1", email=people.owner.email, email_verified=True, name="Jo Lane")
    assert elsewhere.go(browser, "jo-1", _onwards(browser)) == WELCOME
    assert browser.get(WELCOME).headers["Location"] == "/"
    made = Operator.objects.get(email=JO)
    assert _who(browser) == JO
    assert (made.name, made.is_proved, made.has_usable_password()) == ("Jo Lane", True, False)
    assert access.role_in(made, customer.domain.organization) is Role.TECHNICIAN
    held = identities.identity_of(made)
    assert held is not None
    assert held.extra_data == {"iss": elsewhere.url, "sub": "jo-1"}
    # The one whose address it claimed has nothing of it, and the link is used up.
    assert identities.identity_of(people.owner) is None
    browser.post(reverse("account_logout"))
    assert elsewhere.sign_in(browser, "jo-1") == "/"
    assert _who(browser) == JO
    assert AuditEntry.objects.filter(action="invitation.accepted", subject=JO).count() == 1


def test_where_nobody_signs_in_by_password_the_page_offers_the_issuer_alone(
    people: People, customer: Customer, elsewhere: Elsewhere, browser: Client, settings: Settings
) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, password_sign_in=Switch.OFF)
    _opened(people, customer, browser, mailed=True)
    page = browser.get(WELCOME).content.decode()
    assert "Take it up with Northgate" in page
    assert "password" not in page
    browser.post(WELCOME, {"name": "Jo", "password": PASSWORD})
    assert not Operator.objects.filter(email=JO).exists()
    elsewhere.knows("jo-1")
    elsewhere.go(browser, "jo-1", _onwards(browser))
    assert _who(browser) == JO


def test_a_link_that_who_invited_saw_needs_the_issuer_to_call_them_by_that_address(
    people: People, customer: Customer, elsewhere: Elsewhere, browser: Client
) -> None:
    for email in (JO, people.stranger.email):
        _opened(people, customer, browser, email, mailed=False)
        assert f"Northgate has to say that you are {email}." in words(browser.get(WELCOME))
        for claims in ({}, {"email": email}, {"email": "other@firm.example", "email_verified": True}):
            elsewhere.knows("eve", **claims)
            assert elsewhere.go(browser, "eve", _onwards(browser)) == WELCOME
            # The same whether or not the address has an account.
            assert "does not say that it is" in words(browser.get(WELCOME))
    assert not Operator.objects.filter(email=JO).exists()
    _opened(people, customer, browser, mailed=False)
    elsewhere.knows("jo-1", email="JO@firm.example", email_verified=True)
    elsewhere.go(browser, "jo-1", _onwards(browser))
    made = Operator.objects.get(email=JO)
    # As with a password: it holds no role from above before the address is proved by mail.
    assert (made.is_proved, made.bound_to) == (False, customer.domain.organization)


def test_an_account_that_is_there_gets_no_identity_by_an_invitation(
    people: People, customer: Customer, elsewhere: Elsewhere, browser: Client
) -> None:
    who = people.stranger
    _opened(people, customer, browser, who.email, mailed=True)
    elsewhere.knows("sam-1", email=who.email, email_verified=True)
    assert elsewhere.go(browser, "sam-1", _onwards(browser)) == WELCOME
    assert f"There is an account of {who.email} here already." in words(browser.get(WELCOME))
    assert identities.identity_of(who) is None
    assert access.role_in(who, customer.domain.organization) is None


def test_an_account_of_another_operator_signs_them_in_and_takes_nothing_up(
    people: People, customer: Customer, elsewhere: Elsewhere, browser: Client
) -> None:
    identities.connect(people.viewer, Identity(elsewhere.url, "vera-1", None, ""))
    _opened(people, customer, browser, mailed=True)
    elsewhere.knows("vera-1")
    elsewhere.go(browser, "vera-1", _onwards(browser))
    assert _who(browser) == people.viewer.email
    assert "This invitation is for jo@firm.example" in words(browser.post(WELCOME))
    assert not Operator.objects.filter(email=JO).exists()


def test_what_somebody_connected_before_the_address_was_proved_is_gone_afterwards(
    people: People, customer: Customer, elsewhere: Elsewhere, browser: Client
) -> None:
    eve = operators.add(JO, "attackers own words 5", ACTING, bound_to=customer.domain.organization)
    identities.connect(eve, Identity(elsewhere.url, "eve", None, ""))
    _opened(people, customer, browser, mailed=True)
    elsewhere.knows("jo-1")
    elsewhere.go(browser, "jo-1", _onwards(browser))
    assert _who(browser) == JO
    eve.refresh_from_db()
    assert (eve.is_proved, eve.has_usable_password()) == (True, False)
    other = Client(HTTP_HOST="localhost:8000")
    elsewhere.knows("eve")
    assert elsewhere.sign_in(other, "eve") == reverse("account_login")
    assert _who(other) is None


@pytest.mark.parametrize("guess", ["x", "\N{SNOWMAN}", "0" * 22])
def test_no_other_site_has_somebody_take_up_an_invitation(
    people: People, customer: Customer, elsewhere: Elsewhere, browser: Client, guess: str
) -> None:
    _opened(people, customer, browser, mailed=True)
    for _ in range(2):
        led = browser.get(reverse("issuer_take_up", args=[guess]))
        assert led.headers["Location"] == WELCOME
        browser.get(WELCOME)
    # And a sign-in as anybody does it takes nothing up either.
    elsewhere.knows("victim")
    elsewhere.sign_in(browser, "victim", next=WELCOME)
    assert not Operator.objects.filter(email=JO).exists()


def test_without_an_issuer_the_page_has_no_way_to_it(people: People, customer: Customer) -> None:
    visitor = Client()
    _opened(people, customer, visitor, mailed=True)
    assert "Take it up" not in words(visitor.get(WELCOME))
    assert visitor.get(reverse("issuer_take_up", args=["x"])).status_code == 404


def test_the_link_of_a_page_takes_up_no_invitation_that_another_site_opened_meanwhile(
    people: People, customer: Customer, elsewhere: Elsewhere, browser: Client
) -> None:
    _opened(people, customer, browser, mailed=True)
    shown = _onwards(browser)
    _opened(people, customer, browser, "eve@evil.example", mailed=True)
    elsewhere.knows("jo-1")
    # Back to the page, which shows whose invitation it is by now; nothing goes to the issuer.
    assert browser.get(shown).headers["Location"] == WELCOME
    assert not Operator.objects.filter(email__in=(JO, "eve@evil.example")).exists()
