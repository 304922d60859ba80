"""The command that serves the Console."""

import os
import sys
from typing import Annotated

import typer
import uvicorn

from mailroll.accounts import installation
from mailroll.cli import storage
from mailroll.cli.answering import Exit, complaining
from mailroll.cli.operators import first
from mailroll.server.limits import raise_open_files
from mailroll.server.running import configured


def web(
    host: Annotated[str, typer.Option(help="The address to listen on; a web server with TLS belongs in front.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
) -> None:
    """Serve the Console until stopped."""
    _begin_again_where_needed(host, port)
    with complaining(as_json=False):
        storage.ready()
        first()
        installation.sealer()  # a wrong key is told now, not at the first sign-in
    print(f"The Console: {installation.settings().console_url}", flush=True)
    raise_open_files()
    server = uvicorn.Server(configured("mailroll.config.asgi:application", host, port))
    server.run()
    if not server.started:
        raise typer.Exit(Exit.FAILED)


def environment(port: int) -> dict[str, str]:
    """What a process runs in that serves the Console on a port: where no address is set, it is this machine's."""
    if installation.settings().url is not None:
        return dict(os.environ)
    return {**os.environ, "MAILROLL_URL": f"http://localhost:{port}"}


def _begin_again_where_needed(host: str, port: int) -> None:
    """Begin anew with the address that the port makes: settings are read once, and links and forms follow them."""
    known, wanted = installation.settings().url, environment(port)
    if known is None and wanted["MAILROLL_URL"] != installation.settings().console_url:
        words = [sys.executable, "-m", "mailroll", "web", "--host", host, "--port", str(port)]
        os.execve(sys.executable, words, wanted)  # noqa: S606 - our own command
