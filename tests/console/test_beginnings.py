"""Strangers cannot fill the table of sessions, whatever page they ask for."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from mailroll.console.middleware.sessions import Beginnings, BoundedSessions
from tests.console.people import PASSWORD, People


def test_a_network_begins_so_many_at_once_and_then_one_a_second() -> None:
    now = [0.0]
    beginnings = Beginnings(3, lambda: now[0])
    assert [beginnings.take("a") for _ in range(4)] == [True, True, True, False]
    assert beginnings.take("b")
    now[0] = 1.0
    assert [beginnings.take("a") for _ in range(2)] == [True, False]
    now[0] = 1000.0
    assert [beginnings.take("a") for _ in range(4)] == [True, True, True, False]


def test_it_forgets_the_network_that_was_quiet_longest() -> None:
    beginnings = Beginnings(1, lambda: 0.0)
    beginnings.take("first")
    for number in range(Beginnings.NETWORKS):
        beginnings.take(str(number))
    assert beginnings.take("first")


@pytest.mark.django_db
def test_a_stranger_makes_few_rows_and_keeps_nobody_from_signing_in(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedSessions, "beginnings", Beginnings(3, lambda: 0.0))
    for _ in range(10):
        Client().post(reverse("mfa_login_webauthn"), {"credential": "{}"})
    assert Session.objects.count() == 3
    signing_in = {"login": people.viewer.email, "password": PASSWORD}
    assert Client().post(reverse("account_login"), signing_in).status_code == 302
    assert Session.objects.count() == 4
