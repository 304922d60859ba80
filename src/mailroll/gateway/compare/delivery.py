"""What a log tells that counts: somebody got mail on a day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Delivery(NamedTuple):
    """Mail that somebody got, under the address that the sender used."""

    recipient: str
    day: date


class SkippedLine(StrEnum):
    """Why something in a log does not count."""

    OTHER = "other"
    """It tells of something else."""
    UNREADABLE = "unreadable"
    INTERNAL = "internal"
    """A filter on the same machine got it, and what became of the message stands elsewhere."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What day it is where the log is read: logs leave out years and the order of day and month."""

    today: date

    def without_year(self, month: int, day: int) -> date:
        """Return the latest such day up to tomorrow, as a log may be of another time zone. Raises ValueError."""
        for year in range(self.today.year + 1, self.today.year - 5, -1):
            try:
                candidate = date(year, month, day)
            except ValueError:  # the 29th of February, or no day at all
                continue
            if (candidate - self.today).days <= 1:
                return candidate
        raise ValueError(f"there is no day {day} in month {month}")

    def either(self, first: int, second: int, year: int) -> date:
        """Return the day of two numbers in unknown order: the one that is closest, as logs are young."""
        days = []
        for month, day in ((first, second), (second, first)):
            try:
                days.append(date(year, month, day))
            except ValueError:
                continue
        if not days:
            raise ValueError(f"{first} and {second} are no day of {year}")
        return min(days, key=lambda candidate: ((candidate - self.today).days > 1, abs((candidate - self.today).days)))
