"""A file that is whole or not there, and that only its owner reads."""

import os
from collections.abc import Iterable
from pathlib import Path

from mailroll.disk import flush_folder
from mailroll.reconcile.errors import BadInput


def write_new(file: Path, pieces: Iterable[bytes]) -> int:
    """Write beside the file, then give it its name; return the bytes. Raises `BadInput`, and leaves nothing then.

    A file that is there stays as it is: it may be the only export of a customer who is gone.
    """
    if file.exists():
        raise _unwritable(file, "it is there already")
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        size = _write(beside, pieces)
        # A link to its name, and not a renaming: that would take the place of what came there meanwhile.
        os.link(beside, file)
    except OSError as error:
        raise _unwritable(file, error.strerror or type(error).__name__) from error
    finally:
        beside.unlink(missing_ok=True)
    flush_folder(file.parent)
    return size


def _write(file: Path, pieces: Iterable[bytes]) -> int:
    size = 0
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as opened:
        for piece in pieces:
            size += opened.write(piece)
        opened.flush()
        os.fsync(opened.fileno())
    return size


def _unwritable(file: Path, why: str) -> BadInput:
    return BadInput("file_unwritable", f"{file} cannot be made ({why}).", "Name a new file in a folder with room.")
