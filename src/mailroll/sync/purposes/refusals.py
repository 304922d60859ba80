"""Whether the mailboxes of a tenant tell this application anything: kept, so that nobody is asked again in vain."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection as database

from mailroll.connections.models import Connection
from mailroll.connectors.base import PermissionState
from mailroll.reconcile import storage
from mailroll.reconcile.errors import MailrollError
from mailroll.sync.models import MailboxAccess, MailboxPurpose, PurposeState

PATIENCE: Final = timedelta(hours=1)
PATIENCE_MAX: Final = timedelta(days=1)
"""After a refusal by all: an hour, then twice as long each time. A permission may be granted without a word to us."""

# Put together by Django, with all columns of a connection, it takes five times as long; a run asks half a dozen times.
_GRANTS_AND_ACCESS: Final = """
    SELECT c.client_id, c.consent::text, c.hybrid, c.health::text, m.grants, m.refusal::text, m.tries, m.asked_at
      FROM connections_connection c LEFT JOIN sync_mailboxaccess m ON m.connection_id = c.id
     WHERE c.id = %s
"""


@dataclass(frozen=True, slots=True)
class AskingState:
    """How things stood when mailboxes were last asked, as far as nothing was granted since."""

    grants: str
    refusal: MailrollError | None = None
    tries: int = 0
    asked_at: datetime | None = None

    def waits(self, now: datetime) -> bool:
        return (until := self.until) is not None and now < until

    @property
    def until(self) -> datetime | None:
        """Until when nobody is asked; None where nothing stands against it."""
        if self.refusal is None or self.asked_at is None:
            return None
        patience: timedelta = min(PATIENCE * 2 ** min(self.tries - 1, 16), PATIENCE_MAX)
        return self.asked_at + patience


def standing(connection: UUID) -> AskingState:
    """Return how things stand. Where something was granted or taken away since, whoever told nothing is asked anew."""
    grants, access = _grants_and_access(connection)
    if access is None:
        return AskingState(grants)
    if access.grants != grants:
        forget(connection)
        return AskingState(grants)
    refusal = MailrollError(**access.refusal) if access.refusal else None
    return AskingState(grants, refusal, access.tries, access.asked_at)


def stamp(connection: UUID) -> list[object]:
    """Return what stands for how things stand, and for what is known to be granted now."""
    grants, access = _grants_and_access(connection)
    return [grants, None if access is None else [access.grants, access.refusal, access.tries]]


def forget(connection: UUID) -> None:
    """Forget whom nothing was heard from: there is a new reason to ask."""
    MailboxPurpose.objects.filter(connection=connection, state=PurposeState.UNKNOWN).delete()


def keep(connection: UUID, before: AskingState, refusal: MailrollError | None, now: datetime) -> None:
    MailboxAccess.objects.update_or_create(
        connection_id=connection,
        defaults={
            "grants": before.grants,
            "refusal": None if refusal is None else refusal.as_json(),
            "tries": 0 if refusal is None else min(before.tries + 1, 100),
            "asked_at": now,
        },
    )


def _grants_and_access(connection: UUID) -> tuple[str, MailboxAccess | None]:
    with database.cursor() as cursor:
        cursor.execute(_GRANTS_AND_ACCESS, [connection])
        row = cursor.fetchone()
    if row is None:
        raise Connection.DoesNotExist
    client_id, consent, hybrid, health, grants, refusal, tries, asked_at = row
    known_grants = _grants(client_id, json.loads(consent), json.loads(health), hybrid=hybrid)
    if grants is None:
        return known_grants, None
    refused = None if refusal is None else json.loads(refusal)
    return known_grants, MailboxAccess(
        connection_id=connection, grants=grants, refusal=refused, tries=tries, asked_at=asked_at
    )


def _grants(client_id: str, consent: Mapping[str, Any], health: Mapping[str, Any], *, hybrid: bool) -> str:
    """Stand for what is known to be granted (64 bits, hexadecimal): the last check, and the last consent."""
    granted = sorted(
        permission["name"]
        for permission in health.get("permissions", ())
        if permission["state"] == PermissionState.GRANTED
    )
    facts = [client_id, str(consent.get("at", "")), str(hybrid), *granted]
    return hashlib.blake2b(storage.canonical_json(facts).encode(), digest_size=8).hexdigest()
