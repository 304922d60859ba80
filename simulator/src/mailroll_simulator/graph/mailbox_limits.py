"""What Exchange lets a program ask of one mailbox, and what it answers beyond that.

Microsoft's own page (learn.microsoft.com/graph/throttling-limits, "Outlook service limits", "Limits per mailbox"): for
each application and mailbox 10,000 requests in ten minutes and four at the same time; what is too much for one mailbox
bars no other. The answer is the one that people report, learn.microsoft.com/answers/questions/734143. Requests of one
batch are sent four at a time at the most, so a batch takes one place of each mailbox that it asks.
"""

import math
import threading
from collections import Counter, deque
from collections.abc import Callable
from http import HTTPStatus

from mailroll_simulator.errors import GraphError
from mailroll_simulator.faults.answers import retry_after

REQUESTS = 10_000
SPAN = 600.0  # seconds
AT_ONCE = 4

_Mailbox = tuple[str, str, str]


class MailboxLimits:
    """Counts what each application asks of each mailbox; on unless it is switched off."""

    def __init__(self) -> None:
        self.on = True
        self._turn = threading.Lock()
        self._asked: dict[_Mailbox, deque[float]] = {}
        self._under_way: Counter[_Mailbox] = Counter()

    def clear(self) -> None:
        """Forget what was asked; what is under way still ends."""
        with self._turn:
            self._asked.clear()

    def enter(self, client: str, tenant: str, mailbox: str, now: float) -> Callable[[], None]:
        """Begin a request, and give what ends it; raises the 429 of one that is too many."""
        key = client, tenant, mailbox.lower()
        with self._turn:
            asked = self._asked.setdefault(key, deque())
            # A clock that was set back leaves what it counted in the future.
            while asked and not now - SPAN < asked[0] <= now:
                asked.popleft()
            if self.on and len(asked) >= REQUESTS:
                raise _refusal("request", asked[0] + SPAN - now)
            if self.on and self._under_way[key] >= AT_ONCE:
                raise _refusal("MailboxConcurrency", 1.0)
            asked.append(now)
            self._under_way[key] += 1
        return lambda: self._leave(key)

    def _leave(self, key: _Mailbox) -> None:
        with self._turn:
            self._under_way[key] -= 1
            if not self._under_way[key]:
                del self._under_way[key]


def _refusal(limit: str, wait: float) -> GraphError:
    return GraphError(
        HTTPStatus.TOO_MANY_REQUESTS,
        "ApplicationThrottled",
        f"Application is over its {limit} limit.",
        headers=retry_after(max(1, math.ceil(wait))),
    )
