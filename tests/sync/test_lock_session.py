"""The session that holds the locks of a process: one for all of them, and what becomes of them when it ends."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from mailroll.sync.locks.lock_session import LockLost, LockSession
from tests.sync.test_crash import blocked
from tests.sync.waiting import beside, drop_connections_of_others, somebody_waits_for_a_lock, until

pytestmark = pytest.mark.usefixtures("transactional_db")

FORKING = """
import django, os
django.setup()
from mailroll.sync.locks.lock_session import locks
with locks.holding("a") as lock:
    child = os.fork()
    if not child:
        with locks.holding("a") as taken, locks.holding("b") as free:
            assert lock.lost and taken is None and free is not None
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert lock.execute("SELECT", []) == 1
"""


def sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE %s",
            ["% locks, process %"],
        )
        return int(cursor.fetchone()[0])


def test_one_session_holds_every_lock_and_ends_with_the_last() -> None:
    locks = LockSession()
    with locks.holding("a") as first, locks.holding("b") as second:
        assert first is not None
        assert second is not None
        # One that was closed before is seen for a moment more.
        until(lambda: sessions() == 1, "one session")
    until(lambda: sessions() == 0, "the session ends")


def test_a_session_that_is_kept_holds_one_lock_after_the_other_and_is_opened_anew_where_it_ended() -> None:
    locks = LockSession()

    def session() -> int:
        ((number,),) = locks.rows("SELECT pg_backend_pid()", {})
        return int(number)

    with locks.kept():
        with locks.holding("a"):
            first = session()
        with locks.holding("b"):
            assert session() == first
        drop_connections_of_others()
        assert session() != first
        drop_connections_of_others()
        with locks.holding("a") as lock:
            assert lock is not None
            assert lock.execute("SELECT", []) == 1
        assert sessions() == 1
    until(lambda: sessions() == 0, "the session ends")


def test_a_lock_is_refused_to_a_second_holder_in_this_process_and_in_another() -> None:
    locks, others = LockSession(), LockSession()
    with locks.holding("a"):
        with locks.holding("a") as again, others.holding("a") as elsewhere:
            assert (again, elsewhere) == (None, None)
        with others.holding("a") as elsewhere:
            assert elsewhere is None
    with others.holding("a") as elsewhere:
        assert elsewhere is not None


def test_with_its_session_every_lock_is_lost_and_the_next_one_opens_another() -> None:
    locks, others = LockSession(), LockSession()
    with locks.holding("a") as first, locks.holding("b") as second:
        assert first is not None
        assert second is not None
        drop_connections_of_others()
        with pytest.raises(LockLost):
            first.execute("SELECT", [])
        assert (first.lost, second.lost) == (True, True)
        with pytest.raises(LockLost):
            locks.held("b")
        with others.holding("a") as elsewhere, locks.holding("b") as anew:
            assert elsewhere is not None
            assert anew is not None
            assert anew.execute("SELECT", []) == 1


def test_a_session_that_ended_unnoticed_is_opened_anew_for_the_next_lock() -> None:
    locks = LockSession()
    with locks.holding("a") as first:
        drop_connections_of_others()
        with locks.holding("b") as second:
            assert first is not None
            assert second is not None
            assert (first.lost, second.lost) == (True, False)


def test_whoever_lost_a_lock_does_not_free_it_for_the_next_holder() -> None:
    locks, others = LockSession(), LockSession()
    lost = locks.holding("a")
    lost.__enter__()
    drop_connections_of_others()
    with locks.holding("b"), locks.holding("a") as anew:
        assert anew is not None
        lost.__exit__(None, None, None)
        with others.holding("a") as elsewhere:
            assert elsewhere is None
        assert locks.held("a") is anew


def test_a_thread_that_waits_for_a_row_keeps_no_other_from_the_session() -> None:
    locks = LockSession()
    with locks.holding("a") as lock:
        assert lock is not None
        with blocked():
            waiting = beside(lambda: lock.execute("DELETE FROM directory_address", []))
            until(somebody_waits_for_a_lock, "it waits", waiting.is_alive)
            for _ in range(10):
                with locks.holding("b") as other:
                    assert other is not None
            assert waiting.is_alive()
            assert not lock.lost
        waiting.join()


def test_nothing_is_done_under_a_lock_that_was_given_back_and_no_session_is_left() -> None:
    locks = LockSession()
    with locks.holding("a") as lock:
        assert lock is not None
    with pytest.raises(LockLost):
        lock.execute("SELECT", [])
    until(lambda: sessions() == 0, "the session ends")


def test_a_child_of_the_process_begins_with_no_lock_and_leaves_those_of_its_parent(database_url: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "mailroll.config.settings",
        "DATABASE_URL": database_url,
        "MAILROLL_SECRET_KEY": "s6eX1sK0gGBvGxnMqLPMHfdGmIRQ9i8pQyVRFkKq7LQ=",
    }
    words = [sys.executable, "-W", "error", "-c", FORKING]
    done = subprocess.run(words, env=environment, stderr=subprocess.PIPE, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, b"")
