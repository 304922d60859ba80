"""Steps that cannot be taken back, or let others see more, ask who is there to confirm; and guesses do not race."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from time import monotonic

import pytest
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connections
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts import access, identities, step_up
from mailroll.accounts.identities import Identity
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.settings import Mail
from mailroll.settings.mail import MailTransport
from tests.console.pages import words
from tests.console.people import PASSWORD, People
from tests.sync.world import Customer

AT_ONCE = 40
Path = Callable[[Customer, People], tuple[str, dict[str, str]]]


def _of(route: str, *values: object, **data: str) -> tuple[str, dict[str, str]]:
    return reverse(f"console:{route}", args=values), data


ACTS: dict[str, Path] = {
    "invite": lambda customer, _: _of(
        "person-invite", email="a@b.example", organization=str(customer.domain.organization_id), role="viewer"
    ),
    "role": lambda _, people: _of("person-role", people.viewer.memberships.get().id, role="administrator"),
    "role removed": lambda _, people: _of("person-remove", people.viewer.memberships.get().id),
    "factors": lambda _, people: _of("person-factors", people.viewer.id),
    "switched on": lambda _, people: _of("person-on", people.viewer.id),
    "domain removed": lambda customer, _: _of("domain-remove", customer.domain.name, name=customer.domain.name),
    "source removed": lambda customer, _: _of(
        "source-remove", customer.domain.name, customer.source.owner_id, users="keep"
    ),
    "disconnect": lambda customer, _: _of("source-disconnect", customer.domain.name, customer.source.owner_id),
    "register": lambda customer, _: _of("source-register", customer.domain.name, customer.source.owner_id),
    "link": lambda customer, _: _of("source-link", customer.domain.name, customer.source.owner_id, do="make"),
}


@pytest.mark.parametrize("act", list(ACTS))
def test_an_open_screen_is_not_enough(customer: Customer, people: People, act: str) -> None:
    url, data = ACTS[act](customer, people)
    client = people.unconfirmed("owner")
    before = AuditEntry.objects.count()
    asked = client.post(url, data)
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert AuditEntry.objects.count() == before
    # Whoever may not do it at all is not asked for a password first.
    assert people.unconfirmed("stranger").post(url, data).status_code in {404, 422}
    assert people.unconfirmed("viewer").post(url, data).status_code == 403


def test_who_confirms_goes_on_with_what_they_typed(customer: Customer, people: People) -> None:
    client = people.unconfirmed("owner")
    url, data = ACTS["role"](customer, people)
    asked = client.post(url, data).headers["Location"]
    wrong = client.post(asked, {"password": "no"})
    assert "This password is not right." in words(wrong)
    assert access.role_in(people.viewer, customer.domain.organization) is Role.VIEWER
    client.post(asked, {"password": PASSWORD})
    assert access.role_in(people.viewer, customer.domain.organization) is Role.ADMINISTRATOR
    # For five minutes nothing is asked again.
    assert client.post(url, {"role": "viewer"}).headers["Location"] == reverse(
        "console:person", args=[people.viewer.id]
    )


def test_a_recent_passkey_releases_without_a_password(people: People, customer: Customer) -> None:
    request = people.client("owner").get(reverse("console:profile")).wsgi_request
    record = {"method": "mfa", "at": 4_000_000_000.0, "reauthenticated": True, "type": "webauthn"}
    with request_context(request):
        for changed, passes in (({}, True), ({"type": "totp"}, False), ({"at": 1.0}, False)):
            request.session["account_authentication_methods"] = [record | changed]
            assert step_up.by_passkey(request) is passes


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_are_judged_than_one_after_the_other() -> None:
    who = Operator.objects.create_user("jo@northgate.example", PASSWORD)
    together = Barrier(AT_ONCE)

    def guess(number: int) -> str:
        together.wait()
        try:
            return step_up.fault(who, f"guess {number}")
        finally:
            connections.close_all()

    began = monotonic()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(guess, range(AT_ONCE)))
    judged = answers.count("This password is not right.")
    # Five are free; then one after 2 s, another after 4 s more: a slow machine judges no more than time has passed.
    assert 1 <= judged <= 5 + (monotonic() - began) / 2
    assert judged == AuditEntry.objects.filter(action="operator.not_confirmed").count()


@pytest.fixture
def lost(people: People, settings: Settings) -> Operator:
    """Somebody with an app and recovery codes, and a mail server."""
    settings.MAILROLL = replace(settings.MAILROLL, mail=Mail(MailTransport.PLAIN, "localhost", 25))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=people.viewer, type=kind, data={})
    return people.viewer


@pytest.mark.django_db(transaction=True)
def test_an_administrator_takes_factors_away_and_the_person_is_told(people: People, lost: Operator) -> None:
    owner = people.client("owner")
    assert "Take second factors away" in words(owner.get(reverse("console:person", args=[lost.id])))
    owner.post(reverse("console:person-factors", args=[lost.id]))
    assert not Authenticator.objects.filter(user=lost).exists()
    entry = AuditEntry.objects.get(action="second_factor.taken_away")
    assert (entry.actor, entry.subject) == (f"operator:{people.owner.email}", lost.email)
    assert entry.details == {"kinds": ["recovery_codes", "totp"]}
    (message,) = mail.outbox
    assert message.to == [lost.email]
    assert "taken away" in str(message.body)


def test_who_administers_only_a_part_of_what_somebody_reaches_takes_nothing(
    people: People, lost: Operator, customer: Customer
) -> None:
    elsewhere = edit.add_organization("Elsewhere", Acting("test:setup"))
    Membership.objects.create(operator=lost, organization=elsewhere, role=Role.ADMINISTRATOR)
    owner = people.client("owner")
    assert "Take second factors away" not in words(owner.get(reverse("console:person", args=[lost.id])))
    owner.post(reverse("console:person-factors", args=[lost.id]))
    assert Authenticator.objects.filter(user=lost).count() == 2
    assert Domain.objects.filter(id=customer.domain.id).exists()


@pytest.mark.parametrize("drop", [True, False])
def test_a_reset_by_mail_offers_to_drop_factors(people: People, lost: Operator, drop: bool) -> None:
    identities.connect(lost, Identity("https://issuer.example", "attacker", None, ""))
    client = Client()
    client.post(reverse("account_reset_password"), {"email": lost.email})
    found = re.search(r"https?://[^/]+(/account/reset/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    form = client.get(found[1], follow=True)
    assert "Also remove my second factors" in words(form)
    assert "The account that is connected for signing in is disconnected" in words(form)
    given = {"password1": "new words for me 9", "password2": "new words for me 9"} | (
        {"drop_factors": "on"} if drop else {}
    )
    client.post(form.redirect_chain[-1][0], given)
    assert Authenticator.objects.filter(user=lost).exists() is not drop
    assert AuditEntry.objects.filter(action="second_factor.taken_away").exists() is drop
    assert (identities.identity_of(lost) is None) is drop
    assert AuditEntry.objects.filter(action="identity.disconnected").exists() is drop
