"""The facts about users, groups and contacts: addresses, plans, guests, without a judgement on any."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from mailroll.connectors.microsoft365.attributes import Chosen, known
from mailroll.connectors.microsoft365.decode import Spoiled
from mailroll.connectors.microsoft365.plans import ACTIVE, MAILBOX_PLANS
from mailroll.connectors.microsoft365.settings import GUID
from mailroll.connectors.microsoft365.wire import Contact, Group, User
from mailroll.reconcile.addresses import ProxyAddress
from mailroll.reconcile.known import UNSET, Unset, Value
from mailroll.reconcile.model import ExternalId, ObjectType, Record, Unreadable

PROXIES_MAX: Final = 400
"""Entries. Exchange itself fails beyond some 330 for one mailbox."""
ENTRY_MAX: Final = 2_048
"""Characters of one entry; the schema allows 1,123."""
NAME_MAX: Final = 1_024
"""Characters of a name; the directory allows 256."""
VALUE_MAX: Final = 4_096
"""Characters of any other property, and entries of one that is a list; the directory allows 1,024 and 250."""

_EVERYTHING: Final = Chosen()
_NONE: Final = MappingProxyType[str, Value | Unset]({})
_UNIFIED: Final = "Unified"


def external_id(tenant: str, identity: str) -> ExternalId:
    return ExternalId(f"{tenant}:{identity.lower()}")


def record(tenant: str, user: User, chosen: Chosen = _EVERYTHING) -> Record | Unreadable:
    """Return the user as a record, or why it cannot be one."""
    name = _identity(tenant, user.id)
    if isinstance(name, Unreadable):
        return name
    if user.user_principal_name is None:
        # Every user has one. Without rights Graph sends id and nulls, and null must not be read as "no addresses".
        return Record(name, ObjectType.USER, attributes=_NONE)
    excess = _excess("user", user.proxy_addresses, (user.display_name, user.given_name, user.surname, user.mail))
    values = chosen.values(user)
    excess = excess or _overlong(values)
    if excess:
        return Unreadable(name, *excess)
    return Record(
        name,
        ObjectType.USER,
        _proxies(user.proxy_addresses),
        UNSET if user.mail is msgspec.UNSET else user.mail,
        UNSET if user.display_name is msgspec.UNSET else user.display_name,
        UNSET if user.given_name is msgspec.UNSET else user.given_name,
        UNSET if user.surname is msgspec.UNSET else user.surname,
        _mailbox_plan(user),
        _guest(user),
        account_enabled=UNSET if user.account_enabled is msgspec.UNSET else user.account_enabled,
        synced=UNSET if user.on_premises_sync_enabled is msgspec.UNSET else user.on_premises_sync_enabled,
        attributes=values,
    )


def group_record(tenant: str, group: Group) -> Record | Unreadable:
    """Return the group as a record; one without mail, too: whoever asked for groups by id wants to know of it."""
    name = _identity(tenant, group.id)
    if isinstance(name, Unreadable):
        return name
    if group.mail_enabled is None or group.proxy_addresses is None:
        # A group says yes or no, and its list of addresses is never null: this is one that may not be seen.
        return Record(name, ObjectType.GROUP)
    excess = _excess("group", group.proxy_addresses, (group.display_name, group.mail))
    if excess:
        return Unreadable(name, *excess)
    return Record(
        name,
        ObjectType.GROUP,
        _proxies(group.proxy_addresses),
        known(group.mail),
        known(group.display_name),
        mail_enabled=known(group.mail_enabled),
        form=_form(group),
    )


def contact_record(tenant: str, contact: Contact) -> Record | Unreadable:
    name = _identity(tenant, contact.id)
    if isinstance(name, Unreadable):
        return name
    if contact.proxy_addresses is None:
        # Never null where it may be seen, not even where it is empty.
        return Record(name, ObjectType.CONTACT)
    names = (contact.display_name, contact.given_name, contact.surname, contact.mail)
    excess = _excess("contact", contact.proxy_addresses, names)
    if excess:
        return Unreadable(name, *excess)
    return Record(
        name,
        ObjectType.CONTACT,
        _proxies(contact.proxy_addresses),
        known(contact.mail),
        known(contact.display_name),
        known(contact.given_name),
        known(contact.surname),
    )


def unreadable(tenant: str, spoiled: Spoiled) -> Unreadable:
    name = None if spoiled.id is None else external_id(tenant, spoiled.id)
    return Unreadable(name, spoiled.code, spoiled.message)


def _identity(tenant: str, identity: str) -> ExternalId | Unreadable:
    if not GUID.fullmatch(identity.lower()):
        return Unreadable(None, "id_malformed", "An object of the answer has an id that is not a GUID.")
    return external_id(tenant, identity)


def _excess(
    what: str,
    entries: list[str] | msgspec.UnsetType | None,
    names: tuple[str | msgspec.UnsetType | None, ...],
) -> tuple[str, str] | None:
    """Tell what no mailbox can be like; a screen or a row must not have to hold it."""
    proxies = entries or ()
    if len(proxies) > PROXIES_MAX:
        return (
            "too_many_addresses",
            f"This {what} has {len(proxies):,} addresses, more than {PROXIES_MAX} are not read.",
        )
    for entry in proxies:
        if len(entry) > ENTRY_MAX:
            return "entry_too_long", f"An address of this {what} has {len(entry):,} characters."
    for text in names:
        if text and len(text) > NAME_MAX:
            return "name_too_long", f"A name or address of this {what} has {len(text):,} characters."
    return None


def _overlong(values: Mapping[str, Value | Unset]) -> tuple[str, str] | None:
    for name, value in values.items():
        if isinstance(value, str):
            if len(value) > VALUE_MAX:
                return "value_too_long", f"The property {name} of this user has {len(value):,} characters."
        elif isinstance(value, tuple) and (len(value) > VALUE_MAX or any(len(text) > VALUE_MAX for text in value)):
            return "value_too_long", f"The property {name} of this user is a list too long, or has too long an entry."
    return None


def _proxies(entries: list[str] | msgspec.UnsetType | None) -> tuple[ProxyAddress, ...] | Unset:
    if entries is msgspec.UNSET:
        return UNSET
    return tuple([ProxyAddress.parse(entry) for entry in entries or ()])


def _form(group: Group) -> str:
    """Say which sort of group it is, in the words of the admin center; empty where that cannot be told."""
    types, secure = group.group_types, group.security_enabled
    if group.mail_enabled is False:
        return "security group"
    if not group.mail_enabled or not isinstance(types, list) or not isinstance(secure, bool):
        return ""
    if _UNIFIED in types:
        return "Microsoft 365 group"
    return "mail-enabled security group" if secure else "distribution list"


def _mailbox_plan(user: User) -> bool | Unset:
    if user.assigned_plans is msgspec.UNSET:
        return UNSET
    for plan in user.assigned_plans or ():
        if plan.service_plan_id in MAILBOX_PLANS and plan.capability_status in ACTIVE:
            return True
    return False


def _guest(user: User) -> bool | Unset:
    """By type, by the mark in the name, or by origin: guests may be members, and old ones have no type at all."""
    kind, upn, origin = user.user_type, user.user_principal_name, user.creation_type
    if kind == "Guest" or origin == "Invitation" or (upn and "#EXT#" in upn):
        return True
    return UNSET if kind is msgspec.UNSET or upn is msgspec.UNSET else False
