"""A process that dies half way, and two that start at once."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from mailroll.audit.models import AuditEntry
from mailroll.sync.locks.domain_lock import AlreadyRunning, alone, taken
from mailroll.sync.models import Run, RunState
from tests.forked import ForkedPython
from tests.sync.waiting import until
from tests.sync.world import DOMAIN, Customer, failure

PATIENCE = 300


@contextmanager
def blocked(table: str = "directory_address") -> Iterator[None]:
    """Keep a table from being written, from another connection: whoever gets so far gets no further.

    Without one it is the addresses: an apply gets half way.
    """
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {connection.ops.quote_name(table)} IN SHARE MODE")
            locked.set()
            done.wait(PATIENCE)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(PATIENCE)
    try:
        yield
    finally:
        done.set()
        holder.join()


def start_sync(customer: Customer, database_url: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "MAILROLL_SECRET_KEY": "s6eX1sK0gGBvGxnMqLPMHfdGmIRQ9i8pQyVRFkKq7LQ=",
        "MAILROLL_CUSTOM_LOGIN_URL": customer.simulator.login_url,
        "MAILROLL_CUSTOM_GRAPH_URL": customer.simulator.graph_url,
        "MAILROLL_CUSTOM_CA_FILE": str(customer.simulator.ca_file),
    }
    words = [sys.executable, "-m", "mailroll", "sync", DOMAIN]
    return ForkedPython(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_until_blocked(process: subprocess.Popen[bytes]) -> None:
    """Wait in the database until a session waits for a lock."""
    with connection.cursor() as cursor:
        for _ in range(10 * PATIENCE):
            cursor.execute(
                "SELECT pg_sleep(0.1), count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[1]:
                return
            if process.poll() is not None:
                out, err = process.communicate()
                pytest.fail(f"the sync ended by itself: {out.decode()} {err.decode()}")
    pytest.fail("the sync never came so far")


@pytest.mark.parametrize(
    "table",
    [
        "connections_connection",  # what the tenant grants, told on the way of the reading
        "sync_runchange",  # the plan is kept
        "directory_address",  # it is applied: users are written, and not yet their addresses,
        "audit_auditentry",  # then what was done is noted
    ],
)
def test_a_sync_killed_at_any_step_leaves_the_roll_as_it_was(customer: Customer, database_url: str, table: str) -> None:
    with blocked(table):
        process = start_sync(customer, database_url)
        wait_until_blocked(process)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert customer.everyone() == []
    # The database lets its lock go a moment after the process has ended.
    until(lambda: not taken(customer.domain.id), "the lock is free")
    again = customer.sync()
    assert (again.state, len(customer.roll())) == (RunState.APPLIED, 12)
    killed = Run.objects.exclude(id=again.id).get()
    assert (killed.state, failure(killed)["code"]) == (RunState.FAILED, "interrupted")
    assert AuditEntry.objects.filter(action="run.applied").count() == 1
    assert customer.sync().state == RunState.UNCHANGED


def test_a_second_run_of_a_domain_is_told_of_the_first(customer: Customer) -> None:
    held, done = threading.Event(), threading.Event()

    def first() -> None:
        with alone(customer.domain.id, customer.time()):
            held.set()
            done.wait(PATIENCE)
        connection.close()

    holder = threading.Thread(target=first)
    holder.start()
    assert held.wait(PATIENCE)
    try:
        with pytest.raises(AlreadyRunning) as running:
            customer.sync()
        assert running.value.code == "already_running"
    finally:
        done.set()
        holder.join()
    assert customer.sync().state == RunState.APPLIED
