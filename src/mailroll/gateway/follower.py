"""Brings a copy of the roll up to where the database stands: reads what changed, as one transaction sees all of it."""

import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from mailroll.directory.models import Serving
from mailroll.gateway import losses
from mailroll.gateway.answers import Life, Served
from mailroll.gateway.copy import DomainCopy, Image, Position, RollCopy

_Names = tuple[tuple[str, str], ...]

_AWAKE: Final = timedelta(hours=23)
"""How old a position may be that the feed still leads on from: it forgets after a day."""

_PAGE: Final = 5000
"""Addresses in one row of the answer: a row for each would keep the interpreter from answering gateways."""

# Domains that nobody has proved are served to nobody.
_PROVED: Final = "SELECT id FROM directory_domain WHERE proved_at IS NOT NULL"

# The database writes the lines of an image: address, tab, microseconds of both times or nothing.
_LINES: Final = f"""
    SELECT domain_id, string_agg(line, '' ORDER BY address)
      FROM (SELECT domain_id, address,
                   address || E'\\t' || CASE WHEN ending_since IS NULL THEN '' ELSE
                       (extract(epoch FROM ending_since) * 1000000)::bigint || ',' ||
                       coalesce((extract(epoch FROM confirmed_at) * 1000000)::bigint::text, '') END || E'\\n' AS line,
                   (row_number() OVER (PARTITION BY domain_id ORDER BY address) - 1) / {_PAGE} AS page
              FROM directory_address
             WHERE (%(all)s OR domain_id = ANY(%(domains)s)) AND domain_id IN ({_PROVED})) paged
     GROUP BY domain_id, page ORDER BY domain_id, page
"""  # noqa: S608 - of our own pieces

_DOMAINS: Final = """
    SELECT d.id, d.name, d.serving, d.plus_tags, d.has_source, d.read_at, d.stale_after, d.unicode_name,
           coalesce((SELECT array_agg(ARRAY[a.name, a.unicode_name] ORDER BY a.name) FROM directory_domainalias a
                      WHERE a.domain_id = d.id AND a.proved_at IS NOT NULL), '{}')
      FROM directory_domain d
     WHERE (%(all)s OR d.id = ANY(%(domains)s)) AND d.proved_at IS NOT NULL
"""

_WAITING: Final = f"""
    SELECT domain_id, array_agg(address) FROM directory_waitingaddress
     WHERE (%(all)s OR domain_id = ANY(%(domains)s)) AND domain_id IN ({_PROVED}) GROUP BY domain_id
"""  # noqa: S608 - of our own pieces

_SINGLE: Final = """
    SELECT asked.domain_id, asked.address, a.address IS NOT NULL, a.ending_since, a.confirmed_at,
           w.address IS NOT NULL
      FROM unnest(%s::uuid[], %s::text[]) asked(domain_id, address)
      LEFT JOIN directory_address a ON a.address = asked.address AND a.domain_id = asked.domain_id
      LEFT JOIN directory_waitingaddress w ON w.domain_id = asked.domain_id AND w.address = asked.address
"""

_FEED: Final = """
    SELECT DISTINCT domain_id, address FROM gateway.feed
     WHERE xid >= pg_snapshot_xmin(%(since)s::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, %(since)s::pg_snapshot)
"""

LOOSE: Final = 5_000
"""Changes of a domain that are kept beside its image before they are written into it."""


