"""Runs what has an event loop of its own beside the test: Playwright keeps one in the test's thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

_Made = TypeVar("_Made")


def apart(work: Callable[[], _Made]) -> _Made:
    """Do the work in a thread that leaves no connection to the database behind, such as a run of a domain."""

    def whole() -> _Made:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(whole).result()
