"""What every line of the log says besides its event: ids of the run, the domain and the request that it is about.

Ids only. Whose they are, the Console and `mailroll` tell; a log goes to places where nobody's name or address belongs.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final
from uuid import UUID

_BOUND: Final[ContextVar[Mapping[str, str]]] = ContextVar("log_context", default=MappingProxyType({}))


@contextmanager
def bound(*, run: UUID | None = None, domain: UUID | None = None, request: str | None = None) -> Iterator[None]:
    """Have the lines of this block say so, and those of whatever thread or task is begun in it with its context."""
    ids = {"run": run, "domain": domain, "request": request}
    token = _BOUND.set({**_BOUND.get(), **{name: str(value) for name, value in ids.items() if value is not None}})
    try:
        yield
    finally:
        _BOUND.reset(token)


def current() -> Mapping[str, str]:
    return _BOUND.get()
