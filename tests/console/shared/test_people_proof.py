"""An account made through a link that somebody else has seen belongs to nobody in particular, until it is proved."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts import access, memberships, operators
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import MailrollError
from mailroll.settings import Mail
from mailroll.settings.mail import MailTransport
from tests.console.pages import words
from tests.console.people import PASSWORD, People, confirm
from tests.sync.world import Customer

ACTING = Acting("cli:root")
CEO = "ceo@provider.example"
THEIRS, MINE = "attackers own words 5", "the real persons words 7"
WELCOME, INVITE = reverse("console:invitation"), reverse("console:person-invite")


@pytest.fixture
def provider(customer: Customer) -> Organization:
    """Who stands above the customer that the attacker administers."""
    made = edit.add_organization("Provider", ACTING)
    Organization.objects.filter(id=customer.domain.organization_id).update(parent=made)
    return made


@pytest.fixture
def boss(provider: Organization) -> Operator:
    made = Operator.objects.create_user("boss@provider.example", PASSWORD, name="Boss")
    Membership.objects.create(operator=made, organization=provider, role=Role.ADMINISTRATOR)
    return made


@pytest.fixture
def connect_mail(settings: Settings) -> Callable[[], None]:
    """There is no mail server before this is called."""

    def connect() -> None:
        settings.MAILROLL = replace(settings.MAILROLL, mail=Mail(MailTransport.PLAIN, "localhost", 25))
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        mail.outbox = []

    return connect


def _client(operator: Operator) -> Client:
    client = Client()
    client.force_login(operator)
    confirm(client)
    return client


def _offered(client: Client, place: Organization, email: str = CEO, role: str = "viewer") -> str:
    """Invite where no mail can be sent; returns the path of the link that the inviter is shown."""
    given = {"email": email, "organization": str(place.id), "role": role}
    found = re.search(r'id="link">https?://[^/]+([^<]+)<', client.post(INVITE, given).content.decode())
    assert found is not None
    return found[1]


def _opened(path: str) -> Client:
    client = Client()
    client.get(path)
    return client


def _signed_in(client: Client, password: str) -> Client:
    client.post(reverse("account_login"), {"login": CEO, "password": password})
    return client


def _attack(people: People, place: Organization) -> Client:
    """Become the boss of the provider, by a link that the attacker was shown; returns the open session."""
    attacker = _opened(_offered(people.client("owner"), place))
    attacker.post(WELCOME, {"name": "The Boss", "password": THEIRS})
    _signed_in(attacker, THEIRS)
    assert attacker.get(reverse("console:profile")).status_code == 200
    return attacker


def _reach(place: Organization) -> Role | None:
    return access.role_in(Operator.objects.get(email=CEO), place)


def test_who_took_a_name_by_a_link_they_saw_never_gets_the_role_of_the_real_person(
    customer: Customer, people: People, provider: Organization, boss: Operator
) -> None:
    attacker = _attack(people, customer.domain.organization)
    assert _reach(customer.domain.organization) is Role.VIEWER
    # The provider gives the real person a role: by a link, which the attacker's session may even get to see.
    path = _offered(_client(boss), provider, role="administrator")
    attacker.get(path)
    refused = attacker.post(WELCOME)
    assert refused.status_code == 409
    assert "nobody has proved yet" in words(refused)
    assert _reach(provider) is None
    # By the command line, too.
    with pytest.raises(MailrollError) as problem:
        memberships.grant(Operator.objects.get(email=CEO), provider, Role.VIEWER, ACTING)
    assert problem.value.code == "operator_unproved"
    assert _reach(provider) is None
    # Nor what stands beside.
    sibling = edit.add_organization("Sibling", ACTING, parent=provider)
    attacker.get(_offered(_client(boss), sibling))
    assert attacker.post(WELCOME).status_code == 409
    # Below, they may do what the attacker could do anyway.
    branch = edit.add_organization("Branch", ACTING, parent=customer.domain.organization)
    memberships.grant(Operator.objects.get(email=CEO), branch, Role.TECHNICIAN, ACTING)


def test_a_link_that_was_mailed_gives_the_account_to_whoever_reads_the_mail(
    customer: Customer, people: People, boss: Operator, connect_mail: Callable[[], None]
) -> None:
    attacker = _attack(people, customer.domain.organization)
    connect_mail()
    provider = boss.memberships.get().organization
    given = {"email": CEO, "organization": str(provider.id), "role": "technician"}
    assert _client(boss).post(INVITE, given).status_code == 302
    found = re.search(r"https?://[^/]+(/account/invitation/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    real = _opened(found[1])
    real.post(WELCOME, {"name": "The real one", "password": MINE})
    assert _reach(provider) is Role.TECHNICIAN
    assert attacker.get(reverse("console:profile")).status_code == 302
    assert _signed_in(Client(), THEIRS).get(reverse("console:profile")).status_code == 302
    assert _signed_in(Client(), MINE).get(reverse("console:profile")).status_code == 200
    assert AuditEntry.objects.filter(action="operator.proved", subject=CEO).exists()


def test_a_new_password_by_mail_proves_the_address(
    customer: Customer, people: People, boss: Operator, connect_mail: Callable[[], None]
) -> None:
    attacker = _attack(people, customer.domain.organization)
    connect_mail()
    provider = boss.memberships.get().organization
    real = Client()
    real.post(reverse("account_reset_password"), {"email": CEO})
    found = re.search(r"https?://[^/]+(/account/reset/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    form = real.get(found[1], follow=True)
    real.post(form.redirect_chain[-1][0], {"password1": MINE, "password2": MINE})
    assert attacker.get(reverse("console:profile")).status_code == 302
    memberships.grant(Operator.objects.get(email=CEO), provider, Role.VIEWER, ACTING)
    assert _reach(provider) is Role.VIEWER


def test_the_command_proves_with_another_password_and_leaves_nothing_of_who_was_there(
    customer: Customer, people: People, provider: Organization, boss: Operator
) -> None:
    attacker = _attack(people, customer.domain.organization)
    operators.prove(Operator.objects.get(email=CEO), MINE, ACTING)
    assert attacker.get(reverse("console:profile")).status_code == 302
    memberships.grant(Operator.objects.get(email=CEO), provider, Role.VIEWER, ACTING)


def test_the_inviter_sees_the_same_whether_or_not_the_address_has_an_account(
    customer: Customer, people: People
) -> None:
    owner, place = people.client("owner"), customer.domain.organization
    pages = []
    for email in ("nobody@provider.example", people.stranger.email):
        given = {"email": email, "organization": str(place.id), "role": "viewer"}
        shown = owner.post(INVITE, given)
        path = re.search(r'id="link">https?://[^/]+([^<]+)<', shown.content.decode())
        assert path is not None
        visitor = _opened(path[1])
        first = words(visitor.get(WELCOME))
        answer = visitor.post(WELCOME, {"name": "Eve", "password": THEIRS}, follow=True)
        pages.append(
            [
                text.replace(email, "X").replace(path[1], "LINK")
                for text in (words(shown), first, words(answer), str(answer.redirect_chain))
            ]
        )
    assert pages[0] == pages[1]
    people.stranger.refresh_from_db()
    assert people.stranger.check_password(PASSWORD)
    assert access.role_in(people.stranger, place) is None


def test_people_whom_the_installation_made_itself_are_proved(people: People) -> None:
    made = operators.add("jo@northgate.example", MINE, ACTING)
    assert made.is_proved
