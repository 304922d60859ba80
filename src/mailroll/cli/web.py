"""The command that serves the Console."""

import gc
import os
from typing import Annotated, Final

import typer
from django.db import connection
from django.urls import reverse

from mailroll.accounts import first_run, installation
from mailroll.cli import storage
from mailroll.cli.operators import first
from mailroll.cli.output import Exit, complaining
from mailroll.cli.processes import MAILROLL
from mailroll.schema import age
from mailroll.schema.age import OtherTables
from mailroll.server.limits import raise_open_files
from mailroll.server.runner import WatchedServer, configured
from mailroll.sync.workers import connection_share

LOOK_EVERY: Final = 10.0
"""Seconds until it is noticed that a later version has changed the tables."""

_FIRST_LINK = """
Nobody has an account here yet. This link makes the first one, an administrator's.
It works once, until {until}, and as long as this process runs:

    {link}
"""
_NO_LINK = (
    "Nobody has an account here yet, and sign-in by password is off. Start once with MAILROLL_PASSWORD_SIGN_IN=on:"
    " then a link is printed that makes the first one."
)


def web(
    host: Annotated[str, typer.Option(help="The address to listen on; a web server with TLS belongs in front.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Serve the Console until stopped."""
    _begin_again_where_needed(host, port)
    with complaining(as_json=False):
        storage.ready()
        first()
        installation.sealer()  # a wrong key is told now, not at the first sign-in
        connection_share.expect_console(installation.settings().web_requests)
    raise_open_files()
    config = configured("mailroll.config.asgi:application", host, port)
    # Where the port is another program's, the link of the first run would be handed to that.
    server = WatchedServer(config, outdated, LOOK_EVERY, _greet_apart)
    server.run()
    if server.reason is not None:
        with complaining(as_json=False):
            raise server.reason
    if not server.started:
        raise typer.Exit(Exit.FAILED)


def outdated() -> OtherTables | None:
    """Look whether a later version has changed the tables, in a session that ends with the answer."""
    try:
        return age.outdated()
    finally:
        connection.close()


def settle() -> None:
    """Import all pages, and take what was imported out of what Python searches for garbage: it lives to the end.

    Such a search took 100 ms of CPU on busy cores, and fell into one of the first pages that somebody asked for.
    """
    reverse("console:home")
    gc.freeze()


def greet() -> None:
    """Where nobody has an account yet, print the link that makes the first one; this process alone knows it."""
    if not first_run.is_empty():
        return
    if not first_run.is_possible():
        print(_NO_LINK, flush=True)
    elif offered := first_run.LINK.offer():
        token, ends_at = offered
        link = installation.settings().console_url + reverse("console:start-link", args=(token,))
        print(_FIRST_LINK.format(until=f"{ends_at:%d %B %Y, %H:%M} UTC", link=link), flush=True)


def _greet_apart() -> None:
    """Say where the Console is, in a thread that has nothing else to ask the database."""
    print(f"The Console: {installation.settings().console_url}", flush=True)
    try:
        settle()
        greet()
    finally:
        connection.close()


def environment(port: int) -> dict[str, str]:
    """What a process runs in that serves the Console on a port: where no address is set, it is this machine's."""
    if installation.settings().url is not None:
        return dict(os.environ)
    return {**os.environ, "MAILROLL_URL": f"http://localhost:{port}"}


def _begin_again_where_needed(host: str, port: int) -> None:
    """Begin anew with the address that the port makes: settings are read once, and links and forms follow them."""
    url, new_environment = installation.settings().url, environment(port)
    if url is None and new_environment["MAILROLL_URL"] != installation.settings().console_url:
        words = [*MAILROLL, "web", "--host", host, "--port", str(port)]
        os.execve(words[0], words, new_environment)  # noqa: S606 - our own command
