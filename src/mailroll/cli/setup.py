"""Commands that set things up: organizations, domains, connections."""

from pathlib import Path
from typing import Annotated

import typer

from mailroll.cli.files import text
from mailroll.cli.output import Exit, Output, acting, answers, table
from mailroll.connections import attach, connections, new_domains
from mailroll.connections.credentials import Credential
from mailroll.connections.lookalikes import find_look_alikes
from mailroll.directory import edit, queries
from mailroll.sync.schedules import resumption

_PROVED = typer.Option(help="Vouch for it, or wait until a DNS record or a tenant proves it.")
Organization = Annotated[str, typer.Option("--organization", help="Its id, or its name where that is unique.")]


@answers
def add_organization(
    name: str,
    parent: Annotated[str | None, typer.Option(help="The organization above it: id, or name where unique.")] = None,
) -> Output:
    """Add a customer or a provider."""
    organization = edit.add_organization(name, acting(), parent=queries.organization(parent) if parent else None)
    return _added(organization.id, f"Organization “{organization.name}”")


@answers
def add_domain(
    name: str,
    organization: Organization,
    proved: Annotated[bool, _PROVED] = True,
) -> Output:
    """Add a mail domain to an organization. Who has the shell of this machine stands at the top, so that is proof."""
    domain = new_domains.register_domain(queries.organization(organization), name, acting(), proved=proved)
    like = find_look_alikes(domain.name)
    if not like:
        return _added(domain.id, f"Domain {domain.name}")
    # Who has the shell of this machine may know them all.
    text = (
        f"Domain {domain.name} added: {domain.id}\nIt is easily taken for {', '.join(like)}: see whether it is meant."
    )
    return Output({"id": domain.id, "looks_like": like}, text)


@answers
def add_microsoft365(
    organization: Organization,
    tenant: Annotated[str, typer.Option(help="The directory (tenant) id.")],
    client_id: Annotated[str, typer.Option("--client-id", help="The application (client) id.")],
    secret_file: Annotated[Path | None, typer.Option("--secret-file", help="A file with the client secret.")] = None,
    certificate_file: Annotated[Path | None, typer.Option("--certificate-file", help="A PEM certificate.")] = None,
    key_file: Annotated[Path | None, typer.Option("--key-file", help="Its private key, PEM.")] = None,
    cloud: Annotated[str, typer.Option(help="global, gcc-high, dod, china or custom.")] = "global",
) -> Output:
    """Connect a Microsoft 365 tenant. Credentials are read from files, sealed, and the files forgotten."""
    credential = Credential(
        secret=text(secret_file), certificate=text(certificate_file), certificate_key=text(key_file)
    )
    offer = attach.offer(queries.organization(organization), "microsoft365", tenant, client_id, cloud, credential)
    connection = attach.attach(None, offer, attach.OnTrust(), acting())
    return _added(connection.id, f"Connection to tenant {connection.tenant_id}")


@answers
def check_connection(connection: Annotated[str, typer.Argument(metavar="ID")]) -> Output:
    """Ask the tenant what it grants, keep the answer, and say what is missing."""
    row = connections.find(connection)
    if (refusal := resumption.check(row, None, acting())) is not None:
        raise refusal
    health = row.health
    lines = [
        f"Tenant {health['tenant_name']} ({health['tenant']})",
        f"Verified domains: {', '.join(health['domains']) or 'none'}",
        "",
        table(
            ("Permission", "Needed", "State", "Why, or what to do"),
            [
                (
                    permission["name"],
                    "yes" if permission["required"] else "no",
                    permission["state"],
                    permission["why"] if permission["state"] == "granted" else permission["fix"],
                )
                for permission in health["permissions"]
            ],
        ),
    ]
    return Output(health, "\n".join(lines), Exit.DONE if health["state"] == "ok" else Exit.FAILED)


@answers
def set_connection(
    connection: Annotated[str, typer.Argument(metavar="ID")],
    hybrid: Annotated[
        bool,
        typer.Option("--hybrid/--no-hybrid", help="Whether mailboxes may lie on premises, where Graph sees none."),
    ],
) -> Output:
    """Say of a tenant what it cannot tell itself."""
    row = connections.find(connection)
    connections.set_hybrid(row, acting(), on=hybrid)
    state = "is" if row.hybrid else "is not"
    return Output({"id": row.id, "hybrid": row.hybrid}, f"Connection to {row.tenant_id} {state} hybrid.")


def _added(key: object, name: str) -> Output:
    return Output({"id": key}, f"{name} added: {key}")
