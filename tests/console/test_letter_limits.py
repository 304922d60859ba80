"""Letters are few: those that operators send are refused in words, those that anybody asks for in silence."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts import invitations, letter_limits
from mailroll.accounts import mail as ours
from mailroll.accounts.letter_limits import DAY, Quota
from mailroll.accounts.models import Invitation, LetterCount, Operator, Role
from mailroll.audit import clock
from mailroll.audit.models import AuditEntry
from mailroll.reconcile.errors import Refused
from mailroll.settings import LetterLimits, Mail
from mailroll.settings.mail import MailTransport
from tests.console.pages import words
from tests.console.people import PASSWORD, People
from tests.sync.world import Customer

pytestmark = pytest.mark.django_db
RESET = reverse("account_reset_password")


@pytest.fixture
def limit(people: People, settings: Settings) -> Callable[..., None]:
    """There is a mail server, and limits that a test can reach."""
    cache.clear()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []

    def to(**limits: int) -> None:
        few = LetterLimits(by_sender=50, to_receiver=50, resets_by_network=50, resets=50, notices=50)
        settings.MAILROLL = replace(
            settings.MAILROLL, mail=Mail(MailTransport.PLAIN, "localhost", 25), letters=replace(few, **limits)
        )

    return to


def _a_day_passes() -> None:
    LetterCount.objects.update(began_at=F("began_at") - DAY)


def _invite(client: Client, place: UUID, email: str) -> str:
    """Invite, and return what the page that follows says."""
    given = {"email": email, "organization": str(place), "role": "viewer"}
    return words(client.post(reverse("console:person-invite"), given, follow=True))


def test_who_invites_too_many_is_told_which_limit_and_until_when(
    customer: Customer, people: People, limit: Callable[..., None]
) -> None:
    limit(by_sender=2)
    owner, place = people.client("owner"), customer.domain.organization_id
    for number in range(2):
        assert "An invitation is on its way" in _invite(owner, place, f"jo{number}@firm.example")
    before = (Invitation.objects.count(), AuditEntry.objects.count())
    page = _invite(owner, place, "jo3@firm.example")
    assert "You sent 2 letters within 24 hours, and more are not allowed." in page
    assert re.search(r"Send the next one from \S.* \d\d:\d\d on\.", page)
    assert "UTC on" not in page
    assert "(letters_of_sender)" in page
    assert (Invitation.objects.count(), AuditEntry.objects.count()) == before
    assert len(mail.outbox) == 2
    _a_day_passes()
    assert "An invitation is on its way" in _invite(owner, place, "jo3@firm.example")


def test_one_mailbox_gets_few_however_its_address_is_written(
    customer: Customer, people: People, limit: Callable[..., None]
) -> None:
    limit(to_receiver=2)
    owner, place = people.client("owner"), customer.domain.organization_id
    for email in ("Jo@firm.example", "jo+1@FIRM.example"):
        assert "An invitation is on its way" in _invite(owner, place, email)
    page = _invite(owner, place, "jo+2@firm.example")
    assert "jo+2@firm.example was sent 2 letters from here within 24 hours" in page
    assert "(letters_to_receiver)" in page
    assert len(mail.outbox) == 2
    assert "An invitation is on its way" in _invite(owner, place, "ann@firm.example")


def test_what_did_not_leave_is_not_counted(
    customer: Customer, people: People, limit: Callable[..., None], settings: Settings
) -> None:
    limit(by_sender=1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # TCPMUX, which nobody serves
    owner = people.client("owner")
    for _ in range(3):
        assert "No message was sent." in _invite(owner, customer.domain.organization_id, "jo@firm.example")


def test_where_no_mail_is_sent_links_are_not_counted(customer: Customer, people: People) -> None:
    for number in range(8):
        invitations.invite(
            "jo@firm.example", customer.domain.organization, Role.VIEWER, by=people.owner, now=clock.now()
        )
        assert LetterCount.objects.count() == 0, number


def _ask(email: str, address: str = "203.0.113.9", client: Client | None = None) -> str:
    asking = client or Client()
    answer = asking.post(RESET, {"email": email}, REMOTE_ADDR=address, follow=True)
    return f"{answer.status_code} {answer.redirect_chain} {words(answer)}"


@pytest.mark.parametrize("limits", [{"to_receiver": 2}, {"resets_by_network": 2}, {"resets": 2}])
def test_whoever_asks_for_too_many_new_passwords_sees_the_same_page_and_nothing_is_sent(
    people: People, limit: Callable[..., None], limits: dict[str, int]
) -> None:
    limit(**limits)
    pages = {email: {_ask(email) for _ in range(4)} for email in (people.owner.email, "nobody@northgate.example")}
    known, unknown = pages.values()
    assert known == unknown
    assert len(known) == 1
    sent = [message.to[0] for message in mail.outbox]
    expected = [people.owner.email] * 2 + ["nobody@northgate.example"] * (2 if "to_receiver" in limits else 0)
    assert sent == expected
    _a_day_passes()
    _ask(people.owner.email)
    assert len(mail.outbox) == len(expected) + 1


def test_a_browser_that_is_known_gets_its_letter_when_others_have_used_up_all(
    people: People, limit: Callable[..., None]
) -> None:
    limit(resets=3)
    known = Client()
    known.post(reverse("account_login"), {"login": people.viewer.email, "password": PASSWORD})
    known.post(reverse("account_logout"))
    for number in range(5):
        _ask(f"nobody{number}@northgate.example", f"203.0.{number}.1")
    assert len(mail.outbox) == 3
    _ask(people.viewer.email, client=known)
    assert [message.to[0] for message in mail.outbox[3:]] == [people.viewer.email]


def test_nobody_fills_a_table_by_asking_for_new_passwords(people: People, limit: Callable[..., None]) -> None:
    limit(resets=3)
    for number in range(12):
        _ask(f"nobody{number}@northgate.example", f"198.51.{number}.7")
    # One for all, and for each letter one of its receiver and one of its network.
    assert LetterCount.objects.count() == 1 + 2 * 3


def test_what_is_told_of_an_account_cannot_be_kept_back_by_asking_for_passwords(
    people: People, limit: Callable[..., None]
) -> None:
    limit(to_receiver=1, notices=2)
    for _ in range(3):
        _ask(people.owner.email)
    for _ in range(3):
        ours.notify(ours.changed(people.owner.email, "your password was changed."))
    subjects = [message.subject for message in mail.outbox]
    assert subjects == ["Mailroll: a new password", *["Mailroll: your account changed"] * 2]


def test_a_letter_that_one_count_refuses_is_in_no_other(people: People) -> None:
    first, full = Quota("first", 9), Quota("full", 1)
    assert letter_limits.take((full,)) is None
    spent = letter_limits.take((first, full))
    assert spent is not None
    assert spent.quota is full
    assert timedelta(hours=23) < spent.until - clock.now() <= DAY
    assert not LetterCount.objects.filter(key=first.key).exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_leave_than_one_after_the_other(settings: Settings, transactional_db: None) -> None:
    own = LetterLimits(by_sender=3, to_receiver=5, resets_by_network=1, resets=1, notices=1)
    settings.MAILROLL = replace(settings.MAILROLL, letters=own)
    senders = [Operator.objects.create_user(f"{name}@northgate.example", None) for name in ("ann", "bob", "cy")]
    together = Barrier(6)

    def send(number: int) -> str:
        together.wait()
        with closing(connection):
            try:
                letter_limits.charge(senders[number % 3], "jo@firm.example")
            except Refused as refused:
                return refused.code
        return "sent"

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(send, range(18)))
    # Five reach the mailbox, though three senders might send three each.
    assert answers.count("sent") == 5
    counted = {row.key: row.letters for row in LetterCount.objects.all()}
    assert counted.pop(Quota("receiver jo@firm.example", 5).key) == 5
    assert sum(counted.values()) == 5
    assert max(counted.values()) <= 3
