"""The facts about a user: what is said of addresses, plans and guests, without a judgement on any."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from mailroll.connectors.microsoft365.attributes import Selectable
from mailroll.connectors.microsoft365.decode import Spoiled
from mailroll.connectors.microsoft365.plans import ACTIVE, MAILBOX_PLANS
from mailroll.connectors.microsoft365.settings import GUID
from mailroll.connectors.microsoft365.wire import User
from mailroll.reconcile.addresses import ProxyAddress
from mailroll.reconcile.known import UNSET, Unset, Value
from mailroll.reconcile.model import ExternalId, ObjectType, Record, Unreadable

PROXIES_MAX: Final = 400
"""Entries. Exchange itself fails beyond some 330 for one mailbox."""
ENTRY_MAX: Final = 2_048
"""Characters of one entry; the schema allows 1,123."""
NAME_MAX: Final = 1_024
"""Characters of a name; the directory allows 256."""

_NONE: Final[Mapping[str, Value | Unset]] = MappingProxyType({})


def external_id(tenant: str, identity: str) -> ExternalId:
    return ExternalId(f"{tenant}:{identity.lower()}")


def record(tenant: str, user: User, wanted: Sequence[Selectable] = ()) -> Record | Unreadable:
    """Return the user as a record, or why it cannot be one."""
    identity = user.id.lower()
    if not GUID.fullmatch(identity):
        return Unreadable(None, "id_malformed", "An object of the answer has an id that is not a GUID.")
    name = ExternalId(f"{tenant}:{identity}")
    if user.user_principal_name is None:
        # Every user has one. Without rights Graph sends id and nulls, and null must not be read as "no addresses".
        return Record(name, ObjectType.USER, attributes=_NONE)
    excess = _excess(user)
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
        attributes={each.attribute.name: each.value(user) for each in wanted} if wanted else _NONE,
    )


def unreadable(tenant: str, spoiled: Spoiled) -> Unreadable:
    name = None if spoiled.id is None else external_id(tenant, spoiled.id)
    return Unreadable(name, spoiled.code, spoiled.message)


def _excess(user: User) -> tuple[str, str] | None:
    """Tell what no mailbox can be like; a screen or a row must not have to hold it."""
    proxies = user.proxy_addresses or ()
    if len(proxies) > PROXIES_MAX:
        return "too_many_addresses", f"This user has {len(proxies):,} addresses, more than {PROXIES_MAX} are not read."
    for entry in proxies:
        if len(entry) > ENTRY_MAX:
            return "entry_too_long", f"An address of this user has {len(entry):,} characters."
    for text in (user.display_name, user.given_name, user.surname, user.mail):
        if text and len(text) > NAME_MAX:
            return "name_too_long", f"A name or address of this user has {len(text):,} characters."
    return None


def _proxies(entries: list[str] | msgspec.UnsetType | None) -> tuple[ProxyAddress, ...] | Unset:
    if entries is msgspec.UNSET:
        return UNSET
    return tuple([ProxyAddress.parse(entry) for entry in entries or ()])


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
