"""What is kept of mailboxes: read for the objects of one reading, used where nothing has changed, written in bulk."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection as database

from mailroll.directory import arrays
from mailroll.reconcile import storage
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import ExternalId, Purpose, Record
from mailroll.sync.models import PurposeState

Answer = Purpose | Unset | None
_KEY_MAX: Final = 2**64 - 1

FRESH: Final = {PurposeState.KNOWN: timedelta(days=30), PurposeState.NONE: timedelta(days=1)}
"""How long an answer is not asked for again. A mailbox comes within hours of its licence; a purpose hardly changes."""
SHARES: Final = 6
"""On so many days mailboxes are asked again that told on one; whole days apart, so that a tenant is quiet meanwhile."""
PATIENCE: Final = timedelta(hours=1)
PATIENCE_MAX: Final = timedelta(days=7)
"""After an answer that told nothing: an hour, then twice as long each time."""


@dataclass(frozen=True, slots=True)
class KeptPurpose:
    """One answer as it is kept."""

    state: PurposeState
    purpose: Purpose | None
    key: str
    tries: int
    asked_at: datetime

    def answer(self, key: str) -> Answer:
        """What it says of an object as it is now: nothing, where licence, mail or sign-in are not what they were."""
        if self.key != key or self.state is PurposeState.UNKNOWN:
            return UNSET
        return self.purpose

    def fresh(self, now: datetime) -> bool:
        return self.asked_at <= now < self.until

    @property
    def until(self) -> datetime:
        """When it has to be asked again."""
        return self.asked_at + self.patience - timedelta(days=days_early(number_of(self.key), self.state))

    @property
    def patience(self) -> timedelta:
        """How long it is not asked for again at the most."""
        return FRESH.get(self.state) or min(PATIENCE * 2 ** min(self.tries, 16), PATIENCE_MAX)


def days_early(key: int, state: PurposeState) -> int:
    """How many days sooner than it has to be somebody is asked again. A key is a hash, so it spreads them."""
    return key % SHARES if state is PurposeState.KNOWN else 0


def key_of(record: Record) -> str:
    """Stand for what a purpose depends on: licence, mail, sign-in (64 bits, hexadecimal)."""
    return f"{key_with(record, record.mail):016x}"


def key_with(common: Record, mail: str | Unset | None) -> int:
    """As `key_of`, as a number, of a user who has all but the mail in common with others."""
    # Written so, and not by an encoder of lists: a run works out one for each of a million.
    facts = f'["{common.mailbox_plan}",{storage.quoted(str(mail))},"{common.account_enabled}"]'
    return int.from_bytes(hashlib.blake2b(facts.encode(errors="replace"), digest_size=8).digest(), "big")


def number_of(key: str) -> int:
    """A key as `key_with` has it; of one that is not ours any number, under which nobody is looked up."""
    try:
        return int(key, 16) & _KEY_MAX
    except ValueError:
        return hash(key) & _KEY_MAX


def kept(connection: UUID, objects: Iterable[ExternalId]) -> dict[ExternalId, KeptPurpose]:
    """Return what is kept of some objects of a connection."""
    if empty(connection):
        return {}
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT object, state, purpose, key, tries, asked_at FROM sync_mailboxpurpose"
            " WHERE object = ANY(%s::text[]) AND (connection_id = %s) IS TRUE",
            [arrays.texts(objects), connection],
        )
        return {
            ExternalId(object_id): KeptPurpose(
                PurposeState(state), Purpose(purpose) if purpose else None, key, tries, asked_at
            )
            for object_id, state, purpose, key, tries, asked_at in cursor.fetchall()
        }


def empty(connection: UUID) -> bool:
    """Whether nothing at all was ever asked of a connection."""
    with database.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT FROM sync_mailboxpurpose WHERE connection_id = %s)", [connection])
        (none,) = cursor.fetchone()
    return bool(none)


def stamp(connection: UUID, beside: Collection[ExternalId] = ()) -> str:
    """Return what stands for all that is kept of a connection, whenever it was asked: equal ones answer equally.

    `beside`: objects that are left out of it.
    """
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) || ':' || coalesce(sum(hashtextextended("
            "concat_ws(' ', object, state, purpose, key), 0)), 0) FROM sync_mailboxpurpose"
            " WHERE connection_id = %s AND NOT object = ANY(%s::text[])",
            [connection, arrays.texts(beside)],
        )
        (stamp_text,) = cursor.fetchone()
    return str(stamp_text)


def keep(
    connection: UUID,
    answers: Mapping[ExternalId, Answer],
    keys: Mapping[ExternalId, str],
    kept_purposes: Mapping[ExternalId, KeptPurpose],
    now: datetime,
) -> dict[ExternalId, KeptPurpose]:
    """Write answers down and return them. One that told nothing keeps what was known under the same key."""
    fresh = {
        object_id: _purpose_to_keep(answer, keys[object_id], kept_purposes.get(object_id), now)
        for object_id, answer in answers.items()
    }
    rows = [
        (object_id, row.state.value, row.purpose.value if row.purpose else "", row.key, row.tries)
        for object_id, row in sorted(fresh.items())
    ]
    if rows:
        with database.cursor() as cursor:
            cursor.execute(
                "INSERT INTO sync_mailboxpurpose (connection_id, asked_at, object, state, purpose, key, tries)"
                " SELECT %s, %s, * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::smallint[])"
                " ON CONFLICT (connection_id, object) DO UPDATE SET state = excluded.state, purpose = excluded.purpose,"
                " key = excluded.key, tries = excluded.tries, asked_at = excluded.asked_at",
                [connection, now, *_columns(rows)],
            )
    return fresh


def _purpose_to_keep(answer: Answer, key: str, before: KeptPurpose | None, now: datetime) -> KeptPurpose:
    if answer is not UNSET:
        return KeptPurpose(PurposeState.NONE if answer is None else PurposeState.KNOWN, answer, key, 0, now)
    if before is not None and before.key == key and before.state is not PurposeState.UNKNOWN:
        # Still what is known, and asked for again as if it had just been heard.
        return replace(before, asked_at=now)
    return KeptPurpose(PurposeState.UNKNOWN, None, key, (before.tries if before else 0) + 1, now)


def _columns(rows: Iterable[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
