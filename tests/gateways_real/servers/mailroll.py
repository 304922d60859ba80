"""Mailroll's own commands, as processes beside the mail servers."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.gateways_real.servers import processes


def environment(folder: Path, database_url: str) -> Mapping[str, str]:
    return {**os.environ, "MAILROLL_DATA_DIR": str(folder / "mailroll"), "DATABASE_URL": database_url}


def run(folder: Path, database_url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(  # noqa: S603 - the words are ours
        [sys.executable, "-m", "mailroll", *words],
        env=environment(folder, database_url),
        check=False,
        text=True,
        capture_output=True,
    )


@contextmanager
def serving(folder: Path, database_url: str, port: int) -> Iterator[None]:
    """Answer over socketmap until the block ends."""
    words = [sys.executable, "-m", "mailroll", "gateway", "serve", "--socketmap", f"inet:127.0.0.1:{port}"]
    log = folder / "mailroll.log"
    with processes.running(words, environment(folder, database_url), log, lambda: processes.listens(port)):
        yield
