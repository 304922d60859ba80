"""What a filter may name, and what of a user stands for it.

Everything of a user that a listing can hold and that says something about people. Left out is what Graph answers for
one user at a time (skills, hireDate, mailboxSettings), what wants further permissions (signInActivity,
employeeLeaveDateTime), and what Microsoft advises against (showInAddressList).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, partial
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, TypeVar

import msgspec

from mailroll.connectors.microsoft365.facts.licences import Subscriptions
from mailroll.connectors.microsoft365.facts.plans import KEPT
from mailroll.connectors.microsoft365.facts.products import PRODUCTS, Product, called
from mailroll.connectors.microsoft365.facts.wire import BASE_SELECT, LICENCE_SELECT, GraphUser
from mailroll.reconcile.errors import BadFilter
from mailroll.reconcile.filters.attributes import Attribute, AttributeType
from mailroll.reconcile.known import UNSET, Unset, Value
from mailroll.reconcile.model import Kind

_V = TypeVar("_V")
Products = Mapping[str, Product]


@dataclass(frozen=True, slots=True)
class Selectable:
    """An attribute, the property that has to be asked for, and how to take its value from a user.

    `property` is empty where the value is not of the user object: then somebody else supplies it.
    """

    attribute: Attribute
    property: str
    value: Callable[[GraphUser, Products], Value | Unset]


def _row(type_: AttributeType, name: str, help_: str, *aliases: str, within: str = "") -> Selectable:
    """Build the row of a property that is taken as it comes. `within`: the property that it is a part of."""
    getter, outer = attrgetter(_snake(name)), _snake(within)
    convert: Callable[[Any], Value | Unset] = {AttributeType.TIME: _time, AttributeType.TEXTS: _texts}.get(type_, known)

    def direct(user: GraphUser, _: Products) -> Value | Unset:
        return convert(getter(user))

    def nested(user: GraphUser, _: Products) -> Value | Unset:
        holder = getattr(user, outer)
        return convert(getter(holder)) if isinstance(holder, msgspec.Struct) else known(holder)

    attribute = Attribute(name, type_, help_, aliases)
    return Selectable(attribute, within, nested) if within else Selectable(attribute, name, direct)


_text = partial(_row, AttributeType.TEXT)
_boolean = partial(_row, AttributeType.BOOLEAN)
_moment = partial(_row, AttributeType.TIME)
_list = partial(_row, AttributeType.TEXTS)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def known(value: _V | msgspec.UnsetType) -> _V | Unset:
    return UNSET if value is msgspec.UNSET else value


def _time(value: datetime | msgspec.UnsetType | None) -> datetime | Unset | None:
    """Read a moment in UTC; the first day of all is how Graph writes that there never was one."""
    if value is msgspec.UNSET:
        return UNSET
    if value is None or value.year == 1:
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _texts(value: list[str] | msgspec.UnsetType | None) -> tuple[str, ...] | Unset:
    return UNSET if value is msgspec.UNSET else tuple(value or ())


def _id(user: GraphUser, _: Products) -> str:
    return user.id.lower()


def _has_mail(user: GraphUser, _: Products) -> bool | Unset:
    """Graph has `mailEnabled` on groups only; on a user it stands for an address in `mail`."""
    return UNSET if user.mail is msgspec.UNSET else bool(user.mail)


def _proxies(user: GraphUser, _: Products) -> tuple[str, ...] | Unset:
    """Take entries as Exchange writes them, and those for mail without their type as well: people write either."""
    if user.proxy_addresses is msgspec.UNSET:
        return UNSET
    entries = user.proxy_addresses or ()
    bare = (entry[5:].strip() for entry in entries if entry[:5].lower() == "smtp:")
    return tuple(dict.fromkeys((*entries, *filter(None, bare))))


def _licenses(user: GraphUser, products: Products) -> tuple[str, ...] | Unset:
    """Take each product by its id, and by part number and name as far as they are known."""
    if user.assigned_licenses is msgspec.UNSET:
        return UNSET
    spellings: list[str] = []
    for license_ in user.assigned_licenses or ():
        if license_.sku_id is None:
            continue
        sku = license_.sku_id.lower()
        product = products.get(sku)
        spellings += (sku,) if product is None else (sku, *filter(None, (product.part, product.name)))
    return tuple(dict.fromkeys(spellings))


def _plans(user: GraphUser, _: Products) -> tuple[str, ...] | Unset:
    if user.assigned_plans is msgspec.UNSET:
        return UNSET
    plans = (plan for plan in user.assigned_plans or () if plan.capability_status in KEPT)
    return tuple(dict.fromkeys(plan.service_plan_id.lower() for plan in plans if plan.service_plan_id))


def _elsewhere(_: GraphUser, __: Products) -> Unset:
    return UNSET


# What Entra's rules for dynamic groups, Active Directory and Exchange call a property is an alias here.
SELECTABLE: Final = (
    _text("displayName", "The name shown in address books."),
    _text("givenName", "The first name."),
    _text("surname", "The last name.", "sn"),
    _text("mail", "The main mail address.", "email"),
    Selectable(
        Attribute(
            "proxyAddresses",
            AttributeType.TEXTS,
            "All addresses, with their type as in smtp:anna@example.com and without it.",
            ("proxyAddress", "emailAddresses"),
        ),
        "proxyAddresses",
        _proxies,
    ),
    Selectable(
        Attribute("mailEnabled", AttributeType.BOOLEAN, "Whether the user has a mail address."), "mail", _has_mail
    ),
    _list("otherMails", "Private and other addresses to be reached at; no mail is delivered to them here."),
    _text("mailNickname", "The mail alias, which addresses are built from.", "alias"),
    _text("userPrincipalName", "The name to sign in with.", "upn"),
    _text("userType", "Member or Guest."),
    Selectable(
        Attribute(
            "kind",
            AttributeType.TEXT,
            "What the mailbox is, as Mailroll tells it.",
            choices=tuple(kind.value for kind in Kind if kind not in {Kind.GROUP, Kind.CONTACT, Kind.STATIC}),
        ),
        "",
        _elsewhere,
    ),
    Selectable(
        Attribute(
            "memberOf",
            AttributeType.MEMBERSHIP,
            "A group of the tenant, by name, address or object id; groups inside it count.",
            ("memberOfGroup", "transitiveMemberOf"),
        ),
        "",
        _elsewhere,
    ),
    _boolean("accountEnabled", "Whether the user may sign in; says nothing on mail.", "enabled"),
    Selectable(
        Attribute(
            "assignedLicenses",
            AttributeType.TEXTS,
            "The licensed products, by name, part number (SPE_E3) or id.",
            ("assignedLicense", "license", "licenses"),
            called=called,
        ),
        "assignedLicenses",
        _licenses,
    ),
    Selectable(
        Attribute(
            "assignedPlans",
            AttributeType.TEXTS,
            "The ids of the service plans, until they have ended.",
            ("servicePlans",),
        ),
        "assignedPlans",
        _plans,
    ),
    _text("companyName", "The company.", "company"),
    _text("department", "The department."),
    _text("jobTitle", "The job title.", "title"),
    _text("officeLocation", "The office.", "office", "physicalDeliveryOfficeName"),
    _text("employeeId", "The number of the employee.", "employeeNumber"),
    _text("employeeType", "Employee, contractor and the like, in the company's own words."),
    _text("division", "The division of the company.", "employeeOrgData.division", within="employeeOrgData"),
    _text("costCenter", "The cost centre.", "employeeOrgData.costCenter", within="employeeOrgData"),
    _moment("employeeHireDate", "The first day at work."),
    _text("streetAddress", "The street."),
    _text("postalCode", "The postal code.", "zip"),
    _text("city", "The city."),
    _text("state", "The state or province."),
    _text("country", "The country or region."),
    _list("businessPhones", "The telephone numbers at work.", "telephoneNumber"),
    _text("mobilePhone", "The mobile telephone number.", "mobile"),
    _text("faxNumber", "The fax number.", "facsimileTelephoneNumber"),
    _list("imAddresses", "The addresses for chat and calls."),
    _text("usageLocation", "The country whose law counts for licences, as two letters."),
    _text("preferredLanguage", "The language, such as en-GB."),
    _text("preferredDataLocation", "Where the data is kept, in a tenant with several places."),
    _text("ageGroup", "Minor, NotAdult or Adult."),
    _text("consentProvidedForMinor", "Granted, Denied or NotRequired."),
    _text("legalAgeGroupClassification", "What follows from the age group and the consent."),
    *(
        _text(
            f"extensionAttribute{number}",
            f"The custom attribute {number} of Exchange.",
            f"customAttribute{number}",
            f"onPremisesExtensionAttributes.extensionAttribute{number}",
            within="onPremisesExtensionAttributes",
        )
        for number in range(1, 16)
    ),
    _moment("createdDateTime", "When the object was made.", "whenCreated"),
    _text("creationType", "How the object was made: empty, Invitation, LocalAccount, EmailVerified and others."),
    _text("externalUserState", "Of a guest: PendingAcceptance or Accepted."),
    _moment("externalUserStateChangeDateTime", "When a guest's state last changed."),
    _boolean("isResourceAccount", "Whether it is an account of Teams for a queue or an attendant; not a room."),
    _moment("lastPasswordChangeDateTime", "When the password was last changed."),
    _moment("signInSessionsValidFromDateTime", "The time from which sign-ins count."),
    _text("passwordPolicies", "DisablePasswordExpiration and the like."),
    _boolean("onPremisesSyncEnabled", "Whether it comes from a directory on premises.", "dirSyncEnabled"),
    _text("onPremisesDistinguishedName", "The distinguished name on premises.", "distinguishedName"),
    _text("onPremisesDomainName", "The name of the domain on premises."),
    _text("onPremisesSamAccountName", "The account name on premises.", "samAccountName"),
    _text("onPremisesUserPrincipalName", "The sign-in name on premises."),
    _text("onPremisesSecurityIdentifier", "The security identifier on premises."),
    _text("onPremisesImmutableId", "What ties the object to the one on premises.", "immutableId"),
    _moment("onPremisesLastSyncDateTime", "When it last came from the directory on premises.", "lastDirSyncTime"),
    _text("securityIdentifier", "The security identifier in the cloud."),
    Selectable(
        Attribute("id", AttributeType.TEXT, "The object id in the directory, which never changes.", ("objectId",)),
        "id",
        _id,
    ),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The attributes that filters name, and what it takes to read them.

    `subscriptions` are the tenant's own, where they may be read; then `products` hold their part numbers, too.
    """

    rows: tuple[Selectable, ...] = ()
    products: Products = field(default_factory=lambda: PRODUCTS)
    subscriptions: Subscriptions | None = None

    @property
    def select(self) -> str:
        """The `$select` of a reading: the base, then what filters ask for on top."""
        base = BASE_SELECT if self.subscriptions is None else LICENCE_SELECT
        return ",".join(dict.fromkeys((*base, *(row.property for row in self.rows))))

    @property
    def detailed(self) -> bool:
        return any(row.property not in _PLAIN for row in self.rows)

    @property
    def licensed(self) -> bool:
        return any(row.value is _licenses for row in self.rows)

    @property
    def planned(self) -> bool:
        """Whether a filter goes by plans, so that everybody's have to be read."""
        return any(row.value is _plans for row in self.rows)

    def values(self, user: GraphUser) -> Mapping[str, Value | Unset]:
        if not self.rows:
            return _NONE
        return {row.attribute.name: row.value(user, self.products) for row in self.rows}


