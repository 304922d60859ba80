"""Larkhill School: some 430 people, staff and pupils on a verified domain each."""

from random import Random

from mailroll.simulator.objects import Role
from mailroll.simulator.tenant import Tenant
from mailroll.simulator.tenants.names import people
from mailroll.simulator.values import guid

STAFF_DOMAIN = "larkhill.example"
PUPIL_DOMAIN = "pupils.larkhill.example"
_YEARS = range(7, 13)
_FORMS = "ABC"
_PUPILS_IN_FORM = 20
_STAFF = 60
_SUBJECTS = ("Mathematics", "English", "Physics", "History", "Music", "Geography", "Chemistry", "Art", "Office")
_ROOMS = ("Great Hall", "Library", "Physics Laboratory", "Music Room", "Sports Hall")


def school(chance: Random | None = None) -> Tenant:
    """Make a tenant of 60 staff and 360 pupils, with forms as groups, shared mailboxes, rooms and leavers."""
    chance = chance or Random(2)
    tenant = Tenant("Larkhill School", "larkhillschool.onmicrosoft.com", guid(chance), chance)
    tenant.add_domain(STAFF_DOMAIN, default=True)
    tenant.add_domain(PUPIL_DOMAIN)
    names = people(chance)
    staff = [
        tenant.add_user(
            next(names),
            licence="SPE_E3",
            department=_SUBJECTS[number % len(_SUBJECTS)],
            jobTitle="Teacher" if number % len(_SUBJECTS) != len(_SUBJECTS) - 1 else "School office",
            companyName="Larkhill School",
            employeeType="staff",
        )
        for number in range(_STAFF)
    ]
    tenant.add_user(
        "School Admin", local="admin", domain=tenant.initial_domain, licence=None, roles=(Role.GLOBAL_ADMINISTRATOR,)
    )
    for user, local in zip(staff, ("head", "deputy", "exams", "admissions"), strict=False):
        tenant.change_user(user, proxyAddresses=[*user.proxy_addresses, f"smtp:{local}@{STAFF_DOMAIN}"])
    tenant.add_group("All staff", kind="distribution", local="all-staff", members=staff)
    forms = [
        _form(tenant, f"{year}{letter}", [next(names) for _ in range(_PUPILS_IN_FORM)])
        for year in _YEARS
        for letter in _FORMS
    ]
    tenant.add_group("All pupils", kind="mail_security", local="all-pupils", members=forms)
    for display_name, local in (("School Office", "office"), ("Absences", "absences"), ("Library Desk", "library")):
        tenant.add_shared_mailbox(display_name, local=local)
    for name in _ROOMS:
        tenant.add_room(name, local=name.lower().replace(" ", "-"), building="Main", capacity=30)
    tenant.add_equipment("Minibus", local="minibus")
    for name, domain in (("Petra Examiner", "examboard.example"), ("Colm Coach", "sports.example")):
        tenant.add_guest(name, mail=f"{name.split()[0].lower()}@{domain}")
    _leavers(tenant, [next(names) for _ in range(4)])
    return tenant


def _form(tenant: Tenant, name: str, pupils: list[str]) -> str:
    members = [
        tenant.add_user(
            pupil, domain=PUPIL_DOMAIN, licence="EXCHANGESTANDARD", department=f"Form {name}", employeeType="pupil"
        )
        for pupil in pupils
    ]
    return tenant.add_group(f"Form {name}", kind="mail_security", local=f"form-{name.lower()}", members=members).id


def _leavers(tenant: Tenant, names: list[str]) -> None:
    """Take the licence of some who left, and delete the others."""
    for number, name in enumerate(names):
        user = tenant.add_user(name, licence="SPE_E3", employeeType="staff")
        tenant.remove_licence(user)
        if number % 2:
            tenant.delete_user(user)
