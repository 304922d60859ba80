"""The objects of Graph as they come, by Graph's own names. What was not in the answer is `msgspec.UNSET`."""

from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

_T = TypeVar("_T")


class Envelope(Struct, Generic[_T], gc=False):
    """A page, or an error in a page's place."""

    value: list[_T] | UnsetType = UNSET
    next_link: str | UnsetType = msgspec.field(default=UNSET, name="@odata.nextLink")
    error: Any = UNSET


class AssignedPlan(Struct, gc=False, rename="camel"):
    service_plan_id: str | None = None
    capability_status: str | None = None


class AssignedLicense(Struct, gc=False, rename="camel"):
    sku_id: str


class User(Struct, gc=False, rename="camel"):
    """Only what is used: a field more is time and memory for every user of every tenant."""

    id: str
    display_name: str | UnsetType | None = UNSET
    given_name: str | UnsetType | None = UNSET
    surname: str | UnsetType | None = UNSET
    mail: str | UnsetType | None = UNSET
    proxy_addresses: list[str] | UnsetType | None = UNSET
    assigned_plans: list[AssignedPlan] | UnsetType | None = UNSET
    user_principal_name: str | UnsetType | None = UNSET
    user_type: str | UnsetType | None = UNSET
    creation_type: str | UnsetType | None = UNSET
    account_enabled: bool | UnsetType | None = UNSET
    assigned_licenses: list[AssignedLicense] | UnsetType | None = UNSET
    company_name: str | UnsetType | None = UNSET
    department: str | UnsetType | None = UNSET
    job_title: str | UnsetType | None = UNSET


class Domain(Struct, gc=False, rename="camel"):
    id: str
    is_verified: bool = False


class Organization(Struct, gc=False, rename="camel"):
    id: str
    display_name: str | None = None


BASE_SELECT: Final = (
    "id",
    "displayName",
    "givenName",
    "surname",
    "mail",
    "proxyAddresses",
    "assignedPlans",
    "userPrincipalName",  # tells guests, and answers that lack rights
    "userType",
    "creationType",
)
"""What is asked of every user; a filter's attributes come on top."""


class Counted(Struct, gc=False):
    """A page of which only the count matters."""

    count: int = msgspec.field(name="@odata.count")


class Membership(Struct, gc=False, rename="camel"):
    """What somebody is a member of; a role that may not be read shows its id alone."""

    id: str
    type: str | UnsetType = msgspec.field(default=UNSET, name="@odata.type")
    role_template_id: str | UnsetType | None = UNSET
