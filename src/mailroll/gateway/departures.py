"""Which addresses that a list no longer has went for a reason: what is missing without one is not believed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.db import connection


class Departures(Protocol):
    """Knows why addresses left the roll."""

    def mark(self, at: datetime) -> str:
        """Say where the moment under way stands, for whoever asks later what happened since."""

    def unaccounted(self, domain: UUID, name: str, addresses: Sequence[str], since: str) -> list[str]:
        """Return those of a domain's former addresses that nothing since a mark accounts for."""


# An entry's time is that of its transaction's beginning, and the list may have been made before its end.
_SLACK = timedelta(hours=1)

# A row that is still there has ended by the rules, or went over to another domain.
_UNACCOUNTED = """
    SELECT former.address
      FROM unnest(%(addresses)s::text[]) former (address)
     WHERE NOT EXISTS (SELECT FROM directory_address a WHERE a.address = former.address
                          AND (a.ending_since IS NOT NULL OR a.domain_id <> %(domain)s))
       AND NOT EXISTS (SELECT FROM audit_auditentry e WHERE e.at >= %(since)s
                          AND (e.details -> 'addresses' ? former.address
                               OR e.details ->> 'alias' IN (former.address, split_part(former.address, '@', 2))
                                  AND e.action IN ('user.alias_removed', 'domain.alias_removed')
                               OR e.action = 'domain.removed' AND e.subject = %(name)s))
     ORDER BY 1
"""


class StoredDepartures:
    """Looks at the rows themselves, and at what people noted."""

    def mark(self, at: datetime) -> str:
        return at.isoformat()

    def unaccounted(self, domain: UUID, name: str, addresses: Sequence[str], since: str) -> list[str]:
        begun = datetime.fromisoformat(since) - _SLACK
        with connection.cursor() as cursor:
            cursor.execute(_UNACCOUNTED, {"addresses": [*addresses], "domain": domain, "name": name, "since": begun})
            return [address for (address,) in cursor.fetchall()]
