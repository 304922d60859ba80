"""When a domain runs next: a place of its own within every interval, and patience after a failure."""

from datetime import UTC, datetime, timedelta
from typing import Final

from mailroll import promises

SHORTEST: Final = promises.SHORTEST_INTERVAL
LONGEST: Final = promises.LONGEST_INTERVAL
USUAL = timedelta(minutes=60)
LADDER = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 6 * 60, 24 * 60))
"""How long after a failure the next attempt is: a rung longer with each one, and the last one for good."""
OUT_OF_REACH = 3
"""The rung at which it ends while nobody can be reached: that tells nothing of the other side, and troubles nobody."""

SKEW: Final = timedelta(minutes=1)
"""By how much the clocks of two machines may differ. What is later than it can be by more was written while one of
them was wrong."""

SHORT = timedelta(seconds=5)
"""A run that takes so long at most may be followed by another at once."""

_LOOKS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 10, 15))
"""How long behind a hint a domain is looked at once more while nothing is told. Delta follows changes with "varying
delays", and Microsoft names no longest (learn.microsoft.com/graph/delta-query-overview)."""
_APART = timedelta(seconds=30)
"""By how much such a look may come later, so that the domains of one directory are not all looked at in one moment."""
BEHIND = _LOOKS[-1] + _APART
"""Later than that behind a hint nothing is looked at for it."""

_SPREAD = 1 / 5
"""By how much an attempt may come later than it has to."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


PULSE_LONGEST: Final = 300.0
"""Seconds that are waited at the most until quiet domains are asked again, while the database refuses it."""


def pulse_wait(failures: int, beat: float) -> float:
    """How many seconds to wait after so many failures in a row; twice as long with each."""
    return min(PULSE_LONGEST, beat * 2.0 ** min(failures, 20))


def minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)


def next_slot(now: datetime, interval: timedelta, jitter: float) -> datetime:
    """Return the first time after `now` that is the domain's own: `jitter` (0 to below 1) is its place in an interval.

    It depends on nothing that happened before: runs do not drift, and a long outage does not pile domains up.
    """
    place = _EPOCH + timedelta(seconds=int(interval.total_seconds() * jitter))
    intervals: int = (now - place) // interval
    return place + interval * (intervals + 1)


def first_slot(now: datetime, interval: timedelta, jitter: float) -> datetime:
    """Return when a domain that was just switched on runs: within the hour, however long its interval."""
    return next_slot(now, min(interval, USUAL), jitter)


def rest(took: timedelta) -> timedelta:
    """Return how long a domain rests behind a run although its directory told of a change meanwhile.

    Three times what it took beyond a few seconds: where something changes all the time, not everybody is read all the
    time.
    """
    return max(timedelta(), 3 * (took - SHORT))


def next_look(slot: datetime, now: datetime, hinted_at: datetime | None, jitter: float) -> datetime:
    """Return when to look again at a domain of which nothing is told although its directory `hinted_at` a change.

    The times are counted from the hint, so there are four of them however often somebody looks. Behind the last one,
    and where the hint is of a time to come as some clock was wrong, it is the `slot`.
    """
    if hinted_at is None or hinted_at > now + SKEW:
        return slot
    looks = (hinted_at + wait + jitter * _APART for wait in _LOOKS)
    return min([slot, *(look for look in looks if look > now)])


def latest(now: datetime, interval: timedelta, failures: int) -> datetime:
    """Return the latest time at which a domain can have to run next, by this clock; what is later was never right."""
    return now + SKEW + (LONGEST * (1 + _SPREAD) if failures else interval)


def next_attempt(now: datetime, rung: int, jitter: float, pause: timedelta = timedelta()) -> datetime:
    """Return when to try again on a rung of the ladder, counted from 1: never before the other side `pause` for it.

    It may ask for a week at the most. The jitter makes it up to a fifth longer, so that the domains that failed
    together do not come back together.
    """
    wait = max(LADDER[min(max(rung, 1), len(LADDER)) - 1], min(pause, LONGEST))
    return now + wait * (1 + jitter * _SPREAD)
