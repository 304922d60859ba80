"""What is missing in the roll and who accounts for it: a row that vanished without a word is not believed gone.

A run that removes, an edit and the removal of a domain leave entries in the ledger of `directory/departures`; whoever
holds what gateways accepted, in memory or in a file, asks here before it lets go of an address.
"""

from collections.abc import Collection
from typing import Any, Final, Protocol
from uuid import UUID

from django.db import connection, transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.directory.models import Domain
from mailroll.gateway.copy import Position
from mailroll.gateway.models import MissingRows
from mailroll.reconcile.errors import BadInput

SAMPLE: Final = 20
"""Addresses that are named to people."""

_DATABASE: Final = (
    "SELECT system_identifier || '/' || (SELECT oid FROM pg_database WHERE datname = current_database()),"
    " pg_current_snapshot()::text, clock_timestamp() FROM pg_control_system()"
)

# What a reader could see already accounts for nothing: an address may have come back since.
_UNACCOUNTED: Final = """
    SELECT gone.address FROM unnest(%(gone)s::text[]) gone(address)
     WHERE NOT EXISTS (SELECT FROM directory_address a WHERE a.address = gone.address AND a.domain_id <> %(domain)s)
       AND NOT EXISTS (
           SELECT FROM directory_departure d
            WHERE d.domain_id = %(domain)s AND d.address IN (gone.address, '', %(name)s)
              AND NOT pg_visible_in_snapshot(d.xid, %(since)s::pg_snapshot))
"""


class Cursor(Protocol):
    """A cursor of Django or of psycopg."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...


def position(cursor: Cursor) -> Position:
    """Tell where the transaction under way stands. An address that is missing later was there as of this."""
    cursor.execute(_DATABASE)
    return Position(*cursor.fetchone())


def unaccounted(cursor: Cursor, domain: UUID, name: str, gone: Collection[str], since: Position) -> frozenset[str]:
    """Tell which of these addresses, gone from a domain since a position, nothing accounts for: they stay accepted.

    `name` is the domain's, whose own departure stands for all of its addresses. In another database than the one the
    position is of, no entry counts: its transactions have other numbers.
    """
    if not gone:
        return frozenset()
    if position(cursor).database != since.database:
        return frozenset(gone)
    values = {"gone": sorted(gone), "domain": domain, "name": name, "since": since.snapshot}
    cursor.execute(_UNACCOUNTED, values)
    return frozenset(address for (address,) in cursor.fetchall())


def report(domain: UUID, name: str, missing: Collection[str]) -> None:
    """Keep for people to see what is missing in a domain; nothing is missing any more where the list is empty."""
    if not missing:
        MissingRows.objects.filter(domain_id=domain).delete()
        return
    told = {"name": name, "count": len(missing), "sample": sorted(missing)[:SAMPLE]}
    MissingRows.objects.update_or_create(domain_id=domain, defaults=told)


def accept(name: str, acting: Acting) -> MissingRows:
    """Stand for everything that is missing in a domain: servers and files let go of it."""
    with transaction.atomic():
        missing = MissingRows.objects.select_for_update().filter(name=name).first()
        if missing is None:
            raise BadInput("nothing_missing", f"Nothing is missing in {name}.", "Nothing to do.")
        domain = Domain.objects.filter(id=missing.domain_id).first()
        about = Subject(missing.name, domain.organization_id if domain else None)
        note(acting, "domain.missing_accepted", about, count=missing.count, sample=list(missing.sample))
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO directory_departure (domain_id) VALUES (%s)", [missing.domain_id])
            cursor.execute("INSERT INTO gateway.feed (domain_id, address) VALUES (%s, '')", [missing.domain_id])
            cursor.execute("SELECT gateway.wake()")
        missing.delete()
    return missing
