"""The roll as lists are made of it, read from the database row by row: none is ever whole in memory."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from mailroll.directory.lifecycle import stage
from mailroll.directory.models import Serving
from mailroll.gateway.answers import Because, Roll, Served
from mailroll.gateway.lists import GROUNDS, ListedDomain, ListEntry, MailName, Moment
from mailroll.gateway.recipients import StoredRoll

_BATCH = 2000

_DOMAINS = """
    SELECT d.id, d.name, d.serving, d.plus_tags, d.has_source, d.read_at, d.stale_after,
           NOT EXISTS (SELECT FROM directory_address a WHERE a.domain_id = d.id AND a.ending_since IS NULL),
           d.organization_id, d.unicode_name,
           ARRAY(SELECT ARRAY[a.name, a.unicode_name] FROM directory_domainalias a
                  WHERE a.domain_id = d.id AND a.proved_at IS NOT NULL ORDER BY a.name)
      FROM directory_domain d
     WHERE d.proved_at IS NOT NULL
     ORDER BY d.name
"""

# An address that waits and has a row besides has come to its end: the later answer counts.
_ENTRIES = """
    SELECT a.address, a.user_id, a.is_primary, false AS waits, a.ending_since, a.confirmed_at
      FROM directory_address a
     WHERE a.domain_id = %(domain)s AND split_part(a.address, '@', 2) = ANY (%(names)s)
       AND gateway.stage(a.ending_since, a.confirmed_at, %(at)s) <> 'ended'
     UNION ALL
    SELECT w.address, NULL, false, true, NULL, NULL
      FROM directory_waitingaddress w
     WHERE w.domain_id = %(domain)s AND split_part(w.address, '@', 2) = ANY (%(names)s)
       AND NOT EXISTS (SELECT FROM directory_address a WHERE a.address = w.address AND a.domain_id = w.domain_id
                          AND gateway.stage(a.ending_since, a.confirmed_at, %(at)s) <> 'ended')
     ORDER BY 2 NULLS LAST, 3 DESC, 1
"""


class StoredListing:
    """Opens a transaction for each moment, whose rows are all as they were when it began."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    @contextmanager
    def moment(self) -> Iterator[Moment]:
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield StoredMoment(self._now(), StoredRoll())


@dataclass(frozen=True, slots=True)
class StoredMoment:
    at: datetime
    roll: Roll

    def domains(self) -> Sequence[ListedDomain]:
        with connection.cursor() as cursor:
            cursor.execute(_DOMAINS)
            return [_listed(row) for row in cursor.fetchall()]

    def entries(self, domain: ListedDomain) -> Iterator[ListEntry]:
        names = [name.label for name in domain.names]
        with connection.chunked_cursor() as cursor:
            cursor.execute(_ENTRIES, {"domain": domain.served.id, "names": names, "at": self.at})
            while rows := cursor.fetchmany(_BATCH):
                for address, holder, primary, waits, ending_since, confirmed_at in rows:
                    because = Because.WAITING if waits else GROUNDS[stage(ending_since, confirmed_at, self.at)]
                    yield ListEntry(address, because, holder, primary)


def _listed(row: tuple[Any, ...]) -> ListedDomain:
    key, name, serving, *rest, organization, unicode_name, aliases = row
    served_domain = Served(key, name, Serving(serving), *rest)
    return ListedDomain(
        served_domain, organization, (MailName(name, unicode_name), *(MailName(*alias) for alias in aliases))
    )
