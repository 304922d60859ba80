"""People and roles on screen: invited, changed, taken out, and each page shows no more than one administers."""

import csv
import io
import re
from dataclasses import replace

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.accounts import access
from mailroll.accounts.models import Invitation, Membership, Operator, Role
from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Organization
from mailroll.settings import Mail
from mailroll.settings.mail import MailTransport
from tests.console.people import PASSWORD, People
from tests.sync.world import Customer

pytestmark = pytest.mark.django_db

LIST = "/settings/people/"


def _given(customer: Customer, email: str = "nia@brightwater.example", role: str = "viewer") -> dict[str, str]:
    return {"email": email, "organization": str(customer.domain.organization_id), "role": role}


def _invited(people: People, customer: Customer, email: str = "nia@brightwater.example") -> str:
    """Invite without a mail server; returns the link's path as the page shows it."""
    page = people.client("owner").post(f"{LIST}invite/", _given(customer, email)).content.decode()
    link = re.search(r'id="link">http[^<]*?(/account/invitation/[^<]+)<', page)
    assert link is not None
    return link[1]


def test_an_administrator_sees_the_people_of_their_own_organizations_alone(people: People, customer: Customer) -> None:
    page = people.client("owner").get(LIST).content.decode()
    assert "tom@northgate.example" in page
    assert customer.domain.organization.name in page
    for secret in ("sam@northgate.example", "Somebody Else"):
        assert secret not in page
    theirs = people.client("stranger").get(LIST).content.decode()
    assert "Somebody Else" in theirs
    assert "tom@northgate.example" not in theirs


def test_somebody_invited_makes_an_account_and_has_the_role(people: People, customer: Customer) -> None:
    path, client = _invited(people, customer), Client()
    led = client.get(path)
    assert led.headers["Location"] == reverse("console:invitation")
    page = client.get(led.headers["Location"]).content.decode()
    assert "Priya Nair invites you" in page
    assert path not in page
    weak = client.post(led.headers["Location"], {"name": "Nia", "password": "password"})
    assert weak.status_code == 422
    made = client.post(led.headers["Location"], {"name": "Nia", "password": "plain words, four"})
    assert made.headers["Location"].startswith(reverse("account_login"))
    nia = Operator.objects.get(email="nia@brightwater.example")
    assert access.role_in(nia, customer.domain.organization) is Role.VIEWER
    again = Client()
    again.get(path)
    assert again.get(reverse("console:invitation")).status_code == 410


def test_an_operator_gains_the_role_after_signing_in(people: People, customer: Customer) -> None:
    path, client = _invited(people, customer, people.stranger.email), Client()
    client.get(path)
    assert "if you have an account here" in client.get(reverse("console:invitation")).content.decode()
    given = {"login": people.stranger.email, "password": PASSWORD, "next": reverse("console:invitation")}
    assert client.post(reverse("account_login"), given).headers["Location"] == reverse("console:invitation")
    assert client.post(reverse("console:invitation")).headers["Location"] == "/"
    assert access.role_in(people.stranger, customer.domain.organization) is Role.VIEWER


def test_somebody_else_cannot_take_an_invitation_up(people: People, customer: Customer) -> None:
    path, client = _invited(people, customer), people.client("stranger")
    client.get(path)
    assert client.post(reverse("console:invitation")).status_code == 409
    assert access.role_in(people.stranger, customer.domain.organization) is None


def test_with_a_mail_server_the_link_is_sent_and_not_shown(
    people: People, customer: Customer, settings: Settings
) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, mail=Mail(MailTransport.PLAIN, "localhost", 25))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    answer = people.client("owner").post(f"{LIST}invite/", _given(customer), follow=True)
    assert "is on its way to nia@brightwater.example" in answer.content.decode()
    assert "/account/invitation/" not in answer.content.decode()
    assert mail.outbox[0].to == ["nia@brightwater.example"]
    assert f"{settings.MAILROLL.console_url}/account/invitation/" in str(mail.outbox[0].body)


def test_a_withdrawn_link_no_longer_works(people: People, customer: Customer) -> None:
    path, owner, client = _invited(people, customer), people.client("owner"), Client()
    client.get(path)
    offer = Invitation.objects.get()
    assert people.client("stranger").post(reverse("console:invitation-withdraw", args=[offer.id])).status_code == 404
    owner.post(reverse("console:invitation-withdraw", args=[offer.id]))
    assert client.get(reverse("console:invitation")).status_code == 410


