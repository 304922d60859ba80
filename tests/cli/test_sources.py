"""Sources on the command line: their filter as a file, and what they take beside people."""

import json
from pathlib import Path

import pytest

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
    assert "The filter of “Office 365” leaves it out: department is “Sales”." in why.out
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
