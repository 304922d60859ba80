"""The objects of Graph as they come, by Graph's own names. What was not in the answer is `msgspec.UNSET`."""

from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

_T = TypeVar("_T")


class Envelope(Struct, Generic[_T], gc=False):
    """A page, or an error in a page's place."""

    value: list[_T] | UnsetType = UNSET
    next_link: str | UnsetType = msgspec.field(default=UNSET, name="@odata.nextLink")
    delta_link: Any = msgspec.field(default=UNSET, name="@odata.deltaLink")
    error: Any = UNSET


class AssignedPlan(Struct, gc=False, rename="camel"):
    service_plan_id: str | None = None
    capability_status: str | None = None


class AssignedLicense(Struct, gc=False, frozen=True, rename="camel"):
    sku_id: str | None = None
    disabled_plans: tuple[str, ...] | None = None


class GraphUser(Struct, gc=False, rename="camel"):
    """Only what every reading uses: a field more is time and memory for every user of every tenant."""

    id: str
    display_name: str | UnsetType | None = UNSET
    mail: str | UnsetType | None = UNSET
    proxy_addresses: list[str] | UnsetType | None = UNSET
    assigned_plans: list[AssignedPlan] | UnsetType | None = UNSET
    assigned_licenses: list[AssignedLicense] | UnsetType | None = UNSET
    user_principal_name: str | UnsetType | None = UNSET
    user_type: str | UnsetType | None = UNSET
    creation_type: str | UnsetType | None = UNSET
    account_enabled: bool | UnsetType | None = UNSET
    on_premises_sync_enabled: bool | UnsetType | None = UNSET
    type: str | UnsetType | None = msgspec.field(default=UNSET, name="@odata.type")  # only where it is a derived one


class GraphGroup(Struct, gc=False, rename="camel"):
    id: str
    display_name: str | UnsetType | None = UNSET
    mail: str | UnsetType | None = UNSET
    proxy_addresses: list[str] | UnsetType | None = UNSET
    mail_enabled: bool | UnsetType | None = UNSET
    security_enabled: bool | UnsetType | None = UNSET
    group_types: list[str] | UnsetType | None = UNSET
    visibility: str | UnsetType | None = UNSET


class GraphContact(Struct, gc=False, rename="camel"):
    id: str
    display_name: str | UnsetType | None = UNSET
    mail: str | UnsetType | None = UNSET
    proxy_addresses: list[str] | UnsetType | None = UNSET


class Member(Struct, gc=False):
    """An object of which nothing but the id was asked for."""

    id: str


class TypedMember(Member, gc=False):
    """A member of a group, which may be of several types."""

    type: str | UnsetType = msgspec.field(default=UNSET, name="@odata.type")


class GraphGroupIds(Struct, gc=False):
    """Ids of the groups that hold somebody."""

    value: list[str]


class Room(Struct, gc=False, rename="camel"):
    """A place: its id is not that of the room's mailbox, which only the address leads to."""

    id: str
    email_address: str | None = None


class Units(Struct, gc=False, rename="camel"):
    """How many units of a product are in trouble. None where that is not said."""

    suspended: int | None = None
    warning: int | None = None
    locked_out: int | None = None


class ServicePlan(Struct, gc=False, rename="camel"):
    service_plan_id: str | None = None
    provisioning_status: str | None = None


class Sku(Struct, gc=False, rename="camel"):
    sku_id: str | None = None
    sku_part_number: str | None = None
    capability_status: str | None = None
    prepaid_units: Units | None = None
    service_plans: list[ServicePlan] | None = None


class GraphDomain(Struct, gc=False, rename="camel"):
    id: str
    is_verified: bool = False


class GraphOrganization(Struct, gc=False, rename="camel"):
    id: str
    display_name: str | None = None


BASE_SELECT: Final = (
    "id",
    "displayName",
    "mail",
    "proxyAddresses",
    "assignedPlans",  # where products cannot be read; else LICENCE_SELECT, which is a tenth of the bytes
    "userPrincipalName",  # tells guests, and answers that lack rights
    "userType",
    "creationType",
    "accountEnabled",
    "onPremisesSyncEnabled",
)
"""What is asked of every user; a filter's attributes come on top."""
LICENCE_SELECT: Final = tuple("assignedLicenses" if name == "assignedPlans" else name for name in BASE_SELECT)
PLAN_SELECT: Final = ("id", "assignedPlans")
"""What is asked, by id, of those whose licences do not tell."""
GROUP_SELECT: Final = (
    "id",
    "displayName",
    "mail",
    "proxyAddresses",
    "mailEnabled",
    "securityEnabled",
    "groupTypes",
    "visibility",
)
CONTACT_SELECT: Final = ("id", "displayName", "mail", "proxyAddresses")


class GraphCount(Struct, gc=False):
    """A page of which only the count matters."""

    count: int = msgspec.field(name="@odata.count")


class Answered(Struct, gc=False):
    """One response inside a batch. Its body is JSON, or a string of base64 where it was none."""

    id: str
    status: int
    headers: dict[str, str] | None = None
    body: msgspec.Raw = msgspec.Raw(b"null")


class Batch(Struct, gc=False):
    responses: list[msgspec.Raw]


class GraphMembership(Struct, gc=False, rename="camel"):
    """What somebody is a member of; a role that may not be read shows its id alone."""

    id: str
    type: str | UnsetType = msgspec.field(default=UNSET, name="@odata.type")
    role_template_id: str | UnsetType | None = UNSET
