"""Ports for programs that are told theirs: no two tests of a session are given the same one."""

import os
from contextlib import suppress
from pathlib import Path

from mailroll.cli.demo import console


def reserved_port() -> int:
    """Return a port that nobody listens at, and that is the caller's for the whole session.

    That it is free does not keep it so: two tests that look at the same time may find the same one. So each that is
    given out is noted as a file, which one alone can make.
    """
    home = Path(os.environ["MAILROLL_TEST_FOLDER"]) / "ports"
    home.mkdir(exist_ok=True)
    while True:
        port = console.free_port(0)
        with suppress(FileExistsError), (home / str(port)).open("x"):
            return port
