"""Entries of the audit trail go when they are old, but for those that account for what still stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from mailroll.accounts import memberships, operators, tokens
from mailroll.accounts.models import Role
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.audit.notes import Subject, note
from mailroll.directory import edit
from mailroll.directory.models import Address, User
from mailroll.settings import BadSettingsError
from mailroll.settings import Settings as OwnSettings
from mailroll.sync.workers import old_entries
from mailroll.sync.workers.housekeeping import clear
from tests.sync.world import Customer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
PAT = Acting("operator:pat@northgate.example")


@pytest.fixture(autouse=True)
def kept_for_90_days(settings: Settings) -> None:
    settings.MAILROLL = replace(settings.MAILROLL, audit_kept=timedelta(days=90))


def _aged(days: int) -> None:
    AuditEntry.objects.update(at=NOW - timedelta(days=days))


def _actions() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_what_is_older_than_the_setting_goes_and_that_it_went_is_an_entry() -> None:
    for action in ("run.applied", "operator.sign_in_failed", "user.pinned"):
        note(PAT, action, Subject("x"), user="d2f1a4f6-6f0f-4b8e-9d56-0a9ad7ad3a3f")
    note(PAT, "user.pinned", Subject("of nobody"))
    _aged(90)
    assert old_entries.clear(NOW) == 0
    _aged(91)
    note(PAT, "run.asked", Subject("young"))
    AuditEntry.objects.filter(subject="young").update(at=NOW)
    assert old_entries.clear(NOW) == 4
    assert _actions() == ["run.asked", "audit.cleared"]
    assert AuditEntry.objects.latest("id").details == {
        "entries": 4,
        "before": (NOW - timedelta(days=90)).isoformat(),
    }
    assert AuditEntry.objects.latest("id").actor == "schedule"


def test_what_accounts_for_something_that_stands_stays_until_that_ends(customer: Customer) -> None:
    place = customer.domain.organization
    user = edit.add_user(customer.domain, f"fax@{customer.domain.name}", PAT, display_name="Fax")
    who = operators.add("jo@northgate.example", "correct horse battery staple", PAT)
    held = memberships.grant(who, place, Role.VIEWER, PAT)
    operators.deactivate(who, PAT)
    token, _ = tokens.create("mx1", [place], [tokens.TokenPurpose.GATEWAY], PAT)
    _aged(1000)
    old_entries.clear(NOW)
    assert {*_actions()} >= {"user.added", "membership.added", "operator.deactivated", "token.added"}
    assert "operator.added" not in _actions()
    # Once none of it stands, nothing is left but that it was cleared, and what is connected.
    Address.objects.filter(user=user).delete()
    User.objects.filter(id=user).delete()
    memberships.revoke(held, PAT)
    operators.activate(who, PAT)
    tokens.revoke(token, PAT)
    AuditEntry.objects.exclude(action="audit.cleared").update(at=NOW - timedelta(days=1000))
    old_entries.clear(NOW)
    assert {*_actions()} == {"audit.cleared", "connection.added"}


def test_more_than_go_at_once_go_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_entries, "_TOGETHER", 3)
    for number in range(7):
        note(PAT, "run.asked", Subject(str(number)))
    _aged(91)
    assert old_entries.clear(NOW) == 7


def test_the_daily_round_does_it(customer: Customer) -> None:
    with transaction.atomic():
        note(PAT, "run.asked", Subject("x"))
    _aged(91)
    clear(NOW)
    assert "run.asked" not in _actions()


def test_nobody_keeps_less_than_90_days() -> None:
    environ = {"MAILROLL_DATA_DIR": "/srv/mailroll"}
    assert OwnSettings.read(environ).audit_kept == timedelta(days=731)
    with pytest.raises(BadSettingsError):
        OwnSettings.read({**environ, "MAILROLL_AUDIT_DAYS": "89"})
