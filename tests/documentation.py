"""The documentation as a site, built once for all tests that run beside each other and only look at it."""

import fcntl
import os
from pathlib import Path

from tools.site import build


def site() -> Path:
    home = Path(os.environ["MAILROLL_TEST_FOLDER"])
    made = home / "help"
    with (home / "help.lock").open("w", encoding="ascii") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not made.exists():
            build(home / "help-unfinished")
            (home / "help-unfinished").rename(made)
    return made
