"""The static addresses of a domain as a person looks through them: those whose review is due come first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from mailroll.directory.addresses import HELD
from mailroll.directory.models import Domain

PAGE = 100
"""Static addresses on one page."""

_BATCH = 2000

_STATIC = "u.domain_id = %(domain)s AND u.kind = 'static' AND u.owner_id IS NULL AND u.retired_at IS NULL"

_LISTED = f"""
    SELECT u.id, held.chief, held.aliases, u.display_name, n.responsible, n.note, n.review_on,
           coalesce(n.review_on < %(today)s, false) AS late
      FROM directory_user u
      LEFT JOIN directory_staticnote n ON n.user_id = u.id
     {HELD}
     WHERE {_STATIC} {{only}}
     ORDER BY late DESC, held.chief, u.id
"""  # noqa: S608 - the condition stands above

_SUM = f"""
    SELECT count(*), count(*) FILTER (WHERE n.review_on < %(today)s),
           min(n.review_on) FILTER (WHERE n.review_on >= %(today)s)
      FROM directory_user u LEFT JOIN directory_staticnote n ON n.user_id = u.id
     WHERE {_STATIC}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class ListedStatic:
    """A static address. `late`: its review was due before today."""

    id: UUID
    address: str
    aliases: tuple[str, ...]
    display_name: str
    owner: str
    note: str
    review: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class StaticSum:
    """How many there are, how many of them are late for review, and when the next one is to be reviewed."""

    number: int
    late: int
    review: date | None


def summed(domain: Domain, today: date) -> StaticSum:
    with connection.cursor() as cursor:
        cursor.execute(_SUM, {"domain": domain.id, "today": today})
        return StaticSum(*cursor.fetchone())


def page(domain: Domain, today: date, number: int) -> list[ListedStatic]:
    """Return one page; pages count from 1."""
    query = f"{_LISTED.format(only='')} LIMIT {PAGE} OFFSET %(first)s"
    with connection.cursor() as cursor:
        cursor.execute(query, {"domain": domain.id, "today": today, "first": (number - 1) * PAGE})
        return [_listed(row) for row in cursor]


def everything(domain: Domain, today: date) -> Iterator[ListedStatic]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_LISTED.format(only=""), {"domain": domain.id, "today": today})
        while batch := cursor.fetchmany(_BATCH):
            yield from map(_listed, batch)


def find(domain: Domain, today: date, user: UUID) -> ListedStatic | None:
    """Return one static address of a domain; None where it has none such."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTED.format(only="AND u.id = %(user)s"), {"domain": domain.id, "today": today, "user": user})
        row = cursor.fetchone()
    return None if row is None else _listed(row)


def by_address(domain: Domain, today: date, address: str) -> ListedStatic | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id FROM directory_address WHERE address = %s AND domain_id = %s AND ending_since IS NULL",
            [address, domain.id],
        )
        row = cursor.fetchone()
    return None if row is None else find(domain, today, row[0])


_Row = tuple[UUID, str | None, list[str] | None, str, str | None, str | None, date | None, bool]


def _listed(row: _Row) -> ListedStatic:
    key, address, aliases, name, owner, note, review, late = row
    return ListedStatic(key, address or "", tuple(aliases or ()), name, owner or "", note or "", review, late)
