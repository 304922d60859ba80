"""The Console's connections to the database, seen from there, while people come, go and are cut off."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from django.core.handlers.asgi import ASGIRequest
from django.db import connection, connections, transaction
from psycopg.pq import TransactionStatus
from pytest_django import DjangoDbBlocker

from mailroll import embedded
from mailroll.config.postgresql.spares import SpareConnections
from mailroll.console.stream import as_file
from mailroll.sync.workers import connection_share
from tests.conftest import address
from tests.console.server.apart import Console, served
from tests.sync.waiting import until

PLACES = 20
FEW = 2
"""Sessions that may begin meanwhile: one in place of one that is a minute old, one to look after the tables."""
_SESSION = f"mailroll_session={'s' * 32}"
_PAGE = "/consent/nobodys-link/"  # asks the database, of anybody
_SESSIONS = """
    SELECT pid, state, query FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'walls' AND backend_type = 'client backend'
"""


@pytest.fixture(scope="module")
def running(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Console]:
    with django_db_blocker.unblock(), served(tmp_path_factory.mktemp("console"), address()) as started:
        yield started


@pytest.fixture
def console(transactional_db: None, running: Console) -> Console:
    assert running.visit(_PAGE)[0] == 410
    return running


def test_requests_one_after_another_have_one_connection(console: Console) -> None:
    before, later = given_back(), set[int]()
    for _ in range(20):
        assert console.visit(_PAGE)[0] == 410
        later |= kept()
    assert later
    assert len(later - before) <= FEW


def test_requests_at_once_have_one_each_and_leave_no_transaction(console: Console) -> None:
    with ThreadPoolExecutor(30) as threads:
        statuses = {answer[0] for answer in threads.map(lambda _: console.visit(_PAGE), range(60))}
    # One visitor has half of the places where others wait; whoever finds none asks the database nothing.
    assert statuses <= {410, 503}
    most = PLACES + connection_share.BESIDE_PAGES
    until(lambda: of_state("idle") == len(sessions()) <= most, "the end of all transactions")
    until(lambda: len(kept()) > 1, "connections to be given back")


def test_a_request_that_is_cut_off_gives_its_connection_back(console: Console) -> None:
    head = f"GET {_PAGE} HTTP/1.1\r\nHost: localhost:{console.port}\r\n\r\n".encode()
    # Those of earlier tests may all be a minute old by the end, and are let go then.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid, 10_000) FROM unnest(%s) pid", [list(sessions())])
    with psycopg.connect(address()) as other:
        other.execute("LOCK TABLE connections_consentlink")
        for number in range(3):
            with console.connect() as line:
                line.sendall(head)
                until(lambda: of_state("active") > number, "a request that asks the database")  # noqa: B023
        cut_off = {pid for pid, (state, _) in sessions().items() if state == "active"}
    assert len(cut_off) > 1
    until(lambda: len(kept() & cut_off) >= len(cut_off) - 1, "what was cut off to give its connections back")
    until(lambda: of_state("idle") == len(sessions()), "the end of all transactions")


def test_sessions_that_the_database_ended_are_replaced_unseen(console: Console) -> None:
    with ThreadPoolExecutor(10) as threads:
        answers = threads.map(lambda _: console.visit(_PAGE), range(20))
        assert {status for status, _ in answers} == {410}
    given_back()
    before = sessions()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid, 10_000) FROM unnest(%s) pid", [list(before)])
    assert [console.visit(_PAGE)[0] for _ in range(5)] == [410] * 5
    assert given_back().isdisjoint(before)


def test_a_database_that_was_restarted_is_asked_as_before(tmp_path: Path) -> None:
    database = tmp_path / "database"
    dsn = embedded.ensure(database, embedded.Profile.DISPOSABLE).address.dsn
    try:
        with served(tmp_path, dsn) as console:
            assert console.visit(_PAGE)[0] == 410
            embedded.stop(database)
            # At once, and as often as somebody asks.
            answers = [console.visit(page, cookie=_SESSION) for page in (_PAGE, "/", "/")]
            assert {(status, "The database does not answer." in page) for status, page in answers} == {(503, True)}
            embedded.ensure(database, embedded.Profile.DISPOSABLE)
            assert [console.visit(_PAGE)[0] for _ in range(3)] == [410] * 3
        log = (tmp_path / "told").read_text(encoding="utf-8")
        assert log.count("console_without_database") == 1, "one line, however many pages"
        assert "Service Unavailable" not in log
        assert log.count("OperationalError") == 1
        assert "database_unreachable" in log
    finally:
        embedded.stop(database)


def test_a_file_that_is_cut_off_gives_its_connection_back(transactional_db: None) -> None:
    spares = SpareConnections(60.0)

    def lines() -> Iterator[str]:
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute("SELECT generate_series(1, 100000)")
            for (number,) in cursor:
                yield f"{number}\n"

    async def cut_off() -> None:
        request = ASGIRequest({"type": "http", "method": "GET", "path": "/", "headers": []}, BytesIO())
        answer = aiter(as_file(request, lines(), "numbers.csv"))
        assert isinstance(answer, AsyncGenerator)
        async with aclosing(answer) as parts:
            assert [await anext(parts) for _ in range(2)][1].endswith(b"\n500\n")

    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(connections.settings["default"], "SPARES", spares)
        asyncio.run(cut_off())
    session = spares.take()
    assert session is not None
    with session:
        assert session.info.transaction_status is TransactionStatus.IDLE
        assert session.execute("SELECT count(*) FROM pg_cursors").fetchone() == (0,)
    assert spares.take() is None


def sessions() -> Mapping[int, tuple[str, str]]:
    """What the Console's sessions do, and what they were asked last, by their processes."""
    with connection.cursor() as cursor:
        cursor.execute(_SESSIONS)
        return {pid: (state, query) for pid, state, query in cursor}


def kept() -> set[int]:
    """Those that were given back and are open."""
    return {pid for pid, told in sessions().items() if told == ("idle", "DISCARD ALL")}


def given_back() -> set[int]:
    """As `kept`, once there is any: whoever has an answer may have it before its connection is given back."""
    until(lambda: bool(kept()), "a connection to be given back")
    return kept()


def of_state(state: str) -> int:
    return sum(found == state for found, _ in sessions().values())
