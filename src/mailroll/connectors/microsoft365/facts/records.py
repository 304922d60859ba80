"""The facts about users, groups and contacts: addresses, plans, guests, without a judgement on any."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, TypeVar

import msgspec

from mailroll.connectors.microsoft365.facts.attributes import Chosen, Detailed, known
from mailroll.connectors.microsoft365.facts.decode import Spoiled
from mailroll.connectors.microsoft365.facts.plans import KEPT, LAPSED, MAILBOX_PLANS
from mailroll.connectors.microsoft365.facts.repair import known_of
from mailroll.connectors.microsoft365.facts.wire import GraphContact, GraphGroup, GraphUser
from mailroll.connectors.microsoft365.settings import GUID
from mailroll.reconcile.addresses import ProxyAddress
from mailroll.reconcile.known import UNSET, Unset, Value
from mailroll.reconcile.model import ExternalId, ObjectType, Record, Unreadable

PROXIES_MAX: Final = 2_000
"""Entries. Exchange itself fails beyond some 330 for one mailbox; what is left out of more costs mail."""
ENTRY_MAX: Final = 2_048
"""Characters of one entry; the schema allows 1,123."""
NAME_MAX: Final = 1_024
"""Characters of a name; the directory allows 256."""
VALUE_MAX: Final = 4_096
"""Characters of any other property, and entries of one that is a list; the directory allows 1,024 and 250."""

_T = TypeVar("_T", GraphUser, GraphGroup, GraphContact)

_TEXTS: Final = ("display_name", "mail")
_TEXTS_OF: Final[Mapping[type, Callable[[Any], tuple[Any, ...]]]] = {
    kind: attrgetter(*(name for name in _TEXTS if name in kind.__struct_fields__))
    for kind in (GraphUser, Detailed, GraphGroup, GraphContact)
}

_EVERYTHING: Final = Chosen()
_NONE: Final = MappingProxyType[str, Value | Unset]({})
_UNIFIED: Final = "Unified"
_AGENT: Final = "#microsoft.graph.agentuser"
"""In lower case. `/users` lists it among users (v1.0 metadata: a type derived from user)."""


def external_id(tenant: str, identity: str) -> ExternalId:
    return ExternalId(f"{tenant}:{identity.lower()}")


def record(tenant: str, user: GraphUser, selection: Chosen = _EVERYTHING) -> Record | Unreadable:
    """Return the user as a record, or why it cannot be one."""
    name = _identity(tenant, user)
    if isinstance(name, Unreadable):
        return name
    if user.user_principal_name is None:
        # Every user has one. Without rights Graph sends id and nulls, and null must not be read as "no addresses".
        return Record(name, ObjectType.USER, attributes=_NONE)
    user, flaws = _shortened(user)
    values, more = _short(selection.values(user)) if selection.rows else (_NONE, ())
    plan, is_lapsed = _mailbox_plan(user, selection)
    proxies = _proxies(user.proxy_addresses)
    return Record(
        name,
        ObjectType.USER,
        proxies,
        UNSET if user.mail is msgspec.UNSET else _held_once(user.mail, proxies or ()),
        UNSET if user.display_name is msgspec.UNSET else user.display_name,
        plan,
        _guest(user),
        account_enabled=UNSET if user.account_enabled is msgspec.UNSET else user.account_enabled,
        synced=UNSET if user.on_premises_sync_enabled is msgspec.UNSET else user.on_premises_sync_enabled,
        plan_lapsed=is_lapsed,
        agent=isinstance(user.type, str) and user.type.lower() == _AGENT,
        attributes=values,
        flaws=flaws + more,
    )


def group_record(tenant: str, group: GraphGroup) -> Record | Unreadable:
    """Return the group as a record; one without mail, too: whoever asked for groups by id wants to know of it."""
    name = _identity(tenant, group)
    if isinstance(name, Unreadable):
        return name
    if group.mail_enabled is None:
        # A group says yes or no: this is one that may not be seen.
        return Record(name, ObjectType.GROUP)
    group, flaws = _shortened(group)
    return Record(
        name,
        ObjectType.GROUP,
        _proxies(group.proxy_addresses),
        known(group.mail),
        known(group.display_name),
        mail_enabled=known(group.mail_enabled),
        form=_form(group),
        flaws=flaws,
    )


def contact_record(tenant: str, contact: GraphContact) -> Record | Unreadable:
    name = _identity(tenant, contact)
    if isinstance(name, Unreadable):
        return name
    if contact.display_name is None and contact.mail is None and contact.proxy_addresses is None:
        # Every contact has a name: this is one that may not be seen.
        return Record(name, ObjectType.CONTACT)
    contact, flaws = _shortened(contact)
    return Record(
        name,
        ObjectType.CONTACT,
        _proxies(contact.proxy_addresses),
        known(contact.mail),
        known(contact.display_name),
        flaws=flaws,
    )


def unreadable(tenant: str, spoiled: Spoiled) -> Unreadable:
    name = None if spoiled.id is None else external_id(tenant, spoiled.id)
    return Unreadable(name, spoiled.code, spoiled.message, spoiled.known.name, spoiled.known.addresses)


def _identity(tenant: str, thing: GraphUser | GraphGroup | GraphContact) -> ExternalId | Unreadable:
    name = thing.id.lower()
    if not GUID.fullmatch(name):
        of = known_of(msgspec.to_builtins(thing))
        said = "An object of the answer has an id that is not a GUID."
        return Unreadable(None, "id_malformed", said, of.name, of.addresses)
    return ExternalId(f"{tenant}:{name}")


def _shortened(thing: _T) -> tuple[_T, tuple[str, ...]]:
    """Shorten what no object of a directory can be like, for a screen or a row must not have to hold it.

    Of too many entries those for mail stay first, in the order given.
    """
    entries = thing.proxy_addresses or ()
    longest = max(map(len, filter(None, _TEXTS_OF[type(thing)](thing))), default=0)
    longest_entry = max(map(len, entries), default=0)
    if longest <= NAME_MAX and longest_entry <= ENTRY_MAX and len(entries) <= PROXIES_MAX:
        return thing, ()
    shorter: dict[str, Any] = {}
    for name in _TEXTS:
        text = getattr(thing, name, None)
        if isinstance(text, str) and len(text) > NAME_MAX:
            shorter[name] = text[:NAME_MAX]
    if len(entries) > PROXIES_MAX or longest_entry > ENTRY_MAX:
        first = sorted(dict.fromkeys(entries), key=lambda entry: entry[:5].lower() != "smtp:")
        shorter["proxy_addresses"] = [_entry(proxy) for proxy in first[:PROXIES_MAX]]
    encoded = {field.name: field.encode_name for field in msgspec.structs.fields(type(thing))}
    return msgspec.structs.replace(thing, **shorter), tuple(encoded[name] for name in shorter)


def _entry(text: str) -> str:
    """Shorten an entry in its middle: it stays too long for an address, and can be told by both of its ends."""
    return text if len(text) <= ENTRY_MAX else f"{text[: ENTRY_MAX // 2]}{text[-ENTRY_MAX // 2 :]}"


def _short(values: Mapping[str, Value | Unset]) -> tuple[Mapping[str, Value | Unset], tuple[str, ...]]:
    shorter: dict[str, Value | Unset] = {}
    for name, value in values.items():
        if isinstance(value, str) and len(value) > VALUE_MAX:
            shorter[name] = value[:VALUE_MAX]
        elif isinstance(value, tuple) and (len(value) > VALUE_MAX or any(len(text) > VALUE_MAX for text in value)):
            shorter[name] = tuple(text[:VALUE_MAX] for text in value[:VALUE_MAX])
    return ({**values, **shorter}, tuple(shorter)) if shorter else (values, ())


def _proxies(entries: list[str] | msgspec.UnsetType | None) -> tuple[ProxyAddress, ...] | Unset:
    if entries is msgspec.UNSET:
        return UNSET
    return tuple([ProxyAddress.parse(entry) for entry in entries or ()])


def _held_once(mail: str | None, proxies: Sequence[ProxyAddress]) -> str | None:
    """Return the same text as an entry has, where one has it: hundreds of thousands of records are held together."""
    return next((proxy.text for proxy in proxies if proxy.text == mail), mail)


def _form(group: GraphGroup) -> str:
    """Say which sort of group it is, in the words of the admin center; empty where that cannot be told."""
    types, secure = group.group_types, group.security_enabled
    if group.mail_enabled is False:
        return "security group"
    if not group.mail_enabled or not isinstance(types, list) or not isinstance(secure, bool):
        return ""
    if _UNIFIED in types:
        return "Microsoft 365 group"
    return "mail-enabled security group" if secure else "distribution list"


def _mailbox_plan(user: GraphUser, selection: Chosen) -> tuple[bool | Unset, bool]:
    """Tell whether there is a plan with a mailbox, by plans or else by licences, and whether it has lapsed."""
    if user.assigned_plans is msgspec.UNSET:
        if selection.subscriptions is None or user.assigned_licenses is msgspec.UNSET:
            return UNSET, False
        return selection.subscriptions.mailbox_plan(user.assigned_licenses or ()), False
    states = {
        plan.capability_status
        for plan in user.assigned_plans or ()
        if plan.capability_status in KEPT and (plan.service_plan_id or "").lower() in MAILBOX_PLANS
    }
    return bool(states), bool(states) and states <= LAPSED


def _guest(user: GraphUser) -> bool | Unset:
    """By type, by the mark in the name, or by origin: guests may be members, and old ones have no type at all."""
    kind, upn, origin = user.user_type, user.user_principal_name, user.creation_type
    if kind == "Guest" or origin == "Invitation" or (upn and "#EXT#" in upn.upper()):
        return True
    return UNSET if kind is msgspec.UNSET or upn is msgspec.UNSET else False
