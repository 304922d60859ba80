"""What has to be on the disk before anything relies on it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO


@contextmanager
def whole_file(place: Path, put: Callable[[Path, Path], None] = os.replace) -> Iterator[BinaryIO]:
    """Write a file beside its place, for its owner alone, and put it there once all of it is on the disk."""
    beside = place.with_name(f".{place.name}.{token_hex(8)}")
    descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        put(beside, place)
    finally:
        beside.unlink(missing_ok=True)
    flush_folder(place.parent)


def flush_folder(folder: Path) -> None:
    """Have the names in a folder reach the disk: a file that was written may else be there without its name."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
