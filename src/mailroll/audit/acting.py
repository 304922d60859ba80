"""Who acts, and what time it is: passed to every use case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Acting:
    """`actor` is like `cli:root`; `now` returns an aware time in UTC."""

    actor: str
    now: Callable[[], datetime] = _now
