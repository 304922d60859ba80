"""What an error of the database tells of the database itself: that it is away, or that its disk is full."""

from typing import Final

from django.db import Error, InterfaceError, OperationalError
from psycopg import errors

from mailroll.reconcile.errors import Broken

DATABASE_AWAY: Final = Broken(
    "database_unreachable",
    "The database does not answer.",
    "Look whether it runs, and at DATABASE_URL; `mailroll doctor` says what it sees.",
)
DATABASE_FULL: Final = Broken(
    "database_disk_full",
    "The database has no room on its disk, so nothing can be written.",
    "Make room where it keeps its files. Everything goes on by itself then.",
)
# Classes and codes of errors (postgresql.org/docs/current/errcodes-appendix.html): 08 the connection, 57P01 to 57P03 a
# server that stops, died, or is not ready. Where nobody answers there is none.
_GONE: Final = frozenset({"57P01", "57P02", "57P03"})


def outage(error: BaseException | None) -> Broken | None:
    """Return what is to be said of the database; None where an error is about what it was asked."""
    if not isinstance(error, Error):
        return None
    cause = error.__cause__
    if isinstance(cause, errors.DiskFull):
        return DATABASE_FULL
    state = getattr(cause, "sqlstate", None)
    is_gone = state is None or state in _GONE or state.startswith("08")
    return DATABASE_AWAY if is_gone and isinstance(error, OperationalError | InterfaceError) else None
