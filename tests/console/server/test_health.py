"""What whoever watches the machine is told, without signing in and whatever name they use."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from mailroll.console.server import health
from mailroll.console.server.health import HealthDoor, HealthState
from tests.console.server.visits import BEHIND, console, visit
from tests.schema.versions import later_version

WELL = HealthState(database=True, migrations=True, worker=True)
ALONE = HealthState(database=True, migrations=True, worker=False)
OLD = HealthState(database=True, migrations=False, worker=False)
AWAY = HealthState(database=False, migrations=False, worker=False)


async def _ask(watched: HealthDoor, target: str, method: str = "GET") -> tuple[int, str]:
    status, _, body = await visit(watched, target, method)
    return status, body.decode()


@pytest.mark.parametrize(
    ("state", "target", "status"),
    [
        (WELL, "/readyz", 200), (WELL, "/readyz?worker", 200), (ALONE, "/readyz", 200), (ALONE, "/readyz?worker", 503),
        (ALONE, "/readyz?worker=1", 503),
        (OLD, "/readyz", 503), (AWAY, "/readyz", 503), (AWAY, "/livez", 200),
        (WELL, "/", BEHIND), (WELL, "/readyz/", BEHIND),
    ],
)  # fmt: skip
def test_it_is_ready_where_it_can_serve(state: HealthState, target: str, status: int) -> None:
    assert asyncio.run(_ask(HealthDoor(console, lambda: state), target))[0] == status


def test_a_form_is_none_of_its_business() -> None:
    assert asyncio.run(_ask(HealthDoor(console, lambda: WELL), "/readyz", "POST")) == (BEHIND, "the Console")


def test_many_who_ask_at_once_ask_the_database_once() -> None:
    looks: list[int] = []

    def look() -> HealthState:
        looks.append(1)
        return WELL

    async def storm() -> list[tuple[int, str]]:
        watched = HealthDoor(console, look)
        return await asyncio.gather(*(_ask(watched, "/readyz") for _ in range(200)))

    assert {status for status, _ in asyncio.run(storm())} == {200}
    assert len(looks) == 1


def test_a_database_that_hangs_is_one_that_does_not_answer() -> None:
    hangs = threading.Event()

    def look() -> HealthState:
        hangs.wait()
        return WELL

    async def ask() -> tuple[int, str]:
        try:
            return await _ask(HealthDoor(console, look, patience=0.05), "/readyz")
        finally:
            hangs.set()

    status, words = asyncio.run(ask())
    assert (status, words.splitlines()[0]) == (503, "database: does not answer")


def _looked() -> HealthState:
    """Look as it does, from a thread of its own."""
    found: list[HealthState] = []
    thread = threading.Thread(target=lambda: found.append(health.examine()))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.django_db(transaction=True)
def test_it_sees_the_database_its_tables_and_a_worker() -> None:
    assert _looked() == ALONE
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    try:
        assert _looked() == WELL
        last = MigrationRecorder(connection).migration_qs.filter(app="sync").latest("id")
        last.delete()
        try:
            assert _looked() == OLD
        finally:
            MigrationRecorder(connection).record_applied(last.app, last.name)
        with later_version():
            assert str(_looked()).splitlines()[1] == "migrations: of a later version"
            assert not _looked().serves
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_workers")


@pytest.mark.parametrize("problem", [OperationalError, InterfaceError])
def test_what_the_database_says_is_not_repeated(monkeypatch: pytest.MonkeyPatch, problem: type[Exception]) -> None:
    def fails(_: object) -> Callable[[], None]:
        raise problem("password authentication failed for user postgres")

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", fails)
    assert _looked() == AWAY
