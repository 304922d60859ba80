"""From a domain to a guarded proposal: gather its sources, read them, compare with the roll."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter
from uuid import UUID

from mailroll.directory import load, queries
from mailroll.directory.models import Domain, Owner
from mailroll.reconcile import kinds
from mailroll.reconcile import model as core
from mailroll.reconcile.addresses import Address, DomainName
from mailroll.reconcile.errors import BadInput, MailrollError
from mailroll.reconcile.guards import Limits
from mailroll.reconcile.merge import Desired, merge
from mailroll.reconcile.model import ExternalId, Scope
from mailroll.reconcile.pipeline import Proposal, propose
from mailroll.reconcile.plan import Touched, fingerprint
from mailroll.sync import credentials, reading
from mailroll.sync.acting import Acting
from mailroll.sync.models import Source, Step
from mailroll.sync.progress import Progress

LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Planned:
    """A proposal, the fingerprint of what it touches, and how long each step took (seconds)."""

    proposal: Proposal
    fingerprint: str
    timings: dict[str, float]


def plan(domain: Domain, acting: Acting, progress: Progress) -> Planned:
    """Read the sources of a domain and compare.

    1. Gather the enabled sources and open their connections.
    2. Read; where not one source answers, raise what went wrong.
    3. Load the roll as it is now, and propose.
    """
    started = perf_counter()
    sources = _sources(domain)
    revision = domain.revision
    outcome = asyncio.run(progress.watch(reading.read(sources, _known(domain, sources), acting.now(), progress)))
    if outcome.failures and all(one.snapshot is None for one in outcome.readings):
        raise outcome.failures[0]
    read = perf_counter()
    progress.enter(Step.MATCH, total=len(sources))
    scope = _scope(domain, sources)
    current = load.current(domain.id)
    desired = merge(outcome.readings, scope, kinds.settled(current))
    progress.enter(Step.COMPARE, total=len(desired.entries))
    current = core.Current(current.users, load.elsewhere(domain.id, _new_addresses(desired, current)))
    proposal = propose(current, desired, scope, revision, LIMITS)
    mark = fingerprint(proposal.plan, Touched.within(proposal.plan, current))
    timings = {"read": round(read - started, 3), "compare": round(perf_counter() - read, 3)}
    return Planned(proposal, mark, timings)


def _sources(domain: Domain) -> list[tuple[core.Source, reading.Access]]:
    rows = (
        Source.objects.filter(domain=domain, enabled=True, connection__isnull=False)
        .select_related("owner", "connection")
        .order_by("precedence")
    )
    sources = [
        (
            core.Source(row.owner_id, row.owner.label, row.group, row.precedence, row.adopts),
            credentials.access(row.connection),
        )
        for row in rows
        if row.connection is not None
    ]
    if not sources and not _removed(domain):
        raise BadInput(
            "no_source",
            f"{domain.name} has no source that is switched on, so there is nothing to read.",
            "Add one, or switch one on.",
        )
    return sources


def _known(domain: Domain, sources: Iterable[tuple[core.Source, reading.Access]]) -> frozenset[ExternalId]:
    """The objects that users managed by these sources stand for; retired ones are asked for no more."""
    owners = [source.id for source, _ in sources]
    rows = domain.users.filter(owner__in=owners, external_id__isnull=False, retired_at__isnull=True)
    return frozenset(ExternalId(key) for key in rows.values_list("external_id", flat=True) if key is not None)


def _scope(domain: Domain, sources: Iterable[tuple[core.Source, reading.Access]]) -> Scope:
    """The domain with its alias domains, and the other domains of the Console that the same connections serve."""
    connections = {access.connection for _, access in sources}
    serving = Source.objects.filter(connection__in=connections, enabled=True)
    siblings = Domain.objects.filter(sources__in=serving).exclude(id=domain.id).distinct()
    names = {name for sibling in siblings for name in queries.accepted(sibling)}
    return Scope(domain.id, DomainName(domain.name), queries.accepted(domain), frozenset(names), _removed(domain))


def _removed(domain: Domain) -> frozenset[UUID]:
    """The owners whose source was removed, as long as they have users in service."""
    left = Owner.objects.filter(domain=domain, source__isnull=True, users__retired_at__isnull=True)
    return frozenset(left.filter(users__isnull=False).values_list("id", flat=True))


def _new_addresses(desired: Desired, current: core.Current) -> frozenset[Address]:
    """The wanted addresses that nobody here holds: only these can be held elsewhere."""
    held = {address for user in current.users for address in user.state.addresses}
    return frozenset(
        address
        for wanted in (desired.entries, desired.newcomers)
        for entry, _ in wanted.values()
        for address in entry.addresses
        if address not in held
    )


def failure(error: MailrollError) -> dict[str, str]:
    """An error as a run keeps it."""
    return {"code": error.code, "message": error.message, "help": error.help}


def unexpected(error: Exception) -> dict[str, str]:
    """A fault nobody foresaw, as a run keeps it: its kind only, as its text may hold anything."""
    return {
        "code": "internal_error",
        "message": f"Something broke on our side ({type(error).__name__}). The list is as it was.",
        "help": "Look into the log, and report it with the number of the run.",
    }
