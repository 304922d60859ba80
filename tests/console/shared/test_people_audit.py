"""The audit log: only what one administers, found by chips and words, paged, and harmless in a spreadsheet."""

import csv
import io
import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from mailroll.accounts import trail
from mailroll.audit.models import AuditEntry
from mailroll.console.people.audit_words import deed
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import Customer

pytestmark = pytest.mark.django_db


def _note(organization: UUID | None, action: str, subject: str, **details: str) -> AuditEntry:
    return AuditEntry.objects.create(
        actor="cli:root", action=action, organization=organization, subject=subject, details=details
    )


def _log(client: Client, **asked: str) -> str:
    return client.get(reverse("console:audit"), asked).content.decode()


def _export(client: Client, **asked: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_file(client, "text/csv", form="csv", **asked).removeprefix("\ufeff"))))


def _file(client: Client, kind: str, **asked: str) -> str:
    answer = client.post(reverse("console:audit-export"), asked)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
    return answer.getvalue().decode()


def _lines(client: Client, **asked: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in _file(client, "application/jsonl", **asked).split("\n")[:-1]]


def test_the_log_shows_what_one_administers_and_nothing_of_others(customer: Customer, people: People) -> None:
    _note(customer.domain.organization_id, "domain.added", "ours.example")
    elsewhere = people.stranger.memberships.get().organization_id
    _note(elsewhere, "domain.added", "theirs.example")
    _note(None, "operator.signed_in", people.viewer.email)
    _note(None, "operator.signed_in", people.stranger.email)
    ours, theirs = _log(people.client("owner")), _log(people.client("stranger"))
    assert "ours.example" in ours
    assert people.viewer.email in ours
    assert "theirs.example" not in ours
    assert people.stranger.email not in ours
    assert "theirs.example" in theirs
    assert "ours.example" not in theirs
    assert people.viewer.email not in theirs
    exported = {row["subject"] for row in _export(people.client("stranger"))}
    assert "theirs.example" in exported
    assert "ours.example" not in exported


def test_chips_and_a_search_narrow_the_log_and_its_export(customer: Customer, people: People) -> None:
    place, client = customer.domain.organization_id, people.client("owner")
    AuditEntry.objects.all().delete()
    for action in ("run.asked", "automatic.off", "consent_link.made", "membership.added", "user.pinned"):
        _note(place, action, f"about-{action.partition('.')[0]}")
    assert {row["action"] for row in _export(client, about="runs")} == {"run.asked", "automatic.off"}
    assert {row["action"] for row in _export(client, about="connections")} == {"consent_link.made"}
    assert {row["action"] for row in _export(client, about="people")} == {"membership.added"}
    assert {row["action"] for row in _export(client, about="directory")} == {"user.pinned"}
    assert "about-user" in _log(client, q="ABOUT-USER")
    assert "about-run" not in _log(client, q="ABOUT-USER")
    assert "Nothing matches." in _log(client, q="%")
    AuditEntry.objects.filter(action="audit.exported").delete()
    # Five, and that they are taken.
    assert len(_export(client, about="nonsense")) == 6


def test_the_file_for_programs_has_what_the_page_has_and_that_it_was_taken(customer: Customer, people: People) -> None:
    _note(customer.domain.organization_id, "domain.added", "ours.example")
    _note(people.stranger.memberships.get().organization_id, "domain.added", "theirs.example")
    owner = people.client("owner")
    told = _lines(owner)
    assert "ours.example" in {one["subject"] for one in told}
    assert "theirs.example" not in {one["subject"] for one in told}
    assert [one["id"] for one in told] == sorted(one["id"] for one in told)
    assert (told[-1]["action"], told[-1]["details"]) == ("audit.exported", {"format": "jsonl"})
    assert told[-1]["organization"] == str(customer.domain.organization_id)
    assert _lines(owner, about="audit", q="nobody") == []
    assert AuditEntry.objects.filter(action="audit.exported").latest("id").details == {
        "format": "jsonl",
        "about": "audit",
        "text": "nobody",
    }


def test_who_takes_the_log_away_confirms_first_and_reads_what_it_will_be(customer: Customer, people: People) -> None:
    url, asked = reverse("console:audit-export"), {"about": "people", "q": "vera"}
    screen = people.unconfirmed("owner")
    for answer in (screen.get(url, asked), screen.post(url, asked)):
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not AuditEntry.objects.filter(action="audit.exported").exists()
    _note(customer.domain.organization_id, "membership.added", people.viewer.email)
    page = words(people.client("owner").get(url, asked))
    assert "1 entry about people that names \N{LEFT SINGLE QUOTATION MARK}vera" in page
    assert f"The administrators of {customer.domain.organization.name} and of those below" in page
    link = people.client("owner").get(reverse("console:audit"), asked).content.decode()
    assert f'{url}?about=people&amp;q=vera"' in link


def test_older_entries_are_on_pages_of_their_own(customer: Customer, people: People) -> None:
    place, client = customer.domain.organization_id, people.client("owner")
    AuditEntry.objects.all().delete()
    made = [_note(place, "user.pinned", f"user-{number:03}") for number in range(trail.PAGE + 1)]
    first = _log(client)
    assert "user-050" in first
    assert "user-000" not in first
    assert f"before={made[1].id}" in first
    older = _log(client, before=str(made[1].id))
    assert "user-000" in older
    assert "user-001" not in older
    assert "user-050" in _log(client, before="9" * 30)
    assert "user-050" in _log(client, before="x")


def test_no_cell_of_an_export_is_a_formula(customer: Customer, people: People) -> None:
    _note(customer.domain.organization_id, "user.pinned", "=1+1")
    (row,) = [row for row in _export(people.client("owner")) if row["action"] == "user.pinned"]
    assert row["subject"] == "'=1+1"


def test_an_entry_that_holds_markup_shows_it_as_text(customer: Customer, people: People) -> None:
    _note(customer.domain.organization_id, "user.renamed", "<b>bold</b>", name_before="<i>", name_after="new")
    page = _log(people.client("owner"))
    assert "&lt;b&gt;bold" in page
    assert "<b>bold" not in page


def test_every_chip_has_words_for_what_it_finds() -> None:
    starts = {start for group in trail.SUBJECTS.values() for start in group}
    assert deed("run.asked") == "Run asked for"
    assert deed("group.renamed") == "Group renamed"
    assert len(starts) == sum(len(group) for group in trail.SUBJECTS.values())


def test_a_time_in_an_entry_is_told_as_its_page_tells_times(customer: Customer, people: People) -> None:
    _note(
        customer.domain.organization_id, "run.asked", "x", since="2020-03-01T07:12:09.123456+00:00", review="2026-03-01"
    )
    page = words(people.client("owner").get(reverse("console:audit")))
    assert "since: 1 Mar 2020 07:12" in page
    assert "review: 2026-03-01" in page
