"""Which properties the simulated objects have, of which type, and which come without being asked for."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

from mailroll_simulator.values import Json

_USER_DEFAULT = (
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
)
# Answered only for one user at a time: kept by the mailbox and by SharePoint, not by the directory.
_USER_SINGLE = frozenset(
    (
        "aboutMe birthday deviceEnrollmentLimit hireDate interests mailboxSettings mySite pastProjects "
        "preferredName responsibilities schools skills"
    ).split()
)
_GROUP_SINGLE = frozenset(
    (
        "accessType allowExternalSenders autoSubscribeNewMembers hideFromAddressLists hideFromOutlookClients "
        "isArchived isFavorite isSubscribedByMail unseenConversationsCount unseenCount unseenMessagesCount"
    ).split()
)
_GROUP_ON_REQUEST = _GROUP_SINGLE | frozenset(
    (
        "assignedLabels assignedLicenses hasMembersWithLicenseErrors infoCatalogs isManagementRestricted "
        "licenseProcessingState organizationId welcomeMessageEnabled"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its Edm type, and what it shows while nothing was ever set."""

    type: str
    nullable: bool
    unset: Json


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One kind of object: its properties, those given by default, those given one object at a time."""

    name: str
    properties: dict[str, Property]
    default: tuple[str, ...]
    single: frozenset[str]

    @property
    def odata_type(self) -> str:
        return f"#microsoft.graph.{self.name}"


@cache
def object_type(name: str) -> ObjectType:
    declared: dict[str, list[str]] = _declared()[name]
    properties = {key: _property(key, *facts) for key, facts in declared.items()}
    single = {"user": _USER_SINGLE, "group": _GROUP_SINGLE}.get(name, frozenset[str]())
    default: tuple[str, ...]
    if name == "user":
        default = _USER_DEFAULT
    elif name == "group":
        default = tuple(key for key in properties if key not in _GROUP_ON_REQUEST)
    else:
        default = tuple(properties)
    return ObjectType(name, properties, default, single)


@cache
def _declared() -> dict[str, dict[str, list[str]]]:
    text = resources.files("mailroll_simulator").joinpath("schema.json").read_text("utf-8")
    loaded: dict[str, dict[str, list[str]]] = json.loads(text)
    return loaded


def _property(name: str, kind: str, nullable: object) -> Property:
    if kind.startswith("Collection("):
        return Property(kind, nullable=bool(nullable), unset=())
    if name == "onPremisesExtensionAttributes":  # comes as an object of fifteen nulls, never as null
        return Property(kind, nullable=False, unset={f"extensionAttribute{number}": None for number in range(1, 16)})
    return Property(kind, nullable=bool(nullable), unset=None)
