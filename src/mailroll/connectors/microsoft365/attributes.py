"""What a filter may name, and what of a user stands for it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

import msgspec

from mailroll.connectors.microsoft365.wire import BASE_SELECT, User
from mailroll.reconcile.errors import BadFilter
from mailroll.reconcile.filters.attributes import Attribute, AttributeType
from mailroll.reconcile.known import UNSET, Unset, Value


@dataclass(frozen=True, slots=True)
class Selectable:
    """An attribute, the property that has to be asked for, and how to take its value from a user."""

    attribute: Attribute
    property: str
    value: Callable[[User], Value | Unset]


def _text(name: str, help_: str, value: Callable[[User], str | msgspec.UnsetType | None]) -> Selectable:
    return Selectable(Attribute(name, AttributeType.TEXT, help_), name, lambda user: known(value(user)))


def known(value: Value | msgspec.UnsetType) -> Value | Unset:
    return UNSET if value is msgspec.UNSET else value


def _has_mail(user: User) -> bool | Unset:
    """Graph has `mailEnabled` on groups only; on a user it stands for an address in `mail`."""
    return UNSET if user.mail is msgspec.UNSET else bool(user.mail)


def _proxies(user: User) -> tuple[str, ...] | Unset:
    return UNSET if user.proxy_addresses is msgspec.UNSET else tuple(user.proxy_addresses or ())


def _licenses(user: User) -> tuple[str, ...] | Unset:
    if user.assigned_licenses is msgspec.UNSET:
        return UNSET
    return tuple(license_.sku_id.lower() for license_ in user.assigned_licenses or ())


SELECTABLE: Final = (
    _text("id", "The object id in the directory, which never changes.", lambda user: user.id.lower()),
    _text("displayName", "The name shown in address books.", lambda user: user.display_name),
    _text("givenName", "The first name.", lambda user: user.given_name),
    _text("surname", "The last name.", lambda user: user.surname),
    _text("mail", "The main mail address.", lambda user: user.mail),
    _text("userPrincipalName", "The name to sign in with.", lambda user: user.user_principal_name),
    _text("userType", "Member or Guest.", lambda user: user.user_type),
    _text("companyName", "The company.", lambda user: user.company_name),
    _text("department", "The department.", lambda user: user.department),
    _text("jobTitle", "The job title.", lambda user: user.job_title),
    Selectable(
        Attribute("accountEnabled", AttributeType.BOOLEAN, "Whether the user may sign in; says nothing on mail."),
        "accountEnabled",
        lambda user: known(user.account_enabled),
    ),
    Selectable(
        Attribute("mailEnabled", AttributeType.BOOLEAN, "Whether the user has a mail address."), "mail", _has_mail
    ),
    Selectable(
        Attribute("proxyAddresses", AttributeType.TEXTS, "All addresses with their type.", ("proxyAddress",)),
        "proxyAddresses",
        _proxies,
    ),
    Selectable(
        Attribute("assignedLicenses", AttributeType.TEXTS, "The ids of the licensed products."),
        "assignedLicenses",
        _licenses,
    ),
)


def chosen(names: Collection[str]) -> tuple[Selectable, ...]:
    """Return the attributes of these names or aliases, each once; raises `BadFilter` that names every unknown one."""
    by_name = {name: each for each in SELECTABLE for name in (each.attribute.name, *each.attribute.aliases)}
    unknown = sorted(set(names) - by_name.keys())
    if unknown:
        raise BadFilter(
            "attribute_unknown",
            f"Microsoft 365 has no attribute named {', '.join(unknown)}.",
            f"Use one of {', '.join(each.attribute.name for each in SELECTABLE)}.",
        )
    wanted = {by_name[name].attribute.name for name in names}
    return tuple(each for each in SELECTABLE if each.attribute.name in wanted)


def select(wanted: Collection[Selectable]) -> str:
    """Return the `$select` of a reading: the base, then what filters ask for on top."""
    return ",".join(dict.fromkeys((*BASE_SELECT, *(each.property for each in wanted))))