_PLAIN: Final = frozenset((*BASE_SELECT, *LICENCE_SELECT))
"""What `GraphUser` holds; all else is `Detailed`."""
_FIELD_TYPES: Final = {
    AttributeType.TEXT: str,
    AttributeType.BOOLEAN: bool,
    AttributeType.TIME: datetime,
    AttributeType.TEXTS: list[str],
}


def _detailed() -> type[GraphUser]:
    """Build `GraphUser` with all other properties that are taken as they come, each with what is a part of it."""
    flat: dict[str, Any] = {}
    parts: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for row in SELECTABLE:
        if row.property and row.property not in _PLAIN:
            fields = flat if row.property == row.attribute.name else parts[row.property]
            fields[row.attribute.name] = _FIELD_TYPES[row.attribute.type]
    flat |= {name: _struct(name, fields, msgspec.Struct) for name, fields in parts.items()}
    return _struct("Detailed", flat, GraphUser)


def _struct(name: str, fields: Mapping[str, Any], base: type[Any]) -> type[Any]:
    typed = [
        (_snake(field_name), kind | msgspec.UnsetType | None, msgspec.UNSET) for field_name, kind in fields.items()
    ]
    return msgspec.defstruct(name, typed, bases=(base,), module=__name__, gc=False, rename="camel")


Detailed: Final = _detailed()
"""A user with what filters may name on top; used only for readings that some filter wants more of."""
_NONE: Final[Mapping[str, Value | Unset]] = MappingProxyType({})


def chosen(names: Collection[str]) -> Chosen:
    """Return the attributes of these names or aliases, each once; raises `BadFilter` that names every unknown one."""
    return _chosen(frozenset(names))


@lru_cache(maxsize=256)
def _chosen(names: frozenset[str]) -> Chosen:
    unknown = sorted(names - _BY_NAME.keys())
    if unknown:
        raise BadFilter(
            "attribute_unknown",
            f"Microsoft 365 has no attribute named {', '.join(unknown)}.",
            f"Use one of {', '.join(row.attribute.name for row in SELECTABLE)}.",
        )
    attribute_names = {_BY_NAME[name].attribute.name for name in names}
    return Chosen(tuple(row for row in SELECTABLE if row.property and row.attribute.name in attribute_names))


def _rows_by_name(rows: Sequence[Selectable]) -> Mapping[str, Selectable]:
    return {name: row for row in rows for name in (row.attribute.name, *row.attribute.aliases)}


_BY_NAME: Final = _rows_by_name(SELECTABLE)
