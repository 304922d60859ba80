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
from mailroll.sync import resumption

_PROVED = typer.Option(help="Vouch for it, or wait until a DNS record or a tenant proves it.")
Organization = Annotated[str, typer.Option("--organization", help="Its id, or its name where that is unique.")]


@answers
def add_organization(
    name: str,
    parent: Annotated[str | None, typer.Option(help="The organization above it: id, or name where unique.")] = None,
) -> Output:
    """Add a customer or a provider."""
    made = edit.add_organization(name, acting(), parent=queries.organization(parent) if parent else None)
    return _added(made.id, f"Organization “{made.name}”")


@answers
def add_domain(
    name: str,
    organization: Organization,
    proved: Annotated[bool, _PROVED] = True,
) -> Output:
    """Add a mail domain to an organization. Who has the shell of this machine stands at the top, so that is proof."""
    made = new_domains.register_domain(queries.organization(organization), name, acting(), proved=proved)
    like = find_look_alikes(made.name)
    if not like:
        return _added(made.id, f"Domain {made.name}")
    # Who has the shell of this machine may know them all.
    text = f"Domain {made.name} added: {made.id}\nIt is easily taken for {', '.join(like)}: see whether it is meant."
    return Output({"id": made.id, "looks_like": like}, text)


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
    made = attach.attach(None, offer, attach.OnTrust(), acting())
    return _added(made.id, f"Connection to tenant {made.tenant_id}")


@answers
def check_connection(connection: Annotated[str, typer.Argument(metavar="ID")]) -> Output:
    """Ask the tenant what it grants, keep the answer, and say what is missing."""
    asked = connections.find(connection)
    if (refusal := resumption.check(asked, None, acting())) is not None:
        raise refusal
    found = asked.health
    lines = [
        f"Tenant {found['tenant_name']} ({found['tenant']})",
        f"Verified domains: {', '.join(found['domains']) or 'none'}",
        "",
        table(
            ("Permission", "Needed", "State", "Why, or what to do"),
            [
                (
                    one["name"],
                    "yes" if one["required"] else "no",
                    one["state"],
                    one["why"] if one["state"] == "granted" else one["fix"],
                )
                for one in found["permissions"]
            ],
        ),
    ]
    return Output(found, "\n".join(lines), Exit.DONE if found["state"] == "ok" else Exit.FAILED)


@answers
def set_connection(
    connection: Annotated[str, typer.Argument(metavar="ID")],
    hybrid: Annotated[
        bool,
        typer.Option("--hybrid/--no-hybrid", help="Whether mailboxes may lie on premises, where Graph sees none."),
    ],
) -> Output:
    """Say of a tenant what it cannot tell itself."""
    found = connections.find(connection)
    connections.set_hybrid(found, acting(), on=hybrid)
    state = "is" if found.hybrid else "is not"
    return Output({"id": found.id, "hybrid": found.hybrid}, f"Connection to {found.tenant_id} {state} hybrid.")


def _added(key: object, what: str) -> Output:
    return Output({"id": key}, f"{what} added: {key}")
