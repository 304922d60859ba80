"""How many connections to the database workers may take, and how many the Console: each half of what the server gives.

Whoever takes more than that leaves none to the others at the worst moment, in the midst of their runs and pages. So it
is refused at the start, where somebody reads it.
"""

from typing import Final

from django.db import connection

from mailroll.reconcile.errors import BadInput

BESIDE_RUNS: Final = 9
"""What a worker takes beside one for each run: its queue (4) and its ear, locks, clock, pulse and chores."""
BESIDE_PAGES: Final = 2
"""What the Console takes beside one for each request: who asks whether it is well, and who watches its tables."""

# The last one is of PostgreSQL 16 and later.
_GIVEN: Final = """
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
           - coalesce(current_setting('reserved_connections', true)::int, 0)
"""


def expect_workers(concurrency: int, processes: int) -> None:
    """Raise `BadInput` where so many processes with so many runs each may take more than the share of workers."""
    _expect(
        processes * (concurrency + BESIDE_RUNS),
        f"{processes} processes of {concurrency} runs each",
        "Give a lower --concurrency or --processes, or raise max_connections of PostgreSQL.",
    )


def expect_console(requests: int) -> None:
    """Raise `BadInput` where so many requests at once may take more than the share of the Console."""
    _expect(
        requests + BESIDE_PAGES,
        f"A Console that works on {requests} requests at once",
        "Set MAILROLL_WEB_REQUESTS lower, or raise max_connections of PostgreSQL.",
    )


def _expect(number: int, consumer: str, way_out: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN)
        (limit,) = cursor.fetchone()
    if number > limit // 2:
        raise BadInput(
            "too_many_connections",
            f"{consumer} may need {number} connections to the database. The share for that is {limit // 2}: half of all"
            " that PostgreSQL gives.",
            way_out,
        )
