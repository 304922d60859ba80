"""What a run is about: a domain with its alias domains, its siblings in the same tenants, and whom people exempted."""

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from django.db import connection as database

from mailroll.directory import queries
from mailroll.directory.models import Domain
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.model import ExternalId, Scope
from mailroll.sync.sources import source_list

# One statement, at one moment. Written by hand: a run asks four times, and Django takes 9 ms to put it together.
_BESIDE: Final = """
WITH tenants AS (
    SELECT DISTINCT cloud, login_url, tenant_id FROM connections_connection WHERE id = ANY(%(connections)s::uuid[])
),
-- Whatever registration a domain reads a tenant by: the person behind the addresses is the same.
siblings AS (
    SELECT DISTINCT s.domain_id
      FROM tenants
      JOIN connections_connection c USING (cloud, login_url, tenant_id)
      JOIN connections_source s ON s.connection_id = c.id
     WHERE s.enabled AND s.domain_id <> %(domain)s
)
SELECT 'sibling', d.name FROM siblings JOIN directory_domain d ON d.id = siblings.domain_id
UNION ALL
-- One tenant is behind all of them: what it has verified of a sibling's is proved at the sibling's next run.
SELECT 'sibling', a.name FROM siblings JOIN directory_domainalias a USING (domain_id)
UNION ALL
SELECT 'exempt', external_id FROM directory_exemption WHERE domain_id = %(domain)s
UNION ALL
SELECT 'removed', o.id::text FROM directory_owner o
 WHERE o.domain_id = %(domain)s AND NOT EXISTS (SELECT FROM connections_source s WHERE s.owner_id = o.id)
"""


def scope_of(domain: Domain, sources: Iterable[source_list.Asked]) -> Scope:
    """The domain with its alias domains, and the other domains of the Console that read the same tenants."""
    texts: dict[str, set[str]] = {"sibling": set(), "exempt": set(), "removed": set()}
    for kind, text in _beside(domain, {question.access.connection for _, question in sources}):
        texts[kind].add(text)
    return Scope(
        domain.id,
        DomainName(domain.name),
        queries.accepted(domain),
        frozenset(map(DomainName, texts["sibling"])),
        frozenset(map(UUID, texts["removed"])),
        frozenset(map(ExternalId, texts["exempt"])),
    )


def _beside(domain: Domain, connections: Iterable[UUID] = ()) -> Iterator[tuple[str, str]]:
    """Yield the names of siblings, the ids of exempted objects, and the owners whose source was removed."""
    with database.cursor() as cursor:
        cursor.execute(_BESIDE, {"domain": domain.id, "connections": list(connections)})
        yield from cursor.fetchall()


def left_behind(domain: Domain) -> bool:
    """Whether users are in service whose source was removed.

    Owners first, hardly ever one: joined to users, each user once met every other (at 100,000 measured in minutes).
    """
    removed = [UUID(text) for kind, text in _beside(domain) if kind == "removed"]
    return bool(removed) and domain.users.filter(owner__in=removed, retired_at__isnull=True).exists()
