"""Run a simulator until it is told to stop: `python -m mailroll.simulator --tenant small-firm`."""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from mailroll.simulator import tenants
from mailroll.simulator.simulator import CONSENT_DELAY, Simulator
from mailroll.simulator.tenant import Tenant
from mailroll.simulator.values import Json

PERMISSIONS = (
    "User.Read.All",
    "GroupMember.Read.All",
    "Domain.Read.All",
    "Organization.Read.All",
    "OrgContact.Read.All",
    "MailboxSettings.Read",
    "Place.Read.All",
    "LicenseAssignment.Read.All",
)
KINDS = ("small-firm", "school", "mess", "huge")


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    asyncio.run(_serve(options))


async def _serve(options: argparse.Namespace) -> None:
    """Start, say where in one line of JSON, and wait for a signal."""
    made = {kind: _tenant(kind, options.users) for kind in options.tenant or ["small-firm"]}
    simulator = Simulator(made.values(), seed=options.seed, consent_delay=options.consent_delay)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with simulator.running():
        line = json.dumps(_announcement(simulator, made, options.redirect_uri))
        port_file: Path | None = options.port_file
        if port_file is not None:
            _write(port_file, line)
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        await stop.wait()


def _tenant(kind: str, users: int) -> Tenant:
    match kind:
        case "school":
            return tenants.school()
        case "mess":
            return tenants.mess()
        case "huge":
            return tenants.huge(users)
        case _:
            return tenants.small_firm()


def _announcement(simulator: Simulator, made: Mapping[str, Tenant], redirect_uris: Sequence[str]) -> dict[str, Json]:
    app = simulator.register_app(display_name="Simulated console", permissions=PERMISSIONS, redirect_uris=redirect_uris)
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
    parser = argparse.ArgumentParser(prog="python -m mailroll.simulator", description=__doc__)
    parser.add_argument("--tenant", action="append", choices=KINDS, help="which tenant; may be given several times")
    parser.add_argument("--users", type=int, default=10_000, metavar="N", help="how many users the huge tenant has")
    parser.add_argument("--seed", type=int, default=1, help="what all chance follows from")
    parser.add_argument("--port-file", type=Path, metavar="F", help="where to write the line that is printed, too")
    parser.add_argument(
        "--redirect-uri", action="append", default=[], metavar="URI", help="register it for the app; several times"
    )
    parser.add_argument(
        "--consent-delay",
        type=float,
        default=CONSENT_DELAY,
        metavar="SECONDS",
        help="how long a consent given on the page takes to spread",
    )
    return parser


if __name__ == "__main__":
    main()
