"""The one session of the database in which this process holds its advisory locks, for all of its threads."""

import os
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import OperationalError
from procrastinate.contrib.django import connector_params
from psycopg.rows import TupleRow

from mailroll.connections.outside import NOTICE_THE_DEAD

Session = psycopg.Connection[TupleRow]

_TAKE = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
_FREE = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"
# A statement that waits for a row makes every thread wait that needs the session.
_OPEN = f"{NOTICE_THE_DEAD}, set_config('lock_timeout', '250ms', false)"
NAME_PART = " locks, process "
_PATIENCE = 10
"""Seconds for the database to take a connection, where its address does not say otherwise."""


class LockLost(OperationalError):
    """The session has ended, and every lock that was held in it is free for others."""


def open_session() -> Session:
    """Open a session beside those of Django, outside of transactions; raises Django's `OperationalError`.

    Its name says which process of which machine it is of.
    """
    params = {"connect_timeout": _PATIENCE, **connector_params()}
    name = params.get("application_name", "mailroll")
    params["application_name"] = f"{name}{NAME_PART}{os.getpid()} on {socket.gethostname()}"
    try:
        session = psycopg.connect(**params, autocommit=True)
        session.execute(_OPEN)
    except psycopg.Error as error:
        raise OperationalError(*error.args) from error
    return session


@dataclass(slots=True, eq=False)
class Lock:
    """A lock that this process holds, until it is `lost` with the session."""

    key: str
    holder: "LockSession"
    lost: bool = False

    def execute(self, statement: str, values: Sequence[object]) -> int:
        """Run a statement in the session that holds the lock, and return how many rows it was about.

        So it happens only while the lock is held: raises `LockLost` otherwise.
        """
        return self.holder.execute(self, statement, values)


class LockSession:
    """Opens its session with the first lock and closes it with the last one, unless it is `kept`.

    So who holds none costs no connection.

    One session may take the same lock twice, says PostgreSQL: what keeps two threads apart is the table of this class.
    """

    def __init__(self) -> None:
        self._of_parent: Session | None = None
        self._begin()

    def _begin(self) -> None:
        self._mutex = threading.Lock()
        self._keepers = 0
        self._held: dict[str, Lock] = {}
        self._session: Session | None = None

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Within, the session stays open between two locks: a new one costs PostgreSQL a process."""
        with self._mutex:
            self._keepers += 1
        try:
            yield
        finally:
            with self._mutex:
                self._keepers -= 1
                self._close_unused()

    @contextmanager
    def holding(self, key: str) -> Iterator[Lock | None]:
        """Hold a lock, or None where anybody holds it already, in this process or another."""
        lock = self._take(key)
        try:
            yield lock
        finally:
            if lock is not None:
                self._free(lock)

    def held(self, key: str) -> Lock:
        """Return the lock that a thread of this process holds; raises `LockLost` where none does any more."""
        with self._mutex:
            lock = self._held.get(key)
        if lock is None:
            raise LockLost
        return lock

    def execute(self, lock: Lock, statement: str, values: Sequence[object]) -> int:
        while True:
            with self._mutex:
                # Also where it was given back: a session opened for it now would be closed by nobody.
                if self._held.get(lock.key) is not lock:
                    raise LockLost
                # Between two tries for a row that somebody else has, the other threads get their turn.
                with suppress(psycopg.errors.LockNotAvailable):
                    return self._run(statement, values).rowcount

    def rows(self, statement: str, values: Mapping[str, object]) -> list[TupleRow]:
        """Run a brief statement that is about no lock, in the session that is open for those anyway, and outside of
        transactions; raises Django's `OperationalError`.
        """
        with self._mutex:
            try:
                return self._run_anew(statement, values).fetchall()
            except psycopg.Error as error:
                raise OperationalError(*error.args) from error
            finally:
                self._close_unused()

    def after_fork(self) -> None:
        """Begin anew in a child: the session is its parent's, and not even to be closed here."""
        for lock in self._held.values():
            lock.lost = True
        self._of_parent = self._session
        self._begin()

    def _take(self, key: str) -> Lock | None:
        with self._mutex:
            if key in self._held:
                return None
            try:
                if self._run_anew(_TAKE, [key]).fetchone() != (True,):
                    return None
                self._held[key] = Lock(key, self)
                return self._held[key]
            finally:
                self._close_unused()

    def _free(self, lock: Lock) -> None:
        with self._mutex:
            if lock.lost:
                return
            del self._held[lock.key]
            try:
                # Not left to the end of the session, of which the database hears a moment later.
                with suppress(LockLost):
                    self._run(_FREE, [lock.key])
            finally:
                self._close_unused()

    def _run_anew(self, statement: str, values: Sequence[object] | Mapping[str, object]) -> "psycopg.Cursor[Any]":
        try:
            return self._run(statement, values)
        except LockLost:
            # The session had ended before, unnoticed.
            return self._run(statement, values)

    def _run(self, statement: str, values: Sequence[object] | Mapping[str, object]) -> "psycopg.Cursor[Any]":
        if self._session is None:
            self._session = open_session()
        try:
            return self._session.execute(statement.encode(), values)
        except psycopg.Error as error:
            if not self._session.closed:
                raise
            for lock in self._held.values():
                lock.lost = True
            self._held.clear()
            self._close_unused()
            raise LockLost from error

    def _close_unused(self) -> None:
        if self._session is not None and not self._held and (self._session.closed or not self._keepers):
            self._session.close()
            self._session = None


locks = LockSession()
"""That of this process."""

os.register_at_fork(after_in_child=locks.after_fork)
