"""The connector for Microsoft 365: what can be asked of one tenant."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from random import Random, SystemRandom
from typing import ClassVar, Final, TypeVar

import msgspec

from mailroll.connectors.base import Cursor, End, Field, Health, Page, Permission, PermissionState
from mailroll.connectors.microsoft365 import permissions, wire
from mailroll.connectors.microsoft365.attributes import SELECTABLE, chosen, select
from mailroll.connectors.microsoft365.channel import Channel
from mailroll.connectors.microsoft365.decode import Decoded, PageDecoder
from mailroll.connectors.microsoft365.login import Login
from mailroll.connectors.microsoft365.network import Timeouts, session_for
from mailroll.connectors.microsoft365.pager import pages
from mailroll.connectors.microsoft365.patience import Clock, Patience, SystemClock
from mailroll.connectors.microsoft365.records import external_id, record, unreadable
from mailroll.connectors.microsoft365.settings import FIELDS, GUID, Settings
from mailroll.connectors.microsoft365.transport import Transport
from mailroll.connectors.microsoft365.verdicts import Absent, Expired
from mailroll.reconcile.addresses import DomainFault, DomainName, mail_domain
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent, NotVerified
from mailroll.reconcile.filters.attributes import Attribute
from mailroll.reconcile.model import ExternalId, ObjectType, Record, Unreadable

PAGE_SIZE: Final = 999
IDS_MAX: Final = 1_000
"""Ids that one question may hold (directoryObject: getByIds)."""
SINGLY_MAX: Final = 200
"""Ids that are asked for one by one where asking for many is not permitted."""
RESTARTS: Final = 2

_T = TypeVar("_T", bound=msgspec.Struct)
_R = TypeVar("_R")

_USER: Final = PageDecoder(wire.User, wire.Envelope[wire.User])
_DOMAIN: Final = PageDecoder(wire.Domain, wire.Envelope[wire.Domain])
_ORGANIZATION: Final = PageDecoder(wire.Organization, wire.Envelope[wire.Organization])
_MEMBERSHIP: Final = PageDecoder(wire.Membership, wire.Envelope[wire.Membership])
_COUNTED: Final = msgspec.json.Decoder(wire.Counted)
_ROLE: Final = "#microsoft.graph.directoryRole"


class Microsoft365:
    """Reads one tenant. Nothing it can send changes anything there."""

    fields: ClassVar[tuple[Field, ...]] = FIELDS
    attributes: ClassVar[tuple[Attribute, ...]] = tuple(each.attribute for each in SELECTABLE)

    def __init__(
        self, settings: Settings, transport: Transport, login: Login, *, attributes: Collection[str] = ()
    ) -> None:
        self._tenant = settings.tenant
        self._transport = transport
        self._login = login
        self._wanted = chosen(attributes)
        self._select = f"$select={select(self._wanted)}"

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        settings: Settings,
        *,
        attributes: Collection[str] = (),
        clock: Clock | None = None,
        chance: Random | None = None,
        timeouts: Timeouts | None = None,
    ) -> AsyncIterator["Microsoft365"]:
        """Give a connector with a session of its own. `attributes`: those that filters name, read on top."""
        clock, chance = clock or SystemClock(), chance or SystemRandom()
        async with session_for(settings.cloud, timeouts or Timeouts()) as session:
            channel, patience = Channel(session, settings.cloud.ca_file), Patience(clock, chance)
            login = Login(settings, channel, patience, clock)
            transport = Transport(settings.cloud.graph, channel, login, patience=patience, clock=clock, chance=chance)
            yield cls(settings, transport, login, attributes=attributes)

    async def check(self) -> Health:
        """Ask one question per permission, with a new token, as one at hand keeps the permissions of its day.

        Raises where nobody can sign in, and where no question at all was answered for another reason than consent.
        """
        await self._login.renew()
        organization, organization_state, fault = await _tried(self._organization)
        domains, domains_state, _ = await _tried(self.domains)
        _, users_state, _ = await _tried(self._probe_users)
        states = {
            permissions.USERS: users_state,
            permissions.DOMAINS: domains_state,
            permissions.ORGANIZATION: organization_state,
        }
        if fault is not None and set(states.values()) == {PermissionState.UNKNOWN}:
            raise fault
        return Health(
            tenant="" if organization is None else organization.id,
            tenant_name="" if organization is None else organization.display_name or "",
            domains=domains or frozenset(),
            permissions=tuple(Permission(need.name, states[need], need.why, need.fix) for need in permissions.NEEDS),
        )

    async def tenant(self) -> str:
        return (await self._organization()).id

    async def domains(self) -> frozenset[DomainName]:
        """Return verified domains but for Microsoft's own; one whose name is no mail domain is none."""
        found = await self._whole("domains?$select=id,isVerified", _DOMAIN)
        names = {mail_domain(domain.id) for domain in found if domain.is_verified}
        return frozenset(name for name in names if not isinstance(name, DomainFault))

    async def people(self, domain: DomainName) -> int:
        """Count the users whose own address lies in a domain, without reading them."""
        only = f"$filter=endsWith(mail,'@{domain}')&$count=true&$select=id&$top=1"
        try:
            return _COUNTED.decode((await self._transport.count(f"users?{only}")).body).count
        except msgspec.DecodeError as fault:
            raise Broken("answer_malformed", "The directory did not count its users.", "Try again later.") from fault

    async def roles(self, identity: str) -> frozenset[str] | None:
        """Return the templates of the directory roles a user holds; None where this application may not see them."""
        try:
            first = await self._transport.get(f"users/{identity}/transitiveMemberOf")
        except (NeedsConsent, Absent):
            return None
        found: set[str] = set()
        async for page in pages(self._transport, first, _MEMBERSHIP):
            for each in page.objects:
                if each.type != _ROLE:
                    continue
                if not isinstance(each.role_template_id, str):
                    return None
                found.add(each.role_template_id.lower())
        return frozenset(found)

    async def read(self, since: Cursor | None) -> AsyncIterator[Page | End]:  # noqa: ARG002 - no cursors are made yet
        """Yield every user, some of them more than once: the last word on an id is the one that counts.

        People move between pages while a listing goes on, and a listing whose link grew too old begins again. Who was
        in the part before and is gone since stays in the reading: the next one will miss them.
        """
        for restarts in range(RESTARTS + 1):
            try:
                first = await self._transport.get(f"users?{self._select}&$top={PAGE_SIZE}")
                async for page in pages(self._transport, first, _USER):
                    yield self._page(page)
                break
            except Expired:
                if restarts == RESTARTS:
                    raise
        yield End()

    async def find(self, ids: Collection[ExternalId]) -> Mapping[ExternalId, Record | None]:
        """Ask for users by id. Any doubt is an error: nobody is reported gone because of a failure.

        One that answers but cannot be read is there all the same: a record of which nothing is known.
        """
        named = {self._object_id(each): each for each in ids}
        found: dict[ExternalId, Record | None] = dict.fromkeys(named.values())
        for chunk in _chunks(sorted(named), IDS_MAX):
            for each in await self._present(chunk):
                if each.id in found:
                    found[each.id] = each
        return found

    async def _present(self, ids: Sequence[str]) -> list[Record]:
        """Return those of the users that exist.

        `getByIds` is documented as demanding Directory.Read.All, although User.Read.All answers for users: where it is
        refused, a few are asked for one by one.
        """
        question = json.dumps({"ids": ids, "types": ["user"]}).encode()
        try:
            first = await self._transport.get_by_ids(self._select, question)
        except NeedsConsent as refusal:
            if refusal.code != "permission_missing" or len(ids) > SINGLY_MAX:
                raise
            return [each for name in ids if (each := await self._single(name)) is not None]
        present: list[Record] = []
        async for page in pages(self._transport, first, _USER):
            readable = self._page(page)
            present += readable.records
            present += [_known_to_exist(each) for each in readable.unreadable]
        return present

    async def _single(self, identity: str) -> Record | None:
        try:
            answer = await self._transport.get(f"users/{identity}?{self._select}")
        except Absent:
            return None
        try:
            each = record(self._tenant, _USER.one.decode(answer.body), self._wanted)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return Record(external_id(self._tenant, identity), ObjectType.USER)
        return _known_to_exist(each) if isinstance(each, Unreadable) else each

    async def _organization(self) -> wire.Organization:
        found = await self._whole("organization?$select=id,displayName", _ORGANIZATION)
        if len(found) != 1 or not GUID.fullmatch(found[0].id.lower()):
            raise Broken(
                "answer_malformed",
                "The directory did not say which tenant it is.",
                "Nothing of it is used. Try again later.",
            )
        return wire.Organization(found[0].id.lower(), found[0].display_name)

    async def _probe_users(self) -> None:
        """Read one user with what matters: with less than the permission, Graph answers but leaves properties out."""
        answer = await self._transport.get("users?$select=id,proxyAddresses,assignedPlans&$top=1")
        async for page in pages(self._transport, answer, _USER):
            for user in page.objects:
                if user.proxy_addresses is msgspec.UNSET or user.assigned_plans is msgspec.UNSET:
                    raise NeedsConsent(
                        "permission_missing",
                        f"Users come without addresses or licences: {permissions.USERS.name} is missing.",
                        permissions.USERS.fix,
                    )
            if page.objects:
                break

    async def _whole(self, path: str, decoder: PageDecoder[_T]) -> list[_T]:
        """Return a short listing, in which one object that cannot be read is one too many."""
        found: list[_T] = []
        async for page in pages(self._transport, await self._transport.get(path), decoder):
            if page.spoiled:
                raise Broken("answer_malformed", page.spoiled[0].message, "Nothing of the answer is used.")
            found += page.objects
        return found

    def _page(self, page: Decoded[wire.User]) -> Page:
        readable, spoiled = [], [unreadable(self._tenant, each) for each in page.spoiled]
        for user in page.objects:
            each = record(self._tenant, user, self._wanted)
            if isinstance(each, Record):
                readable.append(each)
            else:
                spoiled.append(each)
        return Page(tuple(readable), tuple(spoiled))

    def _object_id(self, name: ExternalId) -> str:
        tenant, _, identity = name.partition(":")
        if tenant != self._tenant or not GUID.fullmatch(identity):
            raise NotVerified(
                "other_tenant",
                "A user of another tenant was asked for in this one.",
                "Nothing was asked. Report this.",
            )
        return identity


def _known_to_exist(each: Unreadable) -> Record:
    if each.id is None:
        raise Broken(
            "answer_malformed",
            "An object that was asked for came back without a readable id.",
            "Nobody is taken for gone. Try again later.",
        )
    return Record(each.id, ObjectType.USER)


async def _tried(question: Callable[[], Awaitable[_R]]) -> tuple[_R | None, PermissionState, MailrollError | None]:
    try:
        return await question(), PermissionState.GRANTED, None
    except NeedsConsent as refusal:
        return None, PermissionState.MISSING, refusal
    except MailrollError as fault:
        return None, PermissionState.UNKNOWN, fault


def _chunks(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
