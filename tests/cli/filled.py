"""A data folder that commands have filled: made once for all tests that run beside each other, and copied for each.

To make it takes a server's first start, its tables and eight commands; to copy it takes a moment.
"""

import fcntl
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from mailroll import embedded

_COMMANDS = (
    ("organization", "add", "Books"),
    ("organization", "add", "Harbour"),
    ("domain", "add", "books.example", "--organization", "Books"),
    ("static", "add", "books.example", "first@books.example"),
    ("token", "add", "mx1", "--organization", "Books", "--json"),
    ("token", "add", "mx2", "--organization", "Books", "--json"),
    ("token", "add", "mx3", "--organization", "Harbour", "--json"),
)

_RUN = """
import json, sys
from mailroll.cli import ready
from mailroll.cli.app import tree
for words in json.loads(sys.argv[1]):
    try:
        tree(ready).main(words, prog_name="mailroll")
    except SystemExit as ended:
        if ended.code:
            raise
"""


def filled(data: Path) -> Mapping[str, str]:
    """Make the folder, and start its server; returns tokens by name: mx1 and mx2 are for Books, mx3 is for Harbour."""
    tokens = stopped(data)
    embedded.ensure(data)
    return tokens


def stopped(data: Path) -> Mapping[str, str]:
    """Make the folder, whose server does not run."""
    home = Path(os.environ["MAILROLL_TEST_FOLDER"])
    made, said = home / "filled", home / "filled.txt"
    with (home / "filled.lock").open("w", encoding="ascii") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not said.exists():
            said.write_text(_fill(made), encoding="utf-8")
    subprocess.run(["cp", "-a", str(made), str(data)], check=True)  # noqa: S603, S607 - with the owners of its files
    documents = re.findall(r"^\{$.*?^\}$", said.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return {one["name"]: one["token"] for one in map(json.loads, documents)}


def _fill(data: Path) -> str:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    words = [sys.executable, "-c", _RUN, json.dumps(_COMMANDS)]
    environment = {**kept, "MAILROLL_DATA_DIR": str(data)}
    try:
        return subprocess.run(words, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
    finally:
        embedded.stop(data)
