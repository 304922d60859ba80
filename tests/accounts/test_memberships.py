"""Operators and their roles, as the installation's own command line changes them: each change is told."""

import pytest
from django.contrib.auth import authenticate

from mailroll.accounts import access, memberships, operators
from mailroll.accounts.models import Operator, Role
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import BadInput, Refused

pytestmark = pytest.mark.django_db

PASSWORD = "plain words, four"


def _told() -> list[tuple[str, str, str]]:
    return [(entry.actor, entry.action, entry.subject) for entry in AuditEntry.objects.order_by("id")]


def _jo() -> Operator:
    return operators.add("jo@example.com", PASSWORD, Acting("cli:root"), name="Jo")


def test_an_operator_is_added_and_it_is_told_without_the_password() -> None:
    assert authenticate(email="Jo@Example.com", password=PASSWORD) is None
    made = operators.add("Jo@Example.com", PASSWORD, Acting("cli:root"), name=" Jo ")
    assert authenticate(email="jo@example.com", password=PASSWORD) == made
    assert made.password.startswith("argon2")
    assert _told() == [("cli:root", "operator.added", "jo@example.com")]
    assert PASSWORD not in str(AuditEntry.objects.get().details)


def test_an_address_that_is_taken_is_refused_in_any_spelling() -> None:
    _jo()
    with pytest.raises(Refused) as problem:
        operators.add("JO@example.com", PASSWORD, Acting("cli:root"))
    assert problem.value.code == "operator_exists"


@pytest.mark.parametrize(
    "password", ["", "tiny", "password123", "1234567890", "jo@example.com", "Mailroll2026!", "postmaster-mail"]
)
def test_a_password_that_is_guessed_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(BadInput) as problem:
        operators.add("jo@example.com", password, Acting("cli:root"))
    assert problem.value.code == "password_weak"
    assert not password or password not in str(problem.value)
    assert not Operator.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_first_administrator_has_every_topmost_organization() -> None:
    tops = [Organization.objects.create(name="A"), Organization.objects.create(name="B")]
    below = Organization.objects.create(name="C", parent=tops[0])
    made = operators.first_administrator("jo@example.com", PASSWORD, Acting("serve"))
    assert made is not None
    assert all(access.may_settle(made, one) for one in (*tops, below))
    assert made.memberships.count() == 2


def test_the_first_administrator_of_an_empty_installation_gets_an_organization() -> None:
    made = operators.first_administrator("jo@example.com", PASSWORD, Acting("serve"))
    assert made is not None
    assert [one.name for one in access.organizations(made)] == ["example.com"]
    assert [action for _, action, _ in _told()] == ["operator.added", "organization.added", "membership.added"]


def test_there_is_no_second_first_administrator() -> None:
    _jo()
    assert operators.first_administrator("eve@example.com", PASSWORD, Acting("serve")) is None
    assert Operator.objects.count() == 1


def test_a_role_is_given_changed_and_taken_and_each_step_is_told() -> None:
    jo, place = _jo(), Organization.objects.create(name="A")
    memberships.grant(jo, place, Role.VIEWER, Acting("cli:root"))
    memberships.grant(jo, place, Role.VIEWER, Acting("cli:root"))
    held = memberships.grant(jo, place, Role.ADMINISTRATOR, Acting("cli:root"))
    assert access.role_in(jo, place) is Role.ADMINISTRATOR
    memberships.revoke(held, Acting("cli:root"))
    memberships.revoke(held, Acting("cli:root"))
    assert access.role_in(jo, place) is None
    told = AuditEntry.objects.filter(organization=place.id).order_by("id")
    assert [(one.action, one.details["before"], one.details["after"]) for one in told] == [
        ("membership.added", None, "viewer"),
        ("membership.changed", "viewer", "administrator"),
        ("membership.removed", "administrator", None),
    ]


def test_the_name_of_ones_organization_is_no_password_and_words_beside_it_make_one() -> None:
    jo = _jo()
    memberships.grant(jo, Organization.objects.create(name="Harbour Towers"), Role.VIEWER, Acting("cli:root"))
    for weak in ("Harbour-2026", "towersHARBOUR1", "microsoft harbour"):
        with pytest.raises(BadInput) as problem:
            operators.set_password(jo, weak, Acting("cli:root"))
        assert problem.value.code == "password_weak"
    operators.set_password(jo, "harbour of plain words", Acting("cli:root"))


def test_another_password_lets_in_and_the_old_one_does_not() -> None:
    jo = _jo()
    was = jo.get_session_auth_hash()
    operators.set_password(jo, "other words, five", Acting("cli:root"))
    assert authenticate(email=jo.email, password=PASSWORD) is None
    assert authenticate(email=jo.email, password="other words, five") == jo
    assert jo.get_session_auth_hash() != was
    assert _told()[-1] == ("cli:root", "operator.password_changed", "jo@example.com")


def test_an_operator_is_switched_off_and_on_and_it_is_told_once() -> None:
    jo = _jo()
    for _ in range(2):
        operators.deactivate(jo, Acting("cli:root"))
    assert authenticate(email=jo.email, password=PASSWORD) is None
    operators.activate(jo, Acting("cli:root"))
    assert authenticate(email=jo.email, password=PASSWORD) == jo
    assert [action for _, action, _ in _told()][1:] == ["operator.deactivated", "operator.activated"]


def test_a_removed_operator_leaves_the_trail_behind() -> None:
    jo, place = _jo(), Organization.objects.create(name="A")
    memberships.grant(jo, place, Role.VIEWER, Acting("cli:root"))
    operators.remove(jo, Acting("cli:root"))
    assert not Operator.objects.exists()
    assert [action for _, action, _ in _told()][-2:] == ["membership.removed", "operator.removed"]


def test_a_profile_changes_with_before_and_after() -> None:
    jo = _jo()
    operators.settle(jo, Acting("operator:jo@example.com"), name="Jo B", time_zone="Europe/Berlin")
    jo.refresh_from_db()
    assert (jo.name, jo.time_zone) == ("Jo B", "Europe/Berlin")
    assert AuditEntry.objects.latest("id").details == {
        "name_before": "Jo",
        "name_after": "Jo B",
        "time_zone_before": "",
        "time_zone_after": "Europe/Berlin",
    }
    operators.settle(jo, Acting("operator:jo@example.com"), name="Jo B", time_zone="Europe/Berlin")
    assert len(_told()) == 2


def test_a_time_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput):
        operators.settle(_jo(), Acting("operator:jo@example.com"), name="", time_zone="Mars/Olympus")
