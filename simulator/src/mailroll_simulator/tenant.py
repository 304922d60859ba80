"""One simulated Microsoft 365 tenant: its directory, its domains, and how they change."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import TypeAlias, TypeVar

from mailroll_simulator.changes import Change, ChangeLog
from mailroll_simulator.clock import Clock
from mailroll_simulator.domains import Domain
from mailroll_simulator.licences import LICENCES, Subscription, with_status
from mailroll_simulator.mailboxes import (
    contact_properties,
    group_properties,
    guest_properties,
    licensed,
    mailbox_properties,
    person_properties,
    unlicensed,
)
from mailroll_simulator.objects import Contact, DirectoryObject, Group, Objects, Role, User, Users
from mailroll_simulator.registrations import ServicePrincipal
from mailroll_simulator.values import Json, guid, instant

AnyObject: TypeAlias = User | Group | Contact
ItemT = TypeVar("ItemT", User, Group, Contact)


LATE = 3.0
INDEX_LATE = 5.0
"""Seconds, where a tenant is as Graph may be; how long it takes there, Microsoft does not say."""


@dataclass(slots=True)
class Deleted:
    """A soft-deleted object: 30 days restorable."""

    item: User | Group
    at: str


@dataclass(slots=True, eq=False)
class Tenant:
    """A directory. Every change goes through its methods, so that delta queries hear of it."""

    display_name: str
    initial_domain: str
    id: str
    chance: Random
    created: datetime = datetime(2019, 3, 4, 9, 30, tzinfo=UTC)
    country: str = "GB"
    region: str = "EU"
    users: Users = field(default_factory=Users)
    groups: Objects[Group] = field(default_factory=Objects[Group])
    contacts: Objects[Contact] = field(default_factory=Objects[Contact])
    deleted: dict[str, Deleted] = field(default_factory=dict)
    domains: dict[str, Domain] = field(default_factory=dict)
    rooms: dict[str, dict[str, Json]] = field(default_factory=dict)  # places by mail address
    room_lists: dict[str, dict[str, Json]] = field(default_factory=dict)  # the same
    rooms_in: dict[str, set[str]] = field(default_factory=dict)  # by mail address of a room: those of its lists
    principals: dict[str, ServicePrincipal] = field(default_factory=dict)  # by client id
    subscriptions: dict[str, Subscription] = field(default_factory=dict)  # by part number; all others are Enabled
    on_premises_sync: bool | None = None
    exchange: bool = True  # whether Exchange in the cloud knows the tenant
    changes: ChangeLog = field(default_factory=ChangeLog)
    delta_epoch: int = 0  # raised to make every delta token given so far too old
    clock: Clock = field(default_factory=Clock)  # the simulator puts its own here
    lock: threading.RLock = field(default_factory=threading.RLock)
    made_at: dict[str, float] = field(default_factory=dict)  # when an object was added or restored, by its id
    # Seconds after which an object that was added or restored comes in listings, and after which delta tells a change.
    late: float = 0.0
    index_late: float = 0.0  # the same, beyond, for what the eventual index answers
    uneven: bool = False  # pages hold fewer objects than asked for, or none, as Graph leaves itself free to do

    def __post_init__(self) -> None:
        self.domains[self.initial_domain] = Domain(self.initial_domain, initial=True, default=True)

    # -- domains

    @property
    def default_domain(self) -> str:
        return next((domain.name for domain in self.domains.values() if domain.default), self.initial_domain)

    def add_domain(self, name: str, *, verified: bool = True, default: bool = False) -> Domain:
        with self.lock:
            if default:
                for other in self.domains.values():
                    other.default = False
            root = not any(name.endswith(f".{other}") for other in self.domains)
            self.domains[name] = Domain(name, verified=verified, default=default, root=root)
            return self.domains[name]

    def verify_domain(self, name: str) -> None:
        self.domains[name].verified = True

    def unverify_domain(self, name: str) -> None:
        self.domains[name].verified = False

    def remove_domain(self, name: str) -> None:
        del self.domains[name]

    # -- users

    def add_user(
        self,
        display_name: str,
        *,
        local: str | None = None,
        domain: str | None = None,
        licence: str | None = "O365_BUSINESS_PREMIUM",
        aliases: Iterable[str] = (),
        roles: Iterable[Role] = (),
        id: str | None = None,  # noqa: A002 - as Graph calls it
        **properties: Json,
    ) -> User:
        """Add a person; with a licence that has a mailbox plan, mail and addresses come by themselves.

        `aliases` are whole addresses. `properties` are Graph's names and win over what was worked out.
        """
        with self.lock:
            worked_out = person_properties(self, display_name, local=local, domain=domain)
            purpose = None
            if licence is not None:
                worked_out |= licensed(worked_out, licence, self.initial_domain, instant(self.created))
                purpose = "user" if LICENCES[licence].mailbox else None
            if purpose is not None:
                worked_out["proxyAddresses"] = [
                    *_texts(worked_out["proxyAddresses"]),
                    *(f"smtp:{alias}" for alias in aliases),
                ]
            user = User(id or guid(self.chance), worked_out | properties, purpose, roles=tuple(roles))
            return self._added(user)

    def add_shared_mailbox(
        self,
        display_name: str,
        *,
        local: str,
        domain: str | None = None,
        enabled: bool = False,
        aliases: Iterable[str] = (),
        **properties: Json,
    ) -> User:
        return self._add_mailbox(
            "shared", display_name, properties, local=local, domain=domain, enabled=enabled, aliases=aliases
        )

    def add_equipment(
        self,
        display_name: str,
        *,
        local: str,
        domain: str | None = None,
        enabled: bool = False,
        **properties: Json,
    ) -> User:
        return self._add_mailbox("equipment", display_name, properties, local=local, domain=domain, enabled=enabled)

    def add_room(
        self,
        display_name: str,
        *,
        local: str,
        domain: str | None = None,
        enabled: bool = False,
        capacity: int = 8,
        building: str | None = None,
        **properties: Json,
    ) -> User:
        """Add a room mailbox and the place that goes with it, under another id."""
        user = self._add_mailbox("room", display_name, properties, local=local, domain=domain, enabled=enabled)
        with self.lock:
            self.rooms[user.mail] = {
                "id": guid(self.chance),
                "displayName": display_name,
                "nickname": display_name,
                "emailAddress": user.mail,
                "capacity": capacity,
                "building": building,
                "bookingType": "standard",
                "floorNumber": 1,
                "tags": (),
                "teamsEnabledState": "unknown",
            }
        return user

    def add_room_list(self, display_name: str, *, local: str, rooms: Iterable[User] = ()) -> None:
        """Add a distribution list of rooms, which is a place as well."""
        with self.lock:
            members = list(rooms)
            mail = self.add_group(display_name, kind="distribution", local=local, members=members).mail
            self.room_lists[mail] = {"id": guid(self.chance), "displayName": display_name, "emailAddress": mail}
            for room in members:
                self.rooms_in.setdefault(room.mail, set()).add(mail)

    def _add_mailbox(
        self,
        purpose: str,
        display_name: str,
        properties: dict[str, Json],
        *,
        local: str,
        domain: str | None,
        enabled: bool,
        aliases: Iterable[str] = (),
    ) -> User:
        with self.lock:
            worked_out = mailbox_properties(self, display_name, local=local, domain=domain, enabled=enabled)
            worked_out["proxyAddresses"] = [
                *_texts(worked_out["proxyAddresses"]),
                *(f"smtp:{alias}" for alias in aliases),
            ]
            return self._added(User(guid(self.chance), worked_out | properties, purpose))

    def add_agent(self, display_name: str, *, local: str, licence: str | None = "O365_BUSINESS_PREMIUM") -> User:
        """Add the account of a program that acts as a person does: Graph's `agentUser`, a type derived from user."""
        agent = self.add_user(display_name, local=local, licence=licence)
        agent.agent = True
        return agent

    def add_guest(self, display_name: str, *, mail: str, **properties: Json) -> User:
        with self.lock:
            worked_out = guest_properties(self, display_name, mail)
            guest = User(guid(self.chance), worked_out | properties, home_tenant=guid(self.chance))
            return self._added(guest)

    def change_user(self, user: User | str, **properties: Json) -> User:
        """Set properties; a value of None unsets, as Graph shows it from then on."""
        return self._changed(self.user(user), properties)

    def assign_licence(self, user: User | str, part: str) -> User:
        with self.lock:
            found = self.user(user)
            given = licensed(found.properties, part, self.initial_domain, instant(self.created))
            if LICENCES[part].mailbox:
                found.purpose = found.purpose or "user"
            return self._changed(found, given)

    def remove_licence(self, user: User | str) -> User:
        """Take all licences: the mailbox goes, and the onmicrosoft address becomes the primary one."""
        with self.lock:
            found = self.user(user)
            found.purpose = None
            return self._changed(found, unlicensed(found.properties, self.initial_domain))

    def lapse(self, part: str, status: str = "Suspended") -> None:
        """Let the subscription of a product come to a state; its holders keep the licence, and their plans follow.

        Plans go Enabled, Warning, Suspended, LockedOut, Deleted, and data is kept until the last (assignedPlan).
        """
        with self.lock:
            holders = [user for user in self.users if _holds(user, LICENCES[part].id)]
            units = {"Warning": "warning", "Suspended": "suspended", "LockedOut": "locked_out"}.get(status)
            self.subscriptions[part] = Subscription(status, **({units: len(holders)} if units else {}))
            for user in holders:
                names = ("assignedPlans", "provisionedPlans")
                self._changed(user, {name: with_status(user.properties.get(name), status) for name in names})

    def convert_to_shared(self, user: User | str) -> User:
        """Make the mailbox a shared one, blocked from sign-in, without licence, its addresses kept."""
        with self.lock:
            found = self.user(user)
            found.purpose = "shared"
            addresses = {name: found.properties.get(name) for name in ("mail", "proxyAddresses")}
            change = unlicensed(found.properties, self.initial_domain) | addresses
            return self._changed(found, change | {"accountEnabled": False})

    def delete_user(self, user: User | str) -> None:
        """Soft-delete: gone from listings, 30 days in deletedItems."""
        self._delete(self.user(user))

    # -- groups and contacts

    def add_group(
        self,
        display_name: str,
        *,
        kind: str = "security",
        local: str | None = None,
        domain: str | None = None,
        id: str | None = None,  # noqa: A002 - as Graph calls it
        members: Iterable[DirectoryObject | str] = (),
        **properties: Json,
    ) -> Group:
        """Add a group: `kind` is microsoft365, security, mail_security or distribution."""
        with self.lock:
            worked_out = group_properties(self, display_name, kind, local, domain)
            group = Group(id or guid(self.chance), worked_out | properties)
            _forget_unset(group)
            self.groups.add(group)
            self._made(group)
            for member in members:
                self.add_member(group, member)
            return group

    def change_group(self, group: Group | str, **properties: Json) -> Group:
        return self._changed(self.group(group), properties)

    def delete_group(self, group: Group | str) -> None:
        """Delete a group: Microsoft 365 groups can be restored, all others are gone at once."""
        found = self.group(group)
        self._delete(found)
        if "Unified" not in _texts(found.properties.get("groupTypes")):
            self.purge(found.id)

    def add_member(self, group: Group | str, member: DirectoryObject | str) -> None:
        with self.lock:
            found, identifier = self.group(group), _id(member)
            if identifier not in found.members:
                found.members[identifier] = None
                self._note(Change("group", found.id, member=identifier))

    def remove_member(self, group: Group | str, member: DirectoryObject | str) -> None:
        with self.lock:
            found, identifier = self.group(group), _id(member)
            if identifier in found.members:
                del found.members[identifier]
                self._note(Change("group", found.id, member=identifier, member_left=True))

    def add_contact(self, display_name: str, *, mail: str, **properties: Json) -> Contact:
        with self.lock:
            contact = Contact(guid(self.chance), contact_properties(display_name, mail) | properties)
            _forget_unset(contact)
            self.contacts.add(contact)
            self._made(contact)
            return contact

    def change_contact(self, contact: Contact | str, **properties: Json) -> Contact:
        found = self.contacts.get(_id(contact))
        if found is None:
            raise LookupError(f"no contact {_id(contact)}")
        return self._changed(found, properties)

    def delete_contact(self, contact: Contact | str) -> None:
        with self.lock:
            found = self.contacts.get(_id(contact))
            if found is None:
                raise LookupError(f"no contact {_id(contact)}")
            self.contacts.remove(found)
            self._note(Change("orgContact", found.id, removed="deleted"))

    # -- deleted objects

    def restore_user(self, user: User | str) -> User:
        with self.lock:
            item = self.deleted.pop(_id(user)).item
            if not isinstance(item, User):
                raise LookupError(f"no deleted user {item.id}")  # noqa: TRY004 - looked for and not found
            item.properties.pop("deletedDateTime", None)
            prefix = item.id.replace("-", "")
            item.properties["userPrincipalName"] = item.upn.removeprefix(prefix)
            # What was unset before stays null: it is not what was never set.
            self.users.add(item)
            self._made(item)
            return item

    def purge_user(self, user: User | str) -> None:
        """Delete for good, from wherever the user is."""
        if _id(user) in self.deleted:
            self.purge(_id(user))
            return
        found = self.user(user)
        self.delete_user(found)
        self.purge(found.id)

    def purge(self, identifier: str) -> None:
        with self.lock:
            item = self.deleted.pop(identifier).item
            self._note(Change(item.type_name, item.id, removed="deleted"))
            for group in self.groups:
                self.remove_member(group, item.id)

    # -- looking up

    def user(self, user: User | str) -> User:
        """Find by id or user principal name; a LookupError where there is none."""
        key = _id(user)
        found = self.users.get(key) or self.users.by_upn(key)
        if found is None:
            raise LookupError(f"no user {key}")
        return found

    def group(self, group: Group | str) -> Group:
        found = self.groups.get(_id(group))
        if found is None:
            raise LookupError(f"no group {_id(group)}")
        return found

    def find(self, identifier: str) -> AnyObject | None:
        """Find a live object of any kind by its id."""
        return self.users.get(identifier) or self.groups.get(identifier) or self.contacts.get(identifier)

    def groups_of(self, identifier: str) -> Iterator[Group]:
        return (group for group in self.groups if identifier in group.members)

    def expire_delta_tokens(self) -> None:
        self.delta_epoch += 1

    # -- how changes are noted

    def _note(self, change: Change) -> None:
        self.changes.add(change, self.clock.timestamp())

    def _added(self, user: User) -> User:
        _forget_unset(user)
        self.users.add(user)
        self._made(user)
        return user

    def _made(self, item: AnyObject) -> None:
        self.made_at[item.id] = self.clock.timestamp()
        self._note(Change(item.type_name, item.id, fresh=True))

    def _changed(self, item: ItemT, properties: dict[str, Json]) -> ItemT:
        with self.lock:
            item.properties.update(properties)
            if isinstance(item, User):
                self.users.keep(item)
            self._note(Change(item.type_name, item.id, frozenset(properties)))
            return item

    def _delete(self, item: User | Group) -> None:
        with self.lock:
            at = instant(self.clock.now())
            if isinstance(item, User):
                self.users.remove(item)
                # Entra frees the sign-in name by putting the object id in front of it.
                item.properties["userPrincipalName"] = item.id.replace("-", "") + item.upn
            else:
                self.groups.remove(item)
            item.properties["deletedDateTime"] = at
            self.deleted[item.id] = Deleted(item, at)
            self._note(Change(item.type_name, item.id, removed="changed"))


def _id(item: DirectoryObject | str) -> str:
    return item if isinstance(item, str) else item.id


def _holds(user: User, sku: str) -> bool:
    licences = user.properties.get("assignedLicenses")
    if not isinstance(licences, list | tuple):
        return False
    return any(isinstance(licence, dict) and licence["skuId"] == sku for licence in licences)


def _forget_unset(item: DirectoryObject) -> None:
    """Drop what a new object was given no value for: a first delta round leaves out what was never set."""
    for name in [name for name, value in item.properties.items() if value is None]:
        del item.properties[name]


def _texts(value: Json) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else []
