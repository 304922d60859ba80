"""From a domain to a guarded proposal: gather its sources, read them, compare with the roll."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.reconcile.guards import Limits
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, Scope
from mailroll.reconcile.pipeline import Proposal, Terms, propose
from mailroll.sync import (
    departures,
    findings,
    gathering,
    known,
    reading,
    schedule,
    since,
    standing,
    store,
    unchanged,
    unfinished,
)
from mailroll.sync.memberships import Asking
from mailroll.sync.models import Run, SteadyState, Step, Trigger
from mailroll.sync.progress import Progress
from mailroll.sync.purposes import asking
from mailroll.sync.since import Since

LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Planned:
    """A proposal, how long each step took (seconds), and the sources it was made with, as `store` writes them.

    `went_on`: when the reading began, where it went on with what an earlier one left. `names`: what people know whom
    by that is left out, by external id. `steady`: what it was made of, where there is nothing to do and the next one
    may be made of the same. `same_as`: the run that it repeats, which knows whom it left out; then `since` is with what
    the next reading begins (see `SteadyState`).
    """

    proposal: Proposal
    timings: dict[str, float]
    sources: Sequence[Mapping[str, object]] = ()
    went_on: datetime | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    steady: unchanged.Steady | None = None
    same_as: Run | None = None
    since: str = field(default="", repr=False)


def plan(domain: Domain, trigger: Trigger, acting: Acting, progress: Progress) -> Planned:
    """Read the sources of a domain and compare.

    1. Gather the enabled sources and open their connections.
    2. Read, from where an earlier reading was asked to come back later; where not one source answers, raise what went
       wrong. What a tenant grants is asked along the way, and kept.
    3. Ask what mailboxes are for, as far as it is not known.
    4. Load the roll as it is now, and propose; on the way ask about members whom lists lack.

    Where the listing shows what it did when there was nothing to do, and all else is as it was then, 3 and 4 are left
    out. Alias domains count that a tenant has proved by now.
    """
    started = perf_counter()
    # Retired ones are asked for no more.
    roll = known.of(domain.id, gathering.owners(domain))
    sources = gathering.sources(domain, roll.types)
    if not sources and not _left_behind(domain):
        raise _no_source(domain)
    revision = domain.revision
    last = unchanged.last(domain, sources, acting.now())
    if last is not None and last.place != _place(domain, revision, sources):
        last = None
    heard = _hear(domain, sources, roll, acting, progress, _Before.of(last, sources, trigger, acting.now()))
    if heard.outcome.is_echo:
        if last is not None and (last.place, last.said) == (_place(domain, revision, sources), heard.said(domain)):
            same = _same(last.run, revision, heard.outcome, progress, started)
            return replace(same, since=heard.since(domain, sources))
        # Something else moved while it was read: what it said is needed after all.
        heard = _hear(domain, sources, roll, acting, progress, _Before())
    outcome = heard.outcome
    scope = scope_of(domain, sources)
    before = unchanged.purposes(outcome.gists)
    readings, silent, until = _told(outcome, sources, scope, trigger, progress)
    read = perf_counter()
    progress.enter(Step.MATCH)
    stamp, current = load.stamped(domain.id)
    around = tree.names_around(domain.organization)
    terms = Terms(
        revision,
        LIMITS,
        here=around | _of_others(outcome, domain),
        lacking=(*heard.lacking, *silent, *heard.of_names(domain)),
        filters_unseen=trigger is Trigger.AUTOMATIC and schedule.filters_unseen(domain),
        proved=findings.last_proved(domain, scope.accepts - {scope.domain}),
        departures=departures.recent(domain.id, acting.now()),
        paused=findings.of_pauses(domain),
    )
    asking_members = Asking(sources, outcome, progress)
    elsewhere = _Elsewhere(domain, progress)
    proposal = propose(readings, current, scope, terms, elsewhere, asking_members)
    if outcome.nothing_told and proposal.plan.changes:
        found = Finding.of(FindingCode.CHANGES_UNTOLD, changes=len(proposal.plan.changes))
        proposal = replace(proposal, reading_findings=(*proposal.reading_findings, found))
    timings = {"read": round(read - started, 3), "compare": round(perf_counter() - read, 3)}
    names = _names(readings, {skip.external_id for skip in proposal.skips if skip.external_id})
    planned = Planned(proposal, timings, store.sources_to_json(readings, proposal.trusted), outcome.went_on, names)
    asked = elsewhere.asked or asking_members.asked or outcome.lacking or outcome.went_on is not None
    if asked or before != unchanged.purposes(outcome.gists):
        return planned
    if not unchanged.is_steady(proposal, current, [source.id for source, _ in sources]):
        return planned
    place = unchanged.place(domain, revision, sources, scope, around, stamp)
    steady = _steady(place, heard, domain, acting.now(), until)
    return replace(planned, steady=steady and replace(steady, since=heard.since(domain, sources)))


@dataclass(frozen=True, slots=True)
class _Before:
    """What an earlier run left: the digest of what was said then, and with what a reading may begin."""

    expected: str | None = None
    since: Since | None = None

    @classmethod
    def of(cls, last: SteadyState | None, sources: list[gathering.Asked], trigger: Trigger, now: datetime) -> "_Before":
        """Only the schedule goes by what a directory tells of changes: who asks for a run has everything listed.

        So has a connection that nobody has checked yet, or that refused lately.
        """
        if last is None:
            return cls()
        access = sources[0][1].access
        if trigger is not Trigger.AUTOMATIC or check.is_unsettled(access.connection):
            return cls(last.imprint)
        return cls(last.imprint, since.opened(last, access, now))


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a reading brought, and what is to be said of it. `claimed`: domains that a tenant proves and may not."""

    outcome: reading.Outcome
    lost: tuple[Finding, ...]
    claimed: frozenset[DomainName]

    @property
    def lacking(self) -> tuple[Finding, ...]:
        return (*findings.of_reading(self.outcome), *self.lost)

    def of_names(self, domain: Domain) -> tuple[Finding, ...]:
        return tuple(findings.of_names(domain, self.claimed))

    def said(self, domain: Domain) -> str:
        """What stands for what was noted of it."""
        return unchanged.said((*self.lacking, *self.of_names(domain)))

    def since(self, domain: Domain, sources: list[gathering.Asked]) -> str:
        """With what the next reading begins, sealed."""
        question = sources[0][1]
        return since.seal(
            self.outcome.since.get(question.access.connection), domain.id, question.access, question.wanted
        )


