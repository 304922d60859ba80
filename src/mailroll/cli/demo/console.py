"""The Console of the demo: prepared, served until somebody ends it, and said how to use."""

import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import typer

from mailroll.cli.demo.scene import Scene, command, say, secret_file
from mailroll.cli.demo.tour import PROVIDER
from mailroll.cli.output import Exit
from mailroll.connectors import registry

if TYPE_CHECKING:
    from mailroll_simulator import Simulator, Tenant
    from mailroll_simulator.panel.desk import Panel

OPERATOR = "priya@northgate.example"
ORGANIZATION = "Coldharbour Haulage"
DOMAIN = "coldharbour.example"
_UNCLAIMED = range(20_000, 30_000)
_LOOPBACK = "127.0.0.1"
_STARTS_WITHIN, ENDS_WITHIN = 60.0, 30.0
_LOOK = 1.0
"""Seconds after which it is looked whether the Console is still there."""


@dataclass(frozen=True, slots=True)
class ConsolePlace:
    port: int

    @property
    def url(self) -> str:
        # This very name: Microsoft takes plain http from no other host.
        return f"http://localhost:{self.port}"


def free_port(wanted_port: int) -> int:
    """Return the port that was asked for, or for 0 any that is free."""
    if wanted_port == 0:
        return next(port for port in iter(_unclaimed, 0) if _refusal(port) is None)
    if (error := _refusal(wanted_port)) is not None:
        print(f"mailroll: port {wanted_port} is taken ({error.strerror}). Name another with --port.", file=sys.stderr)
        raise typer.Exit(Exit.FAILED) from error
    return wanted_port


def _unclaimed() -> int:
    """Return a port that no system gives to a connection by itself before the Console listens there.

    Linux gives out 32768 to 60999 (ip(7), ip_local_port_range), others from 49152 on (RFC 6335 section 6).
    """
    return _UNCLAIMED.start + secrets.randbelow(len(_UNCLAIMED))


def _refusal(port: int) -> OSError | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, port))
        except OSError as error:
            return error
    return None


def prepare(scene: Scene, simulator: "Simulator", tenant: "Tenant", data: Path, place: ConsolePlace) -> None:
    """Register the Console's own app at the simulated Microsoft, and add a domain that waits to be connected."""
    app = simulator.register_app(
        display_name="Mailroll Console",
        permissions=[need.name for need in registry.kind("microsoft365").needs],
        redirect_uris=[f"{place.url}/connect/callback/"],
    )
    scene.environment |= {
        "MAILROLL_URL": place.url,
        **({"MAILROLL_DEMO_URL": simulator.panel.url} if simulator.panel else {}),
        # Invitations and new passwords are printed here: the demo has no mail server.
        "MAILROLL_SMTP_URL": "stderr:",
        "MAILROLL_SECOND_FACTOR": "nobody",
        "MAILROLL_HOSTS": _LOOPBACK,
        "MAILROLL_M365_CLOUD": "custom",
        "MAILROLL_M365_CLIENT_ID": app.client_id,
        "MAILROLL_M365_SECRET_FILE": str(secret_file(data / "console-secret.txt", app.add_secret())),
    }
    say(f"The Console: an operator, and a second customer whose tenant ({tenant.display_name}) is not connected yet.")
    scene.ask("organization", "add", ORGANIZATION, "--parent", PROVIDER)
    scene.ask("domain", "add", DOMAIN, "--organization", ORGANIZATION)


def add_operator(scene: Scene, data: Path) -> str:
    """Add somebody who may do everything; return the password, which is printed and kept nowhere else."""
    password = secrets.token_urlsafe(9)
    file = secret_file(data / "operator-password.txt", password)
    scene.ask(
        *("operator", "add", OPERATOR, "--name", "Priya Raman", "--organization", PROVIDER),
        *("--role", "administrator", "--password-file", str(file)),
    )
    file.unlink()
    return password


@contextmanager
def served(scene: Scene, place: ConsolePlace) -> Iterator[subprocess.Popen[bytes]]:
    """Run web and worker in a process group of their own, so that Ctrl-C ends them in order, not all at once."""
    server = subprocess.Popen(  # noqa: S603 - our own command
        command("serve", "--host", _LOOPBACK, "--port", str(place.port)), env=scene.environment, process_group=0
    )
    scene.guardian.watch(server.pid)
    try:
        _answers(place, server)
        yield server
    finally:
        server.terminate()
        try:
            server.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _answers(place: ConsolePlace, server: subprocess.Popen[bytes]) -> None:
    """Wait until the Console answers."""
    until = time.monotonic() + _STARTS_WITHIN
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while server.poll() is None and time.monotonic() < until:
        try:
            with opener.open(f"{place.url}/account/login/", timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            threading.Event().wait(0.2)
    print("mailroll: the Console did not start; what it said is above.", file=sys.stderr)
    raise typer.Exit(Exit.FAILED)


def wait(server: subprocess.Popen[bytes]) -> None:
    """Wait for Ctrl-C, or for whoever runs this to end it; without its Console there is no demo."""
    stop_event = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop_event.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    while not stop_event.wait(_LOOK):
        if server.poll() is not None:
            print("mailroll: the Console ended by itself; what it said is above.", file=sys.stderr)
            raise typer.Exit(Exit.FAILED)
    print("\nStopping.", flush=True)


def welcome(place: ConsolePlace, password: str, tenant: "Tenant", panel: "Panel") -> str:
    """Everything a newcomer needs, steps and all."""
    account = next(user for user in tenant.users if user.roles)
    return f"""
  The Console      {place.url}/
  Sign in as       {OPERATOR}
  Password         {password}
                   Here a password is enough: the demo sets MAILROLL_SECOND_FACTOR=nobody.

  Microsoft 365    {account.upn}   (the simulated administrator of {tenant.display_name})
  Its password     {account.password}

  1. Sign in.  2. Open {DOMAIN}.  3. Choose the tab User Sync.  4. Under User Sources choose Add.
  5. Choose Office 365.  6. Connect Office 365, confirm with your password, sign in as that administrator.  7. Accept.
  8. You are back: Connected to Office 365.  9. The blue arrow, then Preview.
  10. Enable Automatic User Sync.  11. Sync & Save, if you would rather not wait.

  {PROVIDER}'s other customer, brightwater.example, is connected already: it is the one of the tour above.

  Let somebody leave, delete many, withdraw consent, slow Microsoft down, and see what comes of it:
  {panel.url}/panel/
"""
