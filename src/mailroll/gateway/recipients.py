"""The roll as gateways see it, read from the database address by address."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from mailroll.directory.models import Serving
from mailroll.gateway.answers import Life, Served, Verdict, answer, split
from mailroll.reconcile.text import storable

_SERVED = """
    SELECT d.id, named.name, d.serving, d.plus_tags, d.has_source, d.read_at, d.stale_after,
           NOT EXISTS (SELECT FROM directory_address a WHERE a.domain_id = d.id AND a.ending_since IS NULL)
           {also}
      FROM gateway.named(%s) named
      JOIN directory_domain d ON d.id = named.domain_id
"""
_BESIDE = f"""{_SERVED.format(also=", a.address, a.ending_since, a.confirmed_at")}
      LEFT JOIN directory_address a ON a.domain_id = d.id AND a.address = (%s || '@' || named.name) COLLATE "C"
"""


class StoredRoll:
    """Asks the database for each address."""

    def served(self, name: str) -> Served | None:
        with connection.cursor() as cursor:
            cursor.execute(_SERVED.format(also=""), [name])
            row = cursor.fetchone()
        return None if row is None else _served_domain(row)

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


class _RollOfOne(StoredRoll):
    """Asks for the one address that is looked up beside its domain."""

    def __init__(self, local: str) -> None:
        self._local = local
        self._found: dict[str, Life | None] = {}

    def served(self, name: str) -> Served | None:
        with connection.cursor() as cursor:
            cursor.execute(_BESIDE, [name, self._local])
            row = cursor.fetchone()
        if row is None:
            return None
        *about, address, ending_since, confirmed_at = row
        domain = _served_domain(about)
        self._found[f"{self._local}@{domain.name}"] = None if address is None else Life(ending_since, confirmed_at)
        return domain

    def life(self, domain: UUID, address: str) -> Life | None:
        return self._found[address] if address in self._found else super().life(domain, address)


def _served_domain(row: Sequence[Any]) -> Served:
    key, name, serving, *rest = row
    return Served(key, name, Serving(serving), *rest)


def ask(address: str, now: datetime) -> Verdict:
    """Answer as every gateway is answered.

    What no text of PostgreSQL holds, a NUL or half of a character, makes a text no address.
    """
    text = address if storable(address) == address else ""
    return answer(text, _RollOfOne(split(text)[0]), now)
