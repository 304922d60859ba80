"""What is said of automatic syncs that fail: when the next try comes, and how many have failed in a row."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from mailroll.connectors.words import parted
from mailroll.sync.schedules.schedule import View

_ORDINALS: Final = "second third fourth fifth sixth seventh eighth ninth tenth".split()


def sentence(auto: View, at: Callable[[datetime], str], *, with_reason: bool = True) -> str:
    """Say it in one sentence; empty where nothing failed, or no try comes by itself. `at`: how a time is written."""
    if not auto.automatic or auto.failing is None:
        return ""
    so_far = (
        f"{_counted(auto.failures)}: {parted(auto.failing['message'])[0]}"
        if with_reason
        else f"{_counted(auto.failures)}."
    )
    if auto.under_way is not None:
        return f"Trying again now, {so_far}"
    if auto.late or auto.next_run_at is None:
        return f"The next try is late, as no worker has taken it up; {so_far}"
    return f"Next try {at(auto.next_run_at)}, {so_far}"


def in_utc(at: datetime) -> str:
    """A time as a terminal shows it, behind “next try”."""
    return f"at {at:%Y-%m-%d %H:%M} UTC"


def _counted(failures: int) -> str:
    if failures < 2:  # noqa: PLR2004 - one
        return "after a failure"
    place = failures - 2
    if place < len(_ORDINALS):
        return f"{_ORDINALS[place]} failure in a row"
    return f"after {failures:,} failures in a row"
