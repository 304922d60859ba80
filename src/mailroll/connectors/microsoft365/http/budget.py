"""The time that a reading may take: it ends, whatever comes."""

from typing import Final

from mailroll.connectors.microsoft365.http.patience import LATER, Patience, Timer
from mailroll.reconcile.errors import Retry

LEAST: Final = 15 * 60.0
"""Seconds that the smallest tenant may take."""
OBJECTS_A_MINUTE: Final = 20_000
"""Each so many objects give a minute more."""
WAITS_MAX: Final = 4.0
"""Waits that Microsoft asked for come on top, up to so many times as much."""


class Budget:
    """Measures one reading from its first moment on.

    `known_count`: objects that the roll has of the tenant. A first reading knows none, so what has come counts as well:
    an answer with one object and a link to the next gives no time worth having.
    """

    def __init__(self, clock: Timer, patience: Patience, known_count: int) -> None:
        self._clock = clock
        self._patience = patience
        self._known = known_count
        self._began = clock.monotonic()
        self._waited = patience.waited
        self._pages = 0
        self._objects = 0
        self.is_over = False

    def count(self, objects: int) -> None:
        """Note that a page came, with so many objects."""
        self._pages += 1
        self._objects += objects

    def recount(self) -> None:
        """Forget what came: it comes again, without having been asked for."""
        self._pages = self._objects = 0

    def check(self) -> None:
        """Raise `Retry` once the time is over: it says how far the reading came."""
        limit = LEAST + 60.0 * max(self._known, self._objects) / OBJECTS_A_MINUTE
        passed = self._clock.monotonic() - self._began
        if passed - min(self._patience.waited - self._waited, WAITS_MAX * limit) <= limit:
            return
        self.is_over = True
        raise Retry(
            "reading_too_slow",
            f"The reading was ended after {passed / 60:.0f} minutes. It had come to page {self._pages:,},"
            f" with {self._objects:,} objects.",
            "Nothing of it is used. The next one begins anew, by itself; if it stays so, look for what slows"
            " Microsoft's answers down on their way.",
            after=LATER,
        )
