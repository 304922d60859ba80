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
from django.db import connection

from mailroll.directory.models import Address
from mailroll.reconcile.errors import Refused
from tests.directory.rolls import Roll
from tests.forked import ForkedPython

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
