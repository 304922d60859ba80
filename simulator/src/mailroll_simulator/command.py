"""The `mailroll-simulator` command: a simulator that runs until it is told to stop."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from mailroll_simulator import tenants
from mailroll_simulator.login.accounts import offered
from mailroll_simulator.simulator import CONSENT_DELAY, Simulator
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.values import Json

PERMISSIONS: tuple[str, ...] = (
    "User.Read.All",
    "GroupMember.Read.All",
    "Domain.Read.All",
    "Organization.Read.All",
    "OrgContact.Read.All",
    "MailboxSettings.Read",
    "Place.Read.All",
    "LicenseAssignment.Read.All",
)
_MOST_USERS = 1_000_000
_DESCRIPTION = """\
Run a simulated Microsoft 365 on this machine: sign-in, Microsoft Graph and a control surface,
each on a free port of the loopback. It prints one line of JSON (the addresses, the authority to
trust, an app with its secret, accounts to sign in with) and runs until Ctrl-C."""
_EPILOG = """
control:
  GET on the control_url of the printed line lists all levers: change a tenant, move the clock,
  switch faults on by name, see the requests that came.

example:
  mailroll-simulator --tenant small-firm --tenant haulier --port-file where.json"""


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    asyncio.run(_serve(options))


async def _serve(options: argparse.Namespace) -> None:
    """Start, say where in one line of JSON, and wait for a signal."""
    made = {kind: _tenant(kind, options.users) for kind in options.tenant or ["small-firm"]}
    simulator = Simulator(made.values(), seed=options.seed, consent_delay=options.consent_delay, limits=options.limits)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with simulator.running():
        line = json.dumps(_announcement(simulator, made, options))
        port_file: Path | None = options.port_file
        if port_file is not None:
            _write(port_file, line)
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        await stop.wait()


def _tenant(kind: str, users: int) -> Tenant:
    return tenants.huge(users) if kind == "huge" else tenants.NAMED[kind].make()


def _announcement(simulator: Simulator, made: Mapping[str, Tenant], options: argparse.Namespace) -> dict[str, Json]:
    app = simulator.register_app(
        display_name="Simulated console", permissions=PERMISSIONS, redirect_uris=options.redirect_uri
    )
    if options.consent:
        for tenant in made.values():
            simulator.consent(app, tenant)
    return {
        "login_url": simulator.login_url,
        "graph_url": simulator.graph_url,
        "front_url": simulator.front_url,
        "control_url": simulator.control_url,
        "ca_file": str(simulator.ca_file),
        "tenants": [
            {
                "id": tenant.id,
                "name": kind,
                "display_name": tenant.display_name,
                "domains": list(tenant.domains),
                "accounts": [
                    {"name": account.user.upn, "password": account.user.password, "is": account.standing}
                    for account in offered(simulator.world, tenant)
                ],
            }
            for kind, tenant in made.items()
        ],
        "app": {"client_id": app.client_id, "secret": app.add_secret()},
    }


def _write(port_file: Path, line: str) -> None:
    """Write the line so that a reader sees all of it or nothing; it holds a secret, of no worth elsewhere."""
    fresh = port_file.with_name(f"{port_file.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(f"{line}\n", "utf-8")
    fresh.replace(port_file)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mailroll-simulator",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=_DESCRIPTION,
        epilog=_tenants_told() + _EPILOG,
    )
    parser.add_argument(
        "--tenant",
        action="append",
        choices=tuple(tenants.NAMED),
        metavar="NAME",
        help="a tenant of those below; may be given several times (default: small-firm)",
    )
    parser.add_argument(
        "--users", type=_count, default=10_000, metavar="N", help="people in the huge tenant (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="what all chance follows from (default: %(default)s)"
    )
    parser.add_argument("--port-file", type=Path, metavar="FILE", help="where to write the printed line, too")
    parser.add_argument(
        "--redirect-uri",
        action="append",
        default=[],
        metavar="URI",
        help="where the app may be called back, as in http://localhost:8000/callback; may be given several times",
    )
    parser.add_argument(
        "--no-consent", dest="consent", action="store_false", help="register the app, but let no tenant consent to it"
    )
    parser.add_argument(
        "--no-limits",
        dest="limits",
        action="store_false",
        help="answer however much is asked for; else as much as Microsoft documents",
    )
    parser.add_argument(
        "--consent-delay",
        type=float,
        default=CONSENT_DELAY,
        metavar="SECONDS",
        help="how long a consent given on the page takes to spread (default: %(default)s)",
    )
    return parser


def _count(text: str) -> int:
    count = int(text)
    if not 0 <= count <= _MOST_USERS:
        raise argparse.ArgumentTypeError(f"0 to {_MOST_USERS}")
    return count


def _tenants_told() -> str:
    longest = max(map(len, tenants.NAMED))
    told = "\n".join(f"  {name:{longest}}  {named.text}" for name, named in tenants.NAMED.items())
    return f"tenants:\n{told}\n"
