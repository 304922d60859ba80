"""A listing of a domain's only source that is to be compared whole: of plain objects no record is held.

There may be a million of them. What a listing does not show is asked before it, so that each object is told as it comes
(`sieve.Sieve`). Records are held of all who are not plain, and of those who may be asked what their mailboxes are
for. Of the others the pages are there as they came, packed, and a record is made again of them where somebody turns out
to have a rival, or is not in the roll as shown.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import UUID

from mailroll.connections import outside
from mailroll.connectors.base import Connector, RecordPage
from mailroll.directory import load
from mailroll.directory.load import StandingObject
from mailroll.reconcile import newcomers
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.departures import Departures
from mailroll.reconcile.model import Current, ExternalId, Outline, Reading, Record, Scope, Snapshot, SourceSpec
from mailroll.reconcile.pipeline import Find
from mailroll.reconcile.sieve import Sieve
from mailroll.sync import records, residents
from mailroll.sync.asides import ReadingQuestion
from mailroll.sync.known import KnownObjects
from mailroll.sync.purposes import cache
from mailroll.sync.purposes.candidates import Candidates, has_address_in, is_asked_about
from mailroll.sync.residents import ComparedRoll


@dataclass(slots=True)
class WholeListing:
    """What becomes of objects as they come, once it began. `answered`: those whose mailboxes told something before.

    `candidates` are those that may be asked next. `terms` looks up the scope, and how many mailboxes may be asked.
    """

    source: SourceSpec
    question: ReadingQuestion
    terms: Callable[[], tuple[Scope, int]]
    scope: Scope = field(init=False)
    answered: frozenset[ExternalId] = field(init=False)
    candidates: Candidates = field(init=False)
    sieve: Sieve | None = None
    came: int = 0
    compared: ComparedRoll | None = None
    _rooms: frozenset[Address] = field(default_factory=frozenset)

    async def begin(self, shot: Snapshot, rooms: frozenset[Address], connector: Connector) -> None:
        """Begin with a reading that lacks its records, if it is one that counts."""
        self.scope, most = await outside.later(self.terms)()
        self.answered = await outside.later(partial(cache.asked, self.question.access.connection))()
        self.candidates = Candidates(most)
        if self.scope.domain in shot.verified:
            self._rooms = rooms
            self.sieve = Sieve.alone(self.source, shot, self.scope, partial(_again, connector, rooms))

    def take(self, page: RecordPage) -> Iterable[Record]:
        """Take a page, and yield the records that have to be held."""
        if self.sieve is None:
            return [*page.records, *(outline.record for outline in page.outlines)]
        keys, held_records, asked_records = self.sieve.found.keys, list[Record](), list[Record]()
        self.came += len(page)
        for unreadable_object in page.unreadable:
            if unreadable_object.id is not None:
                keys.add(unreadable_object.id)
        keys.update([listed_record.id for listed_record in page.records])
        keys.update([outline.id for outline in page.outlines])
        due = self.candidates.among(page.outlines, self._is_asked)
        # Where nothing is known of anybody, and none is a candidate any more, nobody is looked at.
        is_any = bool(due or self.answered or self._rooms)
        waiting = (
            [outline for outline in page.outlines if outline.id in due or self._is_known(outline)] if is_any else []
        )
        held_back = set(map(id, waiting))
        free = [outline for outline in page.outlines if id(outline) not in held_back] if waiting else page.outlines
        others = [outline.record for outline in (*waiting, *self.sieve.sift(free))]
        for record in records.place([*page.records, *others], self._rooms):
            is_free = record.id not in page.beyond and record.id not in self.answered
            (asked_records if is_free and is_asked_about(record, self.scope.accepts) else held_records).append(record)
        return held_records + [
            candidate for candidate in self.candidates.take(asked_records) if not self.sieve.takes(candidate)
        ]

    def _is_asked(self, outline: Outline) -> bool:
        return outline.id not in self.answered and has_address_in(self.scope.accepts, outline.entries)

    def _is_known(self, outline: Outline) -> bool:
        """Whether something is known of an object in outline beside it: then a record is made, and looked at."""
        if outline.id in self.answered:
            return True
        return bool(self._rooms) and any(entry.rpartition(":")[2].lower() in self._rooms for entry in outline.entries)

    def rest(self) -> Sequence[Record]:
        """Return the candidates, and all that was shown of whoever was shown twice."""
        return () if self.sieve is None else [*self.candidates.held(), *self.sieve.shown_twice()]

    async def compare(self, known: KnownObjects) -> Mapping[ExternalId, StandingObject]:
        """Tell who of the roll is as listed; return what it has of the objects of all others."""
        if self.sieve is None:
            return await known.load()
        if known.count:
            self.compared = await outside.later(partial(ComparedRoll.of, self.scope.id, self.sieve.found.crowd))()
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

    @property
    def has_more(self) -> bool:
        """Whether there are objects of which no record is held."""
        return self.sieve is not None and bool(self.sieve.found.crowd)

    def held_with(self, readings: Iterable[Reading], scope: Scope) -> tuple[Reading, ...]:
        """Return readings with the records of those whose mailboxes were asked meanwhile, for whatever domain.

        Where this domain is not as it was when they were told, with all records.
        """
        if self.sieve is None:
            return tuple(readings)
        if self.scope == scope:
            answered_since = cache.asked(self.question.access.connection) - self.answered
            more = tuple(self.sieve.shown_of(answered_since))
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


def _again(connector: Connector, rooms: frozenset[Address], ids: Collection[ExternalId]) -> Sequence[Record]:
    return records.place(connector.again(ids), rooms)
