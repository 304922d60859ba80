"""Where somebody is signed in: sessions end unused, in time, by a click, and for good with the account."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client
from django.urls import reverse

from mailroll.accounts import operators, visits
from mailroll.accounts.models import Operator, Visit
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.console.people.security import device, methods
from tests.console.pages import buttons, words
from tests.console.people import PASSWORD, People

PAGE, PROFILE = reverse("mfa_index"), reverse("console:profile")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0"
)


def _sign_in(who: Operator, address: str = "203.0.113.24", agent: str = FIREFOX) -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    client.post(reverse("account_login"), {"login": who.email, "password": PASSWORD})
    assert client.get(PROFILE).status_code == 200
    return client


def _ago(field: str, length: timedelta) -> None:
    """Have it been that long since."""
    Visit.objects.update(**{field: F(field) - length})


def test_a_session_whose_row_has_expired_lets_nobody_in(people: People) -> None:
    browser = _sign_in(people.viewer)
    Session.objects.update(expire_date=F("expire_date") - timedelta(days=366))
    assert Visit.objects.get().ended_at is None
    assert browser.get(PROFILE).status_code == 302


def test_a_session_ends_without_use(people: People) -> None:
    client = _sign_in(people.viewer)
    _ago("seen_at", timedelta(minutes=29))
    assert client.get(PROFILE).status_code == 200
    _ago("seen_at", timedelta(minutes=29))
    assert client.get(PROFILE).status_code == 200, "the click before was a use"
    _ago("seen_at", timedelta(minutes=31))
    led = client.get(PROFILE)
    assert led.headers["Location"] == f"{reverse('account_login')}?next={PROFILE}"
    assert "Your session has ended. Sign in again." in words(client.get(led.headers["Location"]))


def test_a_session_ends_after_half_a_day_in_any_case(people: People) -> None:
    client = _sign_in(people.viewer)
    _ago("began_at", timedelta(hours=11, minutes=59))
    assert client.get(PROFILE).status_code == 200
    _ago("began_at", timedelta(minutes=2))
    assert client.get(PROFILE).status_code == 302
    assert settings.SESSION_COOKIE_AGE == 12 * 60 * 60


def test_a_session_does_not_come_back_with_the_account(people: People) -> None:
    client = _sign_in(people.viewer)
    operators.deactivate(people.viewer, Acting("cli:root"))
    operators.activate(people.viewer, Acting("cli:root"))
    assert client.get(PROFILE).status_code == 302
    _sign_in(people.viewer)


def test_another_password_ends_every_other_session(people: People) -> None:
    here, there = _sign_in(people.viewer), _sign_in(people.viewer, "198.51.100.7")
    given = {"oldpassword": PASSWORD, "password1": "some new words 8", "password2": "some new words 8"}
    assert here.post(reverse("account_change_password"), given).status_code == 302
    assert here.get(PROFILE).status_code == 200
    assert there.get(PROFILE).status_code == 302
    assert Visit.objects.filter(ended_at=None).count() == 1
    operators.set_password(people.viewer, "by the command line 3", Acting("cli:root"))
    assert not Visit.objects.filter(ended_at=None).exists()


def test_the_page_lists_devices_and_ends_them(people: People) -> None:
    here = _sign_in(people.viewer)
    _ago("began_at", timedelta(hours=2))
    phone = _sign_in(people.viewer, "198.51.100.7", SAFARI)
    page = here.get(PAGE)
    said = words(page)
    assert "A session ends after 30 minutes without use, and after 12 hours in any case." in said
    assert "Firefox on Linux This one 203.0.113.24" in said
    assert "Safari on iPhone 198.51.100.7 First seen" in said
    assert "password" in said
    assert "End the session of Safari on iPhone from 198.51.100.7" in buttons(page)
    other = Visit.objects.get(address="198.51.100.7")
    strange = people.client("stranger")
    strange.post(reverse("session_end", args=[other.id]))
    assert phone.get(PROFILE).status_code == 200
    assert "The session ended." in words(here.post(reverse("session_end", args=[other.id]), follow=True))
    assert phone.get(PROFILE).status_code == 302
    _sign_in(people.viewer, "192.0.2.9", EDGE)
    assert "1 session ended." in words(here.post(reverse("sessions_end_others"), follow=True))
    assert here.get(PROFILE).status_code == 200
    assert AuditEntry.objects.filter(action="operator.sessions_ended", subject=people.viewer.email).count() == 2


def test_what_is_long_over_is_not_kept(people: People) -> None:
    _sign_in(people.viewer)
    _ago("seen_at", visits.KEPT + timedelta(days=1))
    _sign_in(people.viewer)
    assert Visit.objects.filter(operator=people.viewer).count() == 1


@pytest.mark.parametrize(
    ("agent", "said"),
    [(FIREFOX, "Firefox on Linux"), (SAFARI, "Safari on iPhone"), (EDGE, "Edge on Windows"), ("", "Unknown browser")],
)
def test_a_device_is_named_as_people_know_it(agent: str, said: str) -> None:
    assert device(agent) == said
    assert methods(["totp", "password"]) == "password and code"
