"""Asks mailboxes what they are for, within a bound for each run, one at a time for each tenant."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from mailroll.connections import outside
from mailroll.connections.access import Access
from mailroll.connectors import registry
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import Broken, NeedsConsent, NotVerified, Retry
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, ObjectType, Record, Snapshot
from mailroll.sync.lock_session import locks
from mailroll.sync.progress import Progress
from mailroll.sync.purposes import cache
from mailroll.sync.purposes.cache import Answer, Kept

log = logging.getLogger(__name__)

AT_FIRST: Final = 200
"""Mailboxes asked while a person waits, or in the first run of a connection: seconds, not minutes."""
LATER: Final = 2_000
"""Mailboxes asked in an automatic run."""
PIECE: Final = 200
"""Answers written down together: what was heard before a fault is not lost."""


def told(
    snapshot: Snapshot, access: Access, accepts: frozenset[DomainName], progress: Progress, *, most: int
) -> Snapshot:
    """Return a reading with the purposes of the mailboxes of a domain, as far as they are known.

    1. Take what is kept and still holds.
    2. Ask for the most telling ones of the rest, at most `most`.
    Asking never fails a run: what cannot be heard is unknown.
    """
    keys = {record.id: cache.key_of(record) for record in snapshot.records if _asked_about(record, accepts)}
    if not keys:
        return snapshot
    records = {record.id: record for record in snapshot.records if record.id in keys}
    kept = cache.kept(access.connection, sorted(keys))
    now = progress.now()
    due = _due(records, keys, kept, now)[: min(most, AT_FIRST) if cache.empty(access.connection) else most]
    if due:
        # Exchange takes few questions at a time: while somebody asks this tenant, nobody else does.
        with locks.holding(f"mailroll:purposes:{access.tenant}") as lock:
            if lock is not None:
                kept |= _heard(access, due, keys, kept, progress)
    answers = {each: row.answer(keys[each]) for each, row in kept.items()}
    return replace(snapshot, records=tuple(_with(record, answers) for record in snapshot.records))


def remembered(snapshot: Snapshot, access: Access) -> Snapshot:
    """Return a reading with the purposes that are kept and still hold; nobody is asked."""
    keys = {record.id: cache.key_of(record) for record in snapshot.records if record.type is ObjectType.USER}
    kept = cache.kept(access.connection, sorted(keys))
    answers = {each: row.answer(keys[each]) for each, row in kept.items()}
    return replace(snapshot, records=tuple(_with(record, answers) for record in snapshot.records))


def _with(record: Record, answers: Mapping[ExternalId, Answer]) -> Record:
    answer = answers.get(record.id, UNSET)
    return record if answer is UNSET else replace(record, purpose=answer)


def _asked_about(record: Record, accepts: frozenset[DomainName]) -> bool:
    """Users with an address here; a guest's mailbox is in another organization."""
    if record.type is not ObjectType.USER or record.guest or record.proxies is UNSET:
        return False
    return any(proxy.text.rpartition("@")[2].strip().lower() in accepts for proxy in record.proxies)


def _due(
    records: Mapping[ExternalId, Record],
    keys: Mapping[ExternalId, str],
    kept: Mapping[ExternalId, Kept],
    now: datetime,
) -> list[ExternalId]:
    """Whom to ask, the most telling first: without a licence or sign-in, then changed, then new, then long ago."""

    def rank(each: ExternalId) -> tuple[int, float, ExternalId]:
        record, row = records[each], kept.get(each)
        if row is None:
            plain = record.mailbox_plan is True and record.account_enabled is not False
            return (2 if plain else 0), 0.0, each
        return (1 if row.key != keys[each] else 3), row.asked_at.timestamp(), each

    due = [each for each in keys if each not in kept or kept[each].key != keys[each] or not kept[each].fresh(now)]
    return sorted(due, key=rank)


def _heard(
    access: Access,
    due: Sequence[ExternalId],
    keys: Mapping[ExternalId, str],
    kept: Mapping[ExternalId, Kept],
    progress: Progress,
) -> dict[ExternalId, Kept]:
    """Ask piece by piece; the first fault ends it, and the rest stays as it is."""
    heard: dict[ExternalId, Kept] = {}

    async def ask(piece: Sequence[ExternalId]) -> Mapping[ExternalId, Answer]:
        async with registry.build(access.kind, access.values) as connector:
            return await connector.purposes(piece)

    for start in range(0, len(due), PIECE):
        try:
            answers = outside.ask(progress.watch(ask(due[start : start + PIECE])))
        except (Retry, NeedsConsent, NotVerified, Broken) as fault:
            log.info("purposes of tenant %s are not told: %s", access.tenant, fault.code)
            break
        heard |= cache.keep(access.connection, answers, keys, kept, progress.now())
    return heard
