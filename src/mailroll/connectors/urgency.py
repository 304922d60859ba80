"""For whom a directory is asked: a person who waits for the answer, or the clock; unknown where nobody says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Final


class Urgency(StrEnum):
    PERSON = "person"
    CLOCK = "clock"


_CURRENT: Final[ContextVar[Urgency | None]] = ContextVar("urgency", default=None)


@contextmanager
def asked_by(urgency: Urgency) -> Iterator[None]:
    """Say so of all that is asked in this block, and in whatever task or thread is begun in it with its context."""
    token = _CURRENT.set(urgency)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current() -> Urgency | None:
    return _CURRENT.get()
