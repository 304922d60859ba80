"""The tree of organizations: who stands above whom, and what is known around one of them."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from mailroll.directory import arrays
from mailroll.directory.fixed_queries import Parameter
from mailroll.directory.models import Domain, DomainAlias, Organization
from mailroll.reconcile.addresses import DomainName

# UNION, not UNION ALL: a ring of parents, which no constraint can forbid, ends the walk instead of never.
_ABOVE = """
    above (id, parent_id) AS (
        SELECT id, parent_id FROM directory_organization WHERE id = %s
        UNION
        SELECT upper.id, upper.parent_id FROM directory_organization upper JOIN above ON upper.id = above.parent_id
    )
"""
_BELOW = """
    below (id) AS (
        SELECT id FROM directory_organization WHERE id = %s
        UNION
        SELECT lower.id FROM directory_organization lower JOIN below ON lower.parent_id = below.id
    )
"""
UPWARDS = """
    WITH RECURSIVE up (place, above, depth) AS (
        SELECT place, place, 0 FROM unnest(%s::uuid[]) place
         UNION ALL
        SELECT up.place, o.parent_id, up.depth + 1 FROM up JOIN directory_organization o ON o.id = up.above
         WHERE o.parent_id IS NOT NULL AND up.depth < 30
    )
"""
"""Begins a statement: each of some organizations with every one above it, from itself on. A ring of parents ends."""
UP_FROM = f"WITH RECURSIVE {_ABOVE}"
"""Begins a statement: `above`, an organization and all above it."""
_LINE = f"{UP_FROM} SELECT id FROM above"  # noqa: S608 - of our own pieces
_UNDER = f"WITH RECURSIVE {_BELOW} SELECT id FROM below"  # noqa: S608
_NAMED = """
    named (name, organization_id) AS (
        SELECT name, organization_id FROM directory_domain
        UNION ALL
        SELECT a.name, d.organization_id FROM directory_domainalias a JOIN directory_domain d ON d.id = a.domain_id
    )
"""
_AROUND_STAMP = f"""
    WITH RECURSIVE {_ABOVE}, {_BELOW}, {_NAMED}
    SELECT concat(count(*), ':', sum(hashtextextended(named.name, 0)))
      FROM named JOIN (SELECT id FROM above UNION SELECT id FROM below) line ON line.id = named.organization_id
"""  # noqa: S608
_NAMED_AROUND = f"""
    WITH RECURSIVE named (name, organization_id) AS (
        SELECT name, organization_id FROM directory_domain WHERE name = ANY(%s::text[])
        UNION ALL
        SELECT a.name, d.organization_id FROM directory_domainalias a JOIN directory_domain d ON d.id = a.domain_id
         WHERE a.name = ANY(%s::text[])
    ),
    climb (root, id, parent_id) AS (
        SELECT id, id, parent_id FROM directory_organization WHERE id IN (SELECT organization_id FROM named)
        UNION
        SELECT climb.root, upper.id, upper.parent_id
          FROM climb JOIN directory_organization upper ON upper.id = climb.parent_id
    ), {_ABOVE}
    SELECT DISTINCT name FROM named
     WHERE organization_id IN (SELECT id FROM above) OR organization_id IN (SELECT root FROM climb WHERE id = %s)
"""  # noqa: S608


def above(organization: Organization) -> QuerySet[Organization]:
    """An organization and all above it."""
    return Organization.objects.filter(id__in=line(organization.id))


def line(organization: UUID | Parameter) -> RawSQL:
    """Return the ids of an organization and all above it, for a query that has them in it."""
    return RawSQL(_LINE, (organization,))  # noqa: S611 - no text of others


def below(organization: Organization) -> QuerySet[Organization]:
    """An organization and all below it."""
    return Organization.objects.filter(id__in=RawSQL(_UNDER, (organization.id,)))  # noqa: S611 - no text of others


def branch(organization: Organization) -> Organization | None:
    """The one directly below the top to which an organization belongs, as all that it can add does; None on top."""
    line = {ancestor.id: ancestor for ancestor in above(organization)}
    tops = {ancestor.id for ancestor in line.values() if ancestor.parent_id is None}
    # In a ring of parents nothing stands on top, and each is by itself.
    beside = next((ancestor for ancestor in line.values() if ancestor.parent_id in tops), organization)
    return None if organization.id in tops else beside


def names_below(organization: Organization, among: Collection[str]) -> frozenset[DomainName]:
    """Return those of some names of mail that this organization or one below it has."""
    places = below(organization)
    own = Domain.objects.filter(name__in=among, organization__in=places).values_list("name", flat=True)
    aliases = DomainAlias.objects.filter(name__in=among, domain__organization__in=places)
    return frozenset(map(DomainName, (*own, *aliases.values_list("name", flat=True)))) if among else frozenset()


def names_around(organization: Organization, among: Collection[str]) -> frozenset[DomainName]:
    """Return those of some names of mail that this organization has, those above and those below it.

    Asked from each name upwards: below a provider are many more than a tenant has verified.
    """
    if not among:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_NAMED_AROUND, [arrays.texts(among), arrays.texts(among), organization.id, organization.id])
        return frozenset(DomainName(name) for (name,) in cursor.fetchall())


def stamp_around(organization: Organization) -> str:
    """Stand for every name of mail that this organization has, those above and those below it; none leaves PostgreSQL.

    The hashes are added up, so that the order of the names does not count.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AROUND_STAMP, [organization.id, organization.id])
        (stamp,) = cursor.fetchone()
    return str(stamp)
