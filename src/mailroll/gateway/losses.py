"""What is missing in the roll and who accounts for it: a row that vanished without a word is not believed gone.

A run that removes, an edit and the removal of a domain leave entries in the ledger of `directory/departures`; whoever
holds what gateways accepted, in memory or in a file, asks here before it lets go of an address.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from django.db import connection, transaction

from mailroll import log_context
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.directory.lifecycle import Stage, stage
from mailroll.directory.models import Domain
from mailroll.gateway.answers import Life
from mailroll.gateway.copy import DomainCopy, Image, Position, RollCopy
from mailroll.gateway.models import MissingRows
from mailroll.reconcile.errors import BadInput

SAMPLE: Final = 20
"""Addresses that are named to people."""

_ACCEPTED: Final = (Stage.IN_SERVICE, Stage.ENDING)
_log = logging.getLogger(__name__)

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


def unaccounted(cursor: Cursor, domain: UUID, name: str, addresses: Collection[str], since: Position) -> frozenset[str]:
    """Tell which of these addresses, gone from a domain since a position, nothing accounts for: they stay accepted.

    `name` is the domain's, whose own departure stands for all of its addresses. In another database than the one the
    position is of, no entry counts: its transactions have other numbers.
    """
    if not addresses:
        return frozenset()
    if position(cursor).database != since.database:
        return frozenset(addresses)
    values = {"gone": sorted(addresses), "domain": domain, "name": name, "since": since.snapshot}
    cursor.execute(_UNACCOUNTED, values)
    return frozenset(address for (address,) in cursor.fetchall())


def keep_addresses(cursor: Cursor, roll: RollCopy, new: DomainCopy, at: datetime) -> None:
    """Have a domain that was read anew keep what its copy had, where nothing accounts for what is missing."""
    old = roll.domains.get(new.served.id)
    if old is None:
        return
    missing = {**old.kept, **dict(old.whole().missing_in(new.image))}
    missing = {address: life for address, life in missing.items() if new.image.find(address) is None}
    new.kept = kept(cursor, roll, new, missing, at)
    keep_names(cursor, roll, new)


def kept(
    cursor: Cursor, roll: RollCopy, domain_copy: DomainCopy, missing: Mapping[str, Life | None], at: datetime
) -> dict[str, Life]:
    """Return those of the missing addresses that were accepted and for which nothing accounts."""
    return _unaccounted(cursor, roll, domain_copy, _accepted(missing, at))


def keep_names(cursor: Cursor, roll: RollCopy, new: DomainCopy) -> None:
    """Keep alias domains that vanished: without its name, a domain's mail is not even taken for ours."""
    old = roll.domains[new.served.id]
    names = {name for _, name in old.names} - {name for _, name in new.names}
    names -= _proved_names(cursor, names)
    lost = unaccounted(cursor, new.served.id, new.served.name, names, _since(roll))
    if lost:
        # Which they are, the Console shows: a log goes where nobody's name belongs.
        with log_context.bound(domain=new.served.id):
            _log.warning("%d alias domains vanished, and nothing accounts for them", len(lost))
        new.names = (*new.names, *(pair for pair in old.names if pair[1] in lost))


def lost_domains(cursor: Cursor, roll: RollCopy, domains: Iterable[UUID], at: datetime) -> Iterator[DomainCopy]:
    """Return those of the domains that vanished for which nothing accounts, as they were."""
    for key in domains:
        domain_copy = roll.domains[key]
        name = domain_copy.served.name
        if not _proved_names(cursor, [name]) and unaccounted(cursor, key, name, [name], _since(roll)):
            with log_context.bound(domain=key):
                _log.warning("a domain vanished, and nothing accounts for it")
            held = {**domain_copy.kept, **dict(domain_copy.whole().missing_in(Image()))}
            yield DomainCopy(domain_copy.served, domain_copy.names, kept=_accepted(held, at))


def forgive(cursor: Cursor, roll: RollCopy, domain: UUID) -> None:
    """Let go of what was kept where somebody accounts for it by now."""
    domain_copy = roll.domains.get(domain)
    if domain_copy is not None and domain_copy.kept:
        roll.put([replace(domain_copy, kept=_unaccounted(cursor, roll, domain_copy, domain_copy.kept))])


def _unaccounted(
    cursor: Cursor, roll: RollCopy, domain_copy: DomainCopy, missing: Mapping[str, Life]
) -> dict[str, Life]:
    gaps = unaccounted(cursor, domain_copy.served.id, domain_copy.served.name, missing.keys(), _since(roll))
    if gaps - domain_copy.kept.keys():
        with log_context.bound(domain=domain_copy.served.id):
            _log.warning("%d addresses vanished, and nothing accounts for them", len(gaps))
    return {address: life for address, life in missing.items() if address in gaps}


def _accepted(missing: Mapping[str, Life | None], at: datetime) -> dict[str, Life]:
    return {address: life for address, life in missing.items() if life is not None and stage(*life, at) in _ACCEPTED}


def _since(roll: RollCopy) -> Position:
    if roll.position is None:
        raise RuntimeError("a copy that was never filled lacks nothing")
    return roll.position


def _proved_names(cursor: Cursor, names: Collection[str]) -> set[str]:
    """Tell which of these names are a proved domain or a proved alias domain of anybody."""
    cursor.execute(
        "SELECT name FROM directory_domain WHERE name = ANY(%s) AND proved_at IS NOT NULL"
        " UNION SELECT name FROM directory_domainalias WHERE name = ANY(%s) AND proved_at IS NOT NULL",
        [list(names), list(names)],
    )
    return {name for (name,) in cursor.fetchall()}


def report_all(roll: RollCopy) -> None:
    """Keep for people to see what a copy lacks, where that is another number than when it was last reported."""
    missing = {key: domain_copy for key, domain_copy in roll.domains.items() if domain_copy.kept}
    for key in roll.reported.keys() - missing.keys():
        report(key, "", ())
        del roll.reported[key]
    for key, lacking_copy in missing.items():
        if roll.reported.get(key) != len(lacking_copy.kept):
            report(key, lacking_copy.served.name, lacking_copy.kept)
            roll.reported[key] = len(lacking_copy.kept)


def report(domain: UUID, name: str, missing: Collection[str]) -> None:
    """Keep for people to see what is missing in a domain; nothing is missing any more where the list is empty."""
    if not missing:
        MissingRows.objects.filter(domain_id=domain).delete()
        return
    defaults = {"name": name, "count": len(missing), "sample": sorted(missing)[:SAMPLE]}
    MissingRows.objects.update_or_create(domain_id=domain, defaults=defaults)


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
