"""File locks that the kernel frees when their holders die, however they die."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailroll.embedded.errors import EmbeddedError

_PAUSE = 0.02


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A descriptor of the lock file; closing it frees the lock, unless a child inherited it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def take(descriptor: int, kind: int) -> bool:
    """Take the lock at once (`fcntl.LOCK_EX` or `LOCK_SH`) or say that somebody else has it."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def turn(path: Path, patience: float) -> Iterator[None]:
    """Be the only one who starts or stops the server, waiting up to `patience` seconds for the others."""
    deadline = time.monotonic() + patience
    with opened(path) as descriptor:
        while not take(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    "embedded_busy",
                    f"Another command has been starting or stopping PostgreSQL for {patience:.0f} seconds.",
                    "Wait for it, or end it, and run this command again.",
                )
            time.sleep(_PAUSE)
        yield


def free(path: Path) -> bool:
    """Whether nobody holds the lock; asked with a shared lock, so that askers do not see each other."""
    with opened(path) as descriptor:
        return take(descriptor, fcntl.LOCK_SH)
