"""Reads every connection of a domain, whole or not at all. The only part of a run that is asynchronous."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from mailroll.connectors import registry
from mailroll.connectors.base import Connector, End, Unread
from mailroll.reconcile.errors import Broken, MailrollError
from mailroll.reconcile.model import ExternalId, ObjectType, Reading, Record, Snapshot, Source, Unreadable


@dataclass(frozen=True, slots=True)
class Access:
    """What is needed to read one connection, away from the database. `values` hold the credential."""

    connection: UUID
    kind: str
    tenant: str
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One reading for each source, and what went wrong with which connection."""

    readings: tuple[Reading, ...]
    failures: tuple[MailrollError, ...]


class Counting(Protocol):
    """Is told how many objects have come, page by page."""

    def count(self, objects: int) -> None: ...


async def read(
    sources: Sequence[tuple[Source, Access]], known: Collection[ExternalId], read_at: datetime, counting: Counting
) -> Outcome:
    """Read each connection once, however many sources use it. `known`: the objects the roll has users of."""
    snapshots: dict[UUID, Snapshot | None] = {}
    failures: list[MailrollError] = []
    for _, access in sources:
        if access.connection in snapshots:
            continue
        try:
            snapshots[access.connection] = await _snapshot(access, known, read_at, counting)
        except MailrollError as error:
            snapshots[access.connection] = None
            failures.append(error)
    return Outcome(tuple(Reading(source, snapshots[access.connection]) for source, access in sources), tuple(failures))


async def _snapshot(access: Access, known: Collection[ExternalId], read_at: datetime, counting: Counting) -> Snapshot:
    """Read one connection.

    1. Ask who the tenant is and which domains it has proved.
    2. List every object, to the protocol's end mark.
    3. Ask by id for objects that the roll knows and the listing lacks, and for those it showed in two versions.
    """
    async with registry.build(access.kind, access.values) as connector:
        tenant = await connector.tenant()
        if tenant != access.tenant:
            # Somebody else's directory answered: not one object of it is read.
            return Snapshot(tenant, access.tenant, frozenset(), (), (), read_at)
        verified = await connector.domains()
        counting.count(0)
        listing = await _list(connector, counting)
        mine = {key for key in known if key.startswith(f"{access.tenant}:")}
        missing = mine - listing.records.keys() - {broken.id for broken in listing.unreadable}
        asked = await connector.find(dict.fromkeys(sorted(missing | listing.doubtful), ObjectType.USER))
    for key in listing.doubtful:
        answer = asked[key]
        if answer is not None:
            listing.records[key] = answer
        else:
            del listing.records[key]
    return Snapshot(
        tenant=tenant,
        expected_tenant=access.tenant,
        verified=verified,
        records=tuple(listing.records.values()),
        unreadable=tuple(listing.unreadable),
        read_at=read_at,
        asked={key: answer for key, answer in asked.items() if answer is None or key in missing},
    )


@dataclass(slots=True)
class _Listing:
    """Every object once. `doubtful`: shown twice in different versions, as a change came in between."""

    records: dict[ExternalId, Record] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    doubtful: set[ExternalId] = field(default_factory=set)


async def _list(connector: Connector, counting: Counting) -> _Listing:
    listing, whole = _Listing(), False
    async for part in connector.read(None):
        if isinstance(part, End):
            whole = True
            continue
        if isinstance(part, Unread):
            continue
        for record in part.records:
            if listing.records.setdefault(record.id, record) != record:
                listing.doubtful.add(record.id)
        listing.unreadable.extend(part.unreadable)
        counting.count(len(part.records) + len(part.unreadable))
    if not whole:
        raise Broken(
            "reading_not_whole",
            "The reading ended without the mark that it is whole.",
            "Nothing of it was used. Try again; if it stays so, report it.",
        )
    return listing
