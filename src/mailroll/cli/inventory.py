"""Commands that list what there is: organizations, domains and connections."""

from datetime import datetime
from typing import Annotated, TypedDict

import typer
from django.db.models import Count

from mailroll.cli.output import Output, acting, answers
from mailroll.cli.tables import table
from mailroll.connections.models import Connection
from mailroll.directory import queries
from mailroll.directory.models import Domain, Organization
from mailroll.insight import overview
from mailroll.insight.overview import ShownStanding

Organizations = Annotated[
    str | None, typer.Option("--organization", help="Of this organization alone: its id, or its name where unique.")
]


class OrganizationJson(TypedDict):
    """An organization as the command line lists it; `parent` is the id of the one above, null at the top."""

    id: str
    name: str
    parent: str | None
    domains: int


class DomainJson(TypedDict):
    """A domain as the command line lists it; `health` and `cause` are the words of `insight.overview`."""

    id: str
    name: str
    organization: str
    organization_id: str
    health: str
    cause: str | None
    automatic: bool
    sources: int
    users: int
    billable: int
    read_at: str | None
    proved_at: str | None


class ConnectionJson(TypedDict):
    """A connection as the command line lists it. `state` is what the last check found, null before there was one."""

    id: str
    organization: str
    organization_id: str
    kind: str
    cloud: str
    tenant: str
    tenant_name: str
    client_id: str
    credential: str
    credential_ends_at: str | None
    state: str | None
    checked_at: str | None
    error: dict[str, str] | None
    domains: list[str]


@answers
def organizations() -> Output:
    """List the organizations, each with the one above it."""
    found = Organization.objects.select_related("parent").annotate(number=Count("domains")).order_by("name", "id")
    document: list[OrganizationJson] = [
        {
            "id": str(each.id),
            "name": each.name,
            "parent": None if each.parent is None else str(each.parent.id),
            "domains": each.number,
        }
        for each in found
    ]
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
            _minute(each["read_at"]) or "-",
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
            _minute(each["checked_at"]) or "never",
            ", ".join(each["domains"]) or "none",
            each["id"],
        )
        for each in document
    ]
    heads = ("Tenant", "Organization", "State", "Checked (UTC)", "Read for", "Id")
    return Output(document, table(heads, rows) if rows else "No connection yet.")


def _domain(each: ShownStanding) -> DomainJson:
    return {
        "id": str(each.domain.id),
        "name": each.domain.name,
        "organization": each.domain.organization.name,
        "organization_id": str(each.domain.organization_id),
        "health": each.health.value,
        "cause": None if each.cause is None else each.cause.value,
        "automatic": each.schedule is not None and each.schedule.automatic,
        "sources": each.sources,
        "users": each.users,
        "billable": each.billable,
        "read_at": None if each.read_at is None else each.read_at.isoformat(),
        "proved_at": None if each.domain.proved_at is None else each.domain.proved_at.isoformat(),
    }


def _connection(each: Connection) -> ConnectionJson:
    ends = each.credential_ends_at
    return {
        "id": str(each.id),
        "organization": each.organization.name,
        "organization_id": str(each.organization_id),
        "kind": each.kind,
        "cloud": each.cloud,
        "tenant": each.tenant_id,
        "tenant_name": each.health.get("tenant_name", ""),
        "client_id": each.client_id,
        "credential": each.credential_kind,
        "credential_ends_at": None if ends is None else ends.isoformat(),
        "state": each.health.get("state"),
        "checked_at": each.health.get("checked_at"),
        "error": each.health.get("error"),
        "domains": sorted({source.domain.name for source in each.sources.all()}),
    }


def _minute(at: str | None) -> str:
    return f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M}" if at else ""