def _hear(  # noqa: PLR0917 - what is read, for whom, and what to expect
    domain: Domain,
    sources: list[gathering.Asked],
    roll: known.Known,
    acting: Acting,
    progress: Progress,
    earlier: _Before,
) -> _Heard:
    """Read the sources, and keep what was seen of their connections on the way."""
    questions = [question for _, question in sources]
    before = unfinished.take(domain, questions, acting.now())
    unchecked = check.due({question.access.connection for question in questions}, acting.now())
    answer = reading.read(
        sources,
        roll,
        acting.now(),
        progress,
        unfinished=before,
        unchecked=unchecked,
        expected=None if before else earlier.expected,
        since=None if before else earlier.since,
    )
    outcome = outside.ask(progress.watch(answer))
    lost = standing.keep(outcome, acting)
    unfinished.keep(domain, questions, outcome.unfinished)
    if outcome.failures and not outcome.is_echo and all(one.snapshot is None for one in outcome.readings):
        refused = Connection.objects.get(id=questions[0].access.connection)
        raise refusals.reword(outcome.failures[0], refused)
    proved, claimed = _proved(outcome, sources, domain)
    edit.prove_aliases(domain, proved, acting)
    return _Heard(outcome, lost, claimed)


@dataclass(slots=True)
class _Elsewhere:
    """Tells which addresses are held outside the domain, and whether anybody had to know."""

    domain: Domain
    progress: Progress
    asked: bool = False

    def __call__(self, addresses: frozenset[Address]) -> Mapping[Address, str]:
        self.asked = self.asked or bool(addresses)
        self.progress.enter(Step.COMPARE)
        return load.elsewhere(self.domain.id, addresses)


def _place(domain: Domain, revision: int, sources: list[gathering.Asked]) -> str:
    """What stands for our own side of a plan, as it is now."""
    around, stamp = tree.names_around(domain.organization), load.stamp(domain.id)
    return unchanged.place(domain, revision, sources, scope_of(domain, sources), around, stamp)


def _steady(
    place: str, heard: _Heard, domain: Domain, now: datetime, until: datetime | None
) -> unchanged.Steady | None:
    """What a run with nothing to do was made of; None where that does not tell all of it, or not for any time."""
    gists = heard.outcome.gists
    if len(gists) != 1:
        return None
    (gist,) = gists.values()
    latest = now + unchanged.VALID
    until = latest if until is None else min(until, latest)
    digest = gist.digest()
    if digest is None or until <= now:
        return None
    return unchanged.Steady(place, heard.said(domain), digest, until)


def _same(run: Run, revision: int, outcome: reading.Outcome, progress: Progress, started: float) -> Planned:
    """What comes of a reading that is compared with the same as that of an earlier run, and says the same."""
    read = perf_counter()
    progress.enter(Step.MATCH)
    progress.enter(Step.COMPARE)
    proposal = unchanged.again(run, revision)
    if outcome.is_unlisted:
        told = Finding.of(FindingCode.NOTHING_TOLD)
        proposal = replace(proposal, reading_findings=(*proposal.reading_findings, told))
    timings = {"read": round(read - started, 3), "compare": round(perf_counter() - read, 3)}
    return Planned(proposal, timings, run.sources, outcome.went_on, same_as=run)


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
    for _, question in sources:
        gist = outcome.gists.get(question.access.connection)
        if gist is not None and domain.name in gist.verified:
            said[question.access.proves] |= gist.verified
    return frozenset(said[True]), frozenset(said[False] - said[True])


def _of_others(outcome: reading.Outcome, domain: Domain) -> frozenset[DomainName]:
    """What tenants have verified that are read through a connection of an organization above.

    It may be another customer's: those above are told at their own domains, and nobody of it is counted here.
    """
    borrowed = share.borrowed(domain)
    return frozenset(name for key, gist in outcome.gists.items() if key in borrowed for name in gist.verified)


def _told(
    outcome: reading.Outcome, sources: list[gathering.Asked], scope: Scope, trigger: Trigger, progress: Progress
) -> tuple[tuple[core.Reading, ...], tuple[Finding, ...], datetime | None]:
    """Add what mailboxes are for to each snapshot, once; and say where none tells, and when to ask again."""
    most = asking.LATER if trigger is Trigger.AUTOMATIC else asking.AT_FIRST
    told: dict[UUID, asking.Told] = {}
    readings, silent = [], []
    for one, (source, question) in zip(outcome.readings, sources, strict=True):
        key, snapshot = question.access.connection, one.snapshot
        if snapshot is not None:
            if key not in told:
                answer = asking.told(snapshot, question.access, scope.accepts, progress, most=most)
                told[key] = answer
                silent += [] if answer.refusal is None else [findings.of_mailboxes(source.label, answer.refusal)]
            snapshot = told[key].snapshot
        readings.append(core.Reading(one.source, snapshot))
    until = min((each.until for each in told.values() if each.until is not None), default=None)
    return tuple(readings), tuple(silent), until


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
