"""A preview in groups: one line a row where one reason says all, all of it on request, and as a file."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from mailroll.audit.models import AuditEntry
from mailroll.insight import run_changes, run_queries
from mailroll.insight.run_changes import PAGE, WantedChanges
from mailroll.sync.models import Run, RunSkip
from tests.console.pages import words
from tests.console.people import People
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.usefixtures("today")


def _url(run: Run, step: str = "") -> str:
    return f"/domains/{DOMAIN}/runs/{run.id}/{step}"


def _rows(response: Any) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def mixed(customer: Customer) -> Run:
    """Removals, a rename, a new kind, a new alias, joiners of three kinds."""
    customer.sync()
    tenant = customer.tenant
    tenant.delete_user(f"p1@{DOMAIN}")
    tenant.delete_user(f"p2@{DOMAIN}")
    renamed = tenant.user(f"p3@{DOMAIN}")
    proxies = [f"SMTP:hannah.brook@{DOMAIN}", f"smtp:p3@{DOMAIN}"]
    tenant.change_user(renamed, displayName="Hannah Brook", mail=f"hannah.brook@{DOMAIN}", proxyAddresses=proxies)
    tenant.change_user(f"p4@{DOMAIN}", proxyAddresses=[f"SMTP:p4@{DOMAIN}", f"smtp:invoices@{DOMAIN}"])
    for number in range(6):
        tenant.add_user(f"Joiner {number}", local=f"j{number}")
    tenant.add_shared_mailbox("Front Desk", local="desk")
    return customer.preview()


def test_one_reason_stands_once_above_all_that_it_is_true_of(mixed: Run, owner: Client) -> None:
    said = words(owner.get(_url(mixed)))
    heads = (
        "2 deleted in Microsoft 365",
        "1 renamed",
        "1 has another address",
        "6 new mailboxes, into Main",
        "1 new shared mailbox, into Main",
    )
    places = [said.index(head) for head in heads]
    assert places == sorted(places)
    assert said.count("Microsoft 365 was asked for it by its id and no longer has it.") == 1
    assert said.count("A plan with a mailbox is assigned and active.") == 1
    assert said.count("Mail is accepted for 24 hours more") == 1


def test_a_rename_names_the_two_names_and_the_two_addresses(mixed: Run, owner: Client) -> None:
    said = words(owner.get(_url(mixed), {"action": "rename"}))
    assert "from Person 3 to Hannah Brook" in said
    assert "from p3@ to hannah.brook@" in said
    assert "deleted in Microsoft 365" not in said
    assert "1 of 1 change" in said
    assert "Alias invoices@" in words(owner.get(_url(mixed), {"action": "change"}))


def test_the_sums_of_groups_are_those_of_the_plan(mixed: Run, owner: Client) -> None:
    page = run_changes.page(mixed, WantedChanges())
    sums = [group.billable for group, _ in page.groups]
    assert sums == [-2, 0, 0, 6, 0]
    assert sum(sums) == mixed.counts["billable_after"] - mixed.counts["billable"]
    assert sum(group.size for group, _ in page.groups) == mixed.changes.count()
    assert [len(rows) for _, rows in page.groups] == [2, 1, 1, 3, 1]


def test_what_is_folded_opens_in_place(mixed: Run, owner: Client) -> None:
    page = owner.get(_url(mixed))
    assert "Show 3 more" in words(page)
    assert "Joiner 5" not in words(page)
    group = next(group for group, rows in run_changes.page(mixed, WantedChanges()).groups if group.size > len(rows))
    opened = words(owner.get(_url(mixed), {"group": group.id}))
    assert "Joiner 5" in opened
    assert "deleted in Microsoft 365" in opened
    assert "Show 3 more" not in opened


def test_all_are_shown_a_page_at_a_time_and_none_twice(customer: Customer, owner: Client) -> None:
    for number in range(PAGE):
        customer.tenant.add_user(f"Joiner {number}", local=f"j{number}")
        if number % 10 == 0:
            customer.tenant.add_shared_mailbox(f"Desk {number}", local=f"d{number}")
    run = customer.preview()
    total = run.changes.count()
    pages = [run_changes.page(run, WantedChanges(everything=True, page=number)) for number in (1, 2)]
    assert [page.shown for page in pages] == [PAGE, total - PAGE]
    positions = [row.position for page in pages for row in page.rows]
    assert sorted(positions) == list(range(total))
    assert f"1 to {PAGE} of {total} changes · Further" in words(owner.get(_url(run), {"all": "on"}))
    assert f"{PAGE + 1} to {total} of {total} changes · Earlier" in words(
        owner.get(_url(run), {"all": "on", "page": "2"})
    )
    # Beyond the end is the last page.
    assert run_changes.page(run, WantedChanges(everything=True, page=9)).shown == total - PAGE


def test_an_export_has_what_is_picked_with_reasons_and_ids(mixed: Run, owner: Client) -> None:
    answer = owner.get(_url(mixed, "changes.csv"))
    assert answer["Content-Disposition"].startswith(f'attachment; filename="changes-{DOMAIN}-')
    assert "all" not in answer["Content-Disposition"]
    rows = _rows(answer)
    assert len(rows) == mixed.changes.count()
    assert [row["change"] for row in rows][:3] == ["retire", "retire", "update"]
    (renamed,) = (row for row in rows if row["display_name"] == "Hannah Brook")
    assert renamed["what_happens"] == "Person 3 → Hannah Brook; p3@ → hannah.brook@"
    assert "renamed" in renamed["reason_codes"]
    assert renamed["external_id"]
    removed = _rows(owner.get(_url(mixed, "changes.csv"), {"action": "remove"}))
    assert [(row["address"], row["billable_before"], row["billable_after"]) for row in removed] == [
        (f"p1@{DOMAIN}", "yes", "no"),
        (f"p2@{DOMAIN}", "yes", "no"),
    ]
    kept = AuditEntry.objects.filter(action="run.exported")
    assert [(entry.actor, entry.details["run"]) for entry in kept] == [
        ("operator:priya@northgate.example", str(mixed.id))
    ] * 2


def test_no_cell_of_an_export_is_a_formula(customer: Customer, owner: Client) -> None:
    customer.tenant.add_user("=HYPERLINK(1)", local="mallory")
    rows = _rows(owner.get(_url(customer.preview(), "changes.csv"), {"q": "mallory"}))
    assert [row["display_name"] for row in rows] == ["'=HYPERLINK(1)"]


def test_an_export_is_for_those_who_may_see_the_run(mixed: Run, people: People, customer: Customer) -> None:
    assert people.client("stranger").get(_url(mixed, "changes.csv")).status_code == 404
    other = _url(mixed, "changes.csv").replace(DOMAIN, "other.example")
    assert people.client("owner").get(other).status_code == 404
    assert not AuditEntry.objects.filter(action="run.exported").exists()


def test_who_is_left_out_is_told_by_name_and_never_by_two_ids(customer: Customer, owner: Client) -> None:
    customer.tenant.add_user("Gail Waits", local="gail", licence=None, mail=None, proxyAddresses=[])
    customer.tenant.add_user("Star", local="star", aliases=[f"*@{DOMAIN}"])
    run = customer.preview()
    said = words(owner.get(_url(run), {"action": "skipped"}))
    assert "Gail Waits" in said
    assert "Star *@" in said
    assert customer.tenant.id not in said
    # Rows from before names were kept: what the roll knows, else the end of the id.
    RunSkip.objects.update(name="")
    nameless = list(RunSkip.objects.filter(address=""))
    assert nameless
    for skip in nameless:
        old = words(owner.get(_url(run), {"action": "skipped"}))
        assert skip.external_id not in old
        assert f"…{skip.external_id[-4:]}, whose name is not known" in old


def test_the_skipped_of_a_run_are_asked_for_in_few_questions(
    customer: Customer, owner: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        customer.tenant.add_user(f"Star {number}", local=f"s{number}", aliases=[f"*{number}*@{DOMAIN}"])
    run = customer.preview()
    with django_assert_max_num_queries(6):
        run_queries.skipped(run)
