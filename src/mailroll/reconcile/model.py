"""The values of the core: what a source says (records, readings), and what the roll holds (users)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, NewType
from uuid import UUID

from mailroll.reconcile.addresses import Address, DomainName, ProxyAddress
from mailroll.reconcile.filters.judgement import Filter
from mailroll.reconcile.known import UNSET, Unset, Value
from mailroll.reconcile.reasons import ReasonCode

ExternalId = NewType("ExternalId", str)
"""`tenant:object`, both as lower-case GUIDs: the only identity a person has across renames."""


class ObjectType(StrEnum):
    """What an object of the outside directory is."""

    USER = "user"
    GROUP = "group"
    CONTACT = "contact"


class Purpose(StrEnum):
    """What a mailbox is for, as its own directory says."""

    USER = "user"
    LINKED = "linked"
    SHARED = "shared"
    ROOM = "room"
    EQUIPMENT = "equipment"
    OTHERS = "others"


class Kind(StrEnum):
    """What an entry of the roll stands for. Words that operators see."""

    USER = "user"
    SHARED = "shared"
    ROOM = "room"
    EQUIPMENT = "equipment"
    LINKED = "linked"
    OTHERS = "others"
    SHARED_OR_RESOURCE = "shared-or-resource"
    UNLICENSED = "unlicensed"
    AGENT = "agent"
    GROUP = "group"
    CONTACT = "contact"
    STATIC = "static"


BILLABLE_KINDS: Final = frozenset({Kind.USER, Kind.LINKED})


@dataclass(frozen=True, slots=True)
class Record:
    """One object as the outside directory has it. A field that the answer lacked is UNSET, never empty.

    `proxies`: its addresses in the order given, the primary one marked. `mailbox_plan`: whether a service plan with a
    mailbox is assigned and has not ended. `plan_lapsed`: it has only such plans as nobody pays for any more, whose
    mailboxes are kept for a while. `agent`: it is the account of a program that acts as a person does. `purpose`: what
    the mailbox is for; None where it is known that there is none. `place`: whether the directory lists it as a room.
    `synced`: whether it comes from a directory on premises. `mail_enabled` and `form` are of groups: whether mail can
    be sent to it, and which sort of group it is. `attributes`: what filters may name, by the connector's own names.
    `flaws`: properties that could not be taken as they were sent, and were shortened, replaced or left unset.
    """

    id: ExternalId
    type: ObjectType
    proxies: tuple[ProxyAddress, ...] | Unset = UNSET
    mail: str | Unset | None = UNSET
    display_name: str | Unset | None = UNSET
    mailbox_plan: bool | Unset = UNSET
    guest: bool | Unset = UNSET
    purpose: Purpose | Unset | None = UNSET
    place: bool | Unset = UNSET
    account_enabled: bool | Unset | None = UNSET
    synced: bool | Unset | None = UNSET
    mail_enabled: bool | Unset | None = UNSET
    form: str = ""
    plan_lapsed: bool = False
    agent: bool = False
    attributes: Mapping[str, Value | Unset] = field(default_factory=dict)
    flaws: tuple[str, ...] = ()


class Outline(NamedTuple):
    """One object in outline, before a record is made of it: what many have in common is worked out once.

    `entries`: its addresses as Exchange writes them, in the order given. `common`: a record of all else that is known.
    """

    id: ExternalId
    display_name: str | None
    mail: str | None
    entries: list[str]
    common: Record

    @property
    def record(self) -> Record:
        common = self.common
        return Record(
            self.id,
            common.type,
            tuple([ProxyAddress.parse(entry) for entry in self.entries]),
            self.mail,
            self.display_name,
            common.mailbox_plan,
            common.guest,
            common.purpose,
            common.place,
            common.account_enabled,
            common.synced,
            common.mail_enabled,
            common.form,
            common.plan_lapsed,
            common.agent,
            common.attributes,
            common.flaws,
        )


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An object of the answer that could not be read. Without an `id` the whole reading is in doubt.

    `name` and `addresses`: what is known of it all the same, as it was sent.
    """

    id: ExternalId | None
    code: str
    message: str
    name: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All records of one reading of one tenant, whole, with the time it began (aware, UTC).

    `tenant` is what the directory itself said it is, `expected_tenant` what the connection is bound to.
    `verified` are the mail domains the tenant has proved. `asked` holds the objects that the listing lacked, or
    showed without an address they have, and that were then asked for by id: the record if it answered after all, None
    if it is gone. `memberships` are the
    members of the groups that filters name, nested ones included, by the name the filter uses: UNSET where they
    cannot be told. `unlisted` are objects that lists of members lack and of which nobody could tell whether they are
    members all the same. `unread` are the types of object that could not be read. `hybrid`: mailboxes of this tenant
    may lie on premises, where it cannot see them.
    """

    tenant: str
    expected_tenant: str
    verified: frozenset[DomainName]
    records: tuple[Record, ...]
    unreadable: tuple[Unreadable, ...]
    read_at: datetime
    asked: Mapping[ExternalId, Record | None] = field(default_factory=dict)
    memberships: Mapping[str, frozenset[ExternalId] | Unset] = field(default_factory=dict)
    unlisted: frozenset[ExternalId] = frozenset()
    unread: frozenset[ObjectType] = frozenset()
    hybrid: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """What a source takes of a directory: the users that its filter selects, and which other objects.

    Groups and contacts receive mail for many, so a filter on people does not judge them.
    """

    filter: Filter | None = None
    groups: bool = True
    contacts: bool = True
    guests: bool = False


EVERYTHING: Final = Selection()


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A User Source on a domain, as the core sees it. A lower `precedence` is tried first; `tenant`: what it reads."""

    id: UUID
    label: str
    group: str
    precedence: int
    adopts: bool = False
    selection: Selection = EVERYTHING
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A source and what was read for it; None where it could not be read in this run.

    `more`: it takes objects that the snapshot leaves out, as nothing about them is new. `filtered`: its filter leaves
    others out.
    """

    source: SourceSpec
    snapshot: Snapshot | None
    more: bool = False
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """The domain a run is for. `accepts`: the domain and its alias domains. `siblings`: the other domains of the
    Console that read the same tenants, so that a person with addresses in several is billed once. `removed`: owners
    whose source a person took away: users of theirs in service are to follow. `exempt`: objects that nobody in the roll
    stands for and that are to stay out of it. `unproved`: domains of ours that no tenant proves in this reading.
    """

    id: UUID
    domain: DomainName
    accepts: frozenset[DomainName]
    siblings: frozenset[DomainName] = frozenset()
    removed: frozenset[UUID] = frozenset()
    exempt: frozenset[ExternalId] = frozenset()
    unproved: frozenset[DomainName] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """What the roll says of one user: everything a change can change, and nothing else.

    `primary` is None only where every address moved on to another user; `former` keeps those it had. `rule` is what
    decided the kind; `object_type` says what `external_id` is of, whatever kind a person gave it. `kept`: a person
    restored it, and no run retires it until it is listed again.
    """

    external_id: ExternalId | None
    owner: UUID | None
    display_name: str
    kind: Kind
    billable: bool
    group: str
    primary: Address | None
    aliases: tuple[Address, ...]
    former: tuple[Address, ...] = ()
    retired: bool = False
    rule: ReasonCode | None = None
    object_type: ObjectType | None = None
    kept: bool = False

    @property
    def addresses(self) -> tuple[Address, ...]:
        return (() if self.primary is None else (self.primary,)) + self.aliases


@dataclass(frozen=True, slots=True)
class RollUser:
    """A user of the roll as loaded: its state, what people decided about it, and its row's content hash."""

    id: UUID
    state: State
    hash: str
    pinned: bool = False
    exempt: bool = False
    kind_by_hand: bool = False
    group_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """Users in service, how many of them are billed, and the addresses they have."""

    users: int = 0
    billable: int = 0
    addresses: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.users + other.users, self.billable + other.billable, self.addresses + other.addresses)


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many users a roll has, by who keeps them: the sources, by owner, and people; static ones apart.

    `owned`: whether it has any that a source made, retired ones too.
    """

    sources: Mapping[UUID, Sum] = field(default_factory=dict)
    by_hand: Sum = Sum()
    static: Sum = Sum()
    owned: bool = False

    @property
    def managed(self) -> Sum:
        return sum(self.sources.values(), Sum())

    @property
    def whole(self) -> Sum:
        return self.managed + self.by_hand + self.static


@dataclass(frozen=True, slots=True)
class Current:
    """The roll of one domain as loaded: all of its users, or those that a plan may touch and the `rest` as a census.

    `owners`: what people call the sources of its users, those that are not read in this run too. `elsewhere`: holders
    of wanted addresses outside this domain, once it is known which are wanted (`pipeline.ask_elsewhere`). `ending`:
    addresses that only end, and of which no reading has confirmed yet that they are gone, with who had them.
    """

    users: tuple[RollUser, ...]
    owners: Mapping[UUID, str] = field(default_factory=dict)
    elsewhere: Mapping[Address, str] = field(default_factory=dict)
    ending: Mapping[Address, UUID] = field(default_factory=dict)
    rest: Headcount = Headcount()
