"""Ends the subscriptions of connections that are parted with: a worker does it soon after, and tries once.

What that takes is kept sealed until then. One that could not be ended ends by itself in a week; what it brings until
then is about a row that is gone, and does nothing.
"""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from mailroll.accounts import installation
from mailroll.connections import credentials, outside
from mailroll.connections.models import ChangeSubscription, Connection, PartedSubscription
from mailroll.connectors import registry
from mailroll.reconcile.errors import MailrollError
from mailroll.sealing import SealingError

KEPT: Final = timedelta(hours=1)
"""After which a subscription is left to end by itself: no credential is kept for longer than that."""


def part(connections: QuerySet[Connection]) -> None:
    """Remember what is to be ended before these connections are deleted, in the transaction under way."""
    rows = ChangeSubscription.objects.filter(connection__in=connections).exclude(remote_id="")
    for row in rows.select_related("connection"):
        with suppress(MailrollError, SealingError):
            access = credentials.access(row.connection)
            parted = PartedSubscription(kind=access.kind, remote_id=row.remote_id)
            parted.sealed_access = installation.sealer().seal(json.dumps(dict(access.values)), _context(parted.id))
            parted.save()


def end_parted(now: datetime) -> None:
    """End those that wait, each once; the row goes first, so that no two workers do the same."""
    for row in PartedSubscription.objects.order_by("parted_at")[:20]:
        if not PartedSubscription.objects.filter(id=row.id).delete()[0] or now - row.parted_at > KEPT:
            continue
        with suppress(MailrollError, SealingError):
            values = json.loads(installation.sealer().open(row.sealed_access, _context(row.id)))
            outside.ask(_end_subscription(row.kind, values, row.remote_id))


async def _end_subscription(kind: str, values: dict[str, str], remote_id: str) -> None:
    async with registry.notices_of(kind, values) as notices:
        await notices.end(remote_id)


def _context(row: UUID) -> str:
    return f"parted:{row}"
