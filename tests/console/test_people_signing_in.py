"""Signing in: nobody learns who has an account, guessing is throttled, and a session ends when it should."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from time import monotonic
from typing import Protocol
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.contrib.auth import tokens
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils.http import base36_to_int
from django.utils.module_loading import import_string
from pytest_django import Settings

from mailroll.accounts import memberships, operators, throttle
from mailroll.accounts.models import Operator, Throttle
from mailroll.audit import clock
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.console.people.account_urls import urlpatterns as way_in
from mailroll.console.scope import DOORS
from mailroll.settings import Mail
from mailroll.settings.mail import MailTransport
from tests.console.people import PASSWORD, People
from tests.sync.world import Customer

pytestmark = pytest.mark.django_db


class Answer(Protocol):
    """What a test client gives back, as far as it is looked at here."""

    content: bytes
    status_code: int

    @property
    def headers(self) -> Mapping[str, str]: ...


REFUSED = "E-mail or password is not right."
WAIT = "Too many attempts."


@pytest.fixture(autouse=True)
def fresh(people: People) -> None:
    cache.clear()


@pytest.fixture
def posted(settings: Settings) -> list[mail.EmailMessage]:
    """Messages that would have left; there is a mail server."""
    settings.MAILROLL = replace(settings.MAILROLL, mail=Mail(MailTransport.PLAIN, "localhost", 25))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def _try(client: Client, email: str, password: str) -> Answer:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def _plain(response: Answer) -> str:
    """Return a page without what differs in every one of them."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    return re.sub(r'value="[^"]*@[^"]*"', "", page)


def _in(client: Client) -> bool:
    return client.get("/").status_code == 200


def test_an_operator_signs_in_and_it_is_told(people: People) -> None:
    client = Client()
    assert client.get("/").headers["Location"] == "/account/login/?next=/"
    assert _try(client, "PRIYA@Northgate.example", PASSWORD).headers["Location"] == "/"
    assert _in(client)
    entry = AuditEntry.objects.latest("id")
    assert (entry.actor, entry.action) == ("operator:priya@northgate.example", "operator.signed_in")
    assert entry.details == {"methods": ["password"]}


def test_an_unknown_account_a_wrong_password_and_one_switched_off_look_the_same(people: People) -> None:
    operators.deactivate(people.viewer, Acting("cli:root"))
    unknown = _try(Client(), "nobody@northgate.example", PASSWORD)
    wrong = _try(Client(), people.owner.email, "not the password")
    off = _try(Client(), people.viewer.email, PASSWORD)
    assert REFUSED in wrong.content.decode()
    assert _plain(unknown) == _plain(wrong)
    # The right password, too.
    assert (off.status_code, _plain(off)) == (wrong.status_code, _plain(wrong))
    client = Client()
    _try(client, people.viewer.email, PASSWORD)
    assert not _in(client)


def _later() -> None:
    """Let the time pass that a next try has to wait."""
    Throttle.objects.update(next_at=Now())


def _keep_waiting() -> None:
    """Have whoever has to wait do so, however slow this machine is."""
    Throttle.objects.filter(next_at__gt=F("last_at")).update(next_at=Now() + timedelta(hours=1))


def _longest_wait() -> float:
    return max((one.next_at - one.last_at).total_seconds() for one in Throttle.objects.all())


def test_a_guess_after_five_waits_longer_each_time_though_it_is_right_and_in_any_spelling(people: People) -> None:
    for _ in range(5):
        assert REFUSED in _try(Client(), people.owner.email, "guess").content.decode()
    waits = []
    for _ in range(7):
        waits.append(_longest_wait())
        _keep_waiting()
        client = Client()
        refused = _try(client, "Priya@NORTHGATE.example", PASSWORD).content.decode()
        assert re.search(r"Too many attempts. Wait \d{4} seconds, then try again", refused)
        assert not _in(client)
        _later()
        assert REFUSED in _try(Client(), people.owner.email, "guess").content.decode()
    assert waits == [2, 4, 8, 16, 32, 60, 60]
    assert _try(Client(), people.viewer.email, PASSWORD).status_code == 302
    _later()
    client = Client()
    _try(client, people.owner.email, PASSWORD)
    assert _in(client)


