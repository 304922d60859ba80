"""Sessions of the database beside Django's, whose transactions a test leaves open as long as it likes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
from procrastinate.contrib.django import connector_params

from mailroll.gateway.copy import RollCopy
from mailroll.gateway.follower import follow

Session = psycopg.Connection[Any]


@contextmanager
def sessions(count: int) -> Iterator[list[Session]]:
    with ExitStack() as stack:
        yield [stack.enter_context(psycopg.connect(**connector_params())) for _ in range(count)]


def filled() -> RollCopy:
    roll = RollCopy()
    follow(roll)
    return roll
