"""The command for a small installation: the Console and one worker, with their database, in one."""

import sys
from typing import Annotated

import typer
from django.db import connections

from mailroll.accounts import installation
from mailroll.cli import storage
from mailroll.cli.output import Exit, complaining
from mailroll.cli.processes import Processes
from mailroll.cli.web import environment
from mailroll.cli.worker import Concurrency


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; a web server with TLS belongs in front.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
    concurrency: Concurrency = 4,
) -> None:
    """Serve the Console and make its runs until stopped. Where the embedded PostgreSQL is in use, it ends with it.

    1. The database, and its tables.
    2. The Console and a worker, each in a process of its own.
    3. While they live, the embedded PostgreSQL is started again where it ended by itself.
    4. When asked to stop, or when one of them ends: the Console first, then the worker, then the database.
    """
    processes = Processes()
    with processes.listening():
        with complaining(as_json=False):
            started = storage.ready()
        if started:
            processes.finally_run("database", "stop")
        try:
            with complaining(as_json=False):
                installation.sealer()  # what its key lacks is told once, not by each of both
            connections.close_all()
            own = environment(port)
            processes.start("web", ["web", "--host", host, "--port", str(port)], own)
            processes.start("worker", ["worker", "--concurrency", str(concurrency)], own)
            ended = processes.wait(storage.Upkeep(lambda words: print(words, file=sys.stderr, flush=True)).keep)
        finally:
            processes.stop("web", "worker")
            if started:
                storage.stop()
    if ended is not None:
        print(f"mailroll: the {ended} process ended by itself, so everything was stopped.", file=sys.stderr)
        raise typer.Exit(Exit.FAILED)
