"""Exports from the command line: exit codes, and a command that runs after a change alone."""

from pathlib import Path

import pytest

from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from mailroll.directory.models import Address
from tests.cli.commands import mailroll
from tests.directory.rolls import ACTING

pytestmark = pytest.mark.django_db(transaction=True)

DOMAIN = "brightwater.example"


def test_an_export_is_made_once_and_a_command_runs_after_a_change(tmp_path: Path) -> None:
    domain = edit.add_domain(edit.add_organization("Brightwater", ACTING), DOMAIN, ACTING)
    edit.add_user(domain, f"bob@{DOMAIN}", ACTING)
    folder, log, script = tmp_path / "list", tmp_path / "log", tmp_path / "reload"
    script.write_text(f'#!/bin/sh\necho "$1" >> {log}\nexit $(cat {tmp_path}/code)\n')
    script.chmod(0o755)
    (tmp_path / "code").write_text("7")
    words = ("gateway", "export", "texthash", "BRIGHTWATER.example", "--to", str(folder), "--then", f"{script} 'a  b'")
    first = mailroll(*words, "--json")
    assert first.exit_code == 1
    assert first.document["command"] == {"command": [str(script), "a  b"], "exit": 7}
    assert (first.document["changed"], first.document["addresses"]) == (True, 1)
    assert (folder / "current" / "recipients").read_text() == f"postmaster@{DOMAIN} OK\nbob@{DOMAIN} OK\n"
    (tmp_path / "code").write_text("0")
    again = mailroll(*words, "--json")
    assert (again.exit_code, again.document["changed"], again.document["command"]["exit"]) == (0, False, 0)
    quiet = mailroll(*words, "--json")
    assert (quiet.exit_code, quiet.document["command"]) == (0, None)
    assert log.read_text() == "a  b\n" * 2
    edit.add_user(domain, f"ann@{DOMAIN}", ACTING)
    assert mailroll(*words).out.startswith("Generation 2 in ")
    assert log.read_text() == "a  b\n" * 3
    missing = mailroll(*words[:-1], str(tmp_path / "nothing"), "--json")
    assert missing.exit_code == 0, "the files have been told already"
    edit.add_user(domain, f"cat@{DOMAIN}", ACTING)
    missing = mailroll(*words[:-1], str(tmp_path / "nothing"), "--json")
    assert (missing.exit_code, missing.document["error"]["code"]) == (1, "command_not_run")


def test_a_list_that_shrinks_is_refused_until_somebody_stands_for_it(tmp_path: Path) -> None:
    domain = edit.add_domain(edit.add_organization("Brightwater", ACTING), DOMAIN, ACTING)
    for local in ("ann", "bob"):
        edit.add_user(domain, f"{local}@{DOMAIN}", ACTING)
    words = ("gateway", "export", "exim", "--all", "--to", str(tmp_path / "list"), "--json")
    assert mailroll(*words).exit_code == 0
    Address.objects.filter(address=f"bob@{DOMAIN}").delete()
    held = mailroll(*words)
    assert (held.exit_code, held.document["error"]["code"]) == (3, "list_shrank")
    assert f"bob@{DOMAIN}: OK" in (tmp_path / "list" / "current" / "recipients").read_text()
    assert mailroll(*words, "--accept-shrink", "bob was a test").exit_code == 0
    assert "bob@" not in (tmp_path / "list" / "current" / "recipients").read_text()
    assert AuditEntry.objects.get(action="gateway.shrink_accepted").details["reason"] == "bob was a test"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["postfix", "--all"], "format_unknown"),
        (["texthash"], "domains_not_named"),
        (["texthash", "--all", DOMAIN], "domains_not_named"),
        (["texthash", DOMAIN], "domain_unknown"),
        (["texthash", "--all", "--then", "unclosed '"], "command_malformed"),
    ],
)
def test_what_cannot_be_exported_is_said(tmp_path: Path, words: list[str], code: str) -> None:
    answer = mailroll("gateway", "export", *words, "--to", str(tmp_path / "list"), "--json")
    assert (answer.exit_code, answer.document["error"]["code"]) == (1, code)
    assert not (tmp_path / "list").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("a file")
    answer = mailroll("gateway", "export", "texthash", "--all", "--to", str(tmp_path / "list"), "--json")
    assert (answer.exit_code, answer.document["error"]["code"]) == (1, "export_unwritable")
