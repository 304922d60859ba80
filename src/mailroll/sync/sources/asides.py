"""What comes with one reading of a connection, and what a listing does not show: rooms, and members of groups."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from mailroll.connections.access import Access
from mailroll.connectors.base import (
    EVERYBODY,
    NOTHING_SHOWN,
    ConnectionHealth,
    Connector,
    ListingMarks,
    ObjectTrace,
    PermissionState,
    WantedObjects,
)
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent, Retry
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import ExternalId, ObjectType
from mailroll.reconcile.touched import Extent
from mailroll.sync.sources.gist import Gist
from mailroll.sync.sources.since import Since

# What these would have told stays as it was: a service beside the directory fails no reading of it.
UNHEARD = (Retry, NeedsConsent, Broken)
Beside = tuple[frozenset[Address], Mapping[str, frozenset[ExternalId] | Unset]]


@dataclass(frozen=True, slots=True)
class ReadingQuestion:
    """What is to be read of one connection: what its sources want, and the groups that their filters name."""

    access: Access
    wanted: WantedObjects = EVERYBODY
    memberships: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReadingGap:
    """What a reading had to do without: a type of object, or the members of a group that a filter names."""

    what: str
    error: MailrollError
    type: ObjectType | None = None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a reading left that was asked to come back later: pages as the connector keeps them, and its beginning."""

    pages: tuple[bytes, ...] = field(repr=False)
    began_at: datetime


@dataclass(frozen=True, slots=True)
class AskedById:
    """A reading that asked by id: which objects were told of, and which asked for.

    `gone`: those that were told as removed, then or earlier, and do not answer any more.
    """

    told: frozenset[ExternalId] = frozenset()
    asked: frozenset[ExternalId] = frozenset()
    gone: frozenset[ExternalId] = frozenset()

    def __or__(self, other: "AskedById") -> "AskedById":
        return AskedById(self.told | other.told, self.asked | other.asked, self.gone | other.gone)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What a listing leaves to look at once more, beside what its plan leaves open.

    `open`: who was asked for by id, or asked more about, as no listing shows the answer, and who was told of, as the
    listing may be behind.
    `gone`: those that were told as removed, or did not answer, and are not listed. `told`: anybody was told of now.
    """

    open: frozenset[ExternalId] = frozenset()
    gone: frozenset[ExternalId] = frozenset()
    told: bool = False

    def __or__(self, other: "Unsettled") -> "Unsettled":
        return Unsettled(self.open | other.open, self.gone | other.gone, told=self.told or other.told)


SETTLED: Final = Unsettled()


@dataclass(frozen=True, slots=True)
class EarlierListing:
    """What an earlier reading of a connection listed. `marks` and `trace` ask the database for it."""

    marks: Callable[[], ListingMarks]
    trace: Callable[[], bytes | None]

    @classmethod
    def unknown(cls, _connection: UUID | None = None) -> "EarlierListing":
        return cls(lambda: NOTHING_SHOWN, lambda: None)


@dataclass(slots=True)
class Aside:
    """What comes with one reading: what it had to do without, the ids of the groups that filters name, what it left.

    `before` is what an earlier one left, with which it goes on; `earlier` is what one listed, and `trace` what this one
    did, once that was looked at; `since` is what this one leaves, that the next need not list everything.
    `nothing_told`: the directory was asked what changed, and told of nothing. `health` is what the directory grants,
    where that was to be asked and it answered. `extent`: of whom alone it shows what was read. `by_id`: where nobody
    was listed, and those were asked for by id. `unsettled`: where all were.
    """

    before: Unfinished | None = None
    asks_health: bool = False
    earlier: EarlierListing = field(default_factory=EarlierListing.unknown)
    trace: ObjectTrace | None = None
    health: ConnectionHealth | None = None
    evidence: Mapping[str, PermissionState] | None = None
    lacking: list[ReadingGap] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    left: tuple[bytes, ...] = ()
    gist: Gist | None = None
    since: Since | None = None
    nothing_told: bool = False
    extent: Extent | None = None
    by_id: AskedById | None = None
    unsettled: Unsettled = SETTLED


async def ask_beside(connector: Connector, question: ReadingQuestion, aside: Aside) -> Beside:
    """Ask what a listing does not show."""
    return await rooms_of(connector), await memberships_of(connector, question.memberships, aside)


async def rooms_of(connector: Connector) -> frozenset[Address]:
    """The addresses of rooms; none where they cannot be read: who was seen to be a room stays one."""
    try:
        return await connector.rooms()
    except UNHEARD:
        return frozenset()


async def memberships_of(
    connector: Connector, group_names: frozenset[str], aside: Aside
) -> dict[str, frozenset[ExternalId] | Unset]:
    if not group_names:
        return {}
    try:
        members = await connector.members(group_names)
    except UNHEARD as refusal:
        aside.lacking += [ReadingGap(name, refusal) for name in sorted(group_names)]
        return dict.fromkeys(group_names, UNSET)
    aside.lacking += [
        ReadingGap(name, group_members.problem)
        for name, group_members in sorted(members.items())
        if group_members.problem is not None
    ]
    aside.groups |= {name: group_members.object for name, group_members in members.items() if group_members.object}
    return {name: group_members.ids for name, group_members in members.items()}
