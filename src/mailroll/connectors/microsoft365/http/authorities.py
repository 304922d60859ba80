"""Whom to trust: the system's certificate authorities, or those of a file."""

import ssl
import time
from functools import lru_cache
from pathlib import Path
from typing import Final

from mailroll.reconcile.errors import BadInput

_LIFE: Final = 3600.0
"""Seconds that the system's authorities are kept: to read them takes 20 ms of the processor."""


def trusted(ca_file: str) -> ssl.SSLContext:
    """Return terms of encryption that may be shared; raises `BadInput` where the file cannot be read.

    They are read anew once the file changed, and the system's now and then.
    """
    if not ca_file:
        return _trusted("", int(time.monotonic() / _LIFE))
    try:
        file_status = Path(ca_file).stat()
    except OSError:
        return load(ca_file)  # which says what is wrong
    return _trusted(ca_file, file_status.st_mtime_ns, file_status.st_ino, file_status.st_size)


def load(ca_file: str) -> ssl.SSLContext:
    """Return terms of encryption of one's own."""
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ValueError) as fault:
        raise BadInput(
            "ca_file_unreadable",
            f"The file of certificate authorities {ca_file} cannot be read as PEM.",
            "Give the path of a PEM file that this program may read.",
        ) from fault
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@lru_cache(maxsize=8)
def _trusted(ca_file: str, *_: int) -> ssl.SSLContext:
    return load(ca_file)
