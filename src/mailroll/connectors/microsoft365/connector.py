"""The connector for Microsoft 365: what can be asked of one tenant."""

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from random import Random, SystemRandom
from typing import Any, ClassVar, TypeVar

from mailroll.connectors.base import (
    EVERYBODY,
    NOTHING_SHOWN,
    AddressHolders,
    ConnectionHealth,
    End,
    GroupName,
    ListingMarks,
    MailboxAnswers,
    Members,
    ObjectTrace,
    PermissionState,
    RecordPage,
    RecordParts,
    Unread,
    WantedObjects,
)
from mailroll.connectors.meter import UnitMeter
from mailroll.connectors.microsoft365.facts.attributes import SELECTABLE, chosen
from mailroll.connectors.microsoft365.facts.records import external_id
from mailroll.connectors.microsoft365.graph.transport import Transport
from mailroll.connectors.microsoft365.graph.unit_admission import UnitAdmission
from mailroll.connectors.microsoft365.graph.verdicts import PERMISSION_MISSING
from mailroll.connectors.microsoft365.http.channel import Channel, Timeouts, malformed
from mailroll.connectors.microsoft365.http.patience import Patience, SystemClock, Timer
from mailroll.connectors.microsoft365.listing import sorts
from mailroll.connectors.microsoft365.listing.delta import Rounds, Tracked
from mailroll.connectors.microsoft365.listing.imprint import basis, combined
from mailroll.connectors.microsoft365.listing.objects import Objects, ObjectSort, identity_of
from mailroll.connectors.microsoft365.listing.tape import Tape
from mailroll.connectors.microsoft365.questions import places, purposes
from mailroll.connectors.microsoft365.questions.memberships import Memberships
from mailroll.connectors.microsoft365.questions.subscribed_products import with_products
from mailroll.connectors.microsoft365.questions.tenant import PATIENCE, Tenant
from mailroll.connectors.microsoft365.settings import GUID, ConnectionSettings
from mailroll.connectors.microsoft365.sign_in.login import Login
from mailroll.connectors.microsoft365.sign_in.token_cache import Kept
from mailroll.reconcile.addresses import Address, DomainName
from mailroll.reconcile.errors import NeedsConsent, NotVerified
from mailroll.reconcile.filters.attributes import Attribute
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.model import ExternalId, ObjectType, Record

_P = TypeVar("_P", RecordPage, int)


