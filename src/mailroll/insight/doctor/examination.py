"""All checks in their order, each apart from the others and with an end, whatever the other side does."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from time import monotonic
from typing import Final

from django.db import Error as DatabaseError
from django.db import connection, transaction

from mailroll import events
from mailroll.insight.doctor import (
    address,
    clocks,
    database,
    disk,
    gateway,
    keys,
    mail,
    notifications,
    pauses,
    settings,
    workers,
)
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Diagnosis, Examined, unasked

_STATEMENT: Final = "4s"
"""How long one question to the database may take."""
_WITHIN: Final = 10.0

Outcome = Diagnosis | Callable[[], Diagnosis]
"""A check of the database may find there whom to ask, and return what asks them once it is done with the database."""


class Asks(StrEnum):
    """Whom a check asks."""

    NOBODY = "nobody"
    DATABASE = "database"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Check:
    code: str
    title: str
    examine: Callable[[Circumstances], Outcome]
    asks: Asks = Asks.DATABASE


CHECKS: Final = (
    Check("settings", "Settings", settings.examine, Asks.NOBODY),
    Check("keys", "Keys", keys.examine, Asks.NOBODY),
    Check("disk", "Disk", disk.examine, Asks.NOBODY),
    Check("database", "Database", database.examine),
    Check("migrations", "Tables", database.examine_migrations),
    Check("secrets", "Stored secrets", keys.examine_secrets),
    Check("clock", "Clock", clocks.examine_database),
    Check("clock_microsoft", "Clock and Microsoft", clocks.examine_microsoft, Asks.OTHERS),
    Check("workers", "Workers", workers.examine),
    Check("pauses", "Pauses of Microsoft", pauses.examine),
    Check("mail", "Mail", mail.examine, Asks.OTHERS),
    Check("address", "Address", address.examine, Asks.OTHERS),
    Check("notifications", "Notifications", notifications.examine),
    Check("gateway", "Gateway servers", gateway.examine_servers),
    Check("lists", "Lists", gateway.examine_lists),
    Check("roles", "Database roles", gateway.examine_roles),
)


def examine(
    circumstances: Circumstances, checks: Sequence[Check] = CHECKS, *, within: float = _WITHIN
) -> tuple[Examined, ...]:
    """Make all checks; nothing that one of them meets keeps another from being made.

    1. Those that ask others begin, in threads.
    2. The rest is made here, one after the other; without a database, what asks it is not tried.
    3. What others answered within `within` seconds in all is collected; who has not is not waited for.
    """
    ends_at = monotonic() + within
    futures: dict[str, Future[Outcome]] = {
        check.code: _begin(partial(check.examine, circumstances)) for check in checks if check.asks is Asks.OTHERS
    }
    away = _is_away()
    for check in checks:
        if check.asks is Asks.DATABASE and away:
            futures[check.code] = Future()
            futures[check.code].set_result(
                database.unreachable(circumstances) if check.code == "database" else _no_answer()
            )
        elif check.asks is not Asks.OTHERS:
            futures[check.code] = _run_check(check, circumstances)
    return tuple(Examined(check.code, check.title, _collected(check, futures[check.code], ends_at)) for check in checks)


def _begin(ask: Callable[[], Outcome]) -> "Future[Outcome]":
    """Ask in a thread that nobody has to wait for, as those of a pool are waited for when the process ends."""
    future: Future[Outcome] = Future()
    threading.Thread(target=_settle, args=(future, ask), name="doctor", daemon=True).start()
    return future


def _settle(future: "Future[Outcome]", ask: Callable[[], Outcome]) -> None:
    """Keep what comes of a check: an edge, as one that breaks must not hide what the others found."""
    try:
        future.set_result(ask())
    except Exception as problem:  # noqa: BLE001 - see above
        future.set_exception(problem)


def _run_check(check: Check, circumstances: Circumstances) -> "Future[Outcome]":
    def examined() -> Outcome:
        if check.asks is Asks.NOBODY:
            return check.examine(circumstances)
        with _bounded():
            return check.examine(circumstances)

    future: Future[Outcome] = Future()
    _settle(future, examined)
    if future.exception() is None and callable(outcome := future.result()):
        return _begin(outcome)
    return future


def _collected(check: Check, future: "Future[Outcome]", ends_at: float) -> Diagnosis:
    try:
        problem = future.exception(max(0.0, ends_at - monotonic()))
    except TimeoutError:
        return unasked("No answer came in time.", "Try again; if it stays so, look at the network between.")
    if isinstance(problem, DatabaseError) and check.asks is not Asks.OTHERS:
        return _no_answer()
    outcome = future.result() if problem is None else problem
    return outcome if isinstance(outcome, Diagnosis) else _crash_diagnosis(outcome)


def _is_away() -> bool:
    try:
        connection.ensure_connection()
    except DatabaseError:
        return True
    return False


@contextmanager
def _bounded() -> Iterator[None]:
    """Bound what one statement may take; what held before holds again afterwards, in a transaction of others too."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)", [_STATEMENT]
        )
        before = cursor.fetchone()[0]
        yield
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])


def _no_answer() -> Diagnosis:
    return unasked("The database does not answer, or not in this version's words.", "See what is said of it.")


def _crash_diagnosis(problem: object) -> Diagnosis:
    # By its kind alone: the text of an error may hold what a page must not show.
    events.logger(__name__).error("check_broken", problem=type(problem).__name__)
    return unasked(f"This check itself broke ({type(problem).__name__}).", "Report it, with the log of this moment.")
