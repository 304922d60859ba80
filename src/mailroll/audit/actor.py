"""Who acts, and what time it is: passed to every use case."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from mailroll.audit.clock import Clock


@dataclass(frozen=True, slots=True)
class Acting:
    """`actor` is like `cli:root`; `now` returns an aware time in UTC, by the database's clock."""

    actor: str
    now: Callable[[], datetime] = field(default_factory=Clock, compare=False)
