"""A listing of a domain's only source that is to be compared whole: of plain objects no record is held.

There may be a million of them. What a listing does not show is asked before it, so that each object is told as it comes
(`sieve.Sieve`), with what its mailbox told before. Records are held of all who are not plain, and of those who may be
asked next what their mailboxes are for. Of the others the pages are there as they came, packed, and a record is made
again of them where somebody turns out to have a rival, or is not in the roll as shown.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from mailroll.connections import outside
from mailroll.connectors.base import Connector, RecordPage
from mailroll.directory import load
from mailroll.directory.load import StandingObject
from mailroll.directory.models import Domain
from mailroll.reconcile import newcomers
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.departures import Departures
from mailroll.reconcile.model import Current, ExternalId, Outline, Reading, Record, Scope, Snapshot, SourceSpec
from mailroll.reconcile.pipeline import Find
from mailroll.reconcile.sieve import Again, Sieve
from mailroll.sync.purposes import mailbox_survey, packed
from mailroll.sync.purposes.answered import AnsweredObjects
from mailroll.sync.purposes.candidates import AskingTurn, Candidates, has_address_in, is_asked_about
from mailroll.sync.purposes.packed import PackedPurposes, moment_of
from mailroll.sync.readings import residents
from mailroll.sync.readings.residents import ComparedRoll
from mailroll.sync.sources import records, scopes, source_list
from mailroll.sync.sources.asides import ReadingQuestion
from mailroll.sync.sources.known import KnownObjects


@dataclass(frozen=True, slots=True)
class ListingTerms:
    """What is looked up before a listing: the scope, what mailboxes told, and how many (`most`) may be asked next.

    `purposes_stamp` stands for what they told by then; it is looked up first.
    """

    scope: Scope
    answered: AnsweredObjects
    most: int
    purposes_stamp: list[object]


@dataclass(slots=True)
class WholeListing:
    """What becomes of objects as they come, once it began. `candidates`: those that may be asked next."""

    source: SourceSpec
    question: ReadingQuestion
    look_up: Callable[[], ListingTerms]
    terms: ListingTerms = field(init=False)
    candidates: Candidates = field(init=False)
    sieve: Sieve | None = None
    came: int = 0
    compared: ComparedRoll | None = None
    _rooms: frozenset[Address] = field(default_factory=frozenset)
    _until: int | None = None

    async def begin(self, shot: Snapshot, rooms: frozenset[Address], connector: Connector) -> None:
        """Begin with a reading that lacks its records, if it is one that counts."""
        self.start(await outside.later(self.look_up)(), shot, rooms, connector.again)

    def start(self, terms: ListingTerms, shot: Snapshot, rooms: frozenset[Address], again: Again) -> None:
        self.terms, self.candidates, self._until = terms, Candidates(terms.most), None
        if terms.scope.domain in shot.verified:
            self._rooms = rooms
            self.sieve = Sieve.alone(self.source, shot, terms.scope, partial(_again, again, rooms, terms.answered))

    def take(self, page: RecordPage) -> Iterable[Record]:
        """Take a page, and yield the records that have to be held."""
        if self.sieve is None:
            return [*page.records, *(outline.record for outline in page.outlines)]
        keys, answered = self.sieve.found.keys, self.terms.answered
        self.came += len(page)
        for unreadable_object in page.unreadable:
            if unreadable_object.id is not None:
                keys.add(unreadable_object.id)
        keys.update([listed_record.id for listed_record in page.records])
        keys.update([outline.id for outline in page.outlines])
        marked = answered.mark(page.outlines)
        due = self.candidates.among(marked.outlines, answered.turn, self._is_asked)
        # Where no room is known, and none is a candidate any more, nobody is looked at.
        waiting = (
            [outline for outline in marked.outlines if outline.id in due or self._is_in_room(outline)]
            if due or self._rooms
            else []
        )
        held_back = set(map(id, waiting))
        free = [outline for outline in marked.outlines if id(outline) not in held_back] if waiting else marked.outlines
        odd = self.sieve.sift(free)
        self._note_left(free, odd, marked.fresh)
        apart = [outline.record for outline in (*marked.others, *waiting, *odd)]
        return self._held(records.place([*page.records, *apart], self._rooms), page)

    def _held(self, listed_records: Iterable[Record], page: RecordPage) -> list[Record]:
        """Return those of some records that have to be held, and what is no candidate any more and not plain."""
        scope, answered = self.terms.scope, self.terms.answered
        held_records: list[Record] = []
        candidates: list[tuple[AskingTurn, Record]] = []
        for record in listed_records:
            if not is_asked_about(record, scope.accepts):
                if record.id in page.beyond or self.sieve is None or not self.sieve.takes(record):
                    held_records.append(record)
                continue
            turn, answered_record = answered.placed(record)
            if record.id in page.beyond:
                held_records.append(answered_record)
            else:
                candidates.append((turn, answered_record))
        for record in self.candidates.take(candidates):
            if self.sieve is not None and self.sieve.takes(record):
                self._note_until(answered.until(record))
            else:
                held_records.append(record)
        return held_records

    def _note_left(self, free: Sequence[Outline], odd: Sequence[Outline], fresh: Mapping[ExternalId, int]) -> None:
        """Note when those of a page have to be asked again of whom nothing is held: now, where they are not `fresh`."""
        now = self.terms.answered.now
        if self._until is not None and self._until <= now:
            return
        odd_ids = {outline.id for outline in odd}
        untils = [fresh.get(outline.id, now) for outline in free if outline.id not in odd_ids]
        if untils:
            self._note_until(min(untils))

    def _note_until(self, moment: int) -> None:
        self._until = moment if self._until is None else min(moment, self._until)

    @property
    def others_until(self) -> datetime | None:
        """When the first of those has to be asked again of whom no record is held; None where there are none."""
        if self.sieve is None or not self.sieve.found or self._until is None:
            return None
        return moment_of(self._until)

    def _is_asked(self, outline: Outline) -> bool:
        return has_address_in(self.terms.scope.accepts, outline.entries)

    def _is_in_room(self, outline: Outline) -> bool:
        return bool(self._rooms) and any(entry.rpartition(":")[2].lower() in self._rooms for entry in outline.entries)

    def rest(self) -> Sequence[Record]:
        """Return the candidates, and all that was shown of whoever was shown twice."""
        return () if self.sieve is None else [*self.candidates.held(), *self.sieve.shown_twice()]

    async def compare(self, known: KnownObjects) -> Mapping[ExternalId, StandingObject]:
        """Tell who of the roll is as listed; return what it has of the objects of all others."""
        if self.sieve is None:
            return await known.load()
        if known.count:
            self.compared = await outside.later(partial(ComparedRoll.of, self.terms.scope.id, self.sieve.found.crowd))()
        return {} if self.compared is None else self.compared.standings(self.source.id)

    def changed(self, standings: Mapping[ExternalId, StandingObject]) -> Sequence[Record]:
        """Return all that was shown of objects for which the roll has something else.

        By the object, as a user that was taken over has an id of its own.
        """
        return () if self.sieve is None else self.sieve.shown_of(standings.keys())

    def shown(self, ids: Collection[ExternalId]) -> set[ExternalId]:
        """Return which of some objects were shown, though no record is held of them."""
        return set() if self.sieve is None or not ids else {record.id for record in self.sieve.again(frozenset(ids))}

    def forget(self) -> None:
        self.sieve = None

    def held_with(self, readings: Iterable[Reading], scope: Scope, purposes_stamp: list[object]) -> tuple[Reading, ...]:
        """Return readings with the records of those whose mailboxes told anything meanwhile, for whatever domain.

        Where this domain is not as it was when they were listed, with all records. `purposes_stamp`: what stands for
        all that they told by now.
        """
        if self.sieve is None:
            return tuple(readings)
        if self.terms.scope == scope:
            is_same = self.terms.purposes_stamp == purposes_stamp
            rows = () if is_same else packed.rows_of(self.question.access.connection)
            more = () if is_same else tuple(self.sieve.shown_as(self.terms.answered.kept.others(rows)))
        else:
            more, self.sieve = tuple(self.sieve.everybody()), None
        return tuple(
            replace(
                reading,
                snapshot=reading.snapshot and replace(reading.snapshot, records=reading.snapshot.records + more),
            )
            for reading in readings
        )

    def names(self, ids: Collection[str]) -> dict[str, str]:
        """What people know those by of whom no record was held."""
        if self.sieve is None:
            return {}
        mine = {ExternalId(key) for key in ids if key.startswith(f"{self.sieve.snapshot.tenant}:")}
        return {record.id: records.name(record) for record in self.sieve.again(mine)} if mine else {}


def of_only_source(
    domain: Domain, sources: Sequence[source_list.Asked], most: int, now: Callable[[], datetime]
) -> WholeListing | None:
    """Return what holds few records of a listing; where several sources read, all are held.

    `most`: how many mailboxes may be asked behind it.
    """
    if len(sources) != 1:
        return None
    source, question = sources[0]

    def terms() -> ListingTerms:
        connection, scope = question.access.connection, scopes.scope_of(domain, sources)
        stamp = mailbox_survey.stamp_of(question.access)
        kept = PackedPurposes(packed.rows_of(connection))
        answered = AnsweredObjects(kept, scope.accepts, now())
        return ListingTerms(scope, answered, mailbox_survey.most_asked(connection, most), stamp)

    return WholeListing(source, question, terms)


def roll(
    domain: UUID, listing: WholeListing | None, readings: Sequence[Reading], scope: Scope, departures: Departures
) -> tuple[str, Current, Find]:
    """Return the stamp of a roll, all of it but residents, and what tells newcomers from all others."""
    if listing is None or listing.sieve is None:
        return *load.stamped(domain), newcomers.find
    if listing.compared is None:
        return *load.stamped(domain), partial(newcomers.find, first=listing.sieve)
    stamp, current, listed_newcomers = residents.settle(listing.compared, readings, scope, listing.sieve, departures)
    return stamp, current, lambda *_: listed_newcomers


def _again(
    again: Again, rooms: frozenset[Address], answered: AnsweredObjects, ids: AbstractSet[ExternalId]
) -> Sequence[Record]:
    return answered.records(records.place(again(ids), rooms))
