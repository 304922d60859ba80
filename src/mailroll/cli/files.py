"""Files that are named on the command line: credentials and lists, read once."""

from pathlib import Path

from mailroll.directory.sheets.reader import BYTES_MAX, too_large
from mailroll.reconcile.errors import BadInput


def text(file: Path | None) -> str:
    """Read a file that was named on the command line; its content never appears in an error."""
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadInput("file_unreadable", f"{file} cannot be read ({error.strerror}).", "Name another file.") from error
    except UnicodeDecodeError as error:
        raise BadInput(
            "file_not_text", f"{file} holds more than plain text.", "Secrets and PEM files are plain text."
        ) from error


def content(file: Path) -> bytes:
    """Read a list that was named on the command line; one that is too large is not read at all."""
    try:
        if file.stat().st_size > BYTES_MAX:
            raise too_large()
        return file.read_bytes()
    except OSError as error:
        raise BadInput("file_unreadable", f"{file} cannot be read ({error.strerror}).", "Name another file.") from error
