"""Logs go to stderr, so that stdout holds the answer and nothing else."""

import functools
import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mailroll.settings import LogFormat, LogLevel

if TYPE_CHECKING:
    from mailroll.reconcile.errors import Broken

_OPENS: Final = re.compile(
    r"(?<=/)(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)[\w=-]{24,}|(?<=/)\?[^\s\"']+", re.ASCII
)
"""The part of an address that opens something: a long value that is no plain id, and whatever is asked for."""
_NAMES: Final = re.compile(r"(?<=/)(?<!HTTP/)[^/\s]*[^/\s.][.@%][^/\s.][^/\s]*")
"""The part of an address that may name somebody: a domain, or a mailbox."""


_PACKAGE: Final = str(Path(__file__).parents[1])


class Discreet(logging.Filter):
    """Keeps out of the log what an address opens: links, codes of sign-ins, keys to a new password.

    What libraries note for their own debugging holds tokens and whole pages, so it is dropped at every level of ours;
    of apprise everything is, which warns of a wrong token by repeating it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.INFO and not record.name.startswith("mailroll"):
            return False
        if record.name.partition(".")[0] == "apprise":
            return False
        if record.name == "django.request" and record.exc_info and _outage(record.exc_info[1]) is not None:
            # The Console says that once a minute (`console/errors.py`), and where it was asked for helps nobody.
            return False
        if record.name.startswith(("django.", "uvicorn")):
            record.msg, record.args = _NAMES.sub("...", _OPENS.sub("...", record.getMessage())), ()
            if record.levelno < logging.ERROR:
                # That somebody was refused is no fault of ours, and where in the code it was helps nobody.
                record.exc_info = None
        return True


def _outage(fault: BaseException | None) -> "Broken | None":
    from mailroll.schema.outage import outage  # noqa: PLC0415 - most commands have nothing to log

    return outage(fault)


class EventFormatter(logging.Formatter):
    """Writes events by structlog, which is imported for the first of them: most commands have nothing to log."""

    def __init__(self, form: LogFormat) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        return self._by_structlog.format(record)

    @functools.cached_property
    def _by_structlog(self) -> logging.Formatter:
        import structlog  # noqa: PLC0415 - see above

        from mailroll.events import add_context  # noqa: PLC0415

        renderer = (
            structlog.processors.JSONRenderer()
            if self._form is LogFormat.JSON
            else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        )
        return structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                add_context,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_words,
                renderer,
            ],
        )


def without_words(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Write down where an exception came from and what kind it is, and nothing of what it says.

    Where the database is away or its disk is full, that is a line: each try would add a page, to the same disk perhaps.
    What it says may hold an address: PostgreSQL names the row that a rule refuses.
    """
    about = event.pop("exc_info", None)
    fault = about[1] if isinstance(about, tuple) else about if isinstance(about, BaseException) else None
    if about is True:
        fault = sys.exception()
    if fault is not None and (trouble := _outage(fault)) is not None:
        event["database"], event["exception"] = trouble.code, _spot(fault)
    elif fault is not None:
        event["exception"] = "\n".join(_trace(fault))
    return event


def _trace(fault: BaseException) -> Iterator[str]:
    cause = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    if cause is not None:
        yield from _trace(cause)
        yield "which led to:"
    yield from map("  {}".format, _places(fault))
    yield _kind(fault)


def _spot(fault: BaseException) -> str:
    """Say in one line what arose where: psycopg has the same kinds of error where the fault is ours, without a code."""
    places = _places(fault)
    own = [place for place in places if place.startswith(_PACKAGE)] or places
    return " at ".join((_kind(fault.__cause__ or fault), *own[-1:]))


def _places(fault: BaseException) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(fault.__traceback__)]


def _kind(fault: BaseException) -> str:
    # The codes that our own errors and those of PostgreSQL are looked up by.
    code = getattr(fault, "code", None) or getattr(fault, "sqlstate", None)
    return f"{type(fault).__module__}.{type(fault).__qualname__}" + (f" ({code})" if isinstance(code, str) else "")


def configure(level: LogLevel, form: LogFormat) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Discreet())
    handler.setFormatter(EventFormatter(form))
    logging.basicConfig(level=getattr(logging, level.value.upper()), handlers=[handler], force=True)
