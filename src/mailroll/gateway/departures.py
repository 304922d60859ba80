"""Which addresses that a list no longer has went for a reason: what is missing without one is not believed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import connection

from mailroll.gateway import losses
from mailroll.gateway.copy import Position


class DepartureReasons(Protocol):
    """Knows why addresses left the roll."""

    def mark(self, at: datetime) -> str:
        """Say where the moment under way stands, for whoever asks later what happened since."""

    def unaccounted(self, domain: UUID, name: str, addresses: Sequence[str], since: str) -> list[str]:
        """Return those of a domain's former addresses that nothing since a mark accounts for."""

    def erased(self, since: str) -> frozenset[UUID]:
        """Return the domains that were erased since a mark, or that went and whose loss a person stood for."""


# A row that is still there has ended by the rules.
_GONE = """
    SELECT former.address FROM unnest(%s::text[]) former (address)
     WHERE NOT EXISTS (SELECT FROM directory_address a
                        WHERE a.address = former.address AND a.domain_id = %s AND a.ending_since IS NOT NULL)
"""

# A domain that was only removed may be wanted back, with what gateways were told of it until then.
_ERASED = """
    SELECT d.domain_id FROM directory_departure d
     WHERE d.address = '' AND NOT pg_visible_in_snapshot(d.xid, %s::pg_snapshot)
       AND NOT EXISTS (SELECT FROM directory_domain still WHERE still.id = d.domain_id)
"""


class StoredDepartures:
    """Looks at the rows themselves, and at the ledger of what left on purpose."""

    def mark(self, at: datetime) -> str:
        with connection.cursor() as cursor:
            position = losses.position(cursor)
        return f"{position.database} {position.snapshot} {at.isoformat()}"

    def unaccounted(self, domain: UUID, name: str, addresses: Sequence[str], since: str) -> list[str]:
        position = _position(since)
        with connection.cursor() as cursor:
            cursor.execute(_GONE, [[*addresses], domain])
            missing_addresses = [address for (address,) in cursor.fetchall()]
            return sorted(losses.unaccounted(cursor, domain, name, missing_addresses, position))

    def erased(self, since: str) -> frozenset[UUID]:
        position = _position(since)
        with connection.cursor() as cursor:
            if losses.position(cursor).database != position.database:
                return frozenset()
            cursor.execute(_ERASED, [position.snapshot])
            return frozenset(domain for (domain,) in cursor.fetchall())


def _position(mark: str) -> Position:
    database, snapshot, at = mark.split(" ")
    return Position(database, snapshot, datetime.fromisoformat(at))
