"""Asks by id for what a directory told of, and for all that it reaches, in place of a listing.

What is told names objects, and the answers by id tell of them: no record is made of what was told, and nobody is taken
for gone because of it. Either may be late: "some requests might have replication delays for objects that were recently
created, updated, or deleted" (learn.microsoft.com/graph/delta-query-overview, "Processing delays"). So what is told is
laid on top of the answer, and where that makes another record, everything is listed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from mailroll.connectors.base import Connector
from mailroll.connectors.delta import ChangeRound
from mailroll.reconcile.addresses import Address, DomainName, ProxyAddress, domain_of
from mailroll.reconcile.errors import Broken, NeedsConsent
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, ObjectType, Record, RollUser, Snapshot
from mailroll.sync.asides import Aside, AskedById, ReadingQuestion, Unsettled, ask_beside
from mailroll.sync.footing import MOST, Found, Survey
from mailroll.sync.gist import Gist
from mailroll.sync.records import addresses, place, types
from mailroll.sync.since import ToldSince

Raws = Mapping[ExternalId, bytes | None]


@dataclass(slots=True)
class Inquest:
    """What is asked by id in one reading. `read`: the types of object that are read at all.

    `types`: of which type an object is, as far as that is known. `raws`: the answers, None where there is none.
    """

    connector: Connector
    survey: Survey
    tenant: str
    read: frozenset[ObjectType]
    altered: dict[ExternalId, tuple[ChangeRound, tuple[bytes, ...]]] = field(default_factory=dict)
    removed: set[ExternalId] = field(default_factory=set)
    types: dict[ExternalId, ObjectType] = field(default_factory=dict)
    raws: dict[ExternalId, bytes | None] = field(default_factory=dict)
    records: dict[ExternalId, Record] = field(default_factory=dict)

    def take(self, rounds: Iterable[ChangeRound], *, filtered: bool) -> bool:
        """Take what was told; returns whether it is about single objects alone.

        `filtered`: filters name groups. Then whatever was told of any group may be about who is in one of them.
        """
        for each in rounds:
            told = {*each.altered, *each.removed}
            may_widen = each.cursor.type not in self.read or (filtered and each.cursor.type is ObjectType.GROUP)
            # Who was deleted and came back within a round is not to go because the answer by id is behind.
            if each.disputed:
                return False
            # An object is of one type, and only asked for as that does it answer.
            if each.regrouped or (told and may_widen) or not self.types.keys().isdisjoint(told):
                return False
            self.types |= dict.fromkeys(told, each.cursor.type)
            self.altered |= {key: (each, entries) for key, entries in each.altered.items()}
            self.removed |= each.removed
        return True

    @property
    def gone(self) -> frozenset[ExternalId]:
        """Whom the last word said to be removed, of what was told since everything was listed."""
        return (self.survey.footing.gone - self.altered.keys()) | self.removed

    async def follow(self) -> Found | None:
        """Ask for what was told and for all that it reaches, in the directory and in the roll, to the end.

        None where everything has to be looked at: it reaches much, an answer cannot be read or is not all there is to
        ask, or it contradicts what was told.
        """
        spread = await self.survey.spread(frozenset(self.types))
        while spread.next:
            if len(spread) > MOST:
                return None
            rows = await self.survey.lookup(spread.next)
            if not self._learn(rows):
                return None
            mine = [key for key in spread.next.objects if key.startswith(f"{self.tenant}:")]
            await self._ask(mine)
            if not await self._decode([key for key in mine if self.raws[key] is not None]):
                return None
            spread.follow(rows, self._wanted(mine))
        extent = spread.extent()
        standings = self.survey.standings(extent)
        certain = standings.keys() | self.altered.keys() | self.survey.footing.open.objects
        for key, raw in self.raws.items():
            # Somebody is gone where both say so: what is told, and the answer.
            if (raw is not None) if key in self.gone else (raw is None and key in certain):
                return None
        if not await self._agrees():
            return None
        return Found(self.records, extent, standings)

    def _learn(self, rows: Iterable[RollUser]) -> bool:
        """Learn from the roll of which type objects are; returns whether that is what was told."""
        states = [user.state for user in rows if user.state.external_id is not None]
        known = {ExternalId(str(one.external_id)): one.object_type or ObjectType.USER for one in states}
        self.types = known | self.types
        return all(self.types[key] is type_ for key, type_ in known.items())

    async def _ask(self, keys: Iterable[ExternalId]) -> None:
        """Ask for objects, each by its type; whose type nobody knows, by one after the other."""
        keys = list(keys)
        self.raws |= dict.fromkeys(keys)
        known = {key: self.types[key] for key in keys if self.types.get(key) in self.read}
        if known:
            self.raws |= await self.connector.find_raw(known)
        for type_ in sorted(self.read):
            unknown = {key: type_ for key in keys if key not in self.types}
            found = await self.connector.find_raw(unknown) if unknown else {}
            self.raws |= {key: raw for key, raw in found.items() if raw is not None}
            self.types |= {key: type_ for key, raw in found.items() if raw is not None}

    async def _decode(self, keys: Iterable[ExternalId]) -> bool:
        """Make records of what answered; returns whether they tell all of it."""
        found = await self._records({key: raw for key in keys if (raw := self.raws[key]) is not None})
        self.records |= found or {}
        return found is not None

    async def _agrees(self) -> bool:
        """Whether what was told of the objects makes the same records as the answers do."""
        laid: dict[ExternalId, bytes] = {}
        for key, (each, entries) in self.altered.items():
            raw = self.raws[key]
            for entry in entries:
                raw = self.connector.delta.merged(each.cursor, raw, entry)
            laid |= {} if raw is None else {key: raw}
        found = await self._records(laid)
        return found is not None and all(_said(self.records[key]) == _said(record) for key, record in found.items())

    async def _records(self, raws: Mapping[ExternalId, bytes]) -> dict[ExternalId, Record] | None:
        found: dict[ExternalId, Record] = {}
        for type_ in sorted({self.types[key] for key in raws}):
            mine = [raw for key, raw in raws.items() if self.types[key] is type_]
            page = await self.connector.decoded(type_, mine)
            if page.unreadable or page.beyond:
                return None
            found |= {record.id: record for record in page.records}
        return found if found.keys() == raws.keys() else None

    def _wanted(self, keys: Iterable[ExternalId]) -> set[Address]:
        shown = (self.records[key] for key in keys if key in self.records)
        accepts = self.survey.reach().scope.accepts
        return {each for one in shown for each in addresses(one) if domain_of(each) in accepts}


def inquest(connector: Connector, question: ReadingQuestion, told: ToldSince, survey: Survey) -> Inquest | None:
    """Return what begins with what was told; None where that is not about single objects alone."""
    found = Inquest(connector, survey, question.access.tenant, types(question.wanted))
    return found if found.take(told.rounds, filtered=bool(question.memberships)) else None


def unsettled(
    asked: Mapping[ExternalId, Record | None],
    listed: Collection[ExternalId | None],
    carried: Inquest | None,
    *,
    is_recent: bool,
) -> Unsettled:
    """Return what a listing leaves to look at again: it may be behind what was told, of which nobody tells again.

    `is_recent`: answers may be behind what was told or changed before, too.
    """
    gone = {key for key, answer in asked.items() if answer is None}
    if carried is None:
        return Unsettled(frozenset(asked), frozenset(gone))
    told = carried.types.keys() | (carried.survey.footing.open.objects if is_recent else frozenset())
    gone = {key for key in gone | carried.gone if key not in listed}
    return Unsettled(frozenset(asked.keys() | told), frozenset(gone), told=bool(carried.types))


async def look_up(  # noqa: PLR0917 - what is asked, and what is known already
    connector: Connector,
    question: ReadingQuestion,
    told: ToldSince,
    survey: Survey,
    verified: frozenset[DomainName],
    read_at: datetime,
    aside: Aside,
) -> Snapshot | None:
    """Return what the directory shows of what was told, and of all that it reaches; None where all is to be listed.

    That is so, too, where anything else is said than was, of what a listing does not show.
    """
    access, other = question.access, Aside()
    asking = inquest(connector, question, told, survey)
    if asking is None:
        return None
    rooms, memberships = await ask_beside(connector, question, other)
    try:
        gist = Gist(None, access.tenant, verified, rooms, memberships, await connector.basis())
        is_as_it_was = not other.lacking and gist.beside() == survey.footing.beside
        found = await asking.follow() if is_as_it_was else None
    except (NeedsConsent, Broken):
        return None  # a listing asks otherwise, and tells it better where that fails as well
    if found is None:
        return None
    aside.since, aside.gist, aside.groups = told.since, gist, other.groups
    aside.extent, aside.evidence = found.extent, connector.evidence()
    aside.by_id = AskedById(len(asking.altered) + len(asking.removed), len(asking.raws), asking.gone)
    mine = {key for key in found.standings if key.startswith(f"{access.tenant}:")}
    return Snapshot(
        tenant=access.tenant,
        expected_tenant=access.tenant,
        verified=verified,
        records=place(found.records.values(), rooms),
        unreadable=(),
        read_at=read_at,
        asked=dict.fromkeys(mine - found.records.keys()),
        memberships=memberships,
        hybrid=access.hybrid,
    )


def _said(record: Record) -> tuple[Record, frozenset[ProxyAddress]]:
    """What a record says, in whatever order its addresses come."""
    proxies = frozenset[ProxyAddress]() if record.proxies is UNSET else frozenset(record.proxies)
    return replace(record, proxies=UNSET if record.proxies is UNSET else ()), proxies
