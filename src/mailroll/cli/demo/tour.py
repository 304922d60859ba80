"""The tour of the command line: the very commands a person would type, one after the other."""

from pathlib import Path
from typing import TYPE_CHECKING

from mailroll.cli.demo.scene import Scene, say, secret_file
from mailroll.connectors import registry

if TYPE_CHECKING:
    from mailroll_simulator import Simulator, Tenant

PROVIDER = "Northgate IT"
ORGANIZATION = "Brightwater Joinery"
DOMAIN = "brightwater.example"


def begin(scene: Scene, simulator: "Simulator", tenant: "Tenant", data: Path) -> None:
    """Connect a tenant, preview, sync, and sync again."""
    _connect(scene, simulator, tenant, data)
    _first_sync(scene)


def bad_days(scene: Scene, simulator: "Simulator", tenant: "Tenant") -> None:
    """See what a leaver looks like, and what an empty answer does not do."""
    say("A week later: somebody joined, and somebody left.")
    joiner = tenant.add_user("Ines Calloway", local="ines.calloway")
    leaver = next(user for user in tenant.users if user.purpose == "user" and user is not joiner)
    tenant.delete_user(leaver)
    # Listings show who joined only after a while.
    simulator.clock.advance(tenant.late)
    scene.run("preview", DOMAIN)
    scene.run("sync", DOMAIN)
    scene.run("explain", leaver.mail)
    say("A bad night: Microsoft 365 answers with an empty list.")
    simulator.faults.on("source_empty")
    scene.run("sync", DOMAIN)
    simulator.faults.off("source_empty")
    say("Everybody who was missing was asked for by id, and answered. Nobody was removed.")


def _connect(scene: Scene, simulator: "Simulator", tenant: "Tenant", data: Path) -> None:
    say("A provider, a customer of it with one domain, and a connection to its (simulated) Microsoft 365 tenant.")
    needed = [need.name for need in registry.kind("microsoft365").needs]
    app = simulator.register_app(display_name="Mailroll at Brightwater", permissions=needed)
    simulator.consent(app, tenant)
    secret = secret_file(data / "brightwater-secret.txt", app.add_secret())
    scene.ask("organization", "add", PROVIDER)
    scene.ask("organization", "add", ORGANIZATION, "--parent", PROVIDER)
    scene.ask("domain", "add", DOMAIN, "--organization", ORGANIZATION)
    connection = scene.ask(
        *("connection", "add", "microsoft365", "--organization", ORGANIZATION, "--cloud", "custom"),
        *("--tenant", tenant.id, "--client-id", app.client_id, "--secret-file", str(secret)),
    )
    secret.unlink()
    scene.run("connection", "check", connection["id"])
    scene.ask("source", "add", DOMAIN, "--connection", connection["id"])


def _first_sync(scene: Scene) -> None:
    say("A preview reads, and lists what would change. Nothing is applied.")
    scene.run("preview", DOMAIN)
    say("The sync does the same and applies it. The second one finds nothing to do.")
    scene.run("sync", DOMAIN)
    scene.run("users", DOMAIN)
    scene.run("sync", DOMAIN)