class Microsoft365:
    """Reads one tenant. Nothing it can send changes anything there."""

    attributes: ClassVar[tuple[Attribute, ...]] = tuple(selectable.attribute for selectable in SELECTABLE)

    def __init__(  # noqa: PLR0917 - what it is made of
        self,
        settings: ConnectionSettings,
        transport: Transport,
        login: Login,
        patience: Patience,
        clock: Timer,
        wanted_objects: WantedObjects,
    ) -> None:
        self._id = settings.tenant
        self._transport = transport
        self._login = login
        self._patience = patience
        self._clock = clock
        self._wanted = wanted_objects
        self._chosen = chosen(wanted_objects.attributes)
        self._products_read = False
        self._tape = Tape()
        self._skimmed = self._is_begun = False
        self._unread: tuple[ObjectType, ...] | None = None
        self._listings: Sequence[ObjectSort[Any]] = ()
        self._tenant = Tenant(transport)
        self._memberships = Memberships(settings.tenant, transport)
        self._delta = Rounds(settings, transport, self._tracked, lambda: sorts.candidates(wanted_objects), self._taped)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        settings: ConnectionSettings,
        *,
        wanted_objects: WantedObjects = EVERYBODY,
        clock: Timer | None = None,
        chance: Random | None = None,
        timeouts: Timeouts | None = None,
        pool: Kept | None = None,
        meter: UnitMeter | None = None,
    ) -> AsyncIterator["Microsoft365"]:
        """Give a connector for readings that hold what is wanted.

        `pool`: what earlier readings left, and this one leaves; else it has connections and a token of its own.
        `meter`: what its questions wait for, with those of all other readings of this process.
        """
        clock, chance = clock or SystemClock(), chance or SystemRandom()
        timeouts = timeouts or Timeouts()
        shared = None if pool is None else pool.lines.channel(settings.cloud, timeouts)
        opening = Channel.open(settings.cloud, timeouts) if shared is None else nullcontext(shared)
        async with opening as channel:
            patience = Patience(clock, chance)
            login = Login(settings, channel, patience, clock, None if pool is None else pool.tokens)
            transport = Transport(
                settings.cloud.graph,
                channel,
                login,
                patience=patience,
                clock=clock,
                chance=chance,
                known_count=wanted_objects.known,
                admission=None
                if meter is None
                else UnitAdmission(settings, meter, patience, clock, chance, users=wanted_objects.known),
            )
            yield cls(settings, transport, login, patience, clock, wanted_objects)

    async def check(self, *, afresh: bool = True, patience: float = PATIENCE) -> ConnectionHealth:
        """Ask one question per permission; `afresh` with a new token, as one at hand keeps the permissions of its day.

        `patience`: seconds for what is not required. Raises where nobody can sign in, and where no question at all was
        answered for another reason than consent.
        """
        if afresh:
            await self._login.renew()
        health = await self._tenant.check(patience=patience)
        if any(permission.state is PermissionState.MISSING for permission in health.permissions):
            self._login.forget()
        return health

    async def tenant(self) -> str:
        return (await self._tenant.organization()).id

    def evidence(self) -> Mapping[str, PermissionState]:
        return dict(self._transport.seen)

    async def domains(self) -> frozenset[DomainName]:
        return await self._tenant.domains()

    async def people(self, domain: DomainName) -> int:
        return await self._tenant.people(domain)

    async def roles(self, identity: str) -> frozenset[str] | None:
        return await self._tenant.roles(identity)

    async def read(self, kept_pages: Sequence[bytes] = (), *, outlined: bool = False) -> RecordParts:
        """Yield users, then groups and contacts as wanted; of one object every version that came, the last one counts.

        Where the permission for groups or contacts is missing, they are unread, and the reading is whole without them.
        """
        parts = self._followed(kept_pages, NOTHING_SHOWN, lambda objects: objects.listed(self._tape, outlined=outlined))
        async for part in parts:
            yield await self._completed(part) if isinstance(part, RecordPage) else part

    async def _followed(
        self, kept_pages: Sequence[bytes], before: ListingMarks, pages: Callable[[Objects[Any]], AsyncIterator[_P]]
    ) -> AsyncIterator[_P | Unread | End]:
        """Follow each listing to its end; where that is the end of all, what stands for the reading is known."""
        unread: list[ObjectType] = []
        for sort in await self._begin(kept_pages, before):
            try:
                async for page in pages(Objects(self._id, self._transport, sort)):
                    yield page
            except NeedsConsent as refusal:
                unread.append(_optional(sort, refusal).type)
                yield Unread(sort.type, refusal)
        self._unread = tuple(unread)
        yield End()

    async def decoded(self, type_: ObjectType, objects: Sequence[bytes]) -> RecordPage:
        return await self._completed((await self._objects(type_)).decoded(objects))

    async def _completed(self, page: RecordPage) -> RecordPage:
        """Complete a page by what is asked by id."""
        beyond = frozenset(ExternalId(f"{self._id}:{identity}") for identity in self._untold(page.records))
        return replace(page, records=await self._with_plans(page.records), beyond=beyond) if beyond else page

    async def basis(self) -> str:
        await self._users()
        return basis(self._id, self._wanted.attributes, self._chosen)

    @property
    def delta(self) -> Rounds:
        return self._delta

    async def skim(
        self, kept_pages: Sequence[bytes], count: Callable[[int], None], before: ListingMarks = NOTHING_SHOWN
    ) -> None:
        self._skimmed = False
        async for part in self._followed(kept_pages, before, lambda objects: objects.counted(self._tape)):
            if isinstance(part, int):
                count(part)
        self._skimmed = True

    def imprint(self) -> str | None:
        return None if self._unread is None else self._imprinted(self._unread)

    def trace(self, before: bytes | None = None) -> ObjectTrace | None:
        return self._tape.trace(before) if self._unread == () else None

    def marks(self) -> ListingMarks:
        return self._tape.marks()

    async def picked(self, ids: Collection[ExternalId]) -> RecordPage:
        return RecordPage.joined([await self._completed(page) for page in self._pages_of_ids(ids)])

    def again(self, ids: Collection[ExternalId]) -> list[Record]:
        return [record for page in self._pages_of_ids(ids) for record in page.records]

    def _pages_of_ids(self, ids: Collection[ExternalId]) -> Iterator[RecordPage]:
        names = {bytes.fromhex(self._object_id(record_id).replace("-", "")) for record_id in ids}
        for objects in (Objects(self._id, self._transport, sort) for sort in self._listings):
            if raws := objects.picked(self._tape, names):
                yield objects.decoded(raws)

    def keeps(self, objects: int) -> bool:
        return self._tape.objects() == objects

    def kept(self) -> tuple[bytes, ...]:
        return () if self._transport.is_late else self._tape.kept()

    async def find(self, ids: Mapping[ExternalId, ObjectType]) -> Mapping[ExternalId, Record | None]:
        """Ask for objects by id. Any doubt is an error: nobody is reported gone because of a failure.

        One that answers but cannot be read is there all the same: a record of which nothing is known.
        """
        records: dict[ExternalId, Record | None] = dict.fromkeys(ids)
        async for objects, raws in self._present(ids):
            for record in await self._with_plans(objects.known(raws)):
                if ids.get(record.id) is record.type:
                    records[record.id] = record
        return records

    async def find_raw(self, ids: Mapping[ExternalId, ObjectType]) -> Mapping[ExternalId, bytes | None]:
        raw_by_id: dict[ExternalId, bytes | None] = dict.fromkeys(ids)
        async for objects, raws in self._present(ids):
            for raw in raws:
                identity = identity_of(raw)
                if identity is None:
                    raise malformed("/directoryObjects/getByIds", "has an object without a readable id")
                name = external_id(self._id, identity)
                if ids.get(name) is objects.type:
                    raw_by_id[name] = raw
        return raw_by_id

    async def _present(self, ids: Mapping[ExternalId, ObjectType]) -> AsyncIterator[tuple[Objects[Any], list[bytes]]]:
        """Yield those that answer, by type."""
        types_by_id = {self._object_id(record_id): type_ for record_id, type_ in ids.items()}
        for type_ in ObjectType:
            identities = sorted(identity for identity, its_type in types_by_id.items() if its_type is type_)
            if identities:
                objects = await self._objects(type_)
                yield objects, await objects.present(identities)

    async def holding(self, address: Address) -> AddressHolders:
        """Ask for users, groups and contacts with an address; what may not be read is told, and fails nothing."""
        records: list[Record] = []
        unread: list[Unread] = []
        for sort in (await self._users(), sorts.GROUPS, sorts.CONTACTS):
            try:
                records += await self._with_plans(await Objects(self._id, self._transport, sort).holding(address))
            except NeedsConsent as refusal:
                unread.append(Unread(_optional(sort, refusal).type, refusal))
        return AddressHolders(tuple(records), tuple(unread))

    async def purposes(self, ids: Sequence[ExternalId]) -> MailboxAnswers:
        """Ask mailboxes what they are for. What cannot be told now is UNSET."""
        record_ids = {self._object_id(record_id): record_id for record_id in ids}
        answers, refused = await purposes.purposes(self._transport, self._patience, self._clock, tuple(record_ids))
        if refused:
            self._login.forget()
        known_purposes = {record_ids[identity]: purpose for identity, purpose in answers.items()}
        refused_ids = frozenset(record_ids[identity] for identity in refused)
        return MailboxAnswers(known_purposes, refused_ids, purposes.refusal() if refused else None)

    async def rooms(self) -> frozenset[Address]:
        return await places.rooms(self._transport)

    async def members(self, names: Collection[str]) -> Mapping[str, Members]:
        answers = await self._memberships.members(names)
        if any(isinstance(answer.problem, NeedsConsent) for answer in answers.values()):
            self._login.forget()
        return answers

    async def memberships(
        self, groups: Mapping[ExternalId, Collection[str]]
    ) -> Mapping[ExternalId, frozenset[str] | Unset]:
        record_ids = {self._object_id(record_id): record_id for record_id in groups}
        groups_by_user = {identity: groups[record_id] for identity, record_id in record_ids.items()}
        answers = await self._memberships.checked(groups_by_user)
        return {record_id: answers[identity] for identity, record_id in record_ids.items()}

    async def groups(self) -> Sequence[GroupName]:
        return await self._memberships.names()

    async def _with_plans(self, records: Sequence[Record]) -> tuple[Record, ...]:
        """Ask by id for the plans of users whose licences do not tell, and only for those.

        `getByIds` gives `assignedPlans` where they are selected, and User.Read.All is enough for users
        (microsoftgraph/microsoft-graph-docs#6783, microsoftgraph/microsoft-graph-docs-contrib#8798).
        Whoever does not answer has no plans to tell of: that stays unknown, and changes no kind.
        """
        identities = self._untold(records)
        if not identities:
            return tuple(records)
        plans = Objects(self._id, self._transport, sorts.PLANS)
        known_plans = {record.id: record for record in plans.known(await plans.present(identities))}
        return tuple(
            replace(record, mailbox_plan=known.mailbox_plan, plan_lapsed=known.plan_lapsed)
            if record.mailbox_plan is UNSET and (known := known_plans.get(record.id)) is not None
            else record
            for record in records
        )

    def _untold(self, records: Sequence[Record]) -> list[str]:
        """The users whose licences do not tell of a mailbox."""
        if self._chosen.subscriptions is None:
            return []
        return sorted(
            self._object_id(record.id)
            for record in records
            if record.type is ObjectType.USER and record.mailbox_plan is UNSET and record.proxies is not UNSET
        )

    def _imprinted(self, unread: Sequence[ObjectType]) -> str | None:
        """What stands for all that records are made of: the objects, what was asked for, and the tenant's products."""
        digests = self._tape.digests()
        if None in digests.values():
            return None
        return combined(basis(self._id, self._wanted.attributes, self._chosen), sorted(digests.items()), sorted(unread))

    async def _tracked(self) -> Sequence[Tracked]:
        """Begin a full reading, and say what is told of what comes after: the listing that follows asks the same."""
        await self._begin((), NOTHING_SHOWN)
        self._is_begun = True
        return list(sorts.tracked(self._wanted, (self._chosen.select,)))

    def _taped(self, kept_pages: Sequence[bytes]) -> Tape:
        """Begin a reading of changes."""
        self._transport.begin()
        self._tape = Tape(kept_pages)
        return self._tape

    async def _begin(self, kept_pages: Sequence[bytes], before: ListingMarks) -> Sequence[ObjectSort[Any]]:
        """Say what is read. Products are asked for each time: they change without any user changing.

        A reading behind a skimming is the same one still: its time runs on, and its question is the same. So is one
        before which cursors were taken.
        """
        if self._skimmed:
            self._transport.recount()
        elif not self._is_begun:
            self._transport.begin()
            self._products_read = False
        self._skimmed = self._is_begun = False
        self._unread = None
        # Of a directory that nobody is known of, nearly always nobody wants what stands for each object.
        self._tape = Tape(kept_pages, before, is_put_off=not self._wanted.known)
        optional_sorts = ((self._wanted.groups, sorts.GROUPS), (self._wanted.contacts, sorts.CONTACTS))
        self._listings = (await self._users(), *(sort for is_wanted, sort in optional_sorts if is_wanted))
        return self._listings

    async def _users(self) -> ObjectSort[Any]:
        if not self._products_read:
            self._chosen = await with_products(self._transport, chosen(self._wanted.attributes))
            self._products_read = True
        return sorts.users(self._chosen)

    async def _objects(self, type_: ObjectType) -> Objects[Any]:
        sort = await self._users() if type_ is ObjectType.USER else sorts.OTHERS[type_]
        return Objects(self._id, self._transport, sort)

    def _object_id(self, name: ExternalId) -> str:
        tenant, _, identity = name.partition(":")
        if tenant != self._id or not GUID.fullmatch(identity):
            raise NotVerified(
                "other_tenant",
                "An object of another tenant was asked for in this one.",
                "Nothing was asked. Report this.",
            )
        return identity


def _optional(sort: ObjectSort[Any], refusal: NeedsConsent) -> ObjectSort[Any]:
    """Return what a reading is whole without where its own permission is missing; raise the refusal of all else."""
    if sort.type is ObjectType.USER or refusal.code != PERMISSION_MISSING:
        raise refusal
    return sort
