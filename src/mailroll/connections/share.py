"""A connection that is there already, taken up by a source of another domain: nobody has to consent a second time."""

from uuid import UUID

from django.db import connection as database

from mailroll.accounts import access
from mailroll.accounts.models import Operator
from mailroll.audit.actor import Acting
from mailroll.connections import attach, check, rules
from mailroll.connections.models import Connection, Source
from mailroll.directory import tree
from mailroll.directory.models import Domain


def usable(domain: Domain, operator: Operator) -> list[Connection]:
    """Return the connections that a source of this domain may take up, the organization's own first.

    They belong to the domain's organization, or to one above it in which the operator may connect, too. The last
    check found the domain verified there; of those that nobody checked yet, this will tell when they are taken up.
    """
    places = [place for place in tree.above(domain.organization) if access.may_connect(operator, place)]
    if domain.organization_id not in {place.id for place in places}:
        return []
    rows = Connection.objects.filter(organization__in=places).select_related("organization")
    verified = [
        row for row in rows.order_by("created_at", "id") if domain.name in row.health.get("domains", [domain.name])
    ]
    return sorted(verified, key=lambda row: row.organization_id != domain.organization_id)


def borrowed(domain: Domain) -> frozenset[UUID]:
    """The connections of organizations above through which a domain is read: other customers may be behind them, too.

    What such a tenant has beside this domain is nobody's business here.
    """
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT c.id FROM connections_source s JOIN connections_connection c ON c.id = s.connection_id"
            " WHERE s.domain_id = %s AND c.organization_id <> %s",
            [domain.id, domain.organization_id],
        )
        return frozenset(key for (key,) in cursor.fetchall())


def find(domain: Domain, connection: UUID, operator: Operator) -> Connection:
    """Return one of the usable connections by its id. Raises `BadInput`."""
    for row in usable(domain, operator):
        if row.id == connection:
            return row
    raise rules.unknown(domain)


def use(source: Source, connection: UUID, operator: Operator, acting: Acting) -> Connection:
    """Have a source read through a connection that is there, once its tenant has proved the domain anew."""
    with attach.noting_refusal(source, acting):
        row = find(source.domain, connection, operator)
        rules.refuse_other_tenant(source, row.tenant_id)
        return attach.attach(source, row, attach.Proved(check.ask(row, source.domain), operator), acting)
