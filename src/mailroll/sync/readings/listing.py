"""One listing of a connection: every object once, to the protocol's end mark, or what stands for them undecoded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from mailroll.connections import outside
from mailroll.connectors.base import Connector, End, ObjectTrace, Unread
from mailroll.reconcile.errors import Broken, NeedsConsent, Retry
from mailroll.reconcile.model import ExternalId, ObjectType, Record, Unreadable
from mailroll.sync.readings.whole_listing import WholeListing
from mailroll.sync.sources.asides import Aside


class Counting(Protocol):
    """Is told how many objects have come, page by page."""

    def count(self, objects: int) -> None: ...


@dataclass(slots=True)
class ObjectListing:
    """Every object once. `doubtful`: shown twice in different versions, as a change came in between.

    `beyond`: as `RecordPage` has it.
    """

    records: dict[ExternalId, Record] = field(default_factory=dict)
    beyond: set[ExternalId] = field(default_factory=set)
    unreadable: list[Unreadable] = field(default_factory=list)
    doubtful: dict[ExternalId, ObjectType] = field(default_factory=dict)
    unread: dict[ObjectType, NeedsConsent] = field(default_factory=dict)

    def note(self, records: Iterable[Record]) -> None:
        for record in records:
            if self.records.setdefault(record.id, record) != record:
                self.doubtful[record.id] = record.type


async def find(
    connector: Connector, ids: Mapping[ExternalId, ObjectType], aside: Aside
) -> Mapping[ExternalId, Record | None]:
    try:
        return await connector.find(ids)
    except Retry:
        aside.left = connector.kept()
        raise


async def skim(connector: Connector, counting: Counting, aside: Aside) -> str | None:
    """Follow the listing without decoding it; returns what stands for it."""
    before = await outside.later(aside.earlier.marks)()
    try:
        await connector.skim(aside.before.pages if aside.before else (), counting.count, before)
    except Retry:
        aside.left = connector.kept()
        raise
    if connector.imprint() is None:
        await traced(connector, aside)
    return connector.imprint()


async def traced(connector: Connector, aside: Aside) -> ObjectTrace | None:
    """Return what stands for each object of the listing that was skimmed, compared with the earlier one."""
    if aside.trace is None:
        aside.trace = connector.trace(await outside.later(aside.earlier.trace)())
    return aside.trace


async def list_all(
    connector: Connector, counting: Counting, aside: Aside, *, is_skimmed: bool, first: WholeListing | None = None
) -> ObjectListing:
    """List every object; of a listing that was skimmed all has come and was counted. `first`: holds few records."""
    listing, is_whole = ObjectListing(), False
    before = aside.before.pages if aside.before else ()
    try:
        async for part in connector.read(connector.kept() if is_skimmed else before, outlined=first is not None):
            match part:
                case End():
                    is_whole = True
                case Unread():
                    listing.unread[part.type] = part.error
                case _:
                    listing.note(part.records if first is None else first.take(part))
                    listing.unreadable.extend(part.unreadable)
                    listing.beyond |= part.beyond
                    if not is_skimmed:
                        counting.count(len(part))
    except Retry:
        aside.left = connector.kept()
        raise
    if not is_whole:
        raise Broken(
            "reading_not_whole",
            "The reading ended without the mark that it is whole.",
            "Nothing of it was used. Try again; if it stays so, report it.",
        )
    if first is not None and first.sieve is not None:
        if not connector.keeps(first.came):
            # It began anew on its way, or cannot be taken apart: what was let go could not be told again.
            first.forget()
            return await list_all(connector, counting, aside, is_skimmed=True)
        listing.note(first.rest())
    return listing
