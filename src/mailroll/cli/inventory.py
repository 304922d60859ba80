"""Commands that list what there is: organizations, domains and connections."""

from datetime import datetime
from typing import Annotated, Any

import typer
from django.db.models import Count

from mailroll.cli.output import Output, acting, answers, table
from mailroll.connections.models import Connection
from mailroll.directory import queries
from mailroll.directory.models import Domain, Organization
from mailroll.insight import overview
from mailroll.insight.overview import ShownStanding

Organizations = Annotated[
    str | None, typer.Option("--organization", help="Of this organization alone: its id, or its name where unique.")
]


@answers
def organizations() -> Output:
    """List the organizations, each with the one above it."""
    organizations = (
        Organization.objects.select_related("parent").annotate(number=Count("domains")).order_by("name", "id")
    )
    document = [
        {
            "id": organization.id,
            "name": organization.name,
            "parent": organization.parent_id,
            "domains": organization.number,
        }
        for organization in organizations
    ]
    rows = [
        (
            organization.name,
            organization.parent.name if organization.parent else "",
            str(organization.number),
            str(organization.id),
        )
        for organization in organizations
    ]
    text = table(("Organization", "Below", "Domains", "Id"), rows) if rows else "No organization yet."
    return Output(document, text)


@answers
def domains(organization: Organizations = None) -> Output:
    """List the domains and how each stands, those first that need a person."""
    domains = Domain.objects.all()
    if organization is not None:
        domains = domains.filter(organization=queries.organization(organization))
    document = [_domain(standing) for standing in overview.standings(domains, acting().now())]
    rows = [
        (
            domain["name"],
            domain["organization"],
            domain["cause"] or ("not proved" if domain["proved_at"] is None else domain["health"]),
            "on" if domain["automatic"] else "off",
            str(domain["users"]),
            str(domain["billable"]),
            f"{domain['read_at']:%Y-%m-%d %H:%M}" if domain["read_at"] else "-",
        )
        for domain in document
    ]
    heads = ("Domain", "Organization", "Stands", "Automatic", "Users", "Billable", "List as of (UTC)")
    return Output(document, table(heads, rows) if rows else "No domain yet.")


@answers
def connections(organization: Organizations = None) -> Output:
    """List the connections: which tenant, whether it lets in, and which domains read through it."""
    connections = Connection.objects.select_related("organization").prefetch_related("sources__domain")
    if organization is not None:
        connections = connections.filter(organization=queries.organization(organization))
    document = [
        _connection(connection) for connection in connections.order_by("organization__name", "created_at", "id")
    ]
    rows = [
        (
            connection["tenant_name"] or connection["tenant"],
            connection["organization"],
            connection["state"] or "not checked",
            f"{datetime.fromisoformat(connection['checked_at']):%Y-%m-%d %H:%M}"
            if connection["checked_at"]
            else "never",
            ", ".join(connection["domains"]) or "none",
            str(connection["id"]),
        )
        for connection in document
    ]
    heads = ("Tenant", "Organization", "State", "Checked (UTC)", "Read for", "Id")
    return Output(document, table(heads, rows) if rows else "No connection yet.")


def _domain(standing: ShownStanding) -> dict[str, Any]:
    """`health` and `cause` are the words of `insight.overview`."""
    return {
        "id": standing.domain.id,
        "name": standing.domain.name,
        "organization": standing.domain.organization.name,
        "organization_id": standing.domain.organization_id,
        "health": standing.health.value,
        "cause": None if standing.cause is None else standing.cause.value,
        "automatic": standing.schedule is not None and standing.schedule.automatic,
        "sources": standing.sources,
        "users": standing.users,
        "billable": standing.billable,
        "read_at": standing.read_at,
        "proved_at": standing.domain.proved_at,
    }


def _connection(connection: Connection) -> dict[str, Any]:
    """`state` is what the last check found, null before there was one."""
    return {
        "id": connection.id,
        "organization": connection.organization.name,
        "organization_id": connection.organization_id,
        "kind": connection.kind,
        "cloud": connection.cloud,
        "tenant": connection.tenant_id,
        "tenant_name": connection.health.get("tenant_name", ""),
        "client_id": connection.client_id,
        "credential": connection.credential_kind,
        "credential_ends_at": connection.credential_ends_at,
        "state": connection.health.get("state"),
        "checked_at": connection.health.get("checked_at"),
        "error": connection.health.get("error"),
        "domains": sorted({source.domain.name for source in connection.sources.all()}),
    }
