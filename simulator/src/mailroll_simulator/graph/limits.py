"""What Graph lets a program ask for in a while, and what it answers beyond that.

All of it is Microsoft's own page (learn.microsoft.com/graph/throttling-limits, "Identity and access service limits"):
resource units for each application and tenant, by how many users the tenant has, and for the application over all
tenants. Graph counts them in token buckets, of a size that is not told; here no window of the named length ever holds
more, which is stricter. What else it says of priority changes no limit.
"""

import math
import threading
from collections import deque
from dataclasses import dataclass, field

from mailroll_simulator.errors import GraphError
from mailroll_simulator.faults.answers import too_many_requests
from mailroll_simulator.graph.mailbox_limits import MailboxLimits

SMALL = 3_500
"""Units in ten seconds of a tenant with fewer than 50 users."""
MEDIUM = 5_000
LARGE = 8_000
"""Of one with more than 500."""
_MEDIUM_FROM = 50
_LARGE_ABOVE = 500
_PAIR_SPAN = 10.0  # seconds

APPLICATION = 150_000
"""Units in twenty seconds of an application, over all tenants."""
_APPLICATION_SPAN = 20.0

_TOLD_FROM = 0.8
_TOLD_MOST = 1.8
_PIECES = 10  # of a second


def units_of(users: int) -> int:
    """Units in ten seconds, for a tenant with so many users."""
    return SMALL if users < _MEDIUM_FROM else MEDIUM if users <= _LARGE_ABOVE else LARGE


@dataclass(slots=True)
class _Tally:
    """What was counted in the last so many seconds, by tenths of a second."""

    span: float
    _parts: deque[tuple[int, int]] = field(default_factory=deque)
    total: int = 0

    def add(self, units: int, now: float) -> None:
        self._forget(now)
        self._parts.append((int(now * _PIECES), units))
        self.total += units

    def within(self, now: float) -> int:
        self._forget(now)
        return self.total

    def wait(self, excess: int, now: float) -> float:
        """Seconds until so many of the units are past."""
        left = excess
        for at, units in self._parts:
            left -= units
            if left <= 0:
                return (at + 1) / _PIECES + self.span - now
        return self.span

    def _forget(self, now: float) -> None:
        newest = int(now * _PIECES)
        oldest = newest - math.ceil(self.span * _PIECES)
        # A clock that was set back leaves what it counted in the future.
        while self._parts and not oldest <= self._parts[0][0] <= newest:
            self.total -= self._parts.popleft()[1]


@dataclass(slots=True)
class _Count:
    """What was answered, and what was asked for."""

    span: float
    answered: _Tally = field(init=False)
    asked: _Tally = field(init=False)

    def __post_init__(self) -> None:
        self.answered, self.asked = _Tally(self.span), _Tally(self.span)


class Limits:
    """Counts what each application asks for; on unless it is switched off."""

    def __init__(self, *, on: bool = True) -> None:
        self.mailboxes = MailboxLimits()
        self.on = on
        self._turn = threading.Lock()
        self._counts: dict[tuple[str, str], _Count] = {}

    def clear(self) -> None:
        """Forget what was asked for."""
        self._counts.clear()
        self.mailboxes.clear()

    @property
    def on(self) -> bool:
        return self.mailboxes.on

    @on.setter
    def on(self, on: bool) -> None:
        self.mailboxes.on = on

    def charge(self, client: str, tenant: str, users: int, units: int, now: float) -> dict[str, str]:
        """Count a request, and give the headers that tell of it; raises the 429 of one that is too many."""
        if not self.on or not units:
            return {}
        owner = f"ReadWrite/{client}/{tenant}"
        checks = (
            (self._count(client, tenant, _PAIR_SPAN), units_of(users), f"Tenant_Application/{owner}"),
            (self._count(client, "", _APPLICATION_SPAN), APPLICATION, f"Application/{owner}"),
        )
        with self._turn:
            for count, _, _ in checks:
                count.asked.add(units, now)
            for count, limit, scope in checks:
                excess = count.answered.within(now) + units - limit
                if excess > 0:
                    raise _refusal(count.answered.wait(excess, now), scope)
            for count, _, _ in checks:
                count.answered.add(units, now)
            used = max(count.asked.total / limit for count, limit, _ in checks)
        return {"x-ms-throttle-limit-percentage": f"{min(used, _TOLD_MOST):.1f}"} if used > _TOLD_FROM else {}

    def _count(self, client: str, tenant: str, span: float) -> _Count:
        return self._counts.setdefault((client, tenant), _Count(span))


def _refusal(wait: float, scope: str) -> GraphError:
    return too_many_requests(max(1, math.ceil(wait))).scoped(scope)
