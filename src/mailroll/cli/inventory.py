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
    found = Organization.objects.select_related("parent").annotate(number=Count("domains")).order_by("name", "id")
    document = [{"id": each.id, "name": each.name, "parent": each.parent_id, "domains": each.number} for each in found]
    rows = [(each.name, each.parent.name if each.parent else "", str(each.number), str(each.id)) for each in found]
    text = table(("Organization", "Below", "Domains", "Id"), rows) if rows else "No organization yet."
    return Output(document, text)


@answers
def domains(organization: Organizations = None) -> Output:
    """List the domains and how each stands, those first that need a person."""
    asked = Domain.objects.all()
    if organization is not None:
        asked = asked.filter(organization=queries.organization(organization))
    document = [_domain(each) for each in overview.standings(asked, acting().now())]
    rows = [
        (
            each["name"],
            each["organization"],
            each["cause"] or ("not proved" if each["proved_at"] is None else each["health"]),
            "on" if each["automatic"] else "off",
            str(each["users"]),
            str(each["billable"]),
            f"{each['read_at']:%Y-%m-%d %H:%M}" if each["read_at"] else "-",
        )
        for each in document
    ]
    heads = ("Domain", "Organization", "Stands", "Automatic", "Users", "Billable", "List as of (UTC)")
    return Output(document, table(heads, rows) if rows else "No domain yet.")


@answers
def connections(organization: Organizations = None) -> Output:
    """List the connections: which tenant, whether it lets in, and which domains read through it."""
    asked = Connection.objects.select_related("organization").prefetch_related("sources__domain")
    if organization is not None:
        asked = asked.filter(organization=queries.organization(organization))
    document = [_connection(each) for each in asked.order_by("organization__name", "created_at", "id")]
    rows = [
        (
            each["tenant_name"] or each["tenant"],
            each["organization"],
            each["state"] or "not checked",
            f"{datetime.fromisoformat(each['checked_at']):%Y-%m-%d %H:%M}" if each["checked_at"] else "never",
            ", ".join(each["domains"]) or "none",
            str(each["id"]),
        )
        for each in document
    ]
    heads = ("Tenant", "Organization", "State", "Checked (UTC)", "Read for", "Id")
    return Output(document, table(heads, rows) if rows else "No connection yet.")


def _domain(each: ShownStanding) -> dict[str, Any]:
    """`health` and `cause` are the words of `insight.overview`."""
    return {
        "id": each.domain.id,
        "name": each.domain.name,
        "organization": each.domain.organization.name,
        "organization_id": each.domain.organization_id,
        "health": each.health.value,
        "cause": None if each.cause is None else each.cause.value,
        "automatic": each.schedule is not None and each.schedule.automatic,
        "sources": each.sources,
        "users": each.users,
        "billable": each.billable,
        "read_at": each.read_at,
        "proved_at": each.domain.proved_at,
    }


def _connection(each: Connection) -> dict[str, Any]:
    """`state` is what the last check found, null before there was one."""
    return {
        "id": each.id,
        "organization": each.organization.name,
        "organization_id": each.organization_id,
        "kind": each.kind,
        "cloud": each.cloud,
        "tenant": each.tenant_id,
        "tenant_name": each.health.get("tenant_name", ""),
        "client_id": each.client_id,
        "credential": each.credential_kind,
        "credential_ends_at": each.credential_ends_at,
        "state": each.health.get("state"),
        "checked_at": each.health.get("checked_at"),
        "error": each.health.get("error"),
        "domains": sorted({source.domain.name for source in each.sources.all()}),
    }
