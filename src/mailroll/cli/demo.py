"""The demonstration: a simulated tenant, and the very commands a person would type, one after the other."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from mailroll import embedded
from mailroll.cli.answering import Exit

FOLDER = Path(".demo")
DOMAIN = "brightwater.example"
ORGANIZATION = "Brightwater Joinery"
_MARK = ".made-by-mailroll-demo"


def demo(
    folder: Annotated[Path, typer.Option(help="Where its database lives; emptied at the start.")] = FOLDER,
) -> None:
    """Connect a simulated Microsoft 365 tenant, preview, sync, and see what a bad day looks like."""
    # Here, and nowhere else outside the tests: an installation without the simulator's extra still has every command.
    from mailroll.simulator import Simulator, tenants  # noqa: PLC0415

    data = _fresh(folder.absolute())
    tenant = tenants.small_firm()
    try:
        with Simulator(tenants=[tenant], seed=1).in_thread() as simulator:
            app = simulator.register_app(
                display_name="Mailroll demo",
                permissions=("User.Read.All", "Domain.Read.All", "Organization.Read.All"),
            )
            simulator.consent(app, tenant)
            secret = data / "secret.txt"
            secret.touch(mode=0o600)
            secret.write_text(app.add_secret(), encoding="ascii")
            scene = Scene(
                {
                    **os.environ,
                    "MAILROLL_DATA_DIR": str(data),
                    "MAILROLL_CUSTOM_LOGIN_URL": simulator.login_url,
                    "MAILROLL_CUSTOM_GRAPH_URL": simulator.graph_url,
                    "MAILROLL_CUSTOM_CA_FILE": str(simulator.ca_file),
                }
            )
            scene.environment.pop("DATABASE_URL", None)
            _connect(scene, tenant.id, app.client_id, secret)
            _first_sync(scene)
            _say("A week later: somebody joined, and somebody left.")
            joined = tenant.add_user("Ines Calloway", local="ines.calloway")
            leaver = next(user for user in tenant.users if user.purpose == "user" and user is not joined)
            tenant.delete_user(leaver)
            scene.run("preview", DOMAIN)
            scene.run("sync", DOMAIN)
            scene.run("explain", leaver.mail)
            _say("A bad night: Microsoft 365 answers with an empty list.")
            simulator.faults.on("source_empty")
            scene.run("sync", DOMAIN, expect=Exit.DONE)
            simulator.faults.off("source_empty")
            _say("Everybody who was missing was asked for by id, and answered. Nobody was removed.")
    finally:
        embedded.stop(data)
    print(f"\nThe demo is over, and nothing of it is left running. Its data: {folder}")


@dataclass(slots=True)
class Scene:
    """Runs commands as a person would, each shown before its answer."""

    environment: dict[str, str]

    def run(self, *words: str, expect: Exit = Exit.DONE) -> None:
        print(f"\n$ mailroll {shlex.join(words)}", flush=True)
        done = self._mailroll(words)
        if done.returncode != expect:
            raise typer.Exit(done.returncode or Exit.FAILED)

    def ask(self, *words: str) -> Mapping[str, Any]:
        """Run a command for its JSON, shown without it."""
        print(f"\n$ mailroll {shlex.join(words)}", flush=True)
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "mailroll", *words, "--json"],
            env=self.environment,
            stdout=subprocess.PIPE,
            check=False,
        )
        answer: Mapping[str, Any] = json.loads(done.stdout)
        if done.returncode:
            print(json.dumps(answer, indent=2), file=sys.stderr)
            raise typer.Exit(done.returncode)
        print(f"{answer['id']}")
        return answer

    def _mailroll(self, words: tuple[str, ...]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "mailroll", *words],
            env=self.environment,
            check=False,
        )


def _connect(scene: Scene, tenant: str, client: str, secret: Path) -> None:
    _say("One organization with one domain, and a connection to its (simulated) Microsoft 365 tenant.")
    scene.ask("organization", "add", ORGANIZATION)
    scene.ask("domain", "add", DOMAIN, "--organization", ORGANIZATION)
    connection = scene.ask(
        *("connection", "add", "microsoft365", "--organization", ORGANIZATION, "--cloud", "custom"),
        *("--tenant", tenant, "--client-id", client, "--secret-file", str(secret)),
    )
    secret.unlink()
    scene.run("connection", "check", connection["id"])
    scene.ask("source", "add", DOMAIN, "--connection", connection["id"])


def _first_sync(scene: Scene) -> None:
    _say("A preview reads, and lists what would change. Nothing is applied.")
    scene.run("preview", DOMAIN)
    _say("The sync does the same and applies it. The second one finds nothing to do.")
    scene.run("sync", DOMAIN)
    scene.run("users", DOMAIN)
    scene.run("sync", DOMAIN)


def _fresh(folder: Path) -> Path:
    """Empty a folder that an earlier demo made; refuse one that anybody else made."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).exists():
            print(f"mailroll: {folder} is not empty, and no demo made it. Name another with --folder.", file=sys.stderr)
            raise typer.Exit(Exit.FAILED)
        embedded.stop(folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()
    return folder


def _say(words: str) -> None:
    print(f"\n--- {words}", flush=True)
