"""What every connector is: attributes to filter by, and a reading that is whole or an error."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import chain
from struct import Struct, iter_unpack
from types import MappingProxyType
from typing import ClassVar, Final, NamedTuple, Protocol

from mailroll.connectors.delta import Delta
from mailroll.reconcile.addresses import Address, DomainName
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent
from mailroll.reconcile.filters.attributes import Attribute as Attribute  # noqa: PLC0414 - part of what a connector declares
from mailroll.reconcile.filters.attributes import AttributeType as AttributeType  # noqa: PLC0414
from mailroll.reconcile.known import Unset
from mailroll.reconcile.model import ExternalId, ObjectType, Outline, Purpose, Record, Unreadable


class NoMailboxes(Broken):
    """The directory has no mailboxes at all, so that nobody can be asked what one is for."""


class PermissionState(StrEnum):
    """Whether a permission is there; `unknown` where it could not be told."""

    GRANTED = "granted"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission that is needed, or useful and not `required`: why, and what to do where it is missing."""

    name: str
    state: PermissionState
    why: str
    fix: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class ConnectionHealth:
    """What a check of a connection found. `tenant` is what the directory says it is."""

    tenant: str
    tenant_name: str
    domains: frozenset[DomainName]
    permissions: tuple[Permission, ...]

    @property
    def required(self) -> int:
        return sum(permission.required for permission in self.permissions)

    @property
    def lacking(self) -> tuple[Permission, ...]:
        """Required permissions that are not known to be there: without them there is no sync."""
        return tuple(
            permission
            for permission in self.permissions
            if permission.required and permission.state is not PermissionState.GRANTED
        )


@dataclass(frozen=True, slots=True)
class WantedObjects:
    """What a reading shall hold beside users: attributes that filters name, and the other types of object.

    `members`: whether changes shall tell of members of groups, too. `known`: how many objects of the directory are
    known, by which the time that a reading may take is measured.
    """

    attributes: frozenset[str] = frozenset()
    groups: bool = False
    contacts: bool = False
    members: bool = False
    known: int = 0


EVERYBODY: Final = WantedObjects()
"""Users with what every reading has, and nothing more."""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A part of a reading. A part is not a snapshot.

    `beyond`: those of which more was asked than they hold. They may be others later
    although they come the same, as may those that are unreadable. `outlines`: objects that are told in outline.
    """

    records: tuple[Record, ...]
    unreadable: tuple[Unreadable, ...] = ()
    beyond: frozenset[ExternalId] = frozenset()
    outlines: Sequence[Outline] = ()

    def __len__(self) -> int:
        return len(self.records) + len(self.unreadable) + len(self.outlines)

    @classmethod
    def joined(cls, pages: Sequence["RecordPage"]) -> "RecordPage":
        return cls(
            tuple(record for page in pages for record in page.records),
            tuple(unreadable_object for page in pages for unreadable_object in page.unreadable),
            frozenset(record_id for page in pages for record_id in page.beyond),
        )


@dataclass(frozen=True, slots=True)
class BlockMarks:
    """What a listing leaves for a later one with the same question.

    `digest` stands for all of its objects, `blocks` for a few of them at a time, in their order.
    """

    digest: str
    blocks: bytes = field(repr=False)


_BOTH: Final = Struct("16s16s")
_ID: Final = "16s16x"
_IDS: Final = Struct(_ID * 500)
"""Several ids that are taken apart together: that takes a third less."""
_MANY: Final = 100_000
"""Objects from which on their ids are not all looked at together: a million would be 120 MB."""


@dataclass(frozen=True)
class ObjectTrace:
    """What stands for each object of a reading: 16 bytes that are its id, and 16 that are a hash of it as it came.

    `joined`: one after the other, by their listings, in the order in which they came. `others`: the ids of those that
    an earlier trace has otherwise, or has not, or has alone; None where it was compared with none. One that came twice,
    there or here, may be among them although it is the same.
    """

    joined: bytes = field(repr=False)
    others: frozenset[bytes] | None = field(repr=False)

    @cached_property
    def ids(self) -> frozenset[bytes] | None:
        """The ids of all; None where an object came in two versions."""
        end = len(self.joined) - len(self.joined) % _IDS.size
        last = iter_unpack(_ID, self.joined[end:])
        ids = frozenset(chain.from_iterable(chain(_IDS.iter_unpack(memoryview(self.joined)[:end]), last)))
        # That all are there once is told without looking at their hashes.
        if len(ids) * _BOTH.size != len(self.joined) and len(ids) != len(set(_BOTH.iter_unpack(self.joined))):
            return None
        return ids

    @property
    def is_clear(self) -> bool:
        """Whether no object came in two versions. Of many, never are all of them objects at a time."""
        if "ids" in vars(self) or len(self.joined) <= _MANY * _BOTH.size:
            return self.ids is not None
        parts = [bytearray() for _ in range(256)]
        for start in range(0, len(self.joined), _BOTH.size):
            parts[self.joined[start]] += self.joined[start : start + _BOTH.size]
        return all(ObjectTrace(bytes(part), None).ids is not None for part in parts)


ListingMarks = Mapping[str, BlockMarks]
"""By what a listing is asked with, in the order in which a trace has them."""
NOTHING_SHOWN: Final[ListingMarks] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Unread:
    """A type of object that was wanted and may not be read. Everything else of the reading stands."""

    type: ObjectType
    error: NeedsConsent


@dataclass(frozen=True, slots=True)
class AddressHolders:
    """The objects that have one address at this moment, and the types of object that may not be asked for it."""

    records: tuple[Record, ...]
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """The protocol's own mark that the reading is whole."""


