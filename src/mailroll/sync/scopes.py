"""What a run is about: a domain with its alias domains, its siblings in the same tenants, and whom people exempted."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef

from mailroll.connections.models import Connection, Source
from mailroll.directory import queries
from mailroll.directory.models import Domain, DomainAlias, Owner
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.model import ExternalId, Scope
from mailroll.sync import source_list


def scope_of(domain: Domain, sources: Iterable[source_list.Asked]) -> Scope:
    """The domain with its alias domains, and the other domains of the Console that read the same tenants."""
    connections = Connection.objects.filter(id__in={question.access.connection for _, question in sources})
    tenants = {"cloud": OuterRef("cloud"), "login_url": OuterRef("login_url"), "tenant_id": OuterRef("tenant_id")}
    # Whatever registration a domain reads a tenant by: the person behind the addresses is the same.
    reading = Connection.objects.filter(Exists(connections.filter(**tenants)))
    serving = Source.objects.filter(connection__in=reading, enabled=True)
    siblings = Domain.objects.filter(sources__in=serving).exclude(id=domain.id)
    # One tenant is behind all of them: what it has verified of a sibling's is proved at the sibling's next run.
    aliases = DomainAlias.objects.filter(domain__in=siblings)
    names = map(DomainName, siblings.values_list("name", flat=True).union(aliases.values_list("name", flat=True)))
    exempt = frozenset(map(ExternalId, domain.exemptions.values_list("external_id", flat=True)))
    accepts = queries.accepted(domain)
    return Scope(domain.id, DomainName(domain.name), accepts, frozenset(names), _removed(domain), exempt)


def _removed(domain: Domain) -> frozenset[UUID]:
    """The owners whose source was removed."""
    return frozenset(Owner.objects.filter(domain=domain, source__isnull=True).values_list("id", flat=True))


def left_behind(domain: Domain) -> bool:
    """Whether users are in service whose source was removed.

    Owners first, hardly ever one: joined to users, each user once met every other (at 100,000 measured in minutes).
    """
    removed = _removed(domain)
    return bool(removed) and domain.users.filter(owner__in=removed, retired_at__isnull=True).exists()
