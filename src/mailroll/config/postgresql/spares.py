"""Connections to the database that a thread has done with, kept for a moment for the next thread."""

import threading
import time
from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq import TransactionStatus

Session = psycopg.Connection[Any]

# Ends what a session has beyond its connection: settings, locks, cursors, temporary tables. What its address asks for
# stays (postgresql.org/docs/current/sql-discard.html, and sql-reset.html). It is refused inside a transaction.
_FORGET: Final = "DISCARD ALL"
_ANSWER: Final = ""


class SpareConnections:
    """Keeps connections that are given to it, and hands each to one thread at a time. Nobody waits for one.

    Where there is none a thread opens its own. So one that is never given back is missed by nobody, and there are
    never more than were in use at once.
    """

    def __init__(self, life: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`life`: seconds from when a connection is given first until it is closed."""
        self._life, self._clock = life, clock
        self._mutex = threading.Lock()
        self._spare: list[Session] = []
        self._ends: WeakKeyDictionary[Session, float] = WeakKeyDictionary()

    def take(self) -> Session | None:
        """Return one that answers; the server may have ended it meanwhile, without a word."""
        self._close_old()
        while True:
            with self._mutex:
                if not self._spare:
                    return None
                session = self._spare.pop()
            try:
                session.execute(_ANSWER)
            except psycopg.Error:
                session.close()
            else:
                return session

    def give(self, session: Session) -> bool:
        """Keep one that nobody uses any more, as new; return False for one that cannot be, which is to be closed."""
        with self._mutex:
            is_old = self._ends.setdefault(session, self._clock() + self._life) <= self._clock()
        # In the midst of an answer, such as a COPY, a statement would wait for ever; in a transaction it is refused.
        is_idle = session.info.transaction_status is TransactionStatus.IDLE
        if is_old or not is_idle or not session.autocommit:
            return False
        try:
            session.execute(_FORGET)
        except psycopg.Error:
            return False
        with self._mutex:
            self._spare.append(session)
        return True

    def _close_old(self) -> None:
        with self._mutex:
            now = self._clock()
            old = [session for session in self._spare if self._ends[session] <= now]
            self._spare = [session for session in self._spare if self._ends[session] > now]
        for session in old:
            session.close()
