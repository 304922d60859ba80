"""What this process has counted and nobody has written down yet."""

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import Final

from mailroll.measures.table import Measure

Key = tuple[str, tuple[str, ...]]
"""The name of a metric, and the values of its labels in their order."""


class Accumulator:
    """Adds up, from any thread."""

    def __init__(self) -> None:
        self._counts: Counter[Key] = Counter()
        self._lock = Lock()

    def add(self, measure: Measure, *labels: str, amount: float = 1) -> None:
        if len(labels) != len(measure.labels):
            raise ValueError(labels)
        # A member of an enumeration is a text to us, and a kind of its own to a database.
        self.give_back({(measure.name, tuple(map(str, labels))): amount})

    def take(self) -> Mapping[Key, float]:
        """Return what was counted, and begin anew."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        return counts

    def give_back(self, counts: Mapping[Key, float]) -> None:
        """Add what could not be written down."""
        with self._lock:
            for key, amount in counts.items():
                self._counts[key] += amount  # type: ignore[assignment] # a Counter of seconds too


PROCESS: Final = Accumulator()
"""The one of this process: those who count know nothing of a database."""
