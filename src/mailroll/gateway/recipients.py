"""The roll as gateways see it, read from the database address by address."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from mailroll.audit.actor import Acting
from mailroll.directory.models import Serving
from mailroll.gateway.answers import Life, Served, Verdict, answer
from mailroll.reconcile.text import storable

_SERVED = """
    SELECT d.id, named.name, d.serving, d.plus_tags, d.has_source, d.read_at, d.stale_after,
           NOT EXISTS (SELECT FROM directory_address a WHERE a.domain_id = d.id AND a.ending_since IS NULL)
      FROM gateway.named(%s) named
      JOIN directory_domain d ON d.id = named.domain_id
"""


class StoredRoll:
    """Asks the database for each address."""

    def served(self, name: str) -> Served | None:
        with connection.cursor() as cursor:
            cursor.execute(_SERVED, [name])
            row = cursor.fetchone()
        if row is None:
            return None
        key, named, serving, *rest = row
        return Served(key, named, Serving(serving), *rest)

    def life(self, domain: UUID, address: str) -> Life | None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ending_since, confirmed_at FROM directory_address WHERE address = %s AND domain_id = %s",
                [address, domain],
            )
            row = cursor.fetchone()
        return None if row is None else Life(*row)

    def waits(self, domain: UUID, address: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM directory_waitingaddress WHERE domain_id = %s AND address = %s)",
                [domain, address],
            )
            (waits,) = cursor.fetchone()
        return bool(waits)


def ask(asked: str, acting: Acting) -> Verdict:
    """Answer as every gateway is answered."""
    return ask_at(asked, acting.now())


def ask_at(asked: str, now: datetime) -> Verdict:
    """Answer for a moment. What no text of PostgreSQL holds, a NUL or half of a character, makes a text no address."""
    return answer(asked if storable(asked) == asked else "", StoredRoll(), now)