def test_nobody_invites_into_an_organization_of_others(people: People, customer: Customer) -> None:
    other = Organization.objects.get(name="Somebody Else")
    given = {**_given(customer), "organization": str(other.id)}
    assert people.client("owner").post(f"{LIST}invite/", given).status_code == 422
    assert not Invitation.objects.exists()


def test_a_role_is_changed_and_taken_away(people: People, customer: Customer) -> None:
    owner, held = people.client("owner"), people.viewer.memberships.get()
    owner.post(reverse("console:person-role", args=[held.id]), {"role": "technician"})
    assert access.role_in(people.viewer, customer.domain.organization) is Role.TECHNICIAN
    owner.post(reverse("console:person-role", args=[held.id]), {"role": "emperor"})
    assert access.role_in(people.viewer, customer.domain.organization) is Role.TECHNICIAN
    assert "Take vera@northgate.example out of" in owner.get(
        reverse("console:person-remove", args=[held.id])
    ).content.decode().replace("&#x27;", "'")
    owner.post(reverse("console:person-remove", args=[held.id]))
    assert access.role_in(people.viewer, customer.domain.organization) is None


def test_the_last_administrator_stays_and_the_page_says_why(people: People) -> None:
    owner, held = people.client("owner"), people.owner.memberships.get()
    page = owner.post(reverse("console:person-remove", args=[held.id]), follow=True).content.decode()
    assert "is the last administrator of" in page
    assert Membership.objects.filter(id=held.id).exists()


def test_a_role_of_another_organization_is_not_here(people: People) -> None:
    theirs = people.stranger.memberships.get()
    for name in ("person-role", "person-remove"):
        answer = people.client("owner").post(reverse(f"console:{name}", args=[theirs.id]), {"role": "viewer"})
        assert answer.status_code == 404
    assert Membership.objects.get(id=theirs.id).role == "administrator"


def test_a_profile_is_saved_and_told(people: People) -> None:
    client = people.client("viewer")
    assert "Vera Lund" in client.get("/settings/profile/").content.decode()
    client.post("/settings/profile/", {"name": "Vera L", "time_zone": "Europe/Oslo"})
    people.viewer.refresh_from_db()
    assert (people.viewer.name, people.viewer.time_zone) == ("Vera L", "Europe/Oslo")
    assert client.post("/settings/profile/", {"name": "V", "time_zone": "Mars"}).status_code == 422
    assert AuditEntry.objects.filter(action="operator.profile_changed").count() == 1


def test_the_audit_log_shows_before_and_after_and_nothing_of_others(people: People, customer: Customer) -> None:
    owner, held = people.client("owner"), people.viewer.memberships.get()
    owner.post(reverse("console:person-role", args=[held.id]), {"role": "technician"})
    page = owner.get("/audit/").content.decode()
    assert "Role changed" in page
    assert "<del>viewer</del>" in page
    assert ">priya@northgate.example<" in page
    assert str(customer.domain.id) not in page
    assert "Somebody Else" not in page
    assert "Role changed" not in people.client("stranger").get("/audit/").content.decode()
    assert "Role changed" in owner.get("/audit/?about=people&q=vera").content.decode()
    assert "Nothing matches." in owner.get("/audit/?about=runs&q=vera").content.decode()
    for odd in ("?before=x", "?before=9999999999999999999", "?about=%27", "?before=%C2%B2"):
        assert owner.get(f"/audit/{odd}").status_code == 200


def test_the_export_holds_what_is_shown_and_no_formula(people: People, customer: Customer) -> None:
    AuditEntry.objects.create(
        actor="=cmd()", action="user.added", organization=customer.domain.organization_id, subject="@x"
    )
    answer = people.client("owner").post("/audit/export/", {"about": "directory", "form": "csv"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))
    assert rows[1][1:4] == ["'=cmd()", "user.added", "'@x"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_a_form_that_is_not_ours_changes_nothing(people: People) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.owner)
    held = people.viewer.memberships.get()
    assert client.post(reverse("console:person-remove", args=[held.id])).status_code == 403
    assert Membership.objects.filter(id=held.id).exists()
