"""Answers by day, as a small drawing: a bar for each day, its parts one answer each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mailroll.gateway.answers import Answer
from mailroll.gateway.demand import WOULD_REFUSE

DAYS = 14
HEIGHT = 64
_PITCH, _WIDTH = 20, 16

WORDS = {
    Answer.ACCEPT.value: "Accepted",
    WOULD_REFUSE: "Accepted, the list would refuse",
    Answer.UNKNOWN.value: "Unknown, 550",
    Answer.LATER.value: "Try again later, 450",
    Answer.CANNOT_SAY.value: "Cannot say, 451",
}
"""What is counted, in the order that it is drawn from below and listed."""


@dataclass(frozen=True, slots=True)
class ChartPart:
    look: str
    x: int
    y: float
    height: float
    width: int = _WIDTH


@dataclass(frozen=True, slots=True)
class Share:
    """One answer, how often it was given, and its part of all in words."""

    look: str
    words: str
    count: int
    share: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing, and the same in numbers."""

    parts: tuple[ChartPart, ...]
    shares: tuple[Share, ...]
    total: int
    today: int
    width: int = DAYS * _PITCH - (_PITCH - _WIDTH)
    height: int = HEIGHT
    days: int = DAYS


def draw(counted: Mapping[date, Mapping[str, int]], today: date) -> Chart:
    """Draw the last days, today at the right."""
    most = max((sum(counts.values()) for counts in counted.values()), default=0)
    sums = {key: sum(counts.get(key, 0) for counts in counted.values()) for key in WORDS}
    total = sum(sums.values())
    return Chart(
        parts=tuple(
            part
            for place in range(DAYS)
            for part in _bar(counted.get(today - timedelta(days=DAYS - 1 - place), {}), place * _PITCH, most)
        ),
        shares=tuple(Share(key, WORDS[key], count, _share(count, total)) for key, count in sums.items() if count),
        total=total,
        today=sum(counted.get(today, {}).values()),
    )


def _bar(counts: Mapping[str, int], x: int, most: int) -> list[ChartPart]:
    parts, y = [], float(HEIGHT)
    for key in WORDS:
        if count := counts.get(key, 0):
            # What is there is seen, however little it is.
            height = max(1.0, round(HEIGHT * count / most, 1))
            y = max(0.0, y - height)
            parts.append(ChartPart(key, x, y, height))
    return parts


def _share(count: int, total: int) -> str:
    """What is there is never said to be nothing, nor what is not all to be all."""
    tenths = 1000 * count // total
    return f"{tenths / 10:.1f} %" if tenths else "under 0.1 %"
