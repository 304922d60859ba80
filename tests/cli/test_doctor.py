"""`mailroll doctor` as a person and a program meet it, above all where nothing else works any more."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mailroll.alerts.channels import storage
from mailroll.alerts.models import ChannelKind
from mailroll.audit.actor import Acting
from mailroll.directory import edit
from tests.cli.commands import mailroll
from tests.forked import ForkedPython

CODES = [
    *("settings", "keys", "disk", "database", "migrations", "secrets", "clock", "clock_microsoft"),
    *("workers", "pauses", "mail", "address", "notifications", "gateway", "lists", "roles"),
]


@pytest.fixture
def patient(transactional_db: None) -> Iterator[None]:
    """The command bounds how long it waits for a connection; later tests have what they had."""
    yield
    connection.settings_dict["OPTIONS"].pop("connect_timeout", None)


def states(document: dict[str, Any]) -> dict[str, str]:
    return {one["check"]: one["state"] for one in document["checks"]}


def run(folder: Path, **environment: str) -> tuple[int, dict[str, Any]]:
    """Run it in a process and a data folder of its own, as where the installation is broken."""
    given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    given |= {"MAILROLL_DATA_DIR": str(folder), **environment}
    words = [sys.executable, "-m", "mailroll", "doctor", "--json"]
    with ForkedPython(words, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        out, err = process.communicate()
    assert err == ""
    return process.returncode, json.loads(out)


def test_a_program_reads_every_check_and_the_exit_code(patient: None) -> None:
    acting = Acting("test")
    place = edit.add_organization("Brightwater", acting)
    storage.add(place, ChannelKind.MAIL, "", "desk@brightwater.example", acting)
    answer = mailroll("doctor", "--json")
    document = answer.document
    assert [one["found"] for one in document["checks"] if one["check"] == "secrets"] == ["1 stored secret opens."]
    assert [one["check"] for one in document["checks"]] == CODES
    assert all(set(one) == {"check", "title", "state", "found", "fix"} for one in document["checks"])
    assert all(one["found"] and (one["fix"] or one["state"] == "good") for one in document["checks"])
    # No worker runs here, and the clock of Microsoft is out of reach.
    assert (answer.exit_code, document["good"]) == (1, False)
    assert states(document)["workers"] == "fails"
    assert states(document)["clock_microsoft"] == "could not ask"
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    text = mailroll("doctor")
    assert text.exit_code == 0
    assert "-> Set MAILROLL_SMTP_URL" in text.out


def test_a_letter_goes_to_an_address_only(patient: None) -> None:
    refused = mailroll("doctor", "--letter", "nobody at all", "--json")
    assert (refused.exit_code, refused.document["error"]["code"]) == (1, "address_malformed")


def test_wrong_settings_are_what_it_is_for(tmp_path: Path) -> None:
    code, document = run(tmp_path, MAILROLL_WEB_REQUESTS="many", MAILROLL_SMTP_URL="smtp://user:hidden@")
    assert code == 1
    (only,) = document["checks"]
    assert (only["check"], only["state"]) == ("settings", "fails")
    assert "MAILROLL_WEB_REQUESTS" in only["found"]
    assert "MAILROLL_SMTP_URL is no SMTP URL" in only["found"]
    assert "hidden" not in json.dumps(document)
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_does_not_answer_leaves_the_other_checks(tmp_path: Path) -> None:
    with socket.socket() as taken:
        # Bound and not listening: whoever connects is refused.
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        code, document = run(tmp_path, DATABASE_URL=f"postgresql://mailroll:hidden@127.0.0.1:{port}/mailroll")
    assert code == 1
    found = states(document)
    assert (found["database"], found["migrations"], found["disk"], found["mail"]) == (
        *("fails", "could not ask"),
        *(found["disk"], "warns"),
    )
    assert "hidden" not in json.dumps(document)


def test_an_embedded_database_that_is_stopped_is_not_started(tmp_path: Path) -> None:
    code, document = run(tmp_path)
    (database,) = [one for one in document["checks"] if one["check"] == "database"]
    assert (code, database["found"]) == (1, f"The embedded PostgreSQL of {tmp_path} does not run.")
    assert list(tmp_path.iterdir()) == []
