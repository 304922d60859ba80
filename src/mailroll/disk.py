"""What has to be on the disk before anything relies on it."""

import os
from pathlib import Path


def flush_folder(folder: Path) -> None:
    """Have the names in a folder reach the disk: a file that was written may else be there without its name."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