@dataclass(slots=True)
class TouchedRoll:
    """Where the roll changed since a position. `domains`: their rows and names; `whole`: all of their addresses."""

    everything: bool = False
    domains: set[UUID] = field(default_factory=set)
    whole: set[UUID] = field(default_factory=set)
    addresses: set[tuple[UUID, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class AddressRow:
    life: Life | None
    waits: bool


def follow(roll: RollCopy) -> bool:
    """Read what changed since the copy's position, and say whether anything did.

    1. Find where the roll changed, by what could not be seen before and can be seen now.
    2. Read that again, in the same view.
    3. Keep what vanished although nothing accounts for it, and report it.
    """
    with _one_view() as cursor:
        now = losses.position(cursor)
        touched = _touched(cursor, roll.position, now)
        if touched.everything:
            _read_all(cursor, roll, now.at)
        else:
            whole_domains = touched.whole | (touched.domains - roll.domains.keys())
            _read_domains(cursor, roll, touched.domains - whole_domains, now.at)
            _read_whole(cursor, roll, whole_domains, now.at)
            _read_rows(
                cursor, roll, {row_key for row_key in touched.addresses if row_key[0] not in whole_domains}, now.at
            )
            for domain in touched.domains:
                losses.forgive(cursor, roll, domain)
    losses.report_all(roll)
    before, roll.position = roll.position, now
    return before is None or touched != TouchedRoll()


def _read_all(cursor: CursorWrapper, roll: RollCopy, at: datetime) -> None:
    new = list(copies(cursor, None))
    for domain_copy in new:
        losses.keep_addresses(cursor, roll, domain_copy, at)
    missing_ids = roll.domains.keys() - {new_copy.served.id for new_copy in new}
    lost = list(losses.lost_domains(cursor, roll, missing_ids, at))
    roll.put([*new, *lost], missing_ids)


def _read_whole(cursor: CursorWrapper, roll: RollCopy, domains: set[UUID], at: datetime) -> None:
    if not domains:
        return
    new = list(copies(cursor, domains))
    for domain_copy in new:
        losses.keep_addresses(cursor, roll, domain_copy, at)
    missing_ids = (domains & roll.domains.keys()) - {new_copy.served.id for new_copy in new}
    roll.put([*new, *losses.lost_domains(cursor, roll, missing_ids, at)], missing_ids)


def _read_domains(cursor: CursorWrapper, roll: RollCopy, domains: set[UUID], at: datetime) -> None:
    """Read the rows and names of domains that are known, and leave their addresses as they are."""
    if not domains:
        return
    new: list[DomainCopy] = []
    for served, names in _domains(cursor, domains):
        domain_copy = replace(roll.domains[served.id], served=served, names=names)
        losses.keep_names(cursor, roll, domain_copy)
        new.append(domain_copy)
    missing_ids = domains - {new_copy.served.id for new_copy in new}
    roll.put([*new, *losses.lost_domains(cursor, roll, missing_ids, at)], missing_ids)


def _read_rows(cursor: CursorWrapper, roll: RollCopy, addresses: set[tuple[UUID, str]], at: datetime) -> None:
    changes: dict[UUID, dict[str, Life | None]] = {}
    for key, address, row in _rows(cursor, addresses):
        if (domain_copy := roll.domains.get(key)) is None:
            continue
        changes.setdefault(key, {})[address] = row.life
        (domain_copy.waiting.add if row.waits else domain_copy.waiting.discard)(address)
    for key, changed in changes.items():
        domain_copy = roll.domains[key]
        missing = {address: domain_copy.life(address) for address, life in changed.items() if life is None}
        roll.change(key, changed, losses.kept(cursor, roll, domain_copy, missing, at))
        if len(domain_copy.changes) > max(LOOSE, len(domain_copy.image) // 10):
            roll.put([replace(domain_copy, image=domain_copy.whole(), changes={})])


@contextmanager
def _one_view() -> Iterator[CursorWrapper]:
    """Read everything as of one moment; not inside of another transaction."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield cursor


def _touched(cursor: CursorWrapper, since: Position | None, now: Position) -> TouchedRoll:
    """Tell where to read again. Whoever has seen nothing, slept too long or was elsewhere reads everything."""
    if since is None or since.database != now.database or not now.at - since.at < _AWAKE:
        return TouchedRoll(everything=True)
    touched_roll = TouchedRoll()
    cursor.execute(_FEED, {"since": since.snapshot})
    for domain, address in cursor.fetchall():
        if domain is None:
            touched_roll.everything = True
        elif address is None:
            touched_roll.whole.add(domain)
        elif address == "":
            touched_roll.domains.add(domain)
        else:
            touched_roll.addresses.add((domain, address))
    return touched_roll


def _domains(cursor: CursorWrapper, domains: Collection[UUID] | None) -> Iterator[tuple[Served, _Names]]:
    """Read domains, or all, with the names they are asked by."""
    cursor.execute(_DOMAINS, _scope(domains))
    for key, name, serving, tags, has_source, read_at, stale_after, shown, aliases in cursor.fetchall():
        labels = [(name, shown), *aliases]
        names = tuple((spelling, label) for label, unicode in labels for spelling in (label, unicode) if spelling)
        row = Served(key, name, Serving(serving), tags, has_source, read_at, stale_after, empty=True)
        yield row, names


def copies(cursor: CursorWrapper, domains: Collection[UUID] | None) -> Iterator[DomainCopy]:
    """Read domains, or all, with all of their addresses."""
    domain_copies = {domain.id: DomainCopy(domain, names) for domain, names in _domains(cursor, domains)}
    cursor.execute(_WAITING, _scope(domains))
    for domain, addresses in cursor.fetchall():
        domain_copies[domain].waiting = set(addresses)
    # Row by row as they come, into one growing piece: otherwise all of them would stand in memory two or three times.
    lines, of = io.BytesIO(), None
    # A cursor of psycopg's own, as Django has no such thing.
    with connection.connection.cursor() as stream:
        for domain, page in stream.stream(_LINES, _scope(domains)):
            if domain != of:
                if of is not None:
                    domain_copies[of].image = Image(lines.getvalue())
                lines, of = io.BytesIO(), domain
                lines.write(b"\n")
            lines.write(page.encode())
    if of is not None:
        domain_copies[of].image = Image(lines.getvalue())
    yield from domain_copies.values()


def _rows(cursor: CursorWrapper, addresses: Collection[tuple[UUID, str]]) -> Iterator[tuple[UUID, str, AddressRow]]:
    """Read single addresses."""
    domains, texts = [domain for domain, _ in addresses], [address for _, address in addresses]
    cursor.execute(_SINGLE, [domains, texts])
    for domain, address, there, *life, waits in cursor.fetchall():
        yield domain, address, AddressRow(Life(*life) if there else None, waits)


def _scope(domains: Collection[UUID] | None) -> dict[str, bool | list[UUID]]:
    return {"all": domains is None, "domains": list(domains or ())}
