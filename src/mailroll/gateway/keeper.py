"""A thread beside the server: follows the database while it is there, writes snapshots, and flushes what was asked."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Final

import psycopg
from django.db import DatabaseError, InterfaceError, connection

from mailroll.gateway import endpoints, snapshots
from mailroll.gateway.admissions import READ_EVERY, Admissions
from mailroll.gateway.copy import RollCopy, ServerClock
from mailroll.gateway.demand import AskedTally, flush
from mailroll.gateway.follower import follow
from mailroll.schema import age
from mailroll.schema.age import OtherTables

POLL: Final = 1.0
"""Seconds until it looks by itself: a notice can be lost with its session."""

SNAPSHOT_EVERY: Final = 30.0
FLUSH_EVERY: Final = 15.0
EXPECT_EVERY: Final = 10.0
"""Seconds until it notices that another version has changed the tables."""

_PATIENCE: Final = 10.0
"""Seconds between two tries to reach a database that is away, at the most."""

_log = logging.getLogger(__name__)


class Keeper:
    """Keeps a copy of the roll; whoever answers from it never waits for it."""

    def __init__(
        self, roll: RollCopy, tally: AskedTally, clock: ServerClock, folder: Path, admissions: Admissions
    ) -> None:
        self._roll = roll
        self._tally = tally
        self._clock = clock
        self._folder = folder
        self._admissions = admissions
        self.tried = threading.Event()
        """Set once the database was asked for the list, whatever came of it."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        # What a process before left on disk is not known to be of one roll.
        self._unwritten = snapshots.KEPT
        """How many of the copies on disk are of an older roll. All of them are replaced after a change: whoever left
        the roll, or was erased, would stay in the spare one until the next change.
        """
        self._away = False
        self._wrote_at = self._flushed_at = monotonic()
        self._places: tuple[str, ...] = ()
        self._told_at = -endpoints.TOLD_EVERY
        self._admitted_at = -READ_EVERY
        self._expected_at = 0.0
        self._woken = False

    def start(self) -> None:
        self._thread.start()

    def tell(self, places: Sequence[str]) -> None:
        """Have the database know where the server answers, as long as it runs."""
        self._places = tuple(places)

    def stop(self) -> None:
        """End it, with what it knows written down. Waits for it, unless a database hangs: that one is left alone."""
        self._stop.set()
        self._thread.join(_PATIENCE)
        if self._thread.is_alive():
            _log.warning("the database does not answer; what was asked since the last flush is lost")

    def _run(self) -> None:
        wait = 0.25
        while not self._stop.is_set():
            try:
                self._expect_own_tables()
                with connection.cursor() as cursor:
                    cursor.execute("LISTEN mailroll_gateway")
                while not self._stop.is_set():
                    self._turn()
                    wait = 0.25
                self._flush()
                endpoints.take_back(self._places)
            # One of the few places that take any error: without this thread the server would answer from an old copy
            # for as long as it is allowed, and nobody would know.
            except Exception as error:  # noqa: BLE001
                if not self._away:
                    _log.warning(
                        "the copy of the roll cannot follow the database, and ages (%s)",
                        # What others say may name somebody.
                        error if isinstance(error, OtherTables) else type(error).__name__,
                        exc_info=_odd(error),
                    )
                self._away = True
                self.tried.set()
                connection.close()
                self._stop.wait(wait)
                wait = min(2 * wait, _PATIENCE)
        connection.close()
        for _ in range(self._unwritten):
            self._write()

    def _expect_own_tables(self) -> None:
        """Raise where the tables are of another version: what is read there may mean something else."""
        age.refuse_others()
        self._expected_at = monotonic()

    def _turn(self) -> None:
        if monotonic() - self._expected_at > EXPECT_EVERY:
            self._expect_own_tables()
        first = self._roll.position is None
        changed = follow(self._roll)
        self.tried.set()
        if changed:
            self._unwritten = snapshots.KEPT
        if changed or self._woken or monotonic() - self._admitted_at > READ_EVERY:
            self._admissions.read()
            self._admitted_at, self._woken = monotonic(), False
        if self._roll.position is not None:
            self._clock.set(self._roll.position.at)
        if self._away:
            _log.warning("the database answers again")
            self._away = False
        if first or monotonic() - self._wrote_at > SNAPSHOT_EVERY:
            self._write()
        if monotonic() - self._flushed_at > FLUSH_EVERY:
            self._flush()
        if self._places and monotonic() - self._told_at > endpoints.TOLD_EVERY:
            endpoints.tell(self._places, self._clock())
            self._told_at = monotonic()
        for _ in connection.connection.notifies(timeout=POLL, stop_after=1):
            self._woken = True

    def _flush(self) -> None:
        self._flushed_at = monotonic()
        self._admissions.flush()
        tally = self._tally.take()
        try:
            flush(tally, self._clock())
        except (DatabaseError, InterfaceError):
            self._tally.give_back(tally)
            raise

    def _write(self) -> None:
        self._wrote_at = monotonic()
        if not self._unwritten or self._roll.position is None:
            return
        try:
            snapshots.write(self._folder, self._roll)
        except OSError as error:
            _log.error("the copy of the roll cannot be written to disk: %s", error)
        else:
            self._unwritten -= 1


def _odd(error: Exception) -> bool:
    return not isinstance(error, (DatabaseError, InterfaceError, psycopg.Error, OtherTables))
