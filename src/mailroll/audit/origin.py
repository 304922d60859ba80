"""Where the request under way came from: whatever is noted while it is answered bears it.

It is known here, and not passed from view to use case, so that no entry can be written without it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Self

CLIENT_MAX: Final = 64
"""An IPv6 address with a zone has 45 signs and those of an interface's name."""
AGENT_MAX: Final = 256


@dataclass(frozen=True, slots=True)
class Origin:
    """The client's network address, and what its browser calls itself; both empty where no request is under way."""

    client: str = ""
    agent: str = ""

    @classmethod
    def read(cls, client: str, agent: str) -> Self:
        """Whatever a client sends becomes one short line: its name for itself is free text of a stranger."""
        return cls(_line(client, CLIENT_MAX), _line(agent, AGENT_MAX))


_current: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - it is frozen


def current() -> Origin:
    return _current.get()


@contextmanager
def within(origin: Origin) -> Iterator[None]:
    before = _current.set(origin)
    try:
        yield
    finally:
        _current.reset(before)


def _line(text: str, most: int) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text[: most * 4]).split())[:most]
