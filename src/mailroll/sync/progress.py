"""How far a run has come, told to whoever watches it, and the two ways to end it early."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from mailroll.audit.actor import Acting
from mailroll.reconcile.errors import Refused
from mailroll.sync import shutdown
from mailroll.sync.locks import domain_lock
from mailroll.sync.locks.lock_session import Lock, LockLost
from mailroll.sync.models import Run, RunStep

BEAT = 0.5
"""Seconds between two looks at whether a reading shall end early; what is counted is written at the same time."""

Result = TypeVar("Result")
Stop = Callable[[], bool]
"""Whether the process that runs it has to end soon."""

_BEGIN = "INSERT INTO sync_runprogress (run_id, step, began, updated_at) VALUES (%s, %s, '{}', %s)"
_WRITE = """
    UPDATE sync_runprogress SET step = %s, done = %s, total = %s, objects_read = %s, updated_at = %s, began = %s
    WHERE run_id = %s AND cancelled_by = ''
"""

# What was cut short, or read other sources, tells nothing of how much there is.
_EXPECTED = """
    SELECT p.objects_read FROM sync_runprogress p JOIN sync_run r ON r.id = p.run_id
     WHERE r.domain_id = %s AND r.revision = %s AND p.objects_read > 0 AND p.step <> 'read'
     ORDER BY r.number DESC LIMIT 1
"""


class Cancelled(Exception):
    """A person ended the run before anything was applied."""


class Stopped(Refused):
    """The process that made the run has to end, or may not go on with it; another one makes it again."""

    def __init__(
        self,
        code: str = "worker_stopped",
        message: str = "The program was stopped while this run was under way. Nothing of it was applied.",
        way_out: str = "It is made again by itself when the program runs.",
    ) -> None:
        super().__init__(code, message, way_out)


class Unguarded(Stopped):
    """The domain's lock was lost with its session: another process may be making a run of the domain."""

    def __init__(self) -> None:
        super().__init__(
            "lock_lost",
            "The connection to the database that kept other runs of this domain away was lost."
            " Nothing of this run was applied.",
            "A worker makes it again by itself; a command has to be given again.",
        )


def never() -> bool:
    """Answer for a process that nobody will ask to end."""
    return False


@dataclass(slots=True)
class Progress:
    """The progress of one run, kept in memory and written to its row through the session that holds the domain's lock.

    Only `write` and `enter` touch the database. They raise `Cancelled`, or `Stopped` where the process has to end or
    has lost the lock.
    """

    run: Run
    lock: Lock
    stop: Stop
    now: Callable[[], datetime]
    expected: int | None
    """How many objects the domain's last run read in whole under these settings: what a reading is measured against,
    until it has more.
    """
    step: RunStep = RunStep.CONNECT
    done: int = 0
    total: int | None = None
    read: int = 0
    began: dict[str, str] = field(default_factory=dict)

    def enter(self, step: RunStep, total: int | None = None) -> None:
        """Begin a step, and let everybody see it. Once APPLY is entered, nothing ends the run early."""
        self.begin(step, total)
        self.write()

    def count(self, objects: int) -> None:
        """Note that so many more objects were read; written with the next beat."""
        if self.step is not RunStep.READ:
            self.begin(RunStep.READ, self.expected)
        self.read += objects
        self.done = self.read
        if self.total is not None and self.read > self.total:
            self.total = None

    def write(self) -> None:
        if self.stop():
            raise Stopped
        began = json.dumps(self.began)
        values = (self.step.value, self.done, self.total, self.read, self.now(), began, self.run.id)
        try:
            rows_count = self.lock.execute(_WRITE, values)
        except LockLost as lost:
            raise Unguarded from lost
        if rows_count != 1:
            raise Cancelled

    async def watch(self, reading: Coroutine[Any, Any, Result]) -> Result:
        """Await a reading, and write beside it; it ends with the reading, or as soon as that shall end early."""
        task = asyncio.ensure_future(reading)
        try:
            while not (await asyncio.wait({task}, timeout=BEAT))[0]:
                await asyncio.to_thread(self.write)
            return task.result()
        finally:
            await shutdown.cancel({task})

    def begin(self, step: RunStep, total: int | None = None) -> None:
        """Begin a step that is over in a moment, or is written with the next beat."""
        self.step, self.done, self.total = step, 0, total
        self.began[step.value] = self.now().isoformat()


def expect_lock(domain: UUID) -> None:
    """Raise `Unguarded` where the domain's lock, which this process has taken, was lost meanwhile."""
    try:
        domain_lock.held(domain).execute("SELECT 1", ())
    except LockLost as lost:
        raise Unguarded from lost


def begin(run: Run, acting: Acting) -> None:
    """Make the row of a run that begins, in the transaction that makes the run."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [run.id, RunStep.CONNECT.value, acting.now()])


@contextmanager
def follow(run: Run, acting: Acting, stop: Stop = never) -> Iterator[Progress]:
    """Follow a run that has begun; the caller holds the domain's lock."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPECTED, [run.domain_id, run.revision])
        before = cursor.fetchone()
    try:
        lock = domain_lock.held(run.domain_id)
    except LockLost as lost:
        raise Unguarded from lost
    progress = Progress(run, lock, stop, acting.now, None if before is None else before[0])
    progress.enter(RunStep.CONNECT)
    yield progress
