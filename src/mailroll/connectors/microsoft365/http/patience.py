"""Trying again: how often, how long apart, and never earlier than the other side asked, however that is written."""

import asyncio
import math
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from random import Random
from typing import Final, Protocol, TypeVar

from multidict import CIMultiDictProxy

from mailroll.reconcile.errors import Broken, Retry

TRIES: Final = 5
WAIT_MAX: Final = 60.0
"""Seconds that are waited here; a longer wait is the scheduler's."""
TOTAL_MAX: Final = 300.0
"""Seconds after which no further try begins."""
LATER: Final = 300.0
"""Seconds to leave the other side alone once every try failed."""
_THROTTLED_MIN: Final = 45.0
_BACKOFF_MAX: Final = 60.0
_APART: Final = 0.1
# ASCII only: float() reads digits of every script. Graph sends fractions, which the RFC does not know.
_SECONDS: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?", re.ASCII)

_T = TypeVar("_T")


class Timer(Protocol):
    """Time, passed in so that a test need not wait. `time` is in seconds since 1970."""

    def time(self) -> float: ...
    def monotonic(self) -> float: ...
    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    def time(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Passing(Exception):
    """A failure that may pass. `error` is what it becomes once patience ends; `asked` the wait asked for, if any."""

    def __init__(self, error: Retry | Broken, *, wait: float | None = None, throttled: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.asked = wait
        self.throttled = throttled


class Patience:
    """Five tries with full jitter (so that many workers do not knock at once), bounded in waits and in all.

    `waited`: seconds of all waits that the other side asked for, or that it needs as it is throttled.
    """

    def __init__(self, clock: Timer, chance: Random) -> None:
        self._clock = clock
        self._chance = chance
        self.waited = 0.0

    async def insist(self, attempt: Callable[[], Awaitable[_T]]) -> _T:
        """Return what an attempt returns; raises what it raises, and `Passing` as its own error in the end."""
        start = self._clock.monotonic()
        for tries in range(1, TRIES + 1):
            try:
                return await attempt()
            except Passing as passing:
                wait = self._wait(passing, tries)
                late = self._clock.monotonic() - start + wait > TOTAL_MAX
                if tries == TRIES or (passing.asked or wait) > WAIT_MAX or late:
                    if isinstance(passing.error, Retry):
                        passing.error.after = passing.asked or max(wait, passing.error.after)
                    raise passing.error from passing
                if passing.asked or passing.throttled:
                    self.waited += wait
            await self._clock.sleep(wait)
        raise AssertionError  # the last try returned or raised

    def _wait(self, passing: Passing, tries: int) -> float:
        if passing.asked:
            # A little later, never earlier: all who are told to come back at one moment would be too many then.
            return passing.asked * (1 + self._chance.random() * _APART)
        if passing.throttled and passing.asked is None:
            # Some resources send no Retry-After with 429, and knocking on prolongs it: msal waits a minute then.
            return self._chance.uniform(_THROTTLED_MIN, WAIT_MAX)
        return self._chance.uniform(0, min(_BACKOFF_MAX, 2.0**tries))


def retry_after(values: Sequence[str], *, now: float) -> float | None:
    """Return the seconds that `Retry-After` (RFC 9110 section 10.2.3) asks for, never negative; None for no wish.

    `values`: every occurrence of the header; of several waits the longest counts. `now`: the time that dates are
    measured against, in seconds since 1970.
    """
    waits = [wait for value in values for wait in _waits(value, now) if math.isfinite(wait)]
    return max(0.0, *waits) if waits else None


def wait_asked(headers: CIMultiDictProxy[str], *, now: float) -> float | None:
    """Return the seconds that an answer asks for. A date counts from its own: no wrong clock here shortens a wait."""
    base = date_of(headers.get("Date", ""))
    return retry_after(headers.getall("Retry-After", ()), now=now if base is None else base)


def date_of(value: str) -> float | None:
    """Return an HTTP date as seconds since 1970, or None where it is none."""
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _waits(value: str, now: float) -> list[float]:
    parts = [part.strip() for part in value.split(",")]
    seconds = [float(part) for part in parts if _SECONDS.fullmatch(part)]
    if seconds:
        return seconds
    moment = date_of(value)
    return [] if moment is None else [moment - now]
