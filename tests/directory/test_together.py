"""Several at once, and one that dies half way: the roll is as it was before or as it is after."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from django.db import connection, transaction

from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.models import Address, Group
from mailroll.reconcile.errors import Refused
from mailroll.reconcile.resolve import leave
from tests.directory.rolls import Roll
from tests.forked import ForkedPython
from tests.reconcile.outcome import hashed

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 300.0
"""Seconds before a test that waits for PostgreSQL gives up."""


def _outcomes(works: list[Callable[[], object]]) -> list[str]:
    """Do all of it at once, each in a thread with its own connection; return what became of each."""
    outcomes: list[str] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait(PATIENCE)
            work()
            outcomes.append("applied")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return sorted(outcomes)


def test_of_two_who_apply_the_same_plan_one_wins(roll: Roll) -> None:
    ann = roll.state("ann", "ann", "info")
    then = roll.current()
    plan = roll.plan(roll.change("ann", None, ann))
    assert _outcomes([lambda: roll.apply(plan, then)] * 2) == ["applied", "plan_moved_on"]
    roll.expect(("ann", ann))


def test_of_two_customers_who_want_the_same_addresses_one_gets_them_all(roll: Roll, other: Roll) -> None:
    wanted = tuple(f"shared{i}" for i in range(300))
    mine = roll.state("ann", "ann", *wanted)
    theirs = replace(other.state("bob", "bob"), aliases=mine.aliases)
    plan_of_mine = roll.plan(roll.change("ann", None, mine))
    plan_of_theirs = other.plan(other.change("bob", None, theirs))
    works: list[Callable[[], object]] = [lambda: roll.apply(plan_of_mine), lambda: other.apply(plan_of_theirs)]
    assert _outcomes(works) == ["address_taken", "applied"]
    assert Address.objects.count() == len(wanted) + 1


EDITS: dict[str, Callable[[Roll, Acting], object]] = {
    "restore": lambda roll, acting: edit.restore(roll.domain, roll.key("ann"), acting),
    "restore_users": lambda roll, acting: edit.restore_users(roll.domain, [roll.key("ann")], acting),
    "pin": lambda roll, acting: edit.pin(roll.domain, roll.key("ann"), acting),
    "give_up_users": lambda roll, acting: edit.give_up_users(roll.owner, acting),
    "rename_group": lambda roll, acting: edit.rename_group(roll.domain, _group(roll), "Staff", acting),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_who_is_retired_sees_what_another_domain_takes_at_this_moment(
    roll: Roll, other: Roll, acting: Acting, database_url: str, name: str
) -> None:
    before = roll.state("ann", "ann", "sales", group="Sales")
    roll.has(("ann", before))
    roll.becomes(("ann", before, leave(before, (), retired=True)))
    backends: list[int] = []

    def work() -> None:
        connection.ensure_connection()
        backends.append(connection.connection.info.backend_pid)
        has_begun.set()
        try:
            EDITS[name](roll, acting)
        finally:
            connection.close()

    has_begun, thread = threading.Event(), threading.Thread(target=work)
    with psycopg.connect(database_url, autocommit=True) as watcher, transaction.atomic():
        other.has(("bob", other.state("bob", "bob", aliases=(roll.address("sales"),))))
        thread.start()
        assert has_begun.wait(PATIENCE)
        _wait(watcher, "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", backends[0])
    thread.join(PATIENCE)
    (ann,) = roll.current().users
    assert ann == hashed(ann)
    assert ann.state.addresses == (roll.address("ann"),)
    assert Address.objects.get(address=roll.address("sales")).domain_id == other.domain.id


def _group(roll: Roll) -> int:
    return Group.objects.get(domain=roll.domain, name="Sales").id


def test_a_process_killed_in_the_middle_leaves_the_roll_as_it_was(roll: Roll, other: Roll, database_url: str) -> None:
    ann = roll.state("ann", "ann")
    roll.has(("ann", ann))
    other.has(("bob", other.state("bob", "bob")))
    connection.close()
    with _in_the_way(other, roll.address("taken"), database_url) as watcher:
        process = ForkedPython(
            [sys.executable, "-m", "tests.directory.killed", str(roll.domain.id)],
            env={**os.environ, "DATABASE_URL": database_url},
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdout is not None
            backend = int(process.stdout.readline())
            _wait(watcher, "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", backend)
            process.send_signal(signal.SIGKILL)
    with psycopg.connect(database_url, autocommit=True) as watcher:
        _wait(watcher, "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = %s", backend)
    roll.expect(("ann", ann))


@contextmanager
def _in_the_way(other: Roll, address: str, database_url: str) -> Iterator[psycopg.Connection]:
    """Hold an address in a transaction that never commits: who wants it waits. Yields another connection."""
    with psycopg.connect(database_url) as holder, psycopg.connect(database_url, autocommit=True) as watcher:
        holder.execute(
            "INSERT INTO directory_address (address, user_id, domain_id, is_primary) VALUES (%s, %s, %s, false)",
            [address, other.key("bob"), other.domain.id],
        )
        yield watcher
        holder.rollback()


def _wait(watcher: psycopg.Connection, question: LiteralString, backend: int) -> None:
    """Ask PostgreSQL until it says yes."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.01)):
        found = watcher.execute(question, [backend]).fetchone()
        if found is not None and found[0]:
            return
        pause.wait(0.01)
    pytest.fail("PostgreSQL never said yes")