def test_guesses_of_others_keep_nobody_out(people: People) -> None:
    known = Client()
    _try(known, people.owner.email, PASSWORD)
    known.post(reverse("account_logout"))
    for number in range(8):
        _try(Client(), people.owner.email, "guess")
        if number < 7:
            _later()
    _keep_waiting()
    assert WAIT in _try(Client(), people.owner.email, PASSWORD).content.decode()
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    _try(elsewhere, people.owner.email, PASSWORD)
    assert _in(elsewhere)
    _try(known, people.owner.email, PASSWORD)
    assert _in(known)


def test_a_known_browser_is_known_for_its_people_alone_and_cannot_guess_either(people: People) -> None:
    known = Client()
    _try(known, people.viewer.email, PASSWORD)
    known.post(reverse("account_logout"))
    for _ in range(5):
        _try(known, people.owner.email, "guess")
    _keep_waiting()
    assert WAIT in _try(known, people.owner.email, PASSWORD).content.decode()
    for _ in range(5):
        _try(known, people.viewer.email, "guess")
    _keep_waiting()
    assert WAIT in _try(known, people.viewer.email, PASSWORD).content.decode()


@pytest.mark.parametrize("forged", ["x", "eyJ:x:y", "." * 4000])
def test_a_forged_sign_of_a_known_browser_is_none(people: People, forged: str) -> None:
    client = Client()
    client.cookies[settings.DEVICE_COOKIE_NAME] = forged
    assert _try(client, people.owner.email, PASSWORD).status_code == 302


def test_one_network_cannot_guess_at_many_accounts(people: People) -> None:
    for number in range(20):
        _try(Client(REMOTE_ADDR=f"203.0.113.{number}"), f"user{number}@northgate.example", "guess")
    _keep_waiting()
    assert WAIT in _try(Client(REMOTE_ADDR="203.0.113.77"), people.owner.email, PASSWORD).content.decode()
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    _try(elsewhere, people.owner.email, PASSWORD)
    assert _in(elsewhere)


def test_an_office_that_signs_in_rightly_is_not_slowed(people: People) -> None:
    for _ in range(40):
        assert _try(Client(), people.owner.email, PASSWORD).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_are_judged_than_one_after_the_other(transactional_db: None) -> None:
    def guess(_: int) -> bool:
        with closing(connection):
            return not throttle.take(throttle.of_sign_in("priya@northgate.example", "203.0.113.9"))

    began = monotonic()
    with ThreadPoolExecutor(8) as threads:
        judged = sum(threads.map(guess, range(40)))
    # Five are free; then one after 2 s, another after 4 s more: a slow machine judges no more than time has passed.
    assert 5 <= judged <= 5 + (monotonic() - began) / 2


def test_nobody_fills_a_table_by_signing_in_under_names_made_up(people: People) -> None:
    for number in range(40):
        throttle.take(throttle.of_sign_in(f"user{number}@northgate.example", "203.0.113.9"))
    assert Throttle.objects.count() == 20 + 1


def test_every_address_of_the_way_in_is_open_or_leads_to_the_sign_in(people: People) -> None:
    wrong = []
    for one in way_in:
        arguments: dict[str, object] = {"pk": 1} if "<int:pk>" in str(one.pattern) else {}
        if one.name == "session_end":
            arguments = {"visit": uuid4()}
        if one.name == "issuer_take_up":
            arguments = {"start": "x"}
        if one.name == "account_reset_password_from_key":
            arguments = {"uidb36": "x", "key": "y"}
        answer = Client().get(reverse(str(one.name), kwargs=arguments))
        led = answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))
        door = one.callback.__dict__[DOORS]
        if door == "signed in" and not led:
            wrong.append(one.name)
        if door == "public" and answer.status_code == 500:
            wrong.append(one.name)
    assert wrong == []


def test_nobody_signs_up(people: People) -> None:
    assert Client().get("/account/signup/").status_code == 404
    assert "sign up" not in Client().get(reverse("account_login")).content.decode().lower()


