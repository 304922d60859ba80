"""A file that is whole or not there, and that only its owner reads."""

import os
from collections.abc import Iterable
from pathlib import Path

from mailroll.disk import whole_file
from mailroll.reconcile.errors import BadInput


def write_new(file: Path, pieces: Iterable[bytes]) -> int:
    """Write a file and return its bytes. Raises `BadInput`, and leaves nothing then.

    A file that is there stays as it is: it may be the only export of a customer who is gone.
    """
    if file.exists():
        raise _unwritable(file, "it is there already")
    try:
        # A link to its name, and not a renaming: that would take the place of what came there meanwhile.
        with whole_file(file, os.link) as opened:
            return sum(map(opened.write, pieces))
    except OSError as error:
        raise _unwritable(file, error.strerror or type(error).__name__) from error


def _unwritable(file: Path, reason: str) -> BadInput:
    return BadInput("file_unwritable", f"{file} cannot be made ({reason}).", "Name a new file in a folder with room.")
