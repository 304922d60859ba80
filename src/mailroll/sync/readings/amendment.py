"""Asks by id for what a directory told of, and for all that it reaches, in place of a listing.

What is told names objects, and the answers by id tell of them: no record is made of what was told, and nobody is taken
for gone because of it. Either may be late: "some requests might have replication delays for objects that were recently
created, updated, or deleted" (learn.microsoft.com/graph/delta-query-overview, "Processing delays"). So what is told is
laid on top of the answer, and where that makes another record, everything is listed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from mailroll.connectors.base import Connector
from mailroll.connectors.delta import ChangeRound
from mailroll.reconcile.addresses import DomainName, ProxyAddress
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, ObjectType, Record, RollUser, Snapshot
from mailroll.sync.footings.footing import MOST
from mailroll.sync.readings.agreement import Agreement, Step
from mailroll.sync.readings.survey import Survey, SurveyResult
from mailroll.sync.sources.asides import Aside, AskedById, ReadingQuestion, Unsettled, ask_beside
from mailroll.sync.sources.gist import Gist
from mailroll.sync.sources.records import place, types
from mailroll.sync.sources.since import ToldSince


@dataclass(slots=True)
class Inquest:
    """What is asked by id of one connection. `read`: the types of object that are read at all.

    `gone_before`: whom it told to be removed since everything was listed. `open_before`: who was to be looked at again
    in any connection. `types`: of which type an object is, as far
    as that is known. `raws`: the answers, None where there is none. `new`, `records`, `fault`: as in `SurveyPart`.
    `beyond`: as `RecordPage` has it, of all records.
    """

    connector: Connector
    tenant: str
    read: frozenset[ObjectType]
    gone_before: frozenset[ExternalId]
    open_before: frozenset[ExternalId]
    altered: dict[ExternalId, tuple[ChangeRound, tuple[bytes, ...]]] = field(default_factory=dict)
    removed: set[ExternalId] = field(default_factory=set)
    new: frozenset[ExternalId] = frozenset()
    types: dict[ExternalId, ObjectType] = field(default_factory=dict)
    raws: dict[ExternalId, bytes | None] = field(default_factory=dict)
    records: dict[ExternalId, Record] = field(default_factory=dict)
    beyond: set[ExternalId] = field(default_factory=set)
    fault: MailrollError | None = None

    def take(self, rounds: Iterable[ChangeRound], *, filtered: bool) -> bool:
        """Take what was told; returns whether it is about single objects alone.

        `filtered`: filters name groups. Then whatever was told of any group may be about who is in one of them.
        """
        for change_round in rounds:
            told_ids = {*change_round.altered, *change_round.removed}
            may_widen = change_round.cursor.type not in self.read or (
                filtered and change_round.cursor.type is ObjectType.GROUP
            )
            # Who was deleted and came back within a round is not to go because the answer by id is behind.
            if change_round.disputed:
                return False
            # An object is of one type, and only asked for as that does it answer.
            if change_round.regrouped or (told_ids and may_widen) or not self.types.keys().isdisjoint(told_ids):
                return False
            self.types |= dict.fromkeys(told_ids, change_round.cursor.type)
            self.new |= told_ids
            self.altered |= {key: (change_round, entries) for key, entries in change_round.altered.items()}
            self.removed |= change_round.removed
        return True

    @property
    def gone(self) -> frozenset[ExternalId]:
        """Whom the last word said to be removed, of what was told since everything was listed."""
        return (self.gone_before - self.altered.keys()) | self.removed

    async def tell(self, keys: Collection[ExternalId], users: Iterable[RollUser]) -> bool:
        if not self._learn(users):
            return False
        try:
            await self._ask(keys)
            return await self._decode([key for key in keys if self.raws[key] is not None])
        except (NeedsConsent, Broken):
            return False  # a listing asks otherwise, and tells it better where that fails as well

    async def holds(self, standings: Collection[ExternalId]) -> bool:
        """Whether answers and what was told say the same. `standings`: whom the roll has."""
        certain = self.altered.keys() | self.open_before | frozenset(standings)
        for key, raw in self.raws.items():
            # Somebody is gone where both say so: what is told, and the answer.
            if (raw is not None) if key in self.gone else (raw is None and key in certain):
                return False
        try:
            return await self._agrees()
        except MailrollError as error:
            self.fault = error  # and of no other connection's, whoever looks for all of them
            return False

    def _learn(self, rows: Iterable[RollUser]) -> bool:
        """Learn from the roll of which type objects are; returns whether that is what was told."""
        states = [user.state for user in rows if user.state.external_id is not None]
        known_types = {ExternalId(str(state.external_id)): state.object_type or ObjectType.USER for state in states}
        self.types = known_types | self.types
        return all(self.types[key] is type_ for key, type_ in known_types.items())

    async def _ask(self, keys: Collection[ExternalId]) -> None:
        """Ask for objects, each by its type; whose type nobody knows, by one after the other."""
        self.raws |= dict.fromkeys(keys)
        known_types = {key: self.types[key] for key in keys if self.types.get(key) in self.read}
        if known_types:
            self.raws |= await self.connector.find_raw(known_types)
        for type_ in sorted(self.read):
            unknown = {key: type_ for key in keys if key not in self.types}
            answers = await self.connector.find_raw(unknown) if unknown else {}
            self.raws |= {key: raw for key, raw in answers.items() if raw is not None}
            self.types |= {key: type_ for key, raw in answers.items() if raw is not None}

    async def _decode(self, keys: Iterable[ExternalId]) -> bool:
        """Make records of what answered; returns whether they tell all of it."""
        records = await self._records({key: raw for key in keys if (raw := self.raws[key]) is not None})
        self.records |= records or {}
        return records is not None

    async def _agrees(self) -> bool:
        """Whether what was told of the objects makes the same records as the answers do."""
        laid: dict[ExternalId, bytes] = {}
        for key, (change_round, entries) in self.altered.items():
            raw = self.raws[key]
            for entry in entries:
                raw = self.connector.delta.merged(change_round.cursor, raw, entry)
            laid |= {} if raw is None else {key: raw}
        records = await self._records(laid)
        return records is not None and all(_said(self.records[key]) == _said(record) for key, record in records.items())

    async def _records(self, raws: Mapping[ExternalId, bytes]) -> dict[ExternalId, Record] | None:
        records: dict[ExternalId, Record] = {}
        for type_ in sorted({self.types[key] for key in raws}):
            mine = [raw for key, raw in raws.items() if self.types[key] is type_]
            page = await self.connector.decoded(type_, mine)
            if page.unreadable:
                return None
            self.beyond |= page.beyond
            records |= {record.id: record for record in page.records}
        return records if records.keys() == raws.keys() else None


def inquest(connector: Connector, question: ReadingQuestion, news: ToldSince, survey: Survey) -> Inquest | None:
    """Return what begins with what was told; None where that is not about single objects alone."""
    tenant = question.access.tenant
    # Of another tenant nobody is told here.
    gone_ids = frozenset(key for key in survey.footing.gone if key.startswith(f"{tenant}:"))
    new_inquest = Inquest(connector, tenant, types(question.wanted), gone_ids, survey.footing.open.objects)
    return new_inquest if new_inquest.take(news.rounds, filtered=bool(question.memberships)) else None


def unsettled(
    answers: Mapping[ExternalId, Record | None],
    listed: Collection[ExternalId | None],
    beyond: Collection[ExternalId],
    carried_inquest: Inquest | None,
    *,
    is_recent: bool,
) -> Unsettled:
    """Return what a listing leaves to look at again: it may be behind what was told, of which nobody tells again.

    Nor does it show what was asked `beyond` it. `is_recent`: answers may be behind what was told or changed before.
    """
    asked_ids = frozenset(answers) | frozenset(beyond)
    gone_ids = {key for key, answer in answers.items() if answer is None}
    if carried_inquest is None:
        return Unsettled(asked_ids, frozenset(gone_ids))
    gone_ids = {key for key in gone_ids | carried_inquest.gone if key not in listed}
    open_ids = carried_inquest.new | carried_inquest.open_before if is_recent else carried_inquest.new
    return Unsettled(asked_ids | open_ids, frozenset(gone_ids), told=bool(carried_inquest.new))


async def look_up(  # noqa: PLR0917 - what is asked, and what is known already
    connector: Connector,
    question: ReadingQuestion,
    news: ToldSince,
    survey: Survey,
    verified: frozenset[DomainName],
    read_at: datetime,
    aside: Aside,
    agreement: Agreement,
) -> Snapshot | None:
    """Return what the directory shows of what any was told of, and of all that it reaches; None where all are to list.

    That is so, too, where anything else is said than was, of what a listing does not show.
    """
    access, other = question.access, Aside()
    asking = inquest(connector, question, news, survey)
    gist = None if asking is None else await _gist(connector, question, verified, other)
    if gist is None or other.lacking or gist.beside() != survey.footing.of_each[access.connection].beside:
        asking = None

    async def ask_all(inquests: Mapping[UUID, Inquest]) -> SurveyResult | None:
        survey_result = await survey.follow(inquests.values(), MOST)
        if survey_result is None:
            return None
        for part in inquests.values():
            if not await part.holds(survey_result.standings):
                return None
        return survey_result

    agreed_result = await agreement.compare(Step.ASKED, access.connection, asking, ask_all)
    if asking is None or gist is None or agreed_result is None:
        return None
    aside.since, aside.gist, aside.groups = news.since, gist, other.groups
    aside.extent, aside.evidence = agreed_result.extent, connector.evidence()
    aside.unsettled = Unsettled(frozenset(asking.beyond))
    aside.by_id = AskedById(asking.new, frozenset(asking.raws), asking.gone)
    mine = {key for key in agreed_result.standings if key.startswith(f"{access.tenant}:")}
    return Snapshot(
        tenant=access.tenant,
        expected_tenant=access.tenant,
        verified=verified,
        records=place(asking.records.values(), gist.rooms),
        unreadable=(),
        read_at=read_at,
        asked=dict.fromkeys(mine - asking.records.keys()),
        memberships=gist.memberships,
        hybrid=access.hybrid,
    )


async def _gist(
    connector: Connector, question: ReadingQuestion, verified: frozenset[DomainName], aside: Aside
) -> Gist | None:
    """Return what is said where nobody is listed; None where a listing asks otherwise."""
    rooms, memberships = await ask_beside(connector, question, aside)
    try:
        return Gist(None, question.access.tenant, verified, rooms, memberships, await connector.basis())
    except (NeedsConsent, Broken):
        return None


def _said(record: Record) -> tuple[Record, frozenset[ProxyAddress]]:
    """What a record says, in whatever order its addresses come."""
    proxies = frozenset[ProxyAddress]() if record.proxies is UNSET else frozenset(record.proxies)
    return replace(record, proxies=UNSET if record.proxies is UNSET else ()), proxies
