"""Files that are named on the command line: credentials and lists, read once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailroll.directory.sheets.reader import BYTES_MAX, too_large
from mailroll.reconcile.errors import BadInput


@contextmanager
def readable(file: Path) -> Iterator[None]:
    """Say which file it is that cannot be read."""
    try:
        yield
    except OSError as error:
        raise BadInput("file_unreadable", f"{file} cannot be read ({error.strerror}).", "Name another file.") from error


def text(file: Path | None) -> str:
    """Read a file that was named on the command line; its content never appears in an error."""
    if file is None:
        return ""
    try:
        with readable(file):
            return file.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError as error:
        raise BadInput(
            "file_not_text", f"{file} holds more than plain text.", "Secrets and PEM files are plain text."
        ) from error


def content(file: Path) -> bytes:
    """Read a list that was named on the command line; one that is too large is not read at all."""
    with readable(file):
        if file.stat().st_size > BYTES_MAX:
            raise too_large()
        return file.read_bytes()
