"""The documentation as a site: what `make docs` builds, the wheel holds, and the Console serves at `/help/`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import django

from tools.site import links, staging, tidying

ROOT: Final = Path(__file__).parents[2]
TARGET: Final = ROOT / "src/mailroll/console/help_pages"


class DeadLinksError(Exception):
    """What leads nowhere, a line each."""


def build(target: Path = TARGET) -> None:
    """Build it anew. Raises `DeadLinksError`, and what was there stays.

    1. Gather the pages.
    2. Have Zensical make HTML of them.
    3. Make that fit what the Console's pages may hold.
    4. Follow every link, and put it where it is served.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mailroll.config.settings")
    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        made = staging.stage(ROOT, Path(folder))
        words = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", str(made.config)]
        done = subprocess.run(words, check=False, capture_output=True, text=True)  # noqa: S603 - the words are ours
        if done.returncode:
            raise DeadLinksError(done.stdout + done.stderr)
        tidying.tidy(made.site)
        if dead := links.dead(made.site):
            raise DeadLinksError("\n".join(dead))
        _put(made.site, target)


def _put(site: Path, target: Path) -> None:
    """Write what is new or otherwise and let go of the rest: a Console that runs beside it finds nothing missing."""
    new = {file.relative_to(site): file.read_bytes() for file in site.rglob("*") if file.is_file()}
    for name, content in new.items():
        there = target / name
        if not there.is_file() or there.read_bytes() != content:
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(content)
    for file in [*target.rglob("*")]:
        if file.is_file() and file.relative_to(target) not in new:
            file.unlink()
