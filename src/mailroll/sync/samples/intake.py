"""Takes a sample: one reading of a connection with everything that a filter can name."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from mailroll.connections import credentials, outside
from mailroll.connections.models import Connection
from mailroll.connectors import registry
from mailroll.connectors.base import GroupName, WantedObjects
from mailroll.connectors.urgency import Urgency, asked_by
from mailroll.reconcile.errors import MailrollError, NeedsConsent
from mailroll.reconcile.filters.attributes import AttributeType
from mailroll.reconcile.model import Snapshot
from mailroll.sync import faults, shared_units
from mailroll.sync.models import Sample
from mailroll.sync.purposes import mailbox_survey
from mailroll.sync.readings import reading
from mailroll.sync.samples import pack
from mailroll.sync.sources import asides
from mailroll.sync.sources.known import NOBODY

log = logging.getLogger(__name__)

GROUPS_MAX: Final = 2_000
"""Groups that are kept to choose from."""


class _Nobody:
    """Nobody watches how far a sample has come."""

    def count(self, objects: int) -> None: ...


def take(connection_id: UUID, now: datetime) -> None:
    """Read a connection and keep the sample, or why there is none. An edge: every fault ends in the row."""
    connection = Connection.objects.filter(id=connection_id).first()
    if connection is None:
        return
    try:
        take_now(connection_id, now)
    except MailrollError as error:
        log.info("the sample of connection %s came to nothing: %s", connection.id, error.code)
    except Exception as error:
        log.exception("the sample of connection %s failed", connection.id)
        _end(connection, now, error=faults.unexpected(error))


def take_now(connection_id: UUID, now: datetime) -> None:
    """Read a connection and keep the sample. Where that fails the reason is kept, and raised."""
    connection = Connection.objects.get(id=connection_id)
    # What waited for long may have been dropped meanwhile, with what else was asked for.
    row, _ = Sample.objects.get_or_create(connection=connection)
    try:
        data = _take_sample(connection, frozenset(row.memberships), now)
    except MailrollError as error:
        _end(connection, now, error=error.as_json())
        raise
    Sample.objects.filter(connection=connection).update(data=data, read_at=now, asked_at=None, error=None)


def names(kind: str) -> list[str]:
    """The attributes of a connector that are read of the directory itself."""
    attributes = registry.kind(kind).attributes
    return [
        attribute.name
        for attribute in attributes
        if attribute.type is not AttributeType.MEMBERSHIP and attribute.name != pack.KIND
    ]


def _end(connection: Connection, now: datetime, error: dict[str, str]) -> None:
    Sample.objects.filter(connection=connection).update(asked_at=None, read_at=now, data=None, error=error)


def _take_sample(connection: Connection, memberships: frozenset[str], now: datetime) -> bytes:
    access = credentials.access(connection)
    attribute_names = names(connection.kind)
    question = asides.ReadingQuestion(access, WantedObjects(attributes=frozenset(attribute_names)), memberships)
    shared_units.begin_try((connection,), now)
    with asked_by(Urgency.PERSON):
        snapshot, groups = outside.ask(_read_sample(question, now))
    return pack.pack(mailbox_survey.remembered(snapshot, access), attribute_names, groups[:GROUPS_MAX])


async def _read_sample(question: asides.ReadingQuestion, now: datetime) -> tuple[Snapshot, Sequence[GroupName]]:
    snapshot = await reading.snapshot(question, NOBODY, now, _Nobody(), asides.Aside())
    access = question.access
    async with registry.build(access.kind, access.values) as connector:
        try:
            return snapshot, await connector.groups()
        except NeedsConsent:
            return snapshot, ()
