"""Files that are named on the command line: credentials, read once."""

from pathlib import Path

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
