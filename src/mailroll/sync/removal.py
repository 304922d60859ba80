"""The use case that takes a domain out of the Console, with all that is kept of it."""

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.connections.models import Source
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import BadInput
from mailroll.sync.locks.domain_lock import alone
from mailroll.sync.models import Run


def remove_domain(domain: Domain, typed: str, acting: Acting) -> None:
    """Take a domain away with its roll, sources and runs. Raises `AlreadyRunning` while a run is under way.

    `typed` is the name as a person typed it: the last thing that stands between a click and a customer without a list.
    """
    if typed.strip().lower() != domain.name:
        raise BadInput("name_not_typed", f"Type {domain.name} to remove it.", "Nothing was removed.")
    with alone(domain.id, acting.now()):
        clear_domain(domain, acting)


def clear_domain(domain: Domain, acting: Acting) -> None:
    """Do so at once, for who holds the domain's lock."""
    with transaction.atomic():
        Domain.objects.select_for_update().get(id=domain.id)
        runs, sources = Run.objects.filter(domain=domain), Source.objects.filter(domain=domain)
        counted = {"runs": runs.count(), "sources": sources.count()}
        note(acting, "domain.emptied", domain, **counted)
        runs.update(parent=None, waits_in=None)
        runs.delete()
        sources.delete()
        edit.remove_domain(domain, acting)
