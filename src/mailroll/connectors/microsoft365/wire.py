"""The objects of Graph as they come, by Graph's own names. What was not in the answer is `msgspec.UNSET`."""

from datetime import datetime
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
    sku_id: str | None = None
    disabled_plans: list[str] | None = None


class GraphUser(Struct, gc=False, rename="camel"):
    """Only what every reading uses: a field more is time and memory for every user of every tenant."""

    id: str
    display_name: str | UnsetType | None = UNSET
    given_name: str | UnsetType | None = UNSET
    surname: str | UnsetType | None = UNSET
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


class ExtensionAttributes(Struct, gc=False, rename="camel"):
    extension_attribute1: str | UnsetType | None = UNSET
    extension_attribute2: str | UnsetType | None = UNSET
    extension_attribute3: str | UnsetType | None = UNSET
    extension_attribute4: str | UnsetType | None = UNSET
    extension_attribute5: str | UnsetType | None = UNSET
    extension_attribute6: str | UnsetType | None = UNSET
    extension_attribute7: str | UnsetType | None = UNSET
    extension_attribute8: str | UnsetType | None = UNSET
    extension_attribute9: str | UnsetType | None = UNSET
    extension_attribute10: str | UnsetType | None = UNSET
    extension_attribute11: str | UnsetType | None = UNSET
    extension_attribute12: str | UnsetType | None = UNSET
    extension_attribute13: str | UnsetType | None = UNSET
    extension_attribute14: str | UnsetType | None = UNSET
    extension_attribute15: str | UnsetType | None = UNSET


class EmployeeOrgData(Struct, gc=False, rename="camel"):
    division: str | UnsetType | None = UNSET
    cost_center: str | UnsetType | None = UNSET


class Detailed(GraphUser, gc=False, rename="camel"):
    """A user with what filters may name on top; used only for readings that some filter wants more of."""

    age_group: str | UnsetType | None = UNSET
    business_phones: list[str] | UnsetType | None = UNSET
    city: str | UnsetType | None = UNSET
    company_name: str | UnsetType | None = UNSET
    consent_provided_for_minor: str | UnsetType | None = UNSET
    country: str | UnsetType | None = UNSET
    created_date_time: datetime | UnsetType | None = UNSET
    department: str | UnsetType | None = UNSET
    employee_hire_date: datetime | UnsetType | None = UNSET
    employee_id: str | UnsetType | None = UNSET
    employee_org_data: EmployeeOrgData | UnsetType | None = UNSET
    employee_type: str | UnsetType | None = UNSET
    external_user_state: str | UnsetType | None = UNSET
    external_user_state_change_date_time: datetime | UnsetType | None = UNSET
    fax_number: str | UnsetType | None = UNSET
    im_addresses: list[str] | UnsetType | None = UNSET
    is_resource_account: bool | UnsetType | None = UNSET
    job_title: str | UnsetType | None = UNSET
    last_password_change_date_time: datetime | UnsetType | None = UNSET
    legal_age_group_classification: str | UnsetType | None = UNSET
    mail_nickname: str | UnsetType | None = UNSET
    mobile_phone: str | UnsetType | None = UNSET
    office_location: str | UnsetType | None = UNSET
    on_premises_distinguished_name: str | UnsetType | None = UNSET
    on_premises_domain_name: str | UnsetType | None = UNSET
    on_premises_extension_attributes: ExtensionAttributes | UnsetType | None = UNSET
    on_premises_immutable_id: str | UnsetType | None = UNSET
    on_premises_last_sync_date_time: datetime | UnsetType | None = UNSET
    on_premises_sam_account_name: str | UnsetType | None = UNSET
    on_premises_security_identifier: str | UnsetType | None = UNSET
    on_premises_user_principal_name: str | UnsetType | None = UNSET
    other_mails: list[str] | UnsetType | None = UNSET
    password_policies: str | UnsetType | None = UNSET
    postal_code: str | UnsetType | None = UNSET
    preferred_data_location: str | UnsetType | None = UNSET
    preferred_language: str | UnsetType | None = UNSET
    security_identifier: str | UnsetType | None = UNSET
    sign_in_sessions_valid_from_date_time: datetime | UnsetType | None = UNSET
    state: str | UnsetType | None = UNSET
    street_address: str | UnsetType | None = UNSET
    usage_location: str | UnsetType | None = UNSET


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
    given_name: str | UnsetType | None = UNSET
    surname: str | UnsetType | None = UNSET
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
    "givenName",
    "surname",
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
CONTACT_SELECT: Final = ("id", "displayName", "givenName", "surname", "mail", "proxyAddresses")


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
