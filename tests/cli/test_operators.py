"""Operators, roles and the tree of organizations on the command line."""

import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from pytest_django import Settings

from mailroll.accounts import identities
from mailroll.accounts.identities import Identity
from mailroll.accounts.models import Operator
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.cli import operators
from mailroll.directory import edit
from tests.cli.commands import mailroll

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def password(tmp_path: Path) -> str:
    file = tmp_path / "password"
    file.write_text("plain words, four, fünf\n", encoding="utf-8")
    return str(file)


def test_a_provider_with_a_customer_and_an_administrator(password: str) -> None:
    top = mailroll("organization", "add", "Northgate", "--json").document["id"]
    below = mailroll("organization", "add", "Brightwater", "--parent", "Northgate", "--json").document["id"]
    made = mailroll(
        *("operator", "add", "jo@example.com", "--name", "Jo", "--password-file", password),
        *("--organization", "Northgate", "--role", "administrator", "--json"),
    )
    assert made.exit_code == 0
    assert mailroll("membership", "add", "jo@example.com", "--organization", below, "--role", "viewer").exit_code == 0
    assert mailroll("operator", "list", "--json").document == [
        {
            "id": made.document["id"],
            "email": "jo@example.com",
            "name": "Jo",
            "active": True,
            "memberships": [
                {"organization": "Brightwater", "organization_id": below, "role": "viewer"},
                {"organization": "Northgate", "organization_id": top, "role": "administrator"},
            ],
        }
    ]
    assert "administrator in Northgate" in mailroll("operator", "list").out
    taken = mailroll("membership", "remove", "jo@example.com", "--organization", "Brightwater", "--json")
    assert [one["organization"] for one in taken.document["memberships"]] == ["Northgate"]


def test_who_is_added_without_a_role_is_told_the_commands_that_give_one(password: str) -> None:
    """The lines are run as they were printed, with a name in place of NAME."""
    told = mailroll("operator", "add", "jo@example.com", "--password-file", password).out
    commands = [line.strip() for line in told.splitlines() if line.strip().startswith("mailroll ")]
    assert len(commands) == 2
    for command in commands:
        assert mailroll(*shlex.split(command.replace("NAME", "Northgate"))[1:]).exit_code == 0
    assert "administrator in Northgate" in mailroll("operator", "list").out
    again = mailroll("operator", "add", "al@example.com", "--password-file", password).out
    assert "mailroll membership add al@example.com --organization NAME --role administrator" in again
    assert "organization add" not in again


def test_an_address_is_proved_by_typing_it_in_full(password: str) -> None:
    place = edit.add_organization("Brightwater", Acting("test:setup"))
    made = Operator.objects.create_user("jo@example.com", is_proved=False, bound_to=place)
    assert mailroll("organization", "add", "Northgate").exit_code == 0
    role = ("membership", "add", "jo@example.com", "--organization", "Northgate", "--role", "viewer", "--json")
    assert mailroll(*role).document["error"]["code"] == "operator_unproved"
    prove = ("operator", "prove", "jo@example.com", "--password-file", password)
    assert mailroll(*prove, "--confirm", "jo").exit_code != 0
    assert not Operator.objects.get(id=made.id).is_proved
    assert mailroll(*prove, "--confirm", "jo@example.com").exit_code == 0
    assert mailroll(*role).exit_code == 0


def test_factors_go_with_a_new_password_or_alone(password: str) -> None:
    who = Operator.objects.create_user("jo@example.com")
    for command in (
        ("password", "jo@example.com", "--drop-factors", "--password-file", password),
        ("drop-factors", who.email),
    ):
        Authenticator.objects.create(user=who, type=Authenticator.Type.TOTP, data={})
        assert "no second factor any more" in mailroll("operator", *command).out
        assert not Authenticator.objects.filter(user=who).exists()
    told = AuditEntry.objects.filter(action="second_factor.taken_away")
    assert {entry.actor.partition(":")[0] for entry in told} == {"cli"}
    assert mailroll("operator", "password", who.email, "--password-file", password).exit_code == 0


def test_a_connected_account_goes_with_the_factors_where_a_new_password_is_given(password: str) -> None:
    who = Operator.objects.create_user("jo@example.com")
    identities.connect(who, Identity("https://issuer.example", "attacker", None, ""))
    command = ("operator", "password", who.email, "--password-file", password)
    assert "connected" not in mailroll(*command).out
    assert "no connected account any more" in mailroll(*command, "--drop-factors").out
    assert identities.identity_of(who) is None


def test_the_password_is_in_no_answer_and_in_no_entry(password: str) -> None:
    answers = [
        mailroll("operator", "add", "jo@example.com", "--password-file", password),
        mailroll("operator", "password", "jo@example.com", "--password-file", password),
        mailroll("operator", "deactivate", "jo@example.com"),
        mailroll("operator", "activate", "jo@example.com"),
        mailroll("operator", "remove", "jo@example.com"),
    ]
    assert [answer.exit_code for answer in answers] == [0] * 5
    told = list(AuditEntry.objects.order_by("id"))
    assert [entry.action for entry in told] == [
        "operator.added",
        "operator.password_changed",
        "operator.deactivated",
        "operator.activated",
        "operator.removed",
    ]
    assert not any("plain words" in text for answer in answers for text in (answer.out, answer.err))
    assert not any("plain words" in str(entry.details) for entry in told)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("operator", "password", "no@example.com"), "operator_unknown"),
        (("operator", "add", "jo@example.com", "--role", "viewer"), "membership_half"),
        (("operator", "add", "jo@example.com", "--role", "viewer", "--organization", "X"), "organization_unknown"),
        (("organization", "add", "A", "--parent", "X"), "organization_unknown"),
    ],
)
def test_what_does_not_exist_is_said(words: tuple[str, ...], code: str) -> None:
    answer = mailroll(*words, "--json")
    assert answer.exit_code == 1
    assert answer.document["error"]["code"] == code


def test_a_weak_password_adds_nobody(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("password")
    answer = mailroll("operator", "add", "jo@example.com", "--password-file", str(file), "--json")
    assert answer.document["error"]["code"] == "password_weak"
    assert mailroll("operator", "list").out.strip() == "No operator yet."


def test_the_environment_names_the_first_administrator_once(password: str, settings: Settings) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, admin_email="ada@example.com", admin_password_file=Path(password))
    for _ in range(2):
        operators.first()
    assert [
        (one["email"], one["memberships"][0]["role"]) for one in mailroll("operator", "list", "--json").document
    ] == [("ada@example.com", "administrator")]


def test_without_one_in_the_environment_nobody_is_made() -> None:
    operators.first()
    assert mailroll("operator", "list").out.strip() == "No operator yet."
