"""`mailroll gateway compare` finds whom a gateway would refuse, and makes static addresses of them."""

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from mailroll.directory.sheets.statics import parse
from tests.cli.commands import mailroll
from tests.sync.world import DOMAIN, Customer

MARCH = date(2027, 3, 1)


@pytest.fixture
def log(customer: Customer, tmp_path: Path) -> str:
    mailroll("sync", DOMAIN)
    day = f"{timezone.localdate():%Y-%m-%d}"
    lines = [
        f"{day}T09:00:00+00:00 mx postfix/smtp[8]: 4C1D2E: to=<{local}@{DOMAIN}>, relay=o[192.0.2.1]:25, status=sent"
        for local in ("p1", "all-staff", "all-staff", "news")
    ]
    file = tmp_path / "mail.log"
    file.write_text("\n".join(lines))
    return str(file)


def test_those_who_would_be_refused_are_listed_with_their_messages(log: str) -> None:
    done = mailroll("gateway", "compare", log, "--json")
    assert done.exit_code == 0
    found = done.document
    assert [(one["address"], one["messages"]) for one in found["missed"]] == [
        (f"all-staff@{DOMAIN}", 2),
        (f"news@{DOMAIN}", 1),
    ]
    assert (found["recipients"], found["messages"], found["broken"]) == (3, 4, {})
    text = mailroll("gateway", "compare", log, "--days", "7", "--domain", DOMAIN).out
    assert "2 of 3 recipients got mail in 7 days and would be refused" in text


def test_a_slip_of_a_sender_is_told_with_the_address_that_was_meant(log: str) -> None:
    with Path(log).open("a") as file:
        file.write(Path(log).read_text().splitlines()[0].replace("p1@", "pp1@").join("\n\n"))
    done = mailroll("gateway", "compare", log, "--json").document
    meant = {one["address"]: one["near"] for one in done["missed"]}
    assert f"p1@{DOMAIN}" in meant[f"pp1@{DOMAIN}"]
    assert meant[f"all-staff@{DOMAIN}"] == []
    assert f"p1@{DOMAIN}" in mailroll("gateway", "compare", log).out.partition(f"pp1@{DOMAIN}")[2]


def test_they_are_made_static_addresses_by_one_word(log: str) -> None:
    assert mailroll("gateway", "compare", log, "--as-static", "--json").document["error"]["code"] == "owner_missing"
    done = mailroll(
        "gateway", "compare", log, "--as-static", "--owner", "Priya Nair", "--review", "2027-03-01", "--json"
    )
    assert done.document["added"] == [f"all-staff@{DOMAIN}", f"news@{DOMAIN}"]
    listed = mailroll("static", "list", DOMAIN, "--json").document
    assert {(one["address"], one["owner"], one["review"]) for one in listed} == {
        (f"all-staff@{DOMAIN}", "Priya Nair", "2027-03-01"),
        (f"news@{DOMAIN}", "Priya Nair", "2027-03-01"),
    }
    assert AuditEntry.objects.filter(action="static.added").count() == 2
    assert "would be accepted" in mailroll("gateway", "compare", log).out


def test_a_log_that_cannot_be_read_fails_the_command_and_is_named(log: str, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    done = mailroll("gateway", "compare", log, gone)
    assert done.exit_code == 1
    assert f"{gone} was not read to its end: No such file or directory" in done.out
    assert "2 of 3 recipients" in done.out


def test_a_review_that_is_no_day_is_refused(log: str) -> None:
    done = mailroll("gateway", "compare", log, "--review", "soon", "--json")
    assert done.document["error"]["code"] == "review_malformed"


def test_a_file_of_them_is_what_the_console_takes(log: str, customer: Customer) -> None:
    done = mailroll(
        "gateway", "compare", log, "--domain", DOMAIN, "--csv", "--owner", "=Priya", "--review", "2027-03-01"
    )
    assert done.exit_code == 0
    today = timezone.localdate()
    assert [one for _, one in parse(done.out.encode(), customer.domain).rows] == [
        edit.Static(f"all-staff@{DOMAIN}", (), "=Priya", f"2 messages in a mail log, the last on {today}", MARCH),
        edit.Static(f"news@{DOMAIN}", (), "=Priya", f"1 messages in a mail log, the last on {today}", MARCH),
    ]
    mailroll("domain", "add", "other.example", "--organization", customer.domain.organization.name)
    assert mailroll("gateway", "compare", log, "--csv", "--json").document["error"]["code"] == "domain_missing"
