"""What an address opens is in no line of the log."""

import json
import logging
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import InterfaceError, OperationalError, connection
from psycopg.errors import DiskFull

from mailroll import events
from mailroll.cli import logs
from mailroll.cli.logs import Discreet
from mailroll.directory import retirements
from mailroll.settings import LogFormat, LogLevel

TOKEN = "3Jz9xQ_7hW2Lr5TtVb8NnMm1Kk4Pp6Ss0Dd-Ff="


@pytest.mark.parametrize(
    ("given", "logged"),
    [
        (f"Gone: /consent/{TOKEN}/", "Gone: /consent/.../"),
        (f"Forbidden (CSRF): /consent/{TOKEN}/decline/", "Forbidden (CSRF): /consent/.../decline/"),
        ('"GET /connect/callback/?code=1.abc&state=xyz HTTP/1.1" 302', '"GET /connect/callback/... HTTP/1.1" 302'),
        (f"Forbidden: /connect/hand-over/{TOKEN}/", "Forbidden: /connect/hand-over/.../"),
        (
            "Not Found: /connections/7f2a5d50-5887-424a-903b-926a8a6be27e/",
            "Not Found: /connections/7f2a5d50-5887-424a-903b-926a8a6be27e/",
        ),
    ],
)
def test_an_address_is_logged_without_what_it_opens(given: str, logged: str) -> None:
    for name in ("django.request", "uvicorn.access"):
        record = logging.LogRecord(name, logging.WARNING, "", 0, "%s", (given,), None)
        assert Discreet().filter(record)
        assert record.getMessage() == logged


def test_what_libraries_note_for_themselves_is_dropped() -> None:
    for name in ("msal.oauth2cli.oauth2", "django.template", "asyncio"):
        assert not Discreet().filter(logging.LogRecord(name, logging.DEBUG, "", 0, TOKEN, (), None))


def test_nothing_of_the_library_that_repeats_tokens_is_kept() -> None:
    for name in ("apprise", "apprise.plugins.slack"):
        assert not Discreet().filter(logging.LogRecord(name, logging.ERROR, "", 0, TOKEN, (), None))


def test_a_refusal_is_one_line_and_a_fault_shows_where_it_was() -> None:
    where = (PermissionError, PermissionError(), None)
    for level, kept in ((logging.WARNING, None), (logging.ERROR, where)):
        record = logging.LogRecord("django.request", level, "", 0, "Forbidden: /people/", (), where)
        assert Discreet().filter(record)
        assert record.exc_info == kept


def test_other_loggers_are_left_alone() -> None:
    record = logging.LogRecord("mailroll.sync", logging.INFO, "", 0, "run %s", (TOKEN,), None)
    assert Discreet().filter(record)
    assert record.getMessage() == f"run {TOKEN}"


@pytest.fixture
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def test_events_of_ours_go_where_all_lines_go(as_before: None, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(LogLevel.WARNING, LogFormat.JSON)
    log = events.logger("mailroll.accounts.mail")
    log.info("letter_sent")
    log.error("mail_not_sent", problem="TimeoutError")
    said, told = capsys.readouterr()
    assert said == ""
    (line,) = told.splitlines()
    event = json.loads(line)
    assert (event["event"], event["level"], event["problem"]) == ("mail_not_sent", "error", "TimeoutError")
    assert "timestamp" in event


def test_what_ails_the_database_is_a_line_and_no_page(as_before: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Before, a worker on a full disk wrote thirty lines every three seconds, to that disk perhaps."""
    logs.configure(LogLevel.WARNING, LogFormat.JSON)
    fault = OperationalError()
    fault.__cause__ = DiskFull()
    logging.getLogger("procrastinate.worker").error("Job ended", exc_info=fault)
    event = json.loads(capsys.readouterr().err)
    assert event["database"] == "database_disk_full"
    assert event["exception"] == "psycopg.errors.DiskFull (53100)"


def test_what_is_no_outage_but_of_the_same_kind_is_found_by_its_place(
    as_before: None, db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before, no line said where a cursor was used that is closed, and the page that the database does not answer."""
    logs.configure(LogLevel.WARNING, LogFormat.JSON)
    cursor = connection.cursor()
    cursor.close()
    with pytest.raises(InterfaceError) as caught:
        retirements.end(cursor, uuid4(), [(uuid4(), True, True)])
    logging.getLogger("mailroll").error("run failed", exc_info=caught.value)
    event = json.loads(capsys.readouterr().err)
    kind, _, place = event["exception"].partition(" at ")
    assert kind == "psycopg.InterfaceError"
    assert re.fullmatch(r"/.*/mailroll/directory/retirements\.py:[0-9]+ in end", place)