RecordParts = AsyncIterator[RecordPage | Unread | End]


@dataclass(frozen=True, slots=True)
class Members:
    """Who is in a group, nested groups included; UNSET where that cannot be told, with the `problem` that says why.

    `group` is the name that the directory has for it, and `object` its id there, empty where none was found.
    """

    ids: frozenset[ExternalId] | Unset
    group: str = ""
    problem: MailrollError | None = None
    object: str = ""


@dataclass(frozen=True, slots=True)
class MailboxAnswers:
    """What mailboxes said they are for: None where there is none, UNSET where that cannot be told now.

    `refused` are those that answered that this application may not know, which may be each one's own policy;
    `refusal` is what it means where none tells.
    """

    purposes: Mapping[ExternalId, Purpose | Unset | None]
    refused: frozenset[ExternalId] = frozenset()
    refusal: NeedsConsent | None = None


class GroupName(NamedTuple):
    """How a group may be named in a filter: by the id of its object, by name, or by mail address (perhaps empty)."""

    id: str
    name: str
    mail: str


class Connector(Protocol):
    """A reader of one directory, made from plain settings, a transport and a clock.

    Every method raises one of the core's errors: `Retry`, `NeedsConsent`, `NotVerified`, `Broken`.
    """

    attributes: ClassVar[tuple[Attribute, ...]]

    async def check(self, *, afresh: bool = True) -> ConnectionHealth:
        """Tell consent, permissions and reachability, each with its fix.

        `afresh`: with a new token; else with the one at hand, which keeps the permissions of its time.
        """
        ...

    async def tenant(self) -> str:
        """Return the id that the directory itself gives as its own (lower-case GUID)."""
        ...

    def evidence(self) -> Mapping[str, PermissionState]:
        """Return by name which permissions were seen to be there, or not; of one that no question needed, nothing."""
        ...

    async def domains(self) -> frozenset[DomainName]:
        """Return the mail domains that the tenant has verified; no other may be synced."""
        ...

    def read(self, kept_pages: Sequence[bytes] = (), *, outlined: bool = False) -> RecordParts:
        """Yield every user, then every group and contact as wanted; only a consumed `End` makes the reading whole.

        `kept_pages`: what an earlier reading of this tenant left. Its pages come again as they were, and the reading
        goes on behind them; where that is not possible, it begins anew. `outlined`: whether pages may hold outlines.
        """
        ...

    async def decoded(self, type_: ObjectType, objects: Sequence[bytes]) -> RecordPage:
        """Make records of objects that came as they are, or were merged: what `read` makes of them."""
        ...

    async def basis(self) -> str:
        """Return what stands for all but the object itself that a record is made of: the products of the tenant.

        Under equal ones `decoded` makes equal records of equal objects, but for those of `RecordPage.beyond`.
        """
        ...

    @property
    def delta(self) -> Delta:
        """What tells changes."""
        ...

    async def skim(
        self, kept_pages: Sequence[bytes], count: Callable[[int], None], before: ListingMarks = NOTHING_SHOWN
    ) -> None:
        """Follow a reading to its end without decoding an object; `read` then gives what came, and asks for no page.

        `kept_pages`: as in `read`. `count` is told of every page how many objects it has. `before`: the `marks` of an
        earlier reading: objects that came then are not looked at.
        """
        ...

    def imprint(self) -> str | None:
        """Return what stands for the reading or skimming that came to its end: equal ones show equal records.

        Everything that records are made of is in it, but for those of `RecordPage.beyond`. None where listings do not
        tell; and where a skimming shows anything else than the one whose marks it was given, until its `trace` is
        known.
        """
        ...

    def trace(self, before: bytes | None = None) -> ObjectTrace | None:
        """Return what stands for each object of the reading or skimming that came to its end.

        `before`: what an earlier reading left, whose marks the skimming was given, and with which it is compared. None
        where an object has no id that can be told, or listings do not tell everything.
        """
        ...

    def marks(self) -> ListingMarks:
        """Return with what a later skimming is compared, of the reading or skimming that came to its end."""
        ...

    async def picked(self, ids: Collection[ExternalId]) -> RecordPage:
        """Make records of some of the objects that a skimming has just come by; nothing is asked for twice."""
        ...

    def again(self, ids: Collection[ExternalId]) -> Sequence[Record]:
        """Make records once more of objects that the reading has shown, all versions of them; nothing is asked.

        Those of `RecordPage.beyond` lack what more was asked.
        """
        ...

    def keeps(self, objects: int) -> bool:
        """Whether `again` can tell every object of the reading that came to its end, if so many came."""
        ...

    def kept(self) -> tuple[bytes, ...]:
        """Return what a later reading can go on from, once this one was ended by a `Retry`: a secret of the tenant."""
        ...

    async def find(self, ids: Mapping[ExternalId, ObjectType]) -> Mapping[ExternalId, Record | None]:
        """Ask for objects by id: the record where it answers, None where the directory says it is gone."""
        ...

    async def find_raw(self, ids: Mapping[ExternalId, ObjectType]) -> Mapping[ExternalId, bytes | None]:
        """Ask for objects by id as `find` does, and leave them as they come."""
        ...

    async def holding(self, address: Address) -> AddressHolders:
        """Ask which users, groups and contacts have an address now, without reading all of them."""
        ...

    async def purposes(self, ids: Sequence[ExternalId]) -> MailboxAnswers:
        """Ask what mailboxes of users are for. Whether a permission is missing, one answer cannot tell."""
        ...

    async def rooms(self) -> frozenset[Address]:
        """Return the addresses that the directory lists as rooms."""
        ...

    async def members(self, names: Collection[str]) -> Mapping[str, Members]:
        """Tell who is in groups that are named by id, address or name; every name gets an answer."""
        ...

    async def memberships(
        self, groups: Mapping[ExternalId, Collection[str]]
    ) -> Mapping[ExternalId, frozenset[str] | Unset]:
        """Tell which of some groups, by their objects' ids, each user is in: UNSET where that cannot be told now.

        One question for each user: for those whom a list of members lacks, and who would be left out for it.
        """
        ...

    async def groups(self) -> Sequence[GroupName]:
        """Return all groups there are, for whoever has to name one."""
        ...
