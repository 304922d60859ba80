"""A process that knows other tables than there are says so and stops, or does not believe what it reads."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections

from mailroll.cli import storage
from mailroll.cli.web import outdated
from mailroll.console.server.asgi import Receive, Scope, Send
from mailroll.gateway.copy import RollCopy
from mailroll.gateway.keeper import Keeper
from mailroll.gateway.server import Service
from mailroll.schema import turns
from mailroll.schema.age import OtherTables
from mailroll.server.runner import WatchedServer, configured
from mailroll.sync.workers import worker
from tests.cli.commands import mailroll
from tests.gateway.test_keeper import until
from tests.schema.versions import earlier_version, later_version

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_process_of_an_earlier_version_does_not_start(command: str) -> None:
    with later_version():
        answer = mailroll(command)
    assert (answer.exit_code, answer.out) == (1, "")
    assert "A later version of Mailroll has changed the tables (sync.9999_later)" in answer.err
    assert "(database_newer)" in answer.err


def test_a_console_ends_once_a_later_version_has_changed_the_tables() -> None:
    """The looks are real; between the second and the third another version comes."""
    looks: Iterator[OtherTables | None]

    def look_through() -> Iterator[OtherTables | None]:
        yield outdated()
        with later_version():
            yield outdated()

    looks = look_through()
    server = WatchedServer(configured(_nobody), lambda: next(looks), every=0.01)
    server.run()
    looks.close()  # type: ignore[attr-defined]
    assert isinstance(server.reason, OtherTables)
    assert server.reason.code == "database_newer"


def test_a_worker_ends_once_a_later_version_has_changed_the_tables() -> None:
    with later_version(), pytest.raises(OtherTables):
        worker.work(1, worker.Pace(grace=0.1))


@pytest.mark.parametrize(("version", "code"), [(later_version, "database_newer"), (earlier_version, "database_older")])
def test_a_gateway_server_goes_on_without_tables_that_it_does_not_know(
    version: Callable[[], AbstractContextManager[None]], code: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    service = Service(RollCopy())
    keeper = Keeper(service.roll, service.tally, service.clock, tmp_path, service.admissions)
    try:
        with version():
            keeper.start()
            until(keeper.tried.is_set)
            assert code in caplog.text
            assert service.roll.position is None
        until(lambda: service.roll.position is not None)
    finally:
        keeper.stop()


def test_of_many_that_start_at_once_one_migrates_and_the_others_wait(database_url: str) -> None:
    """The lock is held by another process while this one wants it; what that one did is looked at first."""
    with earlier_version(), psycopg.connect(database_url) as other, ThreadPoolExecutor(1) as beside:
        # Held until this transaction ends, in which the tables change.
        other.execute("SELECT pg_advisory_xact_lock(%s)", [turns.TABLES])
        other.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('sync', '9999_later', now())")
        waiting = beside.submit(_ready)
        until_somebody_waits(other)
        other.commit()
        try:
            assert waiting.result() == "database_newer"
        finally:
            other.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
            other.commit()


def _ready() -> str:
    try:
        storage.ready()
    except OtherTables as refusal:
        return refusal.code
    finally:
        connections.close_all()
    return ""


def until_somebody_waits(session: "psycopg.Connection[Any]") -> None:
    waiting = (
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
    )
    until(lambda: session.execute(waiting).fetchone() == (True,))


async def _nobody(scope: Scope, receive: Receive, send: Send) -> None:
    """Nobody asks."""
