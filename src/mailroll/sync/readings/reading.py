"""Reads every connection of a domain, whole or not at all. The only part of a run that is asynchronous."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial, reduce
from operator import or_
from types import MappingProxyType
from typing import overload
from uuid import UUID

from mailroll.connectors import registry
from mailroll.connectors.base import ConnectionHealth, Connector, ObjectTrace, PermissionState
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import MailrollError, NeedsConsent
from mailroll.reconcile.model import Reading, Snapshot, SourceSpec
from mailroll.reconcile.touched import Extent
from mailroll.sync import shutdown
from mailroll.sync.readings.agreement import Agreement, Step
from mailroll.sync.readings.amendment import Inquest, inquest, look_up, unsettled
from mailroll.sync.readings.listing import Counting, ObjectListing, find, list_all, skim, traced
from mailroll.sync.readings.survey import ListedPart, Survey, SurveyResult, compare_listings
from mailroll.sync.readings.whole_listing import WholeListing
from mailroll.sync.sources.asides import (
    SETTLED,
    UNHEARD,
    Aside,
    AskedById,
    Beside,
    EarlierListing,
    ReadingGap,
    ReadingQuestion,
    Unfinished,
    Unsettled,
    ask_beside,
)
from mailroll.sync.sources.gist import Echo, Gist
from mailroll.sync.sources.known import KnownObjects
from mailroll.sync.sources.records import lacks, place, shows_more, types
from mailroll.sync.sources.since import Since, begin, told_since

_PATIENCE = 15.0
"""Seconds that a reading, which has all that it came for, waits to be told what the directory grants."""


@dataclass(frozen=True, slots=True)
class ReadingOutcome:
    """One reading for each source, what went wrong with which connection, and what was lacking in the others.

    `groups`: by connection, the ids of the groups that filters name, by those names. `unfinished`: by connection, what
    a later reading goes on with. `went_on`: when the oldest of those began that went on with what an earlier one left.
    `checked`: by connection, what it grants, where that was asked; or that it does not let in any more.
    `evidence`: by connection, what a reading that came to its end has seen on its way. `gists`: by connection, what it
    said in short. `is_echo`: it was as expected, and there are no readings. `since`: by connection, what the next
    reading may begin with. `nothing_told`, `extent`, `by_id` and `unsettled`: as in `Aside`.
    """

    readings: tuple[Reading, ...]
    failures: tuple[MailrollError, ...]
    lacking: Mapping[UUID, Sequence[ReadingGap]] = field(default_factory=dict)
    groups: Mapping[UUID, Mapping[str, str]] = field(default_factory=dict)
    unfinished: Mapping[UUID, Unfinished] = field(default_factory=dict)
    went_on: datetime | None = None
    checked: Mapping[UUID, ConnectionHealth | NeedsConsent] = field(default_factory=dict)
    evidence: Mapping[UUID, Mapping[str, PermissionState]] = field(default_factory=dict)
    gists: Mapping[UUID, Gist] = field(default_factory=dict)
    is_echo: bool = False
    since: Mapping[UUID, Since] = field(default_factory=dict)
    nothing_told: bool = False
    extent: Extent | None = None
    by_id: AskedById | None = None
    unsettled: Unsettled = SETTLED

    @property
    def is_unlisted(self) -> bool:
        """Whether it listed nobody, as nothing was told to have changed."""
        return self.is_echo and all(gist.imprint is None for gist in self.gists.values())


async def read(
    sources: Sequence[tuple[SourceSpec, ReadingQuestion]],
    known_objects: KnownObjects,
    read_at: datetime,
    counting: Counting,
    *,
    unfinished: Mapping[UUID, Unfinished] = MappingProxyType({}),
    unchecked: Collection[UUID] = (),
    expected: str | None = None,
    since: Mapping[UUID, Since] = MappingProxyType({}),
    survey: Survey | None = None,
    marks: Callable[[UUID], EarlierListing] = EarlierListing.unknown,
    first: WholeListing | None = None,
) -> ReadingOutcome:
    """Read each connection once, however many sources use it: they share its question.

    `known_objects`: the objects the roll has users of, with the addresses it has of each. `unfinished`: what earlier
    readings left of some of the connections. `unchecked`: the connections that are asked on the way what they grant.
    `expected`: what all may say together (`gist.combined`); then it is an echo. `since`: by connection, with what its
    reading may begin; where none of them tells of a change, it is an echo as well, and nothing else is asked.
    `survey`: where it is no echo, it may be of what is new alone, and where that is told to all, it is asked for by id.
    `marks` gives what one listed then. `first`: what holds few records of the only source.
    """
    questions: dict[UUID, ReadingQuestion] = {}
    for _, question in sources:
        questions.setdefault(question.access.connection, question)
    asides = {key: Aside(unfinished.get(key), key in unchecked, marks(key)) for key in questions}
    agreement = Agreement(questions)

    async def answer(key: UUID) -> Snapshot | Echo | MailrollError:
        try:
            return await snapshot(
                questions[key],
                known_objects,
                read_at,
                counting,
                asides[key],
                expected=expected,
                since=since.get(key),
                survey=survey,
                agreement=agreement,
                first=first,
            )
        except MailrollError as error:
            return error
        finally:
            await agreement.leave(key)

    answers = await shutdown.all_of({key: answer(key) for key in questions})
    is_echo = all(isinstance(reply, Echo) for reply in answers.values())
    snapshots = {key: reply if isinstance(reply, Snapshot) else None for key, reply in answers.items()}
    failures = [reply for reply in answers.values() if isinstance(reply, MailrollError)]
    checked: dict[UUID, ConnectionHealth | NeedsConsent] = {
        key: reply for key, reply in answers.items() if isinstance(reply, NeedsConsent)
    }
    whole_asides = {key: aside for key, aside in asides.items() if not isinstance(answers[key], MailrollError)}
    checked |= {key: aside.health for key, aside in whole_asides.items() if aside.health is not None}
    evidence = {key: aside.evidence for key, aside in whole_asides.items() if aside.evidence is not None}
    readings = tuple(
        Reading(source, snapshots[question.access.connection]) for source, question in sources if not is_echo
    )
    lacking = {key: aside.lacking for key, aside in asides.items() if aside.lacking}
    by_id = [aside.by_id for aside in asides.values() if aside.by_id is not None]
    began = {key: aside.before.began_at if aside.before else read_at for key, aside in asides.items()}
    return ReadingOutcome(
        readings,
        tuple(failures),
        lacking,
        groups={key: aside.groups for key, aside in asides.items()},
        unfinished={key: Unfinished(aside.left, began[key]) for key, aside in asides.items() if aside.left},
        went_on=min((interruption.began_at for interruption in unfinished.values()), default=None),
        checked=checked,
        evidence=evidence,
        gists={key: aside.gist for key, aside in asides.items() if aside.gist is not None},
        is_echo=is_echo,
        since={key: aside.since for key, aside in asides.items() if aside.since is not None},
        nothing_told=all(aside.nothing_told for aside in asides.values()),
        extent=next((aside.extent for aside in asides.values() if aside.extent is not None), None),
        by_id=reduce(or_, by_id) if by_id else None,
        unsettled=reduce(or_, (aside.unsettled for aside in asides.values()), SETTLED),
    )


@overload
async def snapshot(
    question: ReadingQuestion, known_objects: KnownObjects, read_at: datetime, counting: Counting, aside: Aside
) -> Snapshot: ...
@overload
async def snapshot(
    question: ReadingQuestion,
    known_objects: KnownObjects,
    read_at: datetime,
    counting: Counting,
    aside: Aside,
    *,
    expected: str | None,
    since: Since | None,
    survey: Survey | None,
    agreement: Agreement | None,
    first: WholeListing | None,
) -> Snapshot | Echo: ...
async def snapshot(
    question: ReadingQuestion,
    known_objects: KnownObjects,
    read_at: datetime,
    counting: Counting,
    aside: Aside,
    *,
    expected: str | None = None,
    since: Since | None = None,
    survey: Survey | None = None,
    agreement: Agreement | None = None,
    first: WholeListing | None = None,
) -> Snapshot | Echo:
    """Read one connection. Where nothing changed `since`, that is all; where a little did, ask by id for that.

    That nothing changed is for all connections of a domain to say (`agreement`).

    1. Ask who the tenant is and which domains it has proved.
    2. List every object, to the protocol's end mark; before it ask from where the changes that come after are told.
       Where all that is said is as `expected`, leave out 3. Where a `survey` finds what is new, and all that it
       reaches, go on with that alone.
    3. Ask by id for objects that the roll knows and the listing lacks, or of which it lacks an address, and for those
       it showed in two versions.
    4. Ask which of them are rooms, and who is in the groups that filters name.
    5. Ask what the directory grants, where nobody has asked for a while.
    """
    access = question.access
    wanted_objects = replace(question.wanted, known=known_objects.count)
    async with registry.build(access.kind, access.values, wanted_objects=wanted_objects) as connector:
        news = None if since is None else await told_since(connector, since)
        followed = None if news is None else news.if_nothing
        aside.since, aside.nothing_told = followed, followed is not None and not followed.pending
        together = agreement or Agreement([access.connection])
        is_quiet = followed is not None and followed.suffices
        agreed = await together.reach(Step.UNLISTED, access.connection, "" if is_quiet else None)
        if followed is not None and agreed is not None:
            counting.count(0)
            return _unlisted(connector, access.tenant, followed, aside)
        tenant = await connector.tenant()
        if tenant != access.tenant:
            # Somebody else's directory answered: not one object of it is read.
            return Snapshot(tenant, access.tenant, frozenset(), (), (), read_at)
        verified = await connector.domains()
        counting.count(0)
        carried_inquest = None
        if survey is not None:
            leads = news is not None and news.since.leads
            are_led = await together.reach(Step.LED, access.connection, "" if leads else None) is not None
            if news is not None and are_led:
                by_id = await look_up(connector, question, news, survey, verified, read_at, aside, together)
                if by_id is not None:
                    return by_id
            if news is not None and (news.is_empty or not are_led):
                carried_inquest = inquest(connector, question, news, survey)
        if news is not None and carried_inquest is not None:
            followed = news.since
        elif followed is not None and followed.is_recent(read_at):
            followed = None  # nobody knows any more what a listing may be behind
        return await _in_full(
            connector,
            question,
            known_objects,
            read_at,
            counting,
            aside,
            verified,
            expected=expected,
            followed=followed,
            survey=survey,
            carried_inquest=carried_inquest,
            agreement=together,
            first=first,
        )


async def _in_full(  # noqa: PLR0917 - what is read, and what is known already
    connector: Connector,
    question: ReadingQuestion,
    known_objects: KnownObjects,
    read_at: datetime,
    counting: Counting,
    aside: Aside,
    verified: frozenset[DomainName],
    *,
    expected: str | None,
    followed: Since | None,
    survey: Survey | None,
    carried_inquest: Inquest | None,
    agreement: Agreement,
    first: WholeListing | None,
) -> Snapshot | Echo:
    """List everybody, and go on with all of them, or with what is new.

    It may be behind `carried_inquest`. Where it may be a `first` listing, what that does not show is asked before it,
    and of most objects no record stays.
    """
    tenant, connection = question.access.tenant, question.access.connection
    hybrid, began_at = question.access.hybrid, aside.before.began_at if aside.before else read_at
    if aside.before is None:
        aside.since = await begin(connector, followed, read_at, verified)
    beside: Beside | None = None
    new_part: tuple[ListedPart, SurveyResult] | None = None
    if expected is not None:
        imprint = await skim(connector, counting, aside)
        beside = await ask_beside(connector, question, aside)
        gist = Gist(imprint, tenant, verified, *beside)
        digest = None if carried_inquest and carried_inquest.new else gist.digest()
        if await agreement.reach(Step.LISTED, connection, digest) == expected:
            aside.gist = gist
            await _look_back(connector, question, aside)
            return Echo()
        if survey is not None:
            new_part = await _new_in(connector, connection, gist, survey, aside, agreement)
    if new_part is None:
        if first is not None:
            rooms, memberships = beside = beside or await ask_beside(connector, question, aside)
            shot = Snapshot(tenant, tenant, verified, (), (), began_at, memberships=memberships, hybrid=hybrid)
            await first.begin(shot, rooms, connector)
        listing = await list_all(connector, counting, aside, is_skimmed=expected is not None, first=first)
        standings = await (known_objects.load() if first is None else first.compare(known_objects))
        listing.note(() if first is None else first.changed(standings))
    else:
        part, reached = new_part
        listing, standings, aside.extent = ObjectListing(part.records, part.beyond), reached.standings, reached.extent
    read_types = types(question.wanted) - listing.unread.keys()
    mine = {key: row for key, row in standings.items() if key.startswith(f"{tenant}:") and row.type in read_types}
    listed = listing.records.keys() | {unreadable_object.id for unreadable_object in listing.unreadable}
    missing = {key: standing.type for key, standing in mine.items() if key not in listed}
    lessened = {
        key: record.type
        for key, standing in mine.items()
        if (record := listing.records.get(key)) is not None and lacks(record, standing)
    }
    answers = await find(connector, missing | lessened | listing.doubtful, aside)
    is_recent = followed is not None and followed.is_recent(read_at)
    if first is not None and carried_inquest is not None:
        listed |= first.shown(carried_inquest.gone - listed)
    aside.unsettled = unsettled(answers, listed, listing.beyond, carried_inquest, is_recent=is_recent)
    rooms, memberships = beside or await ask_beside(connector, question, aside)
    # What was asked for by id, or could not be read, may be otherwise the next time under the same listing.
    later = None if listing.unreadable else connector.imprint
    gist = Gist(None, tenant, verified, rooms, memberships, is_all=not (answers or listing.beyond), later=later)
    aside.gist = await _summed_up(
        connector, gist, new_part, is_first=expected is None and first is not None and not known_objects.count
    )
    await _look_back(connector, question, aside)
    left_out = missing.keys() | {key for key in lessened if shows_more(answers[key], listing.records[key], mine[key])}
    for key in lessened.keys() | listing.doubtful.keys():
        answer = answers[key]
        if answer is None or key in left_out:
            del listing.records[key]
        else:
            listing.records[key] = answer
    aside.lacking += [ReadingGap(type_.value, error, type_) for type_, error in listing.unread.items()]
    return Snapshot(
        tenant=tenant,
        expected_tenant=tenant,
        verified=verified,
        records=place(listing.records.values(), rooms),
        unreadable=tuple(listing.unreadable),
        read_at=began_at,
        asked={key: answer for key, answer in answers.items() if answer is None or key in left_out},
        memberships=memberships,
        unread=frozenset(listing.unread),
        hybrid=hybrid,
    )


async def _new_in(  # noqa: PLR0917 - what was said, and what is known already
    connector: Connector, connection: UUID, gist: Gist, survey: Survey, aside: Aside, agreement: Agreement
) -> tuple[ListedPart, SurveyResult] | None:
    """Return what is new in a listing that was skimmed, with all that is reached; None where all is to be looked at."""
    part = None
    if not aside.lacking:
        trace = await traced(connector, aside)
        shown, before = await _complete_gist(connector, gist, trace), survey.footing.of_each.get(connection)
        part = ListedPart.of(connector, shown, before, untold=aside.nothing_told)
    survey_result = await agreement.compare(Step.COMPARED, connection, part, partial(compare_listings, survey))
    return None if part is None or survey_result is None else (part, survey_result)


async def _summed_up(
    connector: Connector, gist: Gist, part_and_survey: tuple[ListedPart, SurveyResult] | None, *, is_first: bool
) -> Gist:
    """Return with what the next reading is compared: behind a first listing nothing, as everybody is new."""
    if part_and_survey is not None:
        return replace(part_and_survey[0].gist, is_all=gist.is_all)
    return gist if is_first else await _complete_gist(connector, gist.imprinted(), connector.trace())


async def _complete_gist(connector: Connector, gist: Gist, trace: ObjectTrace | None) -> Gist:
    """Complete what a reading said in short, where it tells of each object."""
    if gist.imprint is None:
        return gist
    return replace(gist, basis=await connector.basis(), trace=trace, marks=connector.marks())


def _unlisted(connector: Connector, tenant: str, followed: Since, aside: Aside) -> Echo:
    """Keep what is known although nobody was listed: it is of the tenant that the cursors are of, and nothing else."""
    aside.gist = Gist(None, tenant, followed.verified, frozenset(), {})
    aside.evidence = connector.evidence()
    return Echo()


async def _look_back(connector: Connector, question: ReadingQuestion, aside: Aside) -> None:
    """Note what was seen on the way, and ask what the directory grants."""
    aside.evidence = connector.evidence()
    if aside.asks_health:
        aside.health = await _health(connector, question.access.tenant)


async def _health(connector: Connector, tenant: str) -> ConnectionHealth | None:
    """What the directory grants; None where it cannot be told now. It was let in just before, by a new token."""
    try:
        async with asyncio.timeout(_PATIENCE):
            health = await connector.check(afresh=False)
    except (TimeoutError, *UNHEARD):
        return None
    return health if health.tenant == tenant else None
