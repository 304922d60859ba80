"""The order of tests that run beside each other: those that take long begin, so that nobody waits for them at the end.

xdist gives each worker one stretch of all tests, and who has done its own takes from the end of another's
(`xdist.scheduler.worksteal`). So each stretch begins with its share of the long ones, by modules, whose fixtures are
dear; what is taken are short ones.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

Test = TypeVar("Test")

LONG: Final = (
    "tests/packaging/test_dist.py",
    "tests/console/browser/test_journey.py",
    "tests/console/browser/test_pages.py",
    "tests/sync/test_worker.py",
    "tests/cli/test_serve.py",
    "tests/cli/test_gateway_serve.py",
    "tests/bench/",
    "tests/backup/",
    "tests/schema/",
    "tests/migrations/",
    "tests/tools/",
    "tests/packaging/",
    "tests/cli/test_panel.py",
    "tests/embedded/",
    "tests/sync/test_pooler.py",
    "tests/console/browser/",
    "tests/console/server/",
    "tests/console/test_fuzz.py",
    "tests/console/test_matrix.py",
    "tests/console/test_other_customers.py",
    "tests/directory/test_any_plan.py",
    "tests/accounts/test_access.py",
    "tests/sync/test_mess.py",
)
"""By their paths, the longest first; of two that fit, the earlier counts."""


def dealt(tests: Sequence[tuple[Test, str]], workers: int) -> list[Test]:
    """Order tests, given with their paths, for so many workers."""
    long: dict[str, list[Test]] = {}
    short: list[Test] = []
    for test, path in sorted(tests, key=lambda given: _rank(given[1])):
        (short if _rank(path) == len(LONG) else long.setdefault(path, [])).append(test)
    modules, left, ordered = list(long.values()), len(tests), list[Test]()
    for worker in range(workers):
        own = [test for module in modules[worker::workers] for test in module]
        stretch = left // (workers - worker)
        left -= stretch
        rest = max(0, stretch - len(own))
        ordered += own + short[:rest]
        short = short[rest:]
    return ordered + short


def _rank(path: str) -> int:
    return next((rank for rank, begin in enumerate(LONG) if path.startswith(begin)), len(LONG))
