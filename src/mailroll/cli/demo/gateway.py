"""What mail servers ask, in the demo: the gateway server beside the Console, and how to ask it oneself."""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import typer

from mailroll.cli.demo.console import DOMAIN, ENDS_WITHIN, ORGANIZATION
from mailroll.cli.demo.scene import Scene, command
from mailroll.cli.output import Exit

if TYPE_CHECKING:
    from mailroll_simulator import Tenant

_TOLD = "Answering on "


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where the server answers: `socketmap` as Postfix writes it, `http` as a URL; and the token for the latter."""

    socketmap: str
    http: str
    token: str


@contextmanager
def served(scene: Scene) -> Iterator[Gateway]:
    """Run the server on free ports, in a process group of its own: it ends first, as it then writes to the database."""
    token: str = scene.ask("token", "add", "demo", "--organization", ORGANIZATION)["token"]
    words = command("gateway", "serve", "--socketmap", "inet:127.0.0.1:0", "--http", "127.0.0.1:0")
    with subprocess.Popen(  # noqa: S603 - our own command
        words, env=scene.environment, stdout=subprocess.PIPE, text=True, process_group=0
    ) as server:
        scene.guardian.watch(server.pid)
        try:
            socketmap, http = _place(server.stdout), _place(server.stdout)
            yield Gateway(socketmap, http, token)
        finally:
            server.terminate()
            try:
                server.wait(ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                server.kill()


def _place(said: IO[str] | None) -> str:
    line = "" if said is None else said.readline()
    if not line.startswith(_TOLD):
        print("mailroll: the gateway server did not start; what it said is above.", file=sys.stderr)
        raise typer.Exit(Exit.FAILED)
    return line.removeprefix(_TOLD).strip()


def welcome(gateway: Gateway, scene: Scene, tenant: "Tenant") -> str:
    """How to ask about somebody whom the eleven steps add."""
    address = next(user.mail for user in tenant.users if user.purpose == "user" and user.mail.endswith(f"@{DOMAIN}"))
    ways = [
        f"curl -H 'Authorization: Bearer {gateway.token}' '{gateway.http}/lookup?address={address}'",
        f"env MAILROLL_DATA_DIR={shlex.quote(scene.environment['MAILROLL_DATA_DIR'])} "
        + shlex.join(command("lookup", address)),
    ]
    if shutil.which("postmap"):
        ways.insert(1, f"postmap -q {address} {gateway.socketmap}:access")
    lines = "\n".join(f"  {way}" for way in ways)
    return f"""
  What a mail server is told of somebody changes while you click: before, after the preview, after Sync & Save. Ask:

{lines}

  Ctrl-C ends all of it.
"""
