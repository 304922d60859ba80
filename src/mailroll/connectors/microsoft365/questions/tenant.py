"""What a tenant grants, found out by asking one question for each permission."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeVar

import msgspec

from mailroll.connectors.base import ConnectionHealth, NoMailboxes, Permission, PermissionState
from mailroll.connectors.consent import Need
from mailroll.connectors.microsoft365.facts import wire
from mailroll.connectors.microsoft365.facts.decode import PageDecoder
from mailroll.connectors.microsoft365.graph import permissions
from mailroll.connectors.microsoft365.graph.transport import BATCH_MAX, Transport
from mailroll.connectors.microsoft365.graph.verdicts import NoSuchObject
from mailroll.connectors.microsoft365.http.channel import OK, malformed
from mailroll.connectors.microsoft365.listing.listings import listed, pages, whole
from mailroll.connectors.microsoft365.questions.purposes import answered, refuses
from mailroll.connectors.microsoft365.settings import GUID
from mailroll.reconcile.addresses import DomainFault, DomainName, mail_domain
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent

_R = TypeVar("_R")
_T = TypeVar("_T", bound=msgspec.Struct)

_USER: Final = PageDecoder(wire.GraphUser)
_GROUP: Final = PageDecoder(wire.GraphGroup)
_CONTACT: Final = PageDecoder(wire.GraphContact)
_MEMBER: Final = PageDecoder(wire.Member)
_DOMAIN: Final = PageDecoder(wire.GraphDomain)
_ORGANIZATION: Final = PageDecoder(wire.GraphOrganization)
_MEMBERSHIP: Final = PageDecoder(wire.GraphMembership)
_COUNTED: Final = msgspec.json.Decoder(wire.GraphCount)
_ROLE: Final = "#microsoft.graph.directoryRole"
_USER_SELECT: Final = "id,proxyAddresses,assignedPlans,onPremisesSyncEnabled"
PATIENCE: Final = 5.0
"""Seconds that a check waits for what is not required, all questions at once."""


class Tenant:
    """What a tenant says of itself."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def organization(self) -> wire.GraphOrganization:
        organizations = await whole(self._transport, "organization?$select=id,displayName", _ORGANIZATION)
        if len(organizations) != 1 or not GUID.fullmatch(organizations[0].id.lower()):
            flaw = "does not say which tenant it is"
            raise malformed("/organization", flaw, "Nothing of it is used. Try again later.")
        return wire.GraphOrganization(organizations[0].id.lower(), organizations[0].display_name)

    async def domains(self) -> frozenset[DomainName]:
        """Return verified domains but for Microsoft's own; one whose name is no mail domain is none."""
        domains = await whole(self._transport, "domains?$select=id,isVerified", _DOMAIN)
        names = {mail_domain(domain.id) for domain in domains if domain.is_verified}
        return frozenset(name for name in names if not isinstance(name, DomainFault))

    async def people(self, domain: DomainName) -> int:
        """Count the users whose own address lies in a domain, without reading them."""
        only = f"$filter=endsWith(mail,'@{domain}')&$count=true&$select=id&$top=1"
        answer = await self._transport.get(f"users?{only}", counting=True)
        try:
            return _COUNTED.decode(answer.body).count
        except msgspec.DecodeError as fault:
            raise malformed(answer.call, "has no count", "Try again later.") from fault

    async def roles(self, identity: str) -> frozenset[str] | None:
        """Return the templates of the directory roles a user holds; None where this application may not see them."""
        try:
            memberships, _ = await listed(self._transport, f"users/{identity}/transitiveMemberOf", _MEMBERSHIP)
        except (NeedsConsent, NoSuchObject):
            return None
        role_ids: set[str] = set()
        for membership in memberships:
            if membership.type != _ROLE:
                continue
            if not isinstance(membership.role_template_id, str):
                return None
            role_ids.add(membership.role_template_id.lower())
        return frozenset(role_ids)

    async def check(self, *, patience: float = PATIENCE) -> ConnectionHealth:
        """Ask one question per permission; raises where no question at all was answered for want of something else.

        Whoever waits for what is required does not wait for the rest: what has not answered after `patience` seconds
        is not known.
        """
        async with asyncio.TaskGroup() as questions:
            asking_organization = questions.create_task(_tried(self.organization))
            asking_domains = questions.create_task(_tried(self.domains))
            asking_users = questions.create_task(_tried(self._users))
        organization, organization_state, fault = asking_organization.result()
        domains, domains_state, _ = asking_domains.result()
        users, users_state, _ = asking_users.result()
        states = {
            permissions.ORGANIZATION: organization_state,
            permissions.DOMAINS: domains_state,
            permissions.USERS: users_state,
        }
        if fault is not None and set(states.values()) == {PermissionState.UNKNOWN}:
            raise fault
        optional: Mapping[Need, Callable[[], Awaitable[object]]] = {
            permissions.GROUPS: self._groups,
            permissions.CONTACTS: self._contacts,
            permissions.MAILBOXES: lambda: self._mailboxes(users or []),
            permissions.PLACES: self._places,
        }
        async with asyncio.TaskGroup() as questions:
            asking = {need: questions.create_task(_within(patience, question)) for need, question in optional.items()}
        answers = {need: task.result() for need, task in asking.items()}
        states |= {need: state for need, (state, _) in answers.items()}
        # No consent makes mailboxes where there is no Exchange: then that is said in the place of what to consent to.
        without = {need: str(fault) for need, (_, fault) in answers.items() if isinstance(fault, NoMailboxes)}
        return ConnectionHealth(
            tenant="" if organization is None else organization.id,
            tenant_name="" if organization is None else organization.display_name or "",
            domains=domains or frozenset(),
            permissions=tuple(
                Permission(need.name, states[need], need.why, without.get(need, need.fix), need.required)
                for need in permissions.NEEDS
            ),
        )

    async def _users(self) -> Sequence[wire.GraphUser]:
        """Read some users with what matters: with less than the permission, Graph leaves properties out."""
        users = await self._first_objects(f"users?$select={_USER_SELECT}&$top={BATCH_MAX}", _USER)
        if any(user.proxy_addresses is msgspec.UNSET or user.assigned_plans is msgspec.UNSET for user in users):
            raise _lacking(permissions.USERS, "Users come without addresses or licences")
        return [user for user in users if GUID.fullmatch(user.id.lower())]

    async def _groups(self) -> None:
        """Read a group and its members: addresses alone would be there with less than the permission."""
        groups = await self._first_objects("groups?$select=id,proxyAddresses&$top=1", _GROUP)
        for group in groups:
            if not isinstance(group.proxy_addresses, list):
                raise _lacking(permissions.GROUPS, "Groups come without addresses")
            if GUID.fullmatch(group.id.lower()):
                await self._first_objects(f"groups/{group.id}/members?$select=id&$top=1", _MEMBER)

    async def _contacts(self) -> None:
        contacts = await self._first_objects("contacts?$select=id,proxyAddresses&$top=1", _CONTACT)
        if any(not isinstance(contact.proxy_addresses, list) for contact in contacts):
            raise _lacking(permissions.CONTACTS, "Contacts come without addresses")

    async def _places(self) -> None:
        await self._first_objects("places/microsoft.graph.room?$select=id&$top=1", _MEMBER)

    async def _mailboxes(self, users: Sequence[wire.GraphUser]) -> None:
        """Ask several mailboxes: a policy of Exchange may keep this application from some, or they lie on premises.

        One that tells is proof. Only where all refuse, and one of them is surely in the cloud, the permission is
        missing: whoever is synced from on premises may have the mailbox there.
        """
        answers = await answered(self._transport, [user.id.lower() for user in users[:BATCH_MAX]]) if users else {}
        if any(answer.status == OK for answer in answers.values()):
            return
        cloud = [answers.get(user.id.lower()) for user in users if user.on_premises_sync_enabled is not True]
        if any(answer is not None and refuses(answer) for answer in cloud):
            raise _lacking(permissions.MAILBOXES, "Mailboxes do not tell what they are for")
        raise Broken("mailboxes_silent", "No mailbox told what it is for.", "Check again later.")

    async def _first_objects(self, path: str, decoder: PageDecoder[_T]) -> Sequence[_T]:
        """Return the first objects that there are."""
        async for page in pages(self._transport, path, decoder):
            if page.objects:
                return page.objects
        return ()


def _lacking(need: Need, consequence: str) -> NeedsConsent:
    return NeedsConsent("permission_missing", f"{consequence}: {need.name} is missing.", need.fix)


async def _within(
    seconds: float, question: Callable[[], Awaitable[object]]
) -> tuple[PermissionState, MailrollError | None]:
    try:
        async with asyncio.timeout(seconds):
            _, state, fault = await _tried(question)
            return state, fault
    except TimeoutError:
        return PermissionState.UNKNOWN, None


async def _tried(question: Callable[[], Awaitable[_R]]) -> tuple[_R | None, PermissionState, MailrollError | None]:
    try:
        return await question(), PermissionState.GRANTED, None
    except NeedsConsent as refusal:
        return None, PermissionState.MISSING, refusal
    except MailrollError as fault:
        return None, PermissionState.UNKNOWN, fault
