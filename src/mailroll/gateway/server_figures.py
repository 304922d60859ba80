"""What a gateway server tells of itself since it began: answers by verdict, how long they took, how old its copy is."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import Final

from mailroll.gateway.copy import RollCopy
from mailroll.measures import table
from mailroll.measures.text import Distribution, Scrape

BOUNDS: Final = (0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0)
"""Seconds. Most answers take some ten microseconds; Postfix waits a hundred seconds at the most."""


class Latency:
    """How long answers took. For the one thread that gives them."""

    __slots__ = ("_counts", "_total")

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDS) + 1)
        self._total = 0.0

    def observe(self, seconds: float, answers: int = 1) -> None:
        """Note that so many answers took so long each."""
        self._counts[bisect_left(BOUNDS, seconds)] += answers
        self._total += seconds * answers

    def distribution(self) -> Distribution:
        sums = list(accumulate(self._counts))
        return Distribution(list(zip(BOUNDS, sums, strict=False)), sums[-1], self._total)


@dataclass(slots=True)
class SinceStart:
    """What was counted since the process began. Whoever counts holds the lock of the tally that this is part of."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    lists: int = 0
    latency: Latency = field(default_factory=Latency)


def measure(since: SinceStart, roll: RollCopy, now: Callable[[], datetime]) -> Scrape:
    scrape = Scrape()
    for (way, answer), number in since.answers.copy().items():
        scrape.set(table.SERVER_ANSWERS, number, way, answer)
    scrape.set(table.SERVER_LISTS, since.lists)
    scrape.distributions[table.SERVER_SECONDS] = since.latency.distribution()
    if roll.position is not None:
        scrape.set(table.COPY_AGE, max(0.0, (now() - roll.position.at).total_seconds()))
    scrape.set(table.COPY_DOMAINS, len(roll.domains))
    scrape.set(table.COPY_ADDRESSES, roll.addresses)
    return scrape
