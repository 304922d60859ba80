"""From a domain to a guarded proposal: gather its sources, read them, compare with the roll."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from uuid import UUID

from django.db.models import Exists, OuterRef

from mailroll.audit.acting import Acting
from mailroll.connections import check, outside, refusals, share
from mailroll.connections.models import Connection, Source
from mailroll.directory import edit, load, queries, tree
from mailroll.directory.models import Domain, Owner
from mailroll.reconcile import model as core
from mailroll.reconcile.addresses import Address, DomainName, ProxyRole
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.findings import Finding
from mailroll.reconcile.guards import Limits
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, Scope
from mailroll.reconcile.pipeline import Proposal, Terms, propose
from mailroll.sync import departures, findings, gathering, reading, schedule, standing, store, unfinished
from mailroll.sync.memberships import Asking
from mailroll.sync.models import Step, Trigger
from mailroll.sync.progress import Progress
from mailroll.sync.purposes import asking

LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Planned:
    """A proposal, how long each step took (seconds), and the sources it was made with, as `store` writes them.

    `went_on`: when the reading began, where it went on with what an earlier one left. `names`: what people know whom
    by that is left out, by external id.
    """

    proposal: Proposal
    timings: dict[str, float]
    sources: Sequence[Mapping[str, object]] = ()
    went_on: datetime | None = None
    names: Mapping[str, str] = field(default_factory=dict)


def plan(domain: Domain, trigger: Trigger, acting: Acting, progress: Progress) -> Planned:
    """Read the sources of a domain and compare.

    1. Gather the enabled sources and open their connections.
    2. Read, from where an earlier reading was asked to come back later; where not one source answers, raise what went
       wrong. What a tenant grants is asked along the way, and kept.
    3. Ask what mailboxes are for, as far as it is not known.
    4. Load the roll as it is now, and propose; on the way ask about members whom lists lack.

    Alias domains count that a tenant has proved by now.
    """
    started = perf_counter()
    # Retired ones are asked for no more.
    known = load.standing(domain.id, gathering.owners(domain))
    sources = gathering.sources(domain, {key: one.type for key, one in known.items()})
    if not sources and not _left_behind(domain):
        raise _no_source(domain)
    revision = domain.revision
    questions = [question for _, question in sources]
    before = unfinished.take(domain, questions, acting.now())
    unchecked = check.due({question.access.connection for question in questions}, acting.now())
    answer = reading.read(sources, known, acting.now(), progress, unfinished=before, unchecked=unchecked)
    outcome = outside.ask(progress.watch(answer))
    lost = standing.keep(outcome, acting)
    unfinished.keep(domain, questions, outcome.unfinished)
    if outcome.failures and all(one.snapshot is None for one in outcome.readings):
        refused = Connection.objects.get(id=questions[0].access.connection)
        raise refusals.reword(outcome.failures[0], refused)
    proved, claimed = _proved(outcome, sources, domain)
    edit.prove_aliases(domain, proved, acting)
    scope = scope_of(domain, sources)
    readings, silent = _told(outcome, sources, scope, trigger, progress)
    read = perf_counter()
    progress.enter(Step.MATCH)
    current = load.current(domain.id)
    terms = Terms(
        revision,
        LIMITS,
        here=tree.names_around(domain.organization) | _of_others(outcome, sources, domain),
        lacking=(*findings.of_reading(outcome), *lost, *silent, *findings.of_aliases(domain, claimed)),
        filters_unseen=trigger is Trigger.AUTOMATIC and schedule.filters_unseen(domain),
        proved=findings.last_proved(domain, scope.accepts - {scope.domain}),
        departures=departures.recent(domain.id, acting.now()),
        paused=findings.of_pauses(domain),
    )

    def elsewhere(addresses: frozenset[Address]) -> Mapping[Address, str]:
        progress.enter(Step.COMPARE)
        return load.elsewhere(domain.id, addresses)

    proposal = propose(readings, current, scope, terms, elsewhere, Asking(sources, outcome, progress))
    timings = {"read": round(read - started, 3), "compare": round(perf_counter() - read, 3)}
    names = _names(readings, {skip.external_id for skip in proposal.skips if skip.external_id})
    return Planned(proposal, timings, store.sources_to_json(readings, proposal.trusted), outcome.went_on, names)


def _names(readings: Iterable[core.Reading], ids: Container[str]) -> dict[str, str]:
    """What people know these objects by: a name, or an address of whatever domain."""
    names: dict[str, str] = {}
    for snapshot in (one.snapshot for one in readings if one.snapshot is not None):
        names |= {one.id: _name(one) for one in snapshot.records if one.id in ids}
        for broken in snapshot.unreadable:
            if broken.id is not None and broken.id in ids:
                names[broken.id] = broken.name or next(iter(broken.addresses), "")
    return names


def _name(record: core.Record) -> str:
    addresses = () if record.proxies is UNSET else record.proxies
    told = (record.display_name, record.mail, *(one.text for one in addresses if one.role is not ProxyRole.OTHER))
    return next((one for one in told if one is not UNSET and one), "")


def _proved(
    outcome: reading.Outcome, sources: list[gathering.Asked], domain: Domain
) -> tuple[frozenset[DomainName], frozenset[DomainName]]:
    """What the tenants of a domain have verified: of those that answered, are the right ones, and have this domain.

    Apart from what is proved so is what is merely claimed, by a tenant whose word is no proof.
    """
    said: dict[bool, set[DomainName]] = {True: set(), False: set()}
    for one, (_, question) in zip(outcome.readings, sources, strict=True):
        snapshot = one.snapshot
        if snapshot is not None and snapshot.tenant == snapshot.expected_tenant and domain.name in snapshot.verified:
            said[question.access.proves] |= snapshot.verified
    return frozenset(said[True]), frozenset(said[False] - said[True])


def _of_others(outcome: reading.Outcome, sources: list[gathering.Asked], domain: Domain) -> frozenset[DomainName]:
    """What tenants have verified that are read through a connection of an organization above.

    It may be another customer's: those above are told at their own domains, and nobody of it is counted here.
    """
    borrowed = share.borrowed(domain)
    return frozenset(
        name
        for one, (_, question) in zip(outcome.readings, sources, strict=True)
        if one.snapshot is not None and question.access.connection in borrowed
        for name in one.snapshot.verified
    )


def _told(
    outcome: reading.Outcome, sources: list[gathering.Asked], scope: Scope, trigger: Trigger, progress: Progress
) -> tuple[tuple[core.Reading, ...], tuple[Finding, ...]]:
    """Add what mailboxes are for to each snapshot, once; and say where none tells."""
    most = asking.LATER if trigger is Trigger.AUTOMATIC else asking.AT_FIRST
    told: dict[UUID, core.Snapshot] = {}
    readings, silent = [], []
    for one, (source, question) in zip(outcome.readings, sources, strict=True):
        key, snapshot = question.access.connection, one.snapshot
        if snapshot is not None:
            if key not in told:
                told[key], refusal = asking.told(snapshot, question.access, scope.accepts, progress, most=most)
                silent += [] if refusal is None else [findings.of_mailboxes(source.label, refusal)]
            snapshot = told[key]
        readings.append(core.Reading(one.source, snapshot))
    return tuple(readings), tuple(silent)


def _no_source(domain: Domain) -> BadInput:
    return BadInput(
        "no_source",
        f"{domain.name} has no source that is switched on, so there is nothing to read.",
        "Add one, or switch one on.",
    )


def scope_of(domain: Domain, sources: Iterable[gathering.Asked]) -> Scope:
    """The domain with its alias domains, and the other domains of the Console that read the same tenants."""
    connections = Connection.objects.filter(id__in={question.access.connection for _, question in sources})
    tenants = {"cloud": OuterRef("cloud"), "login_url": OuterRef("login_url"), "tenant_id": OuterRef("tenant_id")}
    # Whatever registration a domain reads a tenant by: the person behind the addresses is the same.
    reading = Connection.objects.filter(Exists(connections.filter(**tenants)))
    serving = Source.objects.filter(connection__in=reading, enabled=True)
    siblings = Domain.objects.filter(sources__in=serving).exclude(id=domain.id).distinct()
    # One tenant is behind all of them: what it has verified of a sibling's is proved at the sibling's next run.
    names = {name for sibling in siblings for name in (DomainName(sibling.name), *queries.aliases(sibling))}
    exempt = frozenset(map(ExternalId, domain.exemptions.values_list("external_id", flat=True)))
    accepts = queries.accepted(domain)
    return Scope(domain.id, DomainName(domain.name), accepts, frozenset(names), _removed(domain), exempt)


def _removed(domain: Domain) -> frozenset[UUID]:
    """The owners whose source was removed."""
    return frozenset(Owner.objects.filter(domain=domain, source__isnull=True).values_list("id", flat=True))


def _left_behind(domain: Domain) -> bool:
    """Whether users are in service whose source was removed.

    Owners first, and there is hardly ever one: joined to users, each user once met every other (measured at 100,000:
    minutes of nothing else).
    """
    removed = _removed(domain)
    return bool(removed) and domain.users.filter(owner__in=removed, retired_at__isnull=True).exists()


def unexpected(error: Exception) -> dict[str, str]:
    """A fault nobody foresaw, as a run keeps it: its kind only, as its text may hold anything."""
    return {
        "code": "internal_error",
        "message": f"Something broke on our side ({type(error).__name__}). The list is as it was.",
        "help": "Look into the log, and report it with the number of the run.",
    }
