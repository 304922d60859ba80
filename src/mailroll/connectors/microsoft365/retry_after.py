"""The wait that a `Retry-After` header asks for (RFC 9110 section 10.2.3), however it is written."""

import math
import re
from collections.abc import Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

# ASCII only: float() reads digits of every script. Graph sends fractions, which the RFC does not know.
_SECONDS: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?", re.ASCII)


def retry_after(values: Sequence[str], *, now: float) -> float | None:
    """Return seconds to wait, never negative; None where the header is missing or says nothing.

    `values`: every occurrence of the header; of several waits the longest counts. `now`: the time that dates are
    measured against, in seconds since 1970.
    """
    waits = [wait for value in values for wait in _waits(value, now) if math.isfinite(wait)]
    return max(0.0, *waits) if waits else None


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
