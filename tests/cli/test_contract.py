"""The command line as other programs rely on it: documents, exit codes, errors."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Domain
from mailroll.sync.models import RequestOutcome, RunRequest, Trigger
from mailroll.sync.runs import ask
from tests.cli.commands import mailroll
from tests.sync.world import DOMAIN, Customer

REPORT = {"run", "domain", "state", "counts", "findings", "conflicts", "error", "held_run"}
COUNTS = {"create", "adopt", "update", "retire", "restore", "remove", "unchanged", "skipped"}
USER = {
    *("address", "aliases", "display_name", "kind", "billable", "group"),
    *("managed_by", "pinned", "kept", "retired_at", "external_id"),
}


def test_everything_is_set_up_from_the_command_line(
    transactional_db: None, simulator: object, customer: Customer, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(customer.secret + "\n")
    organization = mailroll("organization", "add", "Coldharbour", "--json").document
    assert set(organization) == {"id"}
    domain = mailroll("domain", "add", "coldharbour.example", "--organization", "Coldharbour", "--json")
    assert (domain.exit_code, set(domain.document)) == (0, {"id"})
    connection = mailroll(
        *("connection", "add", "microsoft365", "--organization", organization["id"], "--cloud", "custom", "--json"),
        *("--tenant", customer.tenant.id, "--client-id", customer.connection.client_id, "--secret-file", str(secret)),
    )
    assert set(connection.document) == {"id"}
    check = mailroll("connection", "check", connection.document["id"], "--json").document
    assert {"state", "tenant", "domains", "permissions", "error"} <= set(check)
    assert (check["state"], check["tenant"], check["error"]) == ("ok", customer.tenant.id, None)
    assert all(set(one) == {"name", "state", "required", "why", "fix"} for one in check["permissions"])
    source = mailroll("source", "add", "coldharbour.example", "--connection", connection.document["id"], "--json")
    assert set(source.document) == {"id"}


def test_documents_have_the_members_that_the_reference_names(customer: Customer) -> None:
    page = (Path(__file__).parents[2] / "docs/reference/command-line.md").read_text(encoding="utf-8")
    given = {
        "organization list": (), "domain list": (), "connection list": (), "source list": (DOMAIN,),
        "users": (DOMAIN,), "keys check": (), "keys rotate": (), "database recount": (),
        "domain interval": (DOMAIN, "60"),
    }  # fmt: skip
    customer.sync()
    for command, words in given.items():
        row = re.search(rf"^\| [^|]*`{command}`[^|]* \|(.*)$", page, re.MULTILINE)
        assert row is not None, f"nothing is said of {command}"
        shape = row[1][row[1].index("{") + 1 : row[1].index("}`")]
        named = set(re.findall(r'"(\w+)"', re.sub(r": (?:\[.*?\]|\{.*?\})", "", shape)))
        document = mailroll(*command.split(), *words, "--json").document
        assert set(document[0] if isinstance(document, list) else document) == named, command


def test_a_run_s_document_has_its_shape(customer: Customer) -> None:
    preview = mailroll("preview", DOMAIN, "--json", "--changes")
    report = preview.document
    assert preview.exit_code == 0
    assert set(report) >= {*REPORT, "changes"}
    assert len(report["changes"]) == report["counts"]["create"] == 12
    assert (report["domain"], report["state"], report["error"], report["held_run"]) == (DOMAIN, "planned", None, None)
    assert set(report["counts"]) == COUNTS
    assert all(
        set(change) == {"action", "address", "before", "after", "reasons"} and change["reasons"]
        for change in report["changes"]
    )
    applied = mailroll("apply", report["run"], "--json")
    assert set(applied.document) == set(report) - {"changes"}
    assert (applied.exit_code, applied.document["state"], applied.document["run"]) == (0, "applied", report["run"])
    again = mailroll("sync", DOMAIN, "--json", "--changes")
    assert (again.exit_code, again.document["state"], again.document["changes"]) == (0, "unchanged", [])


def test_a_terminal_shows_the_first_changes_the_dangerous_before_all_others(customer: Customer) -> None:
    mailroll("sync", DOMAIN)
    customer.tenant.delete_user(f"p11@{DOMAIN}")
    for number in range(60):
        customer.tenant.add_user(f"Joiner {number}", local=f"j{number:02}")
    lines = mailroll("preview", DOMAIN).out.splitlines()
    listed = [line.split()[:2] for line in lines if f"@{DOMAIN}" in line]
    expected = [["retire", f"p11@{DOMAIN}"], *(["create", f"j{number:02}@{DOMAIN}"] for number in range(49))]
    assert listed == expected
    assert "... and 11 more; see --json --changes" in lines


def test_users_are_listed_with_retired_ones(customer: Customer) -> None:
    mailroll("sync", DOMAIN)
    customer.tenant.delete_user(f"p1@{DOMAIN}")
    mailroll("sync", DOMAIN)
    users = mailroll("users", DOMAIN, "--json").document
    assert len(users) == 12
    assert all(set(user) == USER for user in users)
    retired = {user["address"]: user["retired_at"] for user in users if user["retired_at"]}
    assert set(retired) == {f"p1@{DOMAIN}"}


def test_explain_says_whether_and_why(customer: Customer) -> None:
    mailroll("sync", DOMAIN)
    why = mailroll("explain", f"P2@{DOMAIN}", "--json").document
    assert set(why) == {"address", "accepted", "stage", "user", "reasons"}
    assert (why["address"], why["accepted"], set(why["user"])) == (f"p2@{DOMAIN}", True, USER)
    assert why["reasons"]
    assert mailroll("explain", f"nobody@{DOMAIN}", "--json").document["accepted"] is False


def test_explain_understands_an_address_as_it_is_copied(customer: Customer) -> None:
    mailroll("sync", DOMAIN)
    for copied in (
        f"<p2@{DOMAIN}>",
        f"Person 2 <p2@{DOMAIN}>",
        f"smtp:p2@{DOMAIN}",
        f"SMTP:P2@{DOMAIN}",
        f"mailto:p2@{DOMAIN}\u00a0",
    ):
        why = mailroll("explain", copied, "--json").document
        assert (why["address"], why["accepted"]) == (f"p2@{DOMAIN}", True)


def test_explain_says_whom_plus_addressing_would_reach(customer: Customer) -> None:
    mailroll("sync", DOMAIN)
    why = mailroll("explain", f"p2+news@{DOMAIN}", "--json").document
    assert (why["accepted"], why["user"]["address"]) == (True, f"p2@{DOMAIN}")
    (said,) = [one["message"] for one in why["reasons"] if one["code"] == "plus_addressing"]
    assert f"it is p2@{DOMAIN}" in said
    Domain.objects.filter(id=customer.domain.id).update(plus_tags=False)
    why = mailroll("explain", f"p2+news@{DOMAIN}", "--json").document
    assert not why["accepted"]
    (said,) = [one["message"] for one in why["reasons"] if one["code"] == "plus_addressing"]
    assert f"it would reach p2@{DOMAIN}" in said
    for nobody in (f"nobody+news@{DOMAIN}", f"+news@{DOMAIN}"):
        codes = [one["code"] for one in mailroll("explain", nobody, "--json").document["reasons"]]
        assert "plus_addressing" not in codes


def test_text_from_outside_turns_nothing_on_a_terminal(customer: Customer) -> None:
    customer.tenant.add_user("Ann\u202egpj.exe\x1b[2J", local="ann")
    mailroll("sync", DOMAIN)
    assert "Ann\ufffdgpj.exe\ufffd[2J" in mailroll("users", DOMAIN).out
    told = mailroll("users", DOMAIN, "--json")
    assert "\u202e" not in told.out
    assert "Ann\u202egpj.exe\x1b[2J" in {user["display_name"] for user in told.document}


def test_held_removals_end_with_three_and_can_be_released(customer: Customer) -> None:
    mailroll("sync", DOMAIN)
    for number in range(6):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    customer.tenant.add_user("New Joiner", local="joiner")
    sync = mailroll("sync", DOMAIN, "--json")
    assert (sync.exit_code, sync.document["state"]) == (3, "applied")
    held = sync.document["held_run"]
    assert held is not None
    assert {finding["level"] for finding in sync.document["findings"]} == {"holds-removals"}
    released = mailroll("release", held, "--reason", "Checked", "--json")
    assert (released.exit_code, released.document["state"], released.document["held_run"]) == (0, "applied", None)
    assert released.document["counts"]["retire"] == 6
    assert {finding["message"].partition(". ")[2] for finding in released.document["findings"]} == {"Released since."}


def test_a_release_without_a_reason_is_a_misused_command_line(customer: Customer) -> None:
    assert mailroll("release", str(customer.domain.id)).exit_code == 2


def test_a_discarded_run_says_so(customer: Customer) -> None:
    preview = mailroll("preview", DOMAIN, "--json").document
    discarded = mailroll("discard", preview["run"], "--json")
    assert (discarded.exit_code, discarded.document["state"]) == (0, "discarded")
    refused = mailroll("apply", preview["run"], "--json")
    assert (refused.exit_code, refused.document["error"]["code"]) == (3, "run_not_planned")


def test_a_run_that_waits_for_a_worker_is_cancelled(customer: Customer) -> None:
    run = str(ask.for_run(customer.domain, Trigger.MANUAL, customer.acting))
    cancelled = mailroll("cancel", run, "--json")
    assert (cancelled.exit_code, cancelled.document) == (0, {"run": run, "cancelled": True})
    assert RunRequest.objects.get().outcome == RequestOutcome.CANCELLED
    ended = mailroll("cancel", str(customer.sync().id), "--json")
    assert (ended.exit_code, ended.document["error"]["code"]) == (3, "too_late_to_cancel")


def test_runs_are_listed_latest_first_without_changes(customer: Customer) -> None:
    mailroll("sync", DOMAIN)
    mailroll("preview", DOMAIN)
    runs = mailroll("runs", DOMAIN, "--json").document
    assert [run["state"] for run in runs] == ["unchanged", "applied"]
    assert all("changes" not in run and set(run["counts"]) == COUNTS for run in runs)


def test_a_failed_reading_is_told_with_code_message_and_help(customer: Customer) -> None:
    customer.simulator.faults.on("inactive_secret")
    sync = mailroll("sync", DOMAIN, "--json")
    assert (sync.exit_code, sync.document["state"]) == (1, "failed")
    assert sync.document["error"]["code"] == "secret_expired"
    assert sync.document["error"]["message"]
    assert sync.document["error"]["help"]
    check = mailroll("connection", "check", str(customer.connection.id), "--json")
    assert (check.exit_code, check.document["error"]["code"]) == (1, "secret_expired")


def test_a_check_keeps_its_answer_as_the_console_does(customer: Customer) -> None:
    name = str(customer.connection.id)
    told = mailroll("connection", "check", name, "--json").document
    customer.connection.refresh_from_db()
    assert customer.connection.health == told
    customer.simulator.faults.on("inactive_secret")
    mailroll("connection", "check", name, "--json")
    customer.connection.refresh_from_db()
    assert customer.connection.health["error"]["code"] == "secret_expired"
    assert customer.connection.health["domains"] == told["domains"]
    assert list(
        AuditEntry.objects.filter(action="connection.checked").order_by("id").values_list("details", flat=True)
    ) == [
        {"result": "ok"},
        {"result": "secret_expired"},
    ]


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (("domain", "add", "x y", "--organization", "Brightwater Joinery"), 1, "domain_malformed"),
        (("domain", "add", "*.example.com", "--organization", "Brightwater Joinery"), 1, "domain_wildcard"),
        (("domain", "add", "a.onmicrosoft.com", "--organization", "Brightwater Joinery"), 1, "domain_onmicrosoft"),
        (("domain", "add", DOMAIN, "--organization", "Brightwater Joinery"), 3, "domain_exists"),
        (("domain", "add", "new.example", "--organization", "Nobody"), 1, "organization_unknown"),
        (("organization", "add", "  "), 1, "organization_unnamed"),
        (("connection", "check", "nonsense"), 1, "connection_unknown"),
        (("source", "add", DOMAIN, "--connection", "nonsense"), 1, "connection_unknown"),
        (("preview", "nobody.example"), 1, "domain_unknown"),
        (("sync", "not a domain"), 1, "domain_unknown"),
        (("users", "nobody.example"), 1, "domain_unknown"),
        (("runs", "nobody.example"), 1, "domain_unknown"),
        (("apply", "nonsense"), 1, "run_unknown"),
        (("discard", "11111111-1111-4111-8111-111111111111"), 1, "run_unknown"),
        (("cancel", "11111111-1111-4111-8111-111111111111"), 1, "run_unknown"),
    ],
)
def test_bad_input_has_a_code_a_message_and_a_way_out(
    customer: Customer, words: tuple[str, ...], exit_code: int, code: str
) -> None:
    answer = mailroll(*words, "--json")
    error = answer.document["error"]
    assert (answer.exit_code, error["code"]) == (exit_code, code)
    assert error["message"]
    assert error["help"]
    assert answer.err == ""


def test_a_secret_file_that_is_not_there_is_told(customer: Customer, tmp_path: Path) -> None:
    missing = mailroll(
        *("connection", "add", "microsoft365", "--organization", "Brightwater Joinery", "--json"),
        *("--tenant", customer.tenant.id, "--client-id", customer.connection.client_id),
        *("--secret-file", str(tmp_path / "nothing")),
    )
    assert (missing.exit_code, missing.document["error"]["code"]) == (1, "file_unreadable")


def test_a_person_reads_a_table(customer: Customer) -> None:
    preview = mailroll("preview", DOMAIN)
    assert "Preview: this would change" in preview.out
    assert f"p3@{DOMAIN}" in preview.out
    assert "12 create" in preview.out
    assert "Microsoft 365 has it and the list does not." in preview.out


def test_all_is_well_is_said_only_where_nothing_says_otherwise(customer: Customer) -> None:
    mailroll("sync", DOMAIN)
    assert mailroll("sync", DOMAIN).out.startswith("Everything is as it should be: ")
    for number in range(6):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    mailroll("sync", DOMAIN)
    again = mailroll("sync", DOMAIN)
    assert again.out.startswith("Nothing changes, and removals wait for a decision: ")
    assert "release it with a reason, or discard it." in again.out


def test_a_tenant_without_one_mailbox_is_not_called_well(customer: Customer) -> None:
    for number in range(12):
        customer.tenant.delete_user(f"p{number}@{DOMAIN}")
    assert mailroll("sync", DOMAIN).out.startswith("There is nothing to add: ")


def test_lookup_says_what_a_mail_server_is_told(customer: Customer) -> None:
    mailroll("sync", DOMAIN)
    found = mailroll("lookup", f"P2+news@{DOMAIN}", "--json")
    assert found.exit_code == 0
    assert set(found.document) == {
        *("address", "answer", "because", "accepted", "accepted_until"),
        *("domain", "user", "reasons", "run", "near"),
    }
    assert (found.document["answer"], found.document["because"]) == ("accept", "listed")
    assert (found.document["domain"], set(found.document["user"])) == (DOMAIN, USER)
    nobody = mailroll("lookup", f"pp2@{DOMAIN}", "--json")
    assert (nobody.exit_code, nobody.document["answer"], nobody.document["user"]) == (4, "unknown", None)
    assert nobody.document["near"] == [f"p2@{DOMAIN}"]
    assert mailroll("lookup", "ann@elsewhere.example", "--json").document["answer"] == "not_ours"


def test_lookup_ends_with_three_where_the_sender_is_to_try_again(customer: Customer) -> None:
    mailroll("sync", DOMAIN)
    Domain.objects.filter(id=customer.domain.id).update(read_at=datetime.now(UTC) - timedelta(hours=73))
    told = mailroll("lookup", f"nobody@{DOMAIN}")
    assert told.exit_code == 3
    assert told.out.startswith("Cannot say: the list is too old: nobody@")
    assert "451" in told.out
    assert mailroll("lookup", f"p2@{DOMAIN}").exit_code == 0


@pytest.mark.parametrize("text", ["bob", "", "a\u202eb", '"a b"@c.example', "x" * 10_000, "é@b", "@"])
def test_lookup_takes_any_text(customer: Customer, text: str) -> None:
    assert mailroll("lookup", "--", text).exit_code == 4


def test_lookup_asks_the_directory_at_once(customer: Customer) -> None:
    mailroll("sync", DOMAIN)
    customer.tenant.add_user("New Joiner", local="joiner")
    told = mailroll("lookup", f"joiner@{DOMAIN}", "--ask", "--json")
    assert (told.exit_code, told.document["directory"]["found"]) == (4, True)
    assert "New Joiner" in told.document["directory"]["said"][0]["headline"]
    assert mailroll("lookup", "ann@elsewhere.example", "--ask", "--json").exit_code == 1
