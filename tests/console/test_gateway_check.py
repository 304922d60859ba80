"""Check on the Gateway tab: real questions, answered by the function that mail servers ask."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from mailroll.audit import clock
from mailroll.audit.models import AuditEntry
from mailroll.console.gateway.check import ask
from mailroll.directory import edit
from mailroll.directory.models import Address, Domain, Serving
from mailroll.gateway.models import AnswerCount, Asker
from mailroll.gateway.verify import from_roll
from mailroll.gateway.ways import Effect, Reply
from tests.console.pages import words
from tests.sync.world import DOMAIN, Customer

URL = f"/domains/{DOMAIN}/gateway/"


class Refuser:
    """A gateway that lets nobody in."""

    name = "refuser"
    takes_tags_off = False

    def ask(self, address: str) -> Reply:
        return Reply(Effect.REFUSED, f"550 {address}")


def roll(customer: Customer) -> None:
    """A domain with somebody of each kind, read this minute."""
    bob = edit.add_user(customer.domain, f"bob@{DOMAIN}", customer.acting)
    edit.add_alias(customer.domain, bob, f"robert@{DOMAIN}", customer.acting)
    edit.add_user(customer.domain, f"gone@{DOMAIN}", customer.acting)
    now = clock.now()
    long_ago = now - timedelta(days=9)
    Address.objects.filter(address=f"gone@{DOMAIN}").update(ending_since=long_ago, confirmed_at=now - timedelta(days=1))
    Domain.objects.filter(name=DOMAIN).update(read_at=now)


def test_everybody_is_asked_about_and_nothing_is_written(customer: Customer, owner: Client) -> None:
    roll(customer)
    before = AuditEntry.objects.count()
    page = words(owner.post(f"{URL}check/"))
    for who in (
        f"A known user bob@{DOMAIN} is accepted is accepted DUNNO",
        f"A user with a plus-tag bob+mailroll-verify@{DOMAIN} is accepted is accepted",
        f"An alias robert@{DOMAIN} is accepted is accepted",
        f"A retired user gone@{DOMAIN} is refused is refused 550 5.1.1",
        f"Postmaster postmaster@{DOMAIN} is accepted is accepted",
    ):
        assert who in page
    assert "is refused is refused 550 5.1.1" in page.partition("An unknown address nobody-")[2]
    assert "6 of 6 answers are as they should be" in page
    assert AuditEntry.objects.count() == before
    assert not AnswerCount.objects.exists()
    assert not Asker.objects.exists()


def test_a_list_that_is_old_puts_off_the_unknown(customer: Customer, owner: Client) -> None:
    roll(customer)
    Domain.objects.filter(name=DOMAIN).update(read_at=clock.now() - timedelta(hours=73))
    page = words(owner.post(f"{URL}check/"))
    assert "is put off is put off 451 4.3.0" in page.partition("An unknown address")[2]
    assert "6 of 6 answers" in page


def test_a_watched_domain_accepts_everybody(customer: Customer, owner: Client) -> None:
    roll(customer)
    edit.set_serving(customer.domain, edit.ServingWay(Serving.WATCH, plus_tags=True, stale_hours=72), customer.acting)
    page = words(owner.post(f"{URL}check/"))
    assert "is accepted is accepted DUNNO" in page.partition("An unknown address")[2]


@pytest.fixture
def unanswering() -> Iterator[None]:
    """A database that lacks the function, as one that was not migrated does; whole again after the test."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER FUNCTION gateway.access(text) RENAME TO access_elsewhere")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER FUNCTION gateway.access_elsewhere(text) RENAME TO access")


def test_a_database_that_cannot_answer_is_told(customer: Customer, owner: Client, unanswering: None) -> None:
    roll(customer)
    answer = owner.post(f"{URL}check/")
    assert answer.status_code == 200
    assert "gets no answer function gateway.access" in words(answer)
    assert "Nothing more was asked, because one question got no answer." in words(answer)


def test_an_answer_that_differs_is_told(customer: Customer) -> None:
    roll(customer)
    done = ask("Refuser", Refuser(), tuple(from_roll(customer.domain, replace(customer.acting, now=clock.now))))
    assert [(line.who, line.good) for line in done.lines] == [
        ("A known user", False),
        ("An alias", False),
        ("A retired user", True),
        ("Postmaster", False),
        ("An unknown address", True),
    ]
    assert done.lines[0].words == f"550 bob@{DOMAIN}"


def test_an_empty_list_is_asked_as_well(customer: Customer, owner: Client) -> None:
    page = words(owner.post(f"{URL}check/"))
    assert "Postmaster" in page
    assert "2 of 2 answers are as they should be" in page