def test_the_sign_in_leads_to_no_other_site(people: People) -> None:
    given = {"login": people.owner.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post(reverse("account_login"), given).headers["Location"] == "/"


def test_without_a_mail_server_the_reset_says_so(people: People) -> None:
    client = Client()
    assert "cannot send mail" in client.get(reverse("account_reset_password")).content.decode()
    client.post(reverse("account_reset_password"), {"email": people.owner.email})
    assert "cannot send mail" in client.get(reverse("account_reset_password")).content.decode()


def test_a_link_sets_another_password_once_and_ends_every_session(
    people: People, posted: list[mail.EmailMessage]
) -> None:
    open_one, client = people.client("owner"), Client()
    assert client.post(reverse("account_reset_password"), {"email": people.owner.email}).status_code == 302
    link = re.search(r"http\S+", str(posted[0].body))
    assert link is not None
    assert posted[0].to == [people.owner.email]
    path = "/" + link[0].split("/", 3)[3]
    form = client.get(path).headers["Location"]
    assert "set-password" in form
    assert client.post(form, {"password1": "guess", "password2": "guess"}).status_code == 200
    assert _in(open_one)
    words = "other words, five six"
    assert client.post(form, {"password1": words, "password2": words}).status_code == 302
    assert not _in(open_one)
    _try(client, people.owner.email, words)
    assert _in(client)
    assert "no longer works" in Client().get(path).content.decode()
    assert AuditEntry.objects.filter(action="operator.password_changed").count() == 1
    assert words not in str(list(AuditEntry.objects.values()))
    assert "your password was replaced" in str(posted[1].body)


def test_an_unknown_address_gets_the_same_answer_and_no_link(people: People, posted: list[mail.EmailMessage]) -> None:
    address = reverse("account_reset_password")
    known = Client().post(address, {"email": people.owner.email}, follow=True)
    unknown = Client().post(address, {"email": "nobody@northgate.example"}, follow=True)
    assert _plain(known) == _plain(unknown)
    assert [message.to for message in posted] == [[people.owner.email], ["nobody@northgate.example"]]
    assert "http" not in str(posted[1].body)


def test_a_link_that_is_too_old_does_nothing(
    people: People, posted: list[mail.EmailMessage], settings: Settings
) -> None:
    Client().post(reverse("account_reset_password"), {"email": people.owner.email})
    link = re.search(r"http\S+", str(posted[0].body))
    assert link is not None
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "no longer works" in Client().get("/" + link[0].split("/", 3)[3]).content.decode()


@pytest.mark.parametrize("off", [timedelta(days=-1), timedelta(days=1)], ids=["behind", "ahead"])
def test_how_old_a_link_is_the_databases_clock_tells(
    people: People, monkeypatch: pytest.MonkeyPatch, off: timedelta
) -> None:
    class Off(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Off":
            return super().now(tz) + off

    links = import_string(settings.ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR)()
    with monkeypatch.context() as machine:
        machine.setattr(tokens, "datetime", Off)
        token = links.make_token(people.owner)
    seconds = links._num_seconds(clock.now().replace(tzinfo=None))
    assert abs(seconds - base36_to_int(token.partition("-")[0])) < 60
    assert links.check_token(people.owner, token)


def test_a_changed_password_ends_every_session_but_this_one(people: People) -> None:
    here, elsewhere = people.client("owner"), people.client("owner")
    given = {"oldpassword": PASSWORD, "password1": "other words, five six", "password2": "other words, five six"}
    assert here.post(reverse("account_change_password"), given).status_code == 302
    assert _in(here)
    assert not _in(elsewhere)


def test_a_session_ends_when_the_operator_is_switched_off(people: People) -> None:
    client = people.client("owner")
    assert _in(client)
    operators.deactivate(people.owner, Acting("cli:root"))
    assert not _in(client)


def test_a_role_that_is_taken_away_while_a_page_is_open_refuses_the_next_click(
    people: People, customer: Customer
) -> None:
    client, path = people.client("technician"), reverse("console:user-sync", args=[customer.domain.name])
    assert client.get(path).status_code == 200
    memberships.revoke(people.technician.memberships.get(), Acting("cli:root"))
    assert client.post(reverse("console:sync", args=[customer.domain.name])).status_code == 404
    assert client.get(path).status_code == 404


def test_signing_out_ends_the_session(people: People) -> None:
    client = people.client("owner")
    client.get(reverse("account_logout"))
    assert _in(client)
    client.post(reverse("account_logout"))
    assert not _in(client)


def test_times_are_in_the_zone_that_a_person_chose(people: People) -> None:
    Operator.objects.filter(id=people.owner.id).update(time_zone="Asia/Tokyo")
    AuditEntry.objects.create(actor="cli:root", action="domain.added", organization=_own(people), subject="x.example")
    entry = AuditEntry.objects.latest("id")
    local = (entry.at + timedelta(hours=9)).strftime("%H:%M")
    client = people.client("owner")
    client.cookies["mailroll_zone"] = "America/Lima"
    assert local in client.get(reverse("console:audit")).content.decode()


def _own(people: People) -> UUID:
    return people.owner.memberships.get().organization_id
