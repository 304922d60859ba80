"""People and roles: invited by a link that works once, given what the giver may give, and never left to nobody."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts import access, invitations, operators
from mailroll.accounts.models import Invitation, Membership, Operator, Role
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.settings import Mail
from mailroll.settings.mail import MailTransport
from tests.console.people import PASSWORD, People
from tests.sync.world import Customer

pytestmark = pytest.mark.django_db

ADDRESS = "new@northgate.example"
WORDS = "other words, five six"


def _now() -> datetime:
    return datetime.now(UTC)


def _invited(client: Client, place: Organization, role: str = "technician", email: str = ADDRESS) -> str:
    """Invite as a person would where no mail can be sent; returns the path of the link that is shown."""
    given = {"email": email, "organization": str(place.id), "role": role}
    page = client.post(reverse("console:person-invite"), given).content.decode()
    found = re.search(r'id="link">https?://[^/]+([^<]+)<', page)
    assert found is not None
    return found[1]


def _welcomed(link: str) -> Client:
    client = Client()
    assert client.get(link).headers["Location"] == reverse("console:invitation")
    return client


def _held(email: str, place: Organization) -> Role | None:
    return access.role_in(Operator.objects.get(email=email), place)


def test_somebody_who_is_invited_makes_an_account_and_signs_in(customer: Customer, people: People) -> None:
    place = customer.domain.organization
    client = _welcomed(_invited(people.client("owner"), place))
    page = client.get(reverse("console:invitation")).content.decode()
    assert "Priya Nair invites you" in page
    assert ADDRESS in page
    weak = client.post(reverse("console:invitation"), {"name": "Nia", "password": "password"})
    assert weak.status_code == 422
    assert client.post(reverse("console:invitation"), {"name": "Nia", "password": WORDS}).status_code == 302
    client.post(reverse("account_login"), {"login": ADDRESS, "password": WORDS})
    assert client.get(reverse("console:user-sync", args=[customer.domain.name])).status_code == 200
    assert _held(ADDRESS, place) is Role.TECHNICIAN
    told = set(AuditEntry.objects.filter(subject=ADDRESS).values_list("action", flat=True))
    assert {"invitation.sent", "invitation.accepted", "operator.added", "membership.added"} <= told


def test_a_link_works_once(customer: Customer, people: People) -> None:
    link = _invited(people.client("owner"), customer.domain.organization)
    first, second = _welcomed(link), _welcomed(link)
    first.post(reverse("console:invitation"), {"name": "Nia", "password": WORDS})
    again = second.post(reverse("console:invitation"), {"name": "Somebody", "password": WORDS})
    assert again.status_code == 410
    assert "no longer works" in again.content.decode()
    assert Operator.objects.filter(email=ADDRESS).count() == 1


def test_a_newer_or_a_withdrawn_invitation_ends_the_link(customer: Customer, people: People) -> None:
    owner, place = people.client("owner"), customer.domain.organization
    older, newer = _invited(owner, place), _invited(owner, place)
    assert Client().get(older).status_code == 410
    opened = _welcomed(newer)
    assert opened.get(reverse("console:invitation")).status_code == 200
    waiting = invitations.waiting(people.owner, _now()).get()
    assert ADDRESS in owner.get(reverse("console:people")).content.decode()
    owner.post(reverse("console:invitation-withdraw", args=[waiting.id]))
    assert opened.get(reverse("console:invitation")).status_code == 410
    assert not invitations.waiting(people.owner, _now()).exists()


def test_an_operator_accepts_signed_in_and_nobody_accepts_for_another(customer: Customer, people: People) -> None:
    place = customer.domain.organization
    link = _invited(people.client("owner"), place, "viewer", people.stranger.email)
    nobody = _welcomed(link)
    assert "if you have an account here" in nobody.get(reverse("console:invitation")).content.decode()
    other = people.client("viewer")
    other.get(link)
    assert other.post(reverse("console:invitation")).status_code == 409
    right = people.client("stranger")
    right.get(link)
    assert right.post(reverse("console:invitation")).status_code == 302
    assert _held(people.stranger.email, place) is Role.VIEWER


def test_an_invitation_goes_by_mail_where_there_is_a_server(
    customer: Customer, people: People, settings: Settings
) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, mail=Mail(MailTransport.PLAIN, "localhost", 25))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    given = {"email": ADDRESS, "organization": str(customer.domain.organization_id), "role": "viewer"}
    answer = people.client("owner").post(reverse("console:person-invite"), given)
    assert answer.status_code == 302
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    link = re.search(r"(http\S+?//[^/]+)(/\S+)", str(message.body))
    assert link is not None
    assert link[1] == settings.MAILROLL.console_url
    assert _welcomed(link[2]).get(reverse("console:invitation")).status_code == 200


def test_nobody_invites_to_what_they_do_not_administer(customer: Customer, people: People) -> None:
    place = customer.domain.organization
    given = {"email": ADDRESS, "organization": str(place.id), "role": "viewer"}
    assert people.client("stranger").post(reverse("console:person-invite"), given).status_code == 422
    assert people.client("technician").post(reverse("console:person-invite"), given).status_code == 403
    assert not Invitation.objects.exists()


def test_an_administrator_below_gives_nothing_above(customer: Customer, people: People) -> None:
    top = customer.domain.organization
    below = edit.add_organization("Branch", Acting("test:setup"), parent=top)
    Membership.objects.create(operator=people.viewer, organization=below, role=Role.ADMINISTRATOR)
    client = people.client("viewer")
    given = {"email": ADDRESS, "organization": str(top.id), "role": "viewer"}
    assert client.post(reverse("console:person-invite"), given).status_code == 422
    own = people.viewer.memberships.get(organization=top)
    assert client.post(reverse("console:person-role", args=[own.id]), {"role": "administrator"}).status_code == 404
    assert _held(people.viewer.email, top) is Role.VIEWER
    _invited(client, below)


def test_a_role_is_changed_and_taken_away(customer: Customer, people: People) -> None:
    owner, place = people.client("owner"), customer.domain.organization
    held = people.viewer.memberships.get()
    owner.post(reverse("console:person-role", args=[held.id]), {"role": "technician"})
    assert _held(people.viewer.email, place) is Role.TECHNICIAN
    owner.post(reverse("console:person-role", args=[held.id]), {"role": "emperor"})
    assert _held(people.viewer.email, place) is Role.TECHNICIAN
    open_page = people.client("viewer")
    assert open_page.get(reverse("console:users", args=[customer.domain.name])).status_code == 200
    owner.post(reverse("console:person-remove", args=[held.id]))
    assert open_page.get(reverse("console:users", args=[customer.domain.name])).status_code == 404
    told = AuditEntry.objects.filter(action__startswith="membership.", subject=people.viewer.email).order_by("id")
    assert [entry.action for entry in told] == ["membership.changed", "membership.removed"]
    assert {entry.actor for entry in told} == {operators.acting_as(people.owner).actor}


def test_the_last_administrator_stays(customer: Customer, people: People) -> None:
    owner, place = people.client("owner"), customer.domain.organization
    own = people.owner.memberships.get()
    page = owner.post(reverse("console:person-remove", args=[own.id]), follow=True).content.decode()
    assert "last administrator" in page
    owner.post(reverse("console:person-role", args=[own.id]), {"role": "viewer"})
    assert _held(people.owner.email, place) is Role.ADMINISTRATOR
    other = people.technician.memberships.get()
    owner.post(reverse("console:person-role", args=[other.id]), {"role": "administrator"})
    owner.post(reverse("console:person-remove", args=[own.id]))
    assert _held(people.owner.email, place) is None


def test_an_administrator_who_is_switched_off_is_none_to_rely_on(customer: Customer, people: People) -> None:
    Membership.objects.filter(operator=people.technician).update(role=Role.ADMINISTRATOR)
    operators.deactivate(people.technician, Acting("cli:root"))
    own = people.owner.memberships.get()
    page = people.client("owner").post(reverse("console:person-remove", args=[own.id]), follow=True)
    assert "last administrator" in page.content.decode()


def test_people_of_others_are_on_nobodys_page(customer: Customer, people: People) -> None:
    page = people.client("stranger").get(reverse("console:people")).content.decode()
    assert people.stranger.email in page
    assert people.owner.email not in page
    assert customer.domain.organization.name not in page


def test_a_profile_is_kept_and_told(people: People) -> None:
    client = people.client("viewer")
    path = reverse("console:profile")
    assert client.post(path, {"name": "Vera L.", "time_zone": "Europe/Oslo"}).status_code == 302
    kept = Operator.objects.get(id=people.viewer.id)
    assert (kept.name, kept.time_zone) == ("Vera L.", "Europe/Oslo")
    assert client.post(path, {"name": "Vera", "time_zone": "Mars/Base"}).status_code == 422
    assert client.post(path, {"name": "Ve\x07ra", "time_zone": ""}).status_code == 422
    told = AuditEntry.objects.get(action="operator.profile_changed")
    assert told.details["name_after"] == "Vera L."
    assert PASSWORD not in str(told.details)
