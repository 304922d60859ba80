"""Invitations: a link works once, for a week, for one address, and only while its sender may still give the role."""

from datetime import UTC, datetime, timedelta

import pytest

from mailroll.accounts import access, invitations, memberships
from mailroll.accounts.models import Invitation, Membership, Operator, Role
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput, Refused

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "plain words, four"


@pytest.fixture
def place() -> Organization:
    return Organization.objects.create(name="Brightwater")


@pytest.fixture
def boss(place: Organization) -> Operator:
    made = Operator.objects.create_user("boss@example.com", PASSWORD, name="Boss")
    Membership.objects.create(operator=made, organization=place, role="administrator")
    return made


def _invite(boss: Operator, place: Organization, email: str = "Jo@Example.com", role: Role = Role.TECHNICIAN) -> str:
    _, token = invitations.invite(email, place, role, by=boss, now=NOW)
    return token


def test_a_link_makes_an_operator_with_the_role_and_works_once(boss: Operator, place: Organization) -> None:
    token = _invite(boss, place)
    invitations.accept_as_new(token, "Jo", PASSWORD, now=NOW + timedelta(days=6))
    jo = Operator.objects.get(email="jo@example.com")
    assert (jo.email, jo.name) == ("jo@example.com", "Jo")
    assert access.role_in(jo, place) is Role.TECHNICIAN
    with pytest.raises(Refused) as problem:
        invitations.accept_as_new(token, "Eve", PASSWORD, now=NOW)
    assert problem.value.code == "invitation_ended"
    assert [entry.action for entry in AuditEntry.objects.order_by("id")] == [
        "invitation.sent",
        "operator.added",
        "invitation.accepted",
        "membership.added",
    ]


def test_the_token_is_kept_nowhere(boss: Operator, place: Organization) -> None:
    token = _invite(boss, place)
    assert token not in str([*Invitation.objects.values(), *AuditEntry.objects.values()])


@pytest.mark.parametrize("ended", ["old", "withdrawn", "replaced", "unknown"])
def test_a_link_that_ended_says_so_in_the_same_words(boss: Operator, place: Organization, ended: str) -> None:
    token, now = _invite(boss, place), NOW
    match ended:
        case "old":
            now = NOW + timedelta(days=7)
        case "withdrawn":
            invitations.withdraw(Invitation.objects.get(), by=boss, now=NOW)
        case "replaced":
            _invite(boss, place)
        case _:
            token = "x" + token
    with pytest.raises(Refused) as problem:
        invitations.find(token, now)
    assert str(problem.value) == "This invitation no longer works. Ask whoever sent it for a new one."


@pytest.mark.parametrize("weak", ["password", "Brightwater-2026"])
def test_a_weak_password_leaves_the_link_as_it_was(boss: Operator, place: Organization, weak: str) -> None:
    token = _invite(boss, place)
    with pytest.raises(BadInput):
        invitations.accept_as_new(token, "Jo", weak, now=NOW)
    assert invitations.find(token, NOW).email == "jo@example.com"
    assert not Operator.objects.filter(email="jo@example.com").exists()


def test_the_link_is_for_the_invited_address_alone(boss: Operator, place: Organization) -> None:
    token = _invite(boss, place)
    eve = Operator.objects.create_user("eve@example.com", PASSWORD)
    with pytest.raises(Refused) as problem:
        invitations.accept(token, eve, now=NOW)
    assert problem.value.code == "invitation_of_another"
    jo = Operator.objects.create_user("jo@example.com", PASSWORD)
    # Nothing happens, and nothing is said: whoever has the link is not to learn who has an account.
    invitations.accept_as_new(token, "Jo", "other words, five six", now=NOW)
    jo.refresh_from_db()
    assert jo.check_password(PASSWORD)
    assert access.role_in(jo, place) is None
    invitations.accept(token, jo, now=NOW)
    assert access.role_in(jo, place) is Role.TECHNICIAN
    assert access.role_in(eve, place) is None


def test_an_invitation_never_weakens_a_role(boss: Operator, place: Organization) -> None:
    second = Operator.objects.create_user("jo@example.com", PASSWORD)
    Membership.objects.create(operator=second, organization=place, role="administrator")
    invitations.accept(_invite(boss, place, role=Role.VIEWER), second, now=NOW)
    assert access.role_in(second, place) is Role.ADMINISTRATOR


def test_an_invitation_ends_with_the_rights_of_who_sent_it(boss: Operator, place: Organization) -> None:
    token = _invite(boss, place)
    memberships.revoke(boss.memberships.get(), Acting("cli:root"))
    with pytest.raises(Refused) as problem:
        invitations.accept_as_new(token, "Jo", PASSWORD, now=NOW)
    assert problem.value.code == "invitation_ended"
    assert not Operator.objects.filter(email="jo@example.com").exists()


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.VIEWER])
def test_only_administrators_invite_see_and_withdraw(boss: Operator, place: Organization, role: Role) -> None:
    _invite(boss, place)
    other = Operator.objects.create_user("vera@example.com", PASSWORD)
    Membership.objects.create(operator=other, organization=place, role=role.value)
    with pytest.raises(Refused):
        _invite(other, place, "x@example.com")
    with pytest.raises(BadInput):
        invitations.withdraw(Invitation.objects.get(), by=other, now=NOW)
    assert not invitations.waiting(other, NOW).exists()
    assert [offer.email for offer in invitations.waiting(boss, NOW)] == ["jo@example.com"]
    assert not invitations.waiting(boss, NOW + timedelta(days=8)).exists()


def test_what_is_no_address_is_not_invited(boss: Operator, place: Organization) -> None:
    with pytest.raises(BadInput):
        _invite(boss, place, "jo")
    assert not Invitation.objects.exists()
