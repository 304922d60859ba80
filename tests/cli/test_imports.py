"""Users as a CSV file on the command line: out, and in again."""

from pathlib import Path

import pytest

from tests.cli.commands import mailroll
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_file_is_planned_then_applied_and_comes_back_unchanged(customer: Customer, tmp_path: Path) -> None:
    customer.sync()
    file = tmp_path / "users.csv"
    file.write_text(f"address,display_name\nfax@{DOMAIN},Fax\np1@{DOMAIN},X\n")
    planned = mailroll("import", DOMAIN, str(file), "--json")
    assert (planned.exit_code, planned.document["state"], planned.document["trigger"]) == (0, "planned", "import")
    assert [one["code"] for one in planned.document["left_out"]] == ["kept_by_source"]
    assert mailroll("apply", planned.document["run"]).exit_code == 0
    exported = mailroll("users", DOMAIN, "--csv").out
    assert exported.startswith("address,aliases,display_name")
    file.write_text(exported)
    again = mailroll("import", DOMAIN, str(file), "--replace", "--apply", "--json")
    assert (again.exit_code, again.document["state"]) == (0, "unchanged")
    file.write_text(f"address,kind\nfax@{DOMAIN},boss\n")
    bad = mailroll("import", DOMAIN, str(file), "--json")
    assert (bad.exit_code, bad.document["error"]["problems"][0]["line"]) == (1, 2)
    file.write_text(f"address\nnew@{DOMAIN}\n")
    held = mailroll("import", DOMAIN, str(file), "--replace", "--apply")
    assert held.exit_code == 3
    assert "What is held waits in run" in held.out
