"""What `make dist` makes, and the documentation of it: had once for all tests beside each other, which only look."""

import fcntl
import os
import subprocess
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[1]
_PAGES = "mailroll/console/help_pages"


def dist() -> Path:
    """The folder of the wheels."""
    home = Path(os.environ["MAILROLL_TEST_FOLDER"])
    made, unfinished = home / "dist", home / "dist-unfinished"
    with (home / "dist.lock").open("w", encoding="ascii") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not made.exists():
            words = ["make", "dist", f"DIST={unfinished}"]
            done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
            assert done.returncode == 0, done.stdout + done.stderr
            [wheel] = unfinished.glob("mailroll-*.whl")
            with ZipFile(wheel) as opened:
                opened.extractall(unfinished / "opened", [name for name in opened.namelist() if _PAGES in name])
            unfinished.rename(made)
    return made


def site() -> Path:
    """The documentation, as the wheel holds it."""
    return dist() / "opened" / _PAGES
