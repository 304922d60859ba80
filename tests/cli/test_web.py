"""What the process that serves the Console does before anybody asks for a page."""

import gc
import subprocess
import sys

from mailroll.cli import web

PAGES_OF = """
import sys, gc
import django
django.setup()
from mailroll.cli import web
web.settle()
print("mailroll.console.runs.views" in sys.modules, gc.get_freeze_count() > 100_000)
"""


def test_what_was_imported_is_not_searched_for_garbage() -> None:
    kept: list[list[int]] = [[] for _ in range(1000)]
    before = gc.get_freeze_count()
    web.settle()
    assert gc.get_freeze_count() >= before + len(kept)


def test_all_pages_are_imported_by_then() -> None:
    told = subprocess.run([sys.executable, "-c", PAGES_OF], stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    assert told.stdout.split() == ["True", "True"]
