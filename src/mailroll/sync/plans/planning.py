"""From a domain to a guarded proposal: gather its sources, read them, compare with the roll."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial
from time import perf_counter
from uuid import UUID

from mailroll.audit.actor import Acting
from mailroll.connections import check, share
from mailroll.directory import headcounts, load, tree
from mailroll.directory.models import Domain
from mailroll.reconcile import model as core
from mailroll.reconcile import neighbours
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.reconcile.guards import Limits
from mailroll.reconcile.model import ExternalId, ObjectType, Scope
from mailroll.reconcile.pipeline import Proposal, Terms, propose
from mailroll.sync import departures, shared_units, store
from mailroll.sync.footings import ground, steady_state
from mailroll.sync.footings.footing import Footing
from mailroll.sync.footings.ground import Ground
from mailroll.sync.footings.standpoint import Standpoint
from mailroll.sync.footings.steady_state import OwnSide
from mailroll.sync.models import Run, RunStep, SteadyState, Trigger
from mailroll.sync.plans.continuation import Continuation
from mailroll.sync.plans.elsewhere import HeldElsewhere
from mailroll.sync.progress import Progress
from mailroll.sync.purposes import mailbox_survey
from mailroll.sync.readings import findings, reading, whole_listing
from mailroll.sync.readings.domain_reading import Before, Heard, hear
from mailroll.sync.readings.memberships import Asking
from mailroll.sync.readings.survey import Survey, Vicinity
from mailroll.sync.readings.whole_listing import WholeListing
from mailroll.sync.schedules import schedule
from mailroll.sync.schedules.quiet import Quiet
from mailroll.sync.sources import known, records, scopes, source_list
from mailroll.sync.sources.asides import EarlierListing

LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Planned:
    """A proposal, how long each step took (seconds), and the sources it was made with, as `store` writes them.

    `went_on`: when the reading began, where it went on with what an earlier one left. `names`: what people know those
    by who are written down as left out, by external id. `steady`: what it was made of, where there is nothing to do and
    the next one may be made of the same. `same_as`: the run that it repeats, which knows whom it left out; then `since`
    is with what the next reading begins (see `SteadyState`), `ours` is our own side, and `quiet` what a spell begins
    with in which no run is needed. `part`: where it looked only at some, who knows of the others. `amends`: what the
    next one goes on from, where it may have had something to do. `roll`: what it was made for, where that is a part.
    """

    proposal: Proposal
    timings: dict[str, float]
    sources: Sequence[Mapping[str, object]] = ()
    went_on: datetime | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    steady: steady_state.Steady | None = None
    same_as: Run | None = None
    since: str = field(default="", repr=False)
    ours: OwnSide | None = None
    quiet: Quiet | None = None
    part: "PartlyAnew | None" = None
    amends: steady_state.Amends | None = None
    roll: departures.PlannedRoll | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PartlyAnew:
    """What a run repeats that looked at some objects alone: whom an earlier one left out, but for those.

    `skipped`: how many objects are left out in all.
    """

    run: Run
    looked_at: frozenset[ExternalId]
    skipped: int


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
    rows = source_list.read_from([domain.id])
    owners = [row.owner_id for row in rows]
    roll = known.known_objects(domain.id, owners)
    sources = source_list.asked(rows, roll.types)
    if not sources and not scopes.left_behind(domain):
        raise _no_source(domain)
    if trigger is not Trigger.AUTOMATIC:
        shared_units.begin_try([row.connection for row in rows if row.connection is not None], acting.now())
    last = steady_state.last(domain, sources, acting.now())
    before = ground.read(domain.id) if last is not None else Ground()
    standpoint = Standpoint(domain, sources, last)
    if last is not None and last.place != standpoint.own_side(before).place:
        last = None
    goes_by_news = trigger is Trigger.AUTOMATIC and all(check.is_settled(row.connection) for row in rows)
    earlier = Before.of(last, sources, acting.now(), goes_by_news=goes_by_news)
    footing = None if last is None else Footing.opened(last)
    if footing is not None and earlier.may_look_up(trigger):
        reach = cache(partial(_reach, domain, sources, acting.now()))
        survey = Survey(footing, domain.id, frozenset(owners), reach)
        last, earlier = (None, Before()) if footing.is_worn else (last, replace(earlier, survey=survey))
    shown = EarlierListing.unknown if footing is None else footing.earlier
    # Nothing of it is looked up before everybody is to be compared; until then it serves each reading.
    first = whole_listing.of_only_source(domain, sources, _most(trigger), acting.now)
    earlier = replace(earlier, shown=shown, first=first)
    heard = hear(domain, sources, roll, acting, progress, earlier)
    if heard.outcome.is_echo:
        ours = standpoint.own_side()
        if last is not None and (last.place, last.said) == (ours.place, heard.said(domain)):
            same = _same(last.run, domain.revision, heard.outcome, progress, started)
            quiet = _quiet(before.whole, last, heard, roll.types)
            return replace(same, since=heard.since(domain, sources), ours=ours, quiet=quiet)
        # Something else moved while it was read: what it said is needed after all.
        heard = hear(domain, sources, roll, acting, progress, Before(first=first))
    if heard.outcome.extent is not None:
        part = _plan_part(domain, sources, standpoint, heard, earlier, last, progress, started)
        if part is not None:
            return part
        heard = hear(domain, sources, roll, acting, progress, Before(first=first))
    return _plan_whole(domain, sources, standpoint, heard, trigger, progress, acting, started, first)


def _plan_whole(  # noqa: PLR0917 - what is read, for whom, and how it is asked for
    domain: Domain,
    sources: list[source_list.Asked],
    standpoint: Standpoint,
    heard: Heard,
    trigger: Trigger,
    progress: Progress,
    acting: Acting,
    started: float,
    first: WholeListing | None,
) -> Planned:
    """Compare everything that was read with the whole roll."""
    headcounts.forget(domain.id)
    outcome = heard.outcome
    scope = scopes.scope_of(domain, sources)
    others_until, stamp_before = None, None
    if first is not None:
        # Before the answers themselves: what comes between them is then no part of what this run knows.
        stamp_before = mailbox_survey.stamp_of(first.question.access)
        outcome = replace(outcome, readings=first.held_with(outcome.readings, scope, stamp_before))
        others_until = first.others_until
    readings, silent, until, _, purposes = _add_purposes(
        outcome, sources, scope, trigger, progress, others_until=others_until, purposes_stamp=stamp_before
    )
    read_end = perf_counter()
    progress.enter(RunStep.MATCH)
    recent_departures = departures.recent(domain.id, acting.now())
    stamp, current, find = whole_listing.roll(domain.id, first, readings, scope, recent_departures)
    # Before the names themselves: one that is added between them is then no part of what the next run compares.
    around = tree.stamp_around(domain.organization)
    terms = replace(_terms(domain, heard, scope, readings, trigger, silent), departures=recent_departures)
    asking_members = Asking(sources, outcome, progress)
    elsewhere = HeldElsewhere(domain, progress)
    proposal = propose(readings, current, scope, terms, elsewhere, asking_members, find=find)
    if outcome.nothing_told and proposal.plan.changes:
        finding = Finding.of(FindingCode.CHANGES_UNTOLD, changes=len(proposal.plan.changes))
        proposal = replace(proposal, reading_findings=(*proposal.reading_findings, finding))
    planned = _planned(proposal, readings, outcome, started, read_end, first=first)
    has_asked = elsewhere.asked or asking_members.asked
    place = OwnSide(stamp, steady_state.beside_roll(domain, sources, scope, around)).place
    going_on = Continuation(domain, sources, standpoint, heard, proposal, current, place, has_asked, until)
    continuation = going_on.of_all(purposes, acting.now())
    if isinstance(continuation, steady_state.Steady):
        return replace(planned, steady=continuation)
    return replace(planned, amends=continuation)


def _plan_part(  # noqa: PLR0917 - what is read, for whom, and what it stands on
    domain: Domain,
    sources: list[source_list.Asked],
    standpoint: Standpoint,
    heard: Heard,
    earlier: Before,
    last: SteadyState | None,
    progress: Progress,
    started: float,
) -> Planned | None:
    """Compare what is new, and all that it reaches; None where everything has to be compared.

    That is so where anything moved meanwhile that counts for everybody, and where what is found says something of
    everybody (`touched.left_open`).
    """
    outcome, survey = heard.outcome, earlier.survey
    if survey is None or last is None or outcome.extent is None or last.said != heard.said(domain):
        return None
    scope, around = survey.reach().scope, tree.stamp_around(domain.organization)
    ours = standpoint.own_side()
    if ours.place != last.place:
        return None
    # Where none told before, none does until it is time to ask again, whoever is looked at.
    of_last = store.findings_from_json(last.run.findings)
    silent_findings = tuple(finding for finding in of_last if finding.code is FindingCode.MAILBOXES_SILENT)
    purposes = steady_state.purposes(outcome.gists) if silent_findings else []
    purposes_of_others = steady_state.purposes(outcome.gists, outcome.extent.objects)
    readings, silent, until, is_asked, _ = _add_purposes(
        outcome, sources, scope, Trigger.AUTOMATIC, progress, part=True
    )
    narrowed = survey.footing.narrowed(readings, outcome.extent)
    if narrowed is None or (silent if not silent_findings else purposes != steady_state.purposes(outcome.gists)):
        return None
    read_end = perf_counter()
    progress.enter(RunStep.MATCH)
    headcounts.keep(domain.id)
    as_it_is, current = load.stamped_part(domain.id, outcome.extent.users)
    if as_it_is != ours.roll:
        return None
    terms = _terms(domain, heard, scope, narrowed, Trigger.AUTOMATIC, silent_findings)
    outside = neighbours.told_of(of_last)
    if len(outside) < neighbours.MOST and not neighbours.count(narrowed, scope, terms.here).keys() <= outside.keys():
        return None  # nobody was told of a domain that has addresses by now
    terms = replace(terms, departures=survey.reach().departures, outside=outside)
    asking_members = Asking(sources, outcome, progress)
    elsewhere = HeldElsewhere(domain, progress)
    proposal = propose(narrowed, current, scope, terms, elsewhere, asking_members)
    if proposal.open is None or not Footing.tells(proposal):
        return None
    by_id = outcome.by_id
    if by_id is not None:
        # What ends is confirmed by a listing that could have shown it.
        news_finding = Finding.of(FindingCode.CHANGES_TOLD, told=_counted(by_id.told), asked=_counted(by_id.asked))
        proposal = replace(proposal, absent=frozenset(), reading_findings=(*proposal.reading_findings, news_finding))
    part = PartlyAnew(last.run, outcome.extent.objects, survey.footing.skipped(outcome.extent, proposal.skips))
    roll = departures.PlannedRoll(as_it_is, current, terms.departures)
    planned = replace(_planned(proposal, narrowed, outcome, started, read_end), part=part, roll=roll)
    place = last.place
    # Whatever anybody else moved meanwhile, who keeps it finds (`steady_state.going_on`).
    if is_asked and standpoint.own_side().beside != ours.beside:
        if purposes_of_others != steady_state.purposes(outcome.gists, outcome.extent.objects):
            return planned
        place = OwnSide(ours.roll, steady_state.beside_roll(domain, sources, scope, around)).place
    has_asked = elsewhere.asked or asking_members.asked
    going_on = Continuation(domain, sources, standpoint, heard, proposal, current, place, has_asked, until)
    return replace(planned, amends=going_on.of_part(last, earlier, survey.footing, outcome.extent))


def _reach(domain: Domain, sources: list[source_list.Asked], now: datetime) -> Vicinity:
    recent_departures = departures.recent(domain.id, now)
    return Vicinity(scopes.scope_of(domain, sources), recent_departures, load.ending(domain.id))


def _terms(  # noqa: PLR0917 - all that a plan is made under
    domain: Domain,
    heard: Heard,
    scope: Scope,
    readings: Iterable[core.Reading],
    trigger: Trigger,
    silent: tuple[Finding, ...],
) -> Terms:
    snapshots = (source_reading.snapshot for source_reading in readings)
    verified = {name for snapshot in snapshots if snapshot is not None for name in snapshot.verified}
    return Terms(
        domain.revision,
        LIMITS,
        here=tree.names_around(domain.organization, verified) | _of_others(heard.outcome, domain),
        lacking=(*heard.lacking, *silent, *heard.of_names(domain)),
        filters_unseen=trigger is Trigger.AUTOMATIC and schedule.filters_unseen(domain),
        proved=findings.last_proved(domain, scope.accepts - {scope.domain}),
        paused=findings.of_pauses(domain),
    )


def _planned(
    proposal: Proposal,
    readings: Iterable[core.Reading],
    outcome: reading.ReadingOutcome,
    started: float,
    read_end: float,
    *,
    first: WholeListing | None = None,
) -> Planned:
    timings = {"read": round(read_end - started, 3), "compare": round(perf_counter() - read_end, 3)}
    readings = tuple(readings)
    skipped = {skip.external_id for skip in store.listed_skips(proposal.skips) if skip.external_id}
    names = records.names(readings, skipped)
    if first is not None:
        names |= first.names(skipped - names.keys())
    return Planned(proposal, timings, store.sources_to_json(readings, proposal.trusted), outcome.went_on, names)


def _counted(objects: Collection[ExternalId]) -> str:
    number = len(objects)
    return {0: "nothing", 1: "1 object"}.get(number, f"{number:,} objects")


def _same(run: Run, revision: int, outcome: reading.ReadingOutcome, progress: Progress, started: float) -> Planned:
    """What comes of a reading that is compared with the same as that of an earlier run, and says the same."""
    read_end = perf_counter()
    progress.begin(RunStep.MATCH)
    progress.begin(RunStep.COMPARE)
    proposal = steady_state.again(run, revision)
    if outcome.is_unlisted:
        finding = Finding.of(FindingCode.NOTHING_TOLD)
        proposal = replace(proposal, reading_findings=(*proposal.reading_findings, finding))
    timings = {"read": round(read_end - started, 3), "compare": round(perf_counter() - read_end, 3)}
    return Planned(proposal, timings, run.sources, outcome.went_on, same_as=run)


def _quiet(before: str, last: SteadyState, heard: Heard, types: frozenset[ObjectType]) -> Quiet | None:
    """What a spell begins with; None where there is still something to look at.

    It lasts until everything is to be compared anew. Who is due to be listed before is listed in it, or ends it.
    """
    beginnings = heard.outcome.since.values()
    if not (before and beginnings and all(beginning.suffices for beginning in beginnings)):
        return None
    return Quiet(before, last.until, types)


def _of_others(outcome: reading.ReadingOutcome, domain: Domain) -> frozenset[DomainName]:
    """What tenants have verified that are read through a connection of an organization above.

    It may be another customer's: those above are told at their own domains, and nobody of it is counted here.
    """
    borrowed = share.borrowed(domain)
    return frozenset(name for key, gist in outcome.gists.items() if key in borrowed for name in gist.verified)


def _add_purposes(
    outcome: reading.ReadingOutcome,
    sources: list[source_list.Asked],
    scope: Scope,
    trigger: Trigger,
    progress: Progress,
    *,
    part: bool = False,
    others_until: datetime | None = None,
    purposes_stamp: list[object] | None = None,
) -> tuple[tuple[core.Reading, ...], tuple[Finding, ...], datetime | None, bool, list[object]]:
    """Add what mailboxes are for to each snapshot, once; say where none tells, when to ask again, and if any was asked.

    And what stands for what is known of them by that (`steady_state.purposes`). The others: as there.
    """
    answers: dict[UUID, mailbox_survey.ToldPurposes] = {}
    readings, silent = [], []
    for source_reading, (source, question) in zip(outcome.readings, sources, strict=True):
        key, snapshot = question.access.connection, source_reading.snapshot
        if snapshot is not None:
            if key not in answers:
                answer = mailbox_survey.with_purposes(
                    snapshot,
                    question.access,
                    scope.accepts,
                    progress,
                    most=_most(trigger),
                    part=part,
                    others_until=others_until,
                    purposes_stamp=purposes_stamp,
                )
                answers[key] = answer
                silent += [] if answer.refusal is None else [findings.of_mailboxes(source.label, answer.refusal)]
            snapshot = answers[key].snapshot
        readings.append(core.Reading(source_reading.source, snapshot))
    until = min(
        (told_purposes.until for told_purposes in answers.values() if told_purposes.until is not None), default=None
    )
    known_of = [[str(key), *(told_purposes.stamp or ())] for key, told_purposes in sorted(answers.items())]
    is_asked = any(told_purposes.is_asked for told_purposes in answers.values())
    return tuple(readings), tuple(silent), until, is_asked, list[object](known_of)


def _most(trigger: Trigger) -> int:
    return mailbox_survey.LATER if trigger is Trigger.AUTOMATIC else mailbox_survey.AT_FIRST


def _no_source(domain: Domain) -> BadInput:
    return BadInput(
        "no_source",
        f"{domain.name} has no source that is switched on, so there is nothing to read.",
        "Add one, or switch one on.",
    )
