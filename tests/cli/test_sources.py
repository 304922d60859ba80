"""Sources on the command line: their filter as a file, and what they take beside people."""

import json
from pathlib import Path

import pytest

from mailroll.audit.models import AuditEntry
from mailroll.connections.models import Source
from tests.cli.commands import mailroll
from tests.sync.world import DOMAIN, Customer

SALES = {"all": [{"field": "department", "operator": "is", "value": "Sales"}]}


def only_sales(customer: Customer) -> None:
    for number in range(9):
        customer.tenant.change_user(f"p{number}@{DOMAIN}", department="Sales")


def source(customer: Customer) -> str:
    return str(customer.source.owner_id)


def test_a_filter_is_set_from_a_file_shown_and_cleared(customer: Customer, tmp_path: Path) -> None:
    only_sales(customer)
    file = tmp_path / "filter.json"
    file.write_text(json.dumps(SALES))
    told = mailroll("source", "filter", source(customer), "--file", str(file))
    assert (told.exit_code, "department is “Sales”" in told.out) == (0, True)
    assert mailroll("source", "filter", "Office 365", "--json").document == SALES
    report = mailroll("sync", DOMAIN, "--json").document
    assert (report["counts"]["create"], report["counts"]["skipped"]) == (9, 3)
    why = mailroll("explain", f"p9@{DOMAIN}")
    assert "The filter of “Office 365” leaves it out by this rule: department is “Sales”." in why.out
    assert "which takes: department is “Sales”" in mailroll("explain", f"p0@{DOMAIN}").out
    mailroll("source", "filter", source(customer), "--clear")
    assert mailroll("source", "filter", source(customer), "--json").document == {"all": []}
    assert mailroll("sync", DOMAIN, "--json").document["counts"]["create"] == 3


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        ("", "filter_not_json", "not a filter in JSON"),
        ("\udcff", "filter_not_json", "not a filter in JSON"),
        ("[" * 100_000, "filter_not_json", "not a filter in JSON"),
        ("x" * 600_000, "filter_too_large", "512 KiB"),
        ('{"all": [{"field": "compnay", "operator": "is", "value": "x"}]}', "filter_invalid", "companyName"),
        ('{"all": [{"field": "department", "operator": "matches", "value": "("}]}', "filter_invalid", "all[0]"),
    ],
)
def test_a_filter_that_is_wrong_is_refused_whole(
    customer: Customer, tmp_path: Path, content: str, code: str, told: str
) -> None:
    file = tmp_path / "filter.json"
    file.write_bytes(content.encode(errors="surrogateescape"))
    answer = mailroll("source", "filter", source(customer), "--file", str(file), "--json")
    assert answer.exit_code == 1
    error = json.loads(answer.err or answer.out)
    assert code in str(error)
    assert told in str(error)
    assert Source.objects.get().filter is None


def test_a_file_that_is_not_there_is_named(customer: Customer, tmp_path: Path) -> None:
    missing = mailroll("source", "filter", source(customer), "--file", str(tmp_path / "none.json"))
    assert (missing.exit_code, "none.json cannot be read" in missing.err) == (1, True)
    both = mailroll("source", "filter", source(customer), "--file", "x", "--clear")
    assert (both.exit_code, "exclude each other" in both.err) == (1, True)
    nobody = mailroll("source", "filter", "No such source")
    assert (nobody.exit_code, "There is no source “No such source”" in nobody.err) == (1, True)


def test_what_a_source_takes_is_switched_and_listed(customer: Customer) -> None:
    told = mailroll("source", "set", source(customer), "--no-groups", "--guests", "--adopt", "--group", "Staff")
    assert "takes people, contacts, guests, into “Staff”" in told.out
    (listed,) = mailroll("source", "list", DOMAIN, "--json").document
    assert {name: listed[name] for name in ("groups", "contacts", "guests", "adopts", "group")} == {
        "groups": False,
        "contacts": True,
        "guests": True,
        "adopts": True,
        "group": "Staff",
    }
    assert "contacts, guests" in mailroll("source", "list", DOMAIN).out
    assert listed["read_at"] is None
    customer.sync()
    (read,) = mailroll("source", "list", DOMAIN, "--json").document
    assert read["read_at"] == customer.time().isoformat()
    assert "2026-11-23 09:00 UTC" in mailroll("source", "list", DOMAIN).out


def test_a_connection_is_marked_as_hybrid(customer: Customer) -> None:
    key = str(customer.connection.id)
    assert mailroll("connection", "set", key, "--hybrid", "--json").document == {"id": key, "hybrid": True}
    assert "is not hybrid" in mailroll("connection", "set", key, "--no-hybrid").out


def test_a_source_is_switched_off_and_on_and_its_users_stay(customer: Customer) -> None:
    customer.sync()
    told = mailroll("source", "switch", source(customer), "off")
    assert "Runs pass Office 365 over from now on. Its users stay as they are." in told.out
    assert not mailroll("source", "list", DOMAIN, "--json").document[0]["enabled"]
    assert mailroll("sync", DOMAIN, "--json").document["error"]["code"] == "no_source"
    assert len(customer.roll()) == 12
    assert mailroll("source", "switch", "Office 365", "on", "--json").document["enabled"]
    assert mailroll("sync", DOMAIN).exit_code == 0
    actions = AuditEntry.objects.filter(actor__startswith="cli:").order_by("id").values_list("action", flat=True)
    assert [one for one in actions if one.startswith("source.")] == ["source.disabled", "source.enabled"]


def test_a_source_with_users_is_removed_only_once_it_is_said_what_becomes_of_them(customer: Customer) -> None:
    customer.sync()
    asked = mailroll("source", "remove", source(customer), "--json")
    assert (asked.exit_code, asked.document["error"]["code"]) == (1, "users_undecided")
    assert "Office 365 of brightwater.example has 12 users." in asked.document["error"]["message"]
    assert Source.objects.count() == 1
    done = mailroll("source", "remove", source(customer), "--users", "keep")
    assert "12 users stay, kept by hand from now on." in done.out
    assert {user.managed_by for user in customer.everyone()} == {None}
    entry = AuditEntry.objects.get(action="source.removed")
    assert (entry.actor.startswith("cli:"), entry.details["users"]) == (True, "kept")


def test_the_users_of_a_removed_source_are_retired_by_a_run_and_not_before(customer: Customer) -> None:
    customer.sync()
    done = mailroll("source", "remove", source(customer), "--users", "retire")
    assert f"Nobody is retired before a run: see whom with mailroll preview {DOMAIN}" in done.out
    assert len(customer.roll()) == 12
    assert mailroll("preview", DOMAIN, "--json").document["counts"]["retire"] == 12


def test_a_source_without_users_goes_without_a_question(customer: Customer) -> None:
    assert "Office 365 is removed. It had no users." in mailroll("source", "remove", source(customer)).out
    assert Source.objects.count() == 0
