"""Static addresses from the command line."""

from pathlib import Path

import pytest

from tests.cli.commands import mailroll
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)

ALL = {
    "address": f"all@{DOMAIN}",
    "aliases": [f"staff@{DOMAIN}"],
    "owner": "Tom",
    "note": "All staff",
    "review": "2020-03-01",
    "review_due": True,
}


def test_static_addresses_are_added_listed_and_removed(customer: Customer) -> None:
    about = ("--alias", f"staff@{DOMAIN}", "--owner", "Tom", "--note", "All staff", "--review", "2020-03-01")
    added = mailroll("static", "add", DOMAIN, f"ALL@{DOMAIN}", *about, "--json")
    assert (added.exit_code, added.document) == (0, ALL)
    assert mailroll("static", "list", DOMAIN, "--json").document == [ALL]
    assert "2020-03-01 (due)" in mailroll("static", "list", DOMAIN).out
    day = mailroll("static", "add", DOMAIN, f"x@{DOMAIN}", "--review", "soon", "--json")
    assert (day.exit_code, day.document["error"]["code"]) == (1, "review_malformed")
    taken = mailroll("static", "add", DOMAIN, f"staff@{DOMAIN}", "--json")
    assert (taken.exit_code, taken.document["error"]["code"]) == (3, "address_taken")
    assert mailroll("static", "remove", DOMAIN, f"ALL@{DOMAIN}").exit_code == 0
    gone = mailroll("static", "remove", DOMAIN, f"all@{DOMAIN}", "--json")
    assert (gone.exit_code, gone.document["error"]["code"]) == (1, "static_unknown")
    assert mailroll("static", "list", DOMAIN).out == "No static address yet.\n"


def test_a_file_is_shown_first_and_written_whole_or_not_at_all(customer: Customer, tmp_path: Path) -> None:
    file = tmp_path / "lists.csv"
    file.write_text(f"address,note\nall@{DOMAIN},All staff\nit@{DOMAIN},\n")
    shown = mailroll("static", "import", DOMAIN, str(file), "--json").document
    assert (shown["applied"], [one["address"] for one in shown["added"]]) == (False, [f"all@{DOMAIN}", f"it@{DOMAIN}"])
    assert "Write it with --yes." in mailroll("static", "import", DOMAIN, str(file)).out
    assert mailroll("static", "list", DOMAIN, "--json").document == []
    assert mailroll("static", "import", DOMAIN, str(file), "--yes", "--json").document["applied"]
    assert len(mailroll("static", "list", DOMAIN, "--json").document) == 2
    file.write_text(f"address\nbob\nnew@{DOMAIN}\nx@elsewhere.example\n")
    bad = mailroll("static", "import", DOMAIN, str(file), "--yes", "--json")
    assert bad.exit_code == 1
    assert [one["line"] for one in bad.document["error"]["problems"]] == [2, 4]
    assert "Line 2: “bob” is not an address" in mailroll("static", "import", DOMAIN, str(file)).out
    assert len(mailroll("static", "list", DOMAIN, "--json").document) == 2
    missing = mailroll("static", "import", DOMAIN, str(tmp_path / "no.csv"), "--json")
    assert (missing.exit_code, missing.document["error"]["code"]) == (1, "file_unreadable")
