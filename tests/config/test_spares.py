"""A connection that a thread has done with goes on to the next one as new, or not at all."""

from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from mailroll.config.postgresql.base import DatabaseWrapper
from mailroll.config.postgresql.spares import SpareConnections
from tests.sync.waiting import until

LIFE = 60.0
LEFT_BEHIND = (
    "CREATE TEMPORARY TABLE left_behind (id int)",
    "LISTEN left_behind",
    "SELECT set_config('search_path', 'pg_temp', false)",
    "SET TIME ZONE 'Asia/Tokyo'",
    "SET default_transaction_read_only = on",
    "SELECT pg_advisory_lock(77)",
    "PREPARE left_behind AS SELECT 1",
    "DECLARE left_behind CURSOR WITH HOLD FOR SELECT 1",
)
LONG = "COPY (SELECT generate_series(1, 1000000)) TO STDOUT"
SEEN = """
    SELECT current_setting('search_path'), current_setting('TimeZone'), current_setting('transaction_read_only'),
        to_regclass('left_behind'),
        (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
        (SELECT count(*) FROM pg_listening_channels()),
        (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_cursors WHERE name = 'left_behind')
"""


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Threads:
    """Wrappers as each thread has one, which share their spares."""

    def __init__(self, spares: SpareConnections) -> None:
        self._spares = spares
        self.made: list[BaseDatabaseWrapper] = []

    def another(self) -> DatabaseWrapper:
        made = DatabaseWrapper({**connection.settings_dict, "CONN_MAX_AGE": 0, "SPARES": self._spares}, "default")
        self.made.append(made)
        return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def threads(transactional_db: None, clock: Clock) -> Iterator[Threads]:
    spares = SpareConnections(LIFE, clock)
    shared = Threads(spares)
    yield shared
    for one in shared.made:
        one.close()
    clock.now += LIFE
    assert spares.take() is None


def test_nothing_of_a_session_goes_over_to_the_next_thread(threads: Threads) -> None:
    new = threads.another()
    as_new = ask(new, SEEN)
    backend = of_backend(new)
    for statement in LEFT_BEHIND:
        with new.cursor() as cursor:
            cursor.execute(statement)
    assert ask(new, SEEN) != as_new
    new.close()
    with connection.cursor() as cursor:
        # At once, as when it is closed: not when it is taken again.
        cursor.execute("SELECT pg_try_advisory_lock(77), pg_advisory_unlock(77)")
        assert cursor.fetchone() == (True, True)
    following = threads.another()
    assert of_backend(following) == backend
    assert ask(following, SEEN) == as_new


def test_one_that_is_in_use_is_nobody_elses_and_nobody_waits_for_it(threads: Threads) -> None:
    in_use = [threads.another() for _ in range(3)]
    assert len({of_backend(one) for one in in_use}) == 3
    in_use[0].close()
    assert of_backend(threads.another()) not in {of_backend(one) for one in in_use[1:]}


def test_one_that_is_closed_in_the_midst_of_a_transaction_is_not_kept(threads: Threads) -> None:
    first = threads.another()
    backend = of_backend(first)
    first.set_autocommit(False)
    first.in_atomic_block = True
    first.close()
    assert of_backend(threads.another()) != backend
    until(lambda: not is_alive(backend), "the end of a session that was closed")


@pytest.mark.parametrize("left", ["BEGIN", "BEGIN; SELECT 1/0"])
def test_one_with_an_open_transaction_is_not_kept(threads: Threads, left: str) -> None:
    first = threads.another()
    backend = of_backend(first)
    with suppress(Error), first.cursor() as cursor:
        cursor.execute(left)
    first.close()
    assert of_backend(threads.another()) != backend
    until(lambda: not is_alive(backend), "the end of a session that was closed")


def test_one_that_is_closed_in_the_midst_of_an_answer_is_not_kept(threads: Threads) -> None:
    first = threads.another()
    backend = of_backend(first)
    # Who reads a COPY has psycopg's lock of the connection until its end.
    with suppress(Error, psycopg.Error), first.connection.cursor() as cursor, cursor.copy(LONG) as copy:
        copy.read()
        first.close()
    assert of_backend(threads.another()) != backend
    until(lambda: not is_alive(backend), "the end of a session that was closed")


def test_one_that_the_server_ended_meanwhile_is_replaced(threads: Threads) -> None:
    in_use = [threads.another() for _ in range(2)]
    backends = {of_backend(one) for one in in_use}
    for one in in_use:
        one.close()
    for backend in backends:
        assert end(backend)
    assert of_backend(threads.another()) not in backends


def test_one_that_the_server_ended_while_it_was_in_use_is_not_kept(threads: Threads) -> None:
    first = threads.another()
    assert end(of_backend(first))
    with pytest.raises(Error):
        ask(first, "SELECT 1")
    first.close()
    assert ask(threads.another(), "SELECT 1") == (1,)


def test_one_is_closed_a_while_after_it_was_given_first(threads: Threads, clock: Clock) -> None:
    first = threads.another()
    backend = of_backend(first)
    first.close()
    clock.now += LIFE - 1
    again = threads.another()
    assert of_backend(again) == backend
    again.close()
    clock.now += 1
    assert of_backend(threads.another()) != backend
    until(lambda: not is_alive(backend), "the end of a session that was closed")


def ask(wrapper: DatabaseWrapper, question: str) -> tuple[object, ...]:
    with wrapper.cursor() as cursor:
        cursor.execute(question)
        answer: tuple[object, ...] | None = cursor.fetchone()
    assert answer is not None
    return answer


def of_backend(wrapper: DatabaseWrapper) -> int:
    (pid,) = ask(wrapper, "SELECT pg_backend_pid()")
    assert isinstance(pid, int)
    return pid


def end(backend: int) -> bool:
    """End a session, and wait until it is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10_000)", [backend])
        (ended,) = cursor.fetchone()
    return bool(ended)


def is_alive(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", [backend])
        return cursor.fetchone() is not None
