"""The command that makes runs: those that are asked for, and those that are due."""

from typing import Annotated

import typer

from mailroll.accounts import installation
from mailroll.cli import storage
from mailroll.cli.answering import complaining
from mailroll.sync.worker import work

Concurrency = Annotated[int, typer.Option(min=1, max=64, help="How many domains are synced at the same time.")]


def worker(concurrency: Concurrency = 4) -> None:
    """Make the runs that are asked for and those that are due, until stopped. Any number of workers share the work."""
    with complaining(as_json=False):
        storage.ready()
        installation.sealer()  # a wrong key is told now, not by the first run
    print(f"Working on {concurrency} domains at a time.", flush=True)
    work(concurrency)
