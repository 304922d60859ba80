"""Readings that Microsoft asked to go on with later: what came of them is kept for the next one, sealed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection as database
from django.db import transaction

from mailroll.accounts import installation
from mailroll.connections.access import Access
from mailroll.connections.models import Connection
from mailroll.directory.models import Domain
from mailroll.reconcile.storage import sha256
from mailroll.sealing import SealingError
from mailroll.sync.models import UnfinishedPage, UnfinishedReading
from mailroll.sync.sources.asides import ReadingQuestion, Unfinished

_LEFT: Final = "SELECT FROM sync_unfinishedreading WHERE domain_id = %s LIMIT 1"
VALID = timedelta(hours=2)
"""How old the first page of a reading may be. How long Graph takes a page token is not published."""
_FORMAT: Final = 2
"""Of the pages, as connectors keep them: it goes up with any change. Processes of two releases may work at once."""


def take(domain: Domain, questions: Iterable[ReadingQuestion], now: datetime) -> dict[UUID, Unfinished]:
    """Return what readings of a domain left, by connection, and delete it: each goes on once. Call with the lock.

    What was read for another question, under other settings, with another permission or before what the roll holds
    now is only deleted, and so is what is too old.
    """
    questions_by_connection = {question.access.connection: question for question in questions}
    unfinished_by_connection: dict[UUID, Unfinished] = {}
    with database.cursor() as cursor:
        cursor.execute(_LEFT, [domain.id])
        if cursor.fetchone() is None:
            return {}
    rows = list(UnfinishedReading.objects.filter(domain=domain).select_related("connection"))
    for row in rows:
        question = questions_by_connection.get(row.connection_id)
        if question is not None and row.key == _key(domain, question, row.connection) and _counts(row, domain, now):
            pages = _opened(row, question.access)
            unfinished_by_connection |= {row.connection_id: Unfinished(pages, row.began_at)} if pages else {}
    UnfinishedReading.objects.filter(id__in=[row.id for row in rows]).delete()
    return unfinished_by_connection


def keep(
    domain: Domain, questions: Iterable[ReadingQuestion], unfinished_by_connection: Mapping[UUID, Unfinished]
) -> None:
    """Keep what a reading left of each connection. Call with the lock."""
    questions_by_connection = {question.access.connection: question for question in questions}
    if not unfinished_by_connection:
        return
    for connection in Connection.objects.filter(id__in=unfinished_by_connection.keys()):
        question, unfinished = questions_by_connection[connection.id], unfinished_by_connection[connection.id]
        with transaction.atomic():
            UnfinishedReading.objects.filter(domain=domain, connection=connection).delete()
            row = UnfinishedReading.objects.create(
                domain=domain,
                connection=connection,
                key=_key(domain, question, connection),
                began_at=unfinished.began_at,
            )
            # One at a time: sealed, a large tenant takes twice the memory.
            for page in _sealed(row, question.access, unfinished.pages):
                page.save(force_insert=True)


def came_further(before: Mapping[UUID, Unfinished], unfinished_by_connection: Mapping[UUID, Unfinished]) -> bool:
    """Whether a reading left more than it had gone on with."""
    return any(
        len(unfinished.pages) > (len(before[key].pages) if key in before else 0)
        for key, unfinished in unfinished_by_connection.items()
    )


def drop_old(now: datetime) -> None:
    """Delete what is too old to go on with: nobody may come for it."""
    UnfinishedReading.objects.exclude(began_at__range=(now - VALID, now)).delete()


def _counts(row: UnfinishedReading, domain: Domain, now: datetime) -> bool:
    newer = domain.read_at is not None and row.began_at <= domain.read_at
    return not newer and now - VALID <= row.began_at <= now


def _key(domain: Domain, question: ReadingQuestion, connection: Connection) -> str:
    """Stand for all that a reading depends on: settings of the domain, the question, the connection, what it may."""
    wanted_objects = question.wanted
    parts: list[object] = [
        _FORMAT,
        domain.revision,
        sorted(wanted_objects.attributes),
        wanted_objects.groups,
        wanted_objects.contacts,
        sorted(question.memberships),
        question.access.kind,
        connection.tenant_id,
        connection.client_id,
        connection.graph_url,
        connection.sealed_credential,
        connection.consent,
        # What is known to be missing: a first check that finds all of it granted is no news for a reading.
        sorted(
            permission["name"]
            for permission in connection.health.get("permissions", ())
            if permission["state"] == "missing"
        ),
    ]
    return sha256(parts)


def _sealed(row: UnfinishedReading, access: Access, pages: Iterable[bytes]) -> Iterator[UnfinishedPage]:
    sealer = installation.sealer()
    for number, page in enumerate(pages):
        yield UnfinishedPage(reading=row, number=number, sealed=sealer.seal(page, _context(row, access, number)))


def _opened(row: UnfinishedReading, access: Access) -> tuple[bytes, ...]:
    """Return the pages; none where one does not open here, as its key is gone or it was made for another place."""
    sealer = installation.sealer()
    pages = row.pages.order_by("number").values_list("number", "sealed")
    try:
        return tuple(sealer.open(sealed, _context(row, access, number)) for number, sealed in pages.iterator(100))
    except SealingError:
        return ()


def _context(row: UnfinishedReading, access: Access, number: int) -> str:
    return f"reading:{access.tenant}:{row.connection_id}:{row.domain_id}:{number}"
