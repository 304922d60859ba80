"""The command that makes runs: those that are asked for, and those that are due."""

import gc
import sys
from typing import Annotated, Final

import typer
from django.db import connections

from mailroll.accounts import installation
from mailroll.alerts import evaluation, tasks
from mailroll.cli import storage
from mailroll.cli.output import Exit, complaining
from mailroll.cli.processes import Processes
from mailroll.sync.notifications import renewals
from mailroll.sync.workers import connection_share
from mailroll.sync.workers.worker import work

Concurrency = Annotated[int, typer.Option(min=1, max=64, help="How many domains are synced at the same time.")]


CHORES: Final = (evaluation.keep, tasks.queue_due, renewals.keep)
"""What workers do besides runs."""

Many = Annotated[int, typer.Option("--processes", min=1, max=64, help="How many processes share the work.")]


def worker(concurrency: Concurrency = 4, many: Many = 1) -> None:
    """Make the runs that are asked for and those that are due, until stopped. Any number of workers share the work.

    A process uses one core at the most, however many domains it syncs at a time.
    """
    with complaining(as_json=False):
        storage.ready()
        installation.sealer()  # a wrong key is told now, not by the first run
        connection_share.expect_workers(concurrency, many)
    if many > 1:
        _together(concurrency, many)
        return
    print(f"Working on {concurrency} domains at a time.", flush=True)
    # What was imported lives to the end. To look through it for garbage took 20 to 70 ms, in one of the first two runs.
    gc.freeze()
    with complaining(as_json=False):
        work(concurrency, chores=CHORES)


def _together(concurrency: int, many: int) -> None:
    connections.close_all()
    processes = Processes()
    with processes.listening():
        try:
            for number in range(1, many + 1):
                processes.start(f"worker {number}", ["worker", "--concurrency", str(concurrency)])
            ended_process = processes.wait()
        finally:
            processes.stop_all()
    if ended_process is not None:
        print(f"mailroll: {ended_process} ended by itself, so everything was stopped.", file=sys.stderr)
        raise typer.Exit(Exit.FAILED)
