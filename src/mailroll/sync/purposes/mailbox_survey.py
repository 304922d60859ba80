"""Asks mailboxes what they are for, within a bound for each run, one at a time for each tenant."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import nsmallest
from typing import Final
from uuid import UUID

from mailroll.connections import outside
from mailroll.connections.access import Access
from mailroll.connectors import registry
from mailroll.connectors.base import MailboxAnswers, NoMailboxes
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent, NotVerified, Retry
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, ObjectType, Purpose, Record, Snapshot
from mailroll.sync.locks.lock_session import locks
from mailroll.sync.models import PurposeState
from mailroll.sync.progress import Progress
from mailroll.sync.purposes import cache, refusals
from mailroll.sync.purposes.cache import KeptPurpose
from mailroll.sync.purposes.candidates import asked_before, is_asked_about, never_asked, trust
from mailroll.sync.purposes.refusals import AskingState

log = logging.getLogger(__name__)

AT_FIRST: Final = 200
"""Mailboxes asked while a person waits, or in the first run of a connection: seconds, not minutes."""
LATER: Final = 2_000
"""Mailboxes asked in an automatic run."""
FEW: Final = 20
"""Mailboxes whose refusal, one and all, speaks for the rest: one batch."""
PIECE: Final = 200
"""Answers written down together: what was heard before a fault is not lost."""


@dataclass(frozen=True, slots=True)
class ToldPurposes:
    """A reading with what mailboxes are for, and why none tells. `until`: when somebody has to be asked again.

    None where nobody ever has to be. `stamp` stands for all that is known of the connection's mailboxes, where that
    is what was used here; None where somebody else wrote meanwhile. `is_asked`: somebody was asked.
    """

    snapshot: Snapshot
    refusal: MailrollError | None = None
    until: datetime | None = None
    stamp: list[object] | None = None
    is_asked: bool = False


def with_purposes(
    snapshot: Snapshot,
    access: Access,
    accepts: frozenset[DomainName],
    progress: Progress,
    *,
    most: int,
    part: bool = False,
    others_until: datetime | None = None,
    purposes_stamp: list[object] | None = None,
) -> ToldPurposes:
    """Return a reading with the purposes of the mailboxes of a domain, as far as they are known, and why none tells.

    1. Take what is kept and still holds.
    2. Where all refused when they were last asked, ask a few again once it is time, and nobody else while they refuse.
    3. Ask for the most telling ones of the rest, at most `most`.
    Asking never fails a run: what cannot be heard is unknown. A `part` of a reading does not show who told before, so
    a refusal in it is returned and not kept: the same are asked again beside those, in a reading of everybody.
    `others_until`: it leaves out others, who come behind those that it shows, and this is when the first of them has to
    be asked. `purposes_stamp`: what stands for all that was known of the connection when the reading was looked at.
    """
    stamp = purposes_stamp or stamp_of(access)
    records = {record.id: record for record in snapshot.records if is_asked_about(record, accepts)}
    if not records:
        return ToldPurposes(_answered(snapshot, {}, {}), until=others_until, stamp=stamp)
    keys = _Keys(records)
    last_stamp: list[object] | None = stamp
    asking = _Asking(access, progress, records, keys, refusals.standing(access.connection), part)
    # Exchange takes few questions at a time: while somebody asks this tenant, nobody else does.
    with locks.holding(f"mailroll:purposes:{access.tenant}") as lock:
        if lock is not None:
            is_as_it_was = stamp == stamp_of(access)
            asking.ask(min(most, AT_FIRST) if cache.empty(access.connection) else most)
            if not is_as_it_was:
                last_stamp = None
            elif asking.asked:
                last_stamp = stamp_of(access)
    answered, until = _answered(snapshot, asking.kept, keys), asking.until(others_until)
    return ToldPurposes(answered, asking.refusal, until, last_stamp, is_asked=bool(asking.asked))


def remembered(snapshot: Snapshot, access: Access) -> Snapshot:
    """Return a reading with the purposes that are kept and still hold; nobody is asked."""
    records = {record.id: record for record in snapshot.records if record.type is ObjectType.USER}
    return _answered(snapshot, cache.kept(access.connection, records), _Keys(records))


def _answered(
    snapshot: Snapshot, kept_purposes: Mapping[ExternalId, KeptPurpose], keys: Mapping[ExternalId, str]
) -> Snapshot:
    """Give each record the answer that holds, and none to all others, whatever a listing knew when it was made."""
    answers = {key: answer for key, row in kept_purposes.items() if (answer := row.answer(keys[key])) is not UNSET}
    if not answers and all(record.purpose is UNSET for record in snapshot.records):
        return snapshot
    known = (
        record
        if record.purpose is answers.get(record.id, UNSET)
        else replace(record, purpose=answers.get(record.id, UNSET))
        for record in snapshot.records
    )
    return replace(snapshot, records=tuple(known))


def stamp_of(access: Access) -> list[object]:
    """What stands for all that is known of the mailboxes of a connection."""
    return [cache.stamp(access.connection), refusals.stamp(access.connection)]


def most_asked(connection: UUID, most: int) -> int:
    """How many mailboxes a survey may come to, those among them that are asked because others refuse."""
    due = min(most, AT_FIRST) if cache.empty(connection) else most
    return due + FEW * (3 + due // PIECE)


class _Keys(dict[ExternalId, str]):
    """What purposes of records depend on, by object, each worked out once somebody looks it up.

    In a first sync of a tenant hardly anybody does, as nothing is kept.
    """

    def __init__(self, records: Mapping[ExternalId, Record]) -> None:
        super().__init__()
        self._records = records

    def __missing__(self, object_id: ExternalId) -> str:
        self[object_id] = key = cache.key_of(self._records[object_id])
        return key


def _due(
    records: Mapping[ExternalId, Record],
    keys: Mapping[ExternalId, str],
    kept_purposes: Mapping[ExternalId, KeptPurpose],
    now: datetime,
) -> Iterator[ExternalId]:
    """Whom to ask, in any order."""
    for object_id in records:
        row = kept_purposes.get(object_id)
        if row is None or row.key != keys[object_id] or not row.fresh(now):
            yield object_id


def _most_telling(
    due: Iterable[ExternalId],
    most: int,
    records: Mapping[ExternalId, Record],
    keys: Mapping[ExternalId, str],
    kept_purposes: Mapping[ExternalId, KeptPurpose],
) -> list[ExternalId]:
    """Without a licence or sign-in, then changed, then new, then long ago."""

    def rank(object_id: ExternalId) -> tuple[int, float, ExternalId]:
        record, row = records[object_id], kept_purposes.get(object_id)
        if row is None:
            return (*never_asked(record), object_id)
        return (*asked_before(row.asked_at.timestamp(), is_same=row.key == keys[object_id]), object_id)

    return nsmallest(most, due, key=rank)


@dataclass(slots=True)
class _Asking:
    """Questions to the mailboxes of one tenant. `kept` grows by what is heard; `refusal` is why none tells.

    `tells_again`: all refused before, so that whoever told nothing is asked anew.
    """

    access: Access
    progress: Progress
    records: Mapping[ExternalId, Record]
    keys: Mapping[ExternalId, str]
    standing: AskingState
    part: bool
    kept: dict[ExternalId, KeptPurpose] = field(init=False)
    refusal: MailrollError | None = field(init=False)
    asked: set[ExternalId] = field(default_factory=set)
    refused: set[ExternalId] = field(default_factory=set)
    tells: bool = False
    tells_again: bool = False

    def __post_init__(self) -> None:
        self.kept = cache.kept(self.access.connection, self.records)
        self.refusal = self.standing.refusal

    def ask(self, most: int) -> None:
        """Ask whom it is time to ask, and keep whether anybody tells. The first fault ends it."""
        if self.standing.waits(self.progress.now()):
            return
        try:
            if self.standing.refusal is None or self._tells_again():
                self._ask_due(most)
        except (Retry, NeedsConsent, NotVerified, Broken) as fault:
            log.info("purposes of tenant %s are not told: %s", self.access.tenant, fault.code)
        if self.asked and not (self.part and self.refusal is not None):
            refusals.keep(self.access.connection, self.standing, self.refusal, self.progress.now())

    def until(self, others_until: datetime | None) -> datetime:
        """When somebody has to be asked again: now, where anybody is due."""
        now = self.progress.now()
        if self.standing.waits(now):
            return self.standing.until or now
        is_due = others_until is not None and self.tells_again
        if is_due or any(True for _ in _due(self.records, self.keys, self.kept, now)):
            return now
        untils = [row.until for row in self.kept.values()]
        return max(now, min(untils if others_until is None else (*untils, others_until)))

    def _tells_again(self) -> bool:
        self._listen(self._witnesses())
        if self.refusal is not None:
            return False
        self.tells_again = True
        refusals.forget(self.access.connection)
        self.kept = cache.kept(self.access.connection, self.records)
        return True

    def _ask_due(self, most: int) -> None:
        """Ask piece by piece, a small one first; where none of it tells, ask a few that would."""
        everybody_due = _due(self.records, self.keys, self.kept, self.progress.now())
        due = _most_telling(everybody_due, most, self.records, self.keys, self.kept)
        for piece in (due[:FEW], *(due[start : start + PIECE] for start in range(FEW, len(due), PIECE))):
            self._listen([object_id for object_id in piece if object_id not in self.asked])
            if self.refused and not self.tells:
                self._listen(self._witnesses())
            if self.refusal is not None:
                return

    def _listen(self, piece: Sequence[ExternalId]) -> None:
        """Ask some, write down what they say, and conclude from all that was said so far."""
        if not piece:
            return
        try:
            answers = outside.ask(self.progress.watch(self._answers(piece)))
        except NoMailboxes as fault:
            self.asked.update(piece)
            self.refusal = fault
            return
        self.asked.update(piece)
        self.tells = self.tells or any(isinstance(purpose, Purpose) for purpose in answers.purposes.values())
        if self.part and not self.tells and answers.refusal is not None:
            self.refusal = answers.refusal
            return
        self.kept |= cache.keep(self.access.connection, answers.purposes, self.keys, self.kept, self.progress.now())
        self.refused |= answers.refused
        if self.tells:
            self.refusal = None
        elif answers.refusal is not None:
            self.refusal = self._conclusion(answers.refusal)

    async def _answers(self, piece: Sequence[ExternalId]) -> MailboxAnswers:
        async with registry.build(self.access.kind, self.access.values) as connector:
            return await connector.purposes(piece)

    def _witnesses(self) -> list[ExternalId]:
        """Choose a few whose refusal says most: who told once, then whose mailbox is surely in the cloud."""

        def rank(object_id: ExternalId) -> tuple[int, float, ExternalId]:
            row = self.kept.get(object_id)
            is_known = row is not None and row.state is PurposeState.KNOWN
            return (*trust(self.records[object_id], is_known=is_known), object_id)

        return nsmallest(FEW, self.records.keys() - self.asked, key=rank)

    def _conclusion(self, refusal: MailrollError) -> MailrollError | None:
        """Say what it means that none tells. One refusal would be that mailbox's own, as long as another tells.

        Who is synced may have the mailbox on premises, and there the cloud refuses whatever is granted.
        """
        if any(self.records[object_id].synced is not True for object_id in self.refused):
            return refusal
        if self.access.hybrid:
            return None
        return MailrollError(
            "mailboxes_elsewhere",
            "No mailbox tells what it is for, and everybody who was asked comes from a directory on premises.",
            f"If the mailboxes are there, mark the connection as hybrid. If not: {refusal.help}",
        )
