"""Lindenfield School: 430 people in two domains, with a group for every class."""

from itertools import product
from random import Random

from mailroll_simulator.objects import Group, Role, User
from mailroll_simulator.tenant import INDEX_LATE, LATE, Tenant
from mailroll_simulator.tenants.names import GIVEN, SURNAMES
from mailroll_simulator.values import guid

_STAFF, _STUDENTS = "lindenfield.example", "students.lindenfield.example"
_YEARS, _FORMS, _IN_CLASS = (7, 8, 9, 10, 11), "ABCD", 20
_TEACHERS = 24
_OFFICE = ("Head teacher", "Deputy head", "Bursar", "School secretary", "Librarian", "Caretaker")
_SHARED = (("School office", "office"), ("Admissions", "admissions"), ("Absences", "absences"), ("Exams", "exams"))
_ROOMS = (("Hall", "hall", 300), ("Library", "library", 40), ("Science lab 1", "lab1", 24), ("Music room", "music", 30))


def school(chance: Random | None = None) -> Tenant:
    """Make the school; its administrator is admin@lindenfield.onmicrosoft.com."""
    chance = chance or Random("school")
    tenant = Tenant(
        "Lindenfield School",
        "lindenfield.onmicrosoft.com",
        guid(chance),
        chance,
        uneven=True,
        late=LATE,
        index_late=INDEX_LATE,
    )
    tenant.add_domain(_STAFF, default=True)
    tenant.add_domain(_STUDENTS)
    tenant.add_user(
        "Lindenfield Administrator",
        local="admin",
        domain=tenant.initial_domain,
        licence=None,
        roles=(Role.GLOBAL_ADMINISTRATOR,),
    )
    count = len(_OFFICE) + _TEACHERS + len(_YEARS) * len(_FORMS) * _IN_CLASS
    names = [f"{given} {surname}" for given, surname in chance.sample(list(product(GIVEN, SURNAMES)), count)]
    office = [_staff(tenant, names.pop(), title) for title in _OFFICE]
    teachers = [_staff(tenant, names.pop(), "Teacher") for _ in range(_TEACHERS)]
    years = _classes(tenant, names, teachers)
    tenant.add_group("All staff", kind="distribution", local="all-staff", members=[*office, *teachers])
    tenant.add_group("All students", kind="security", members=years)
    for name, local in _SHARED:
        tenant.add_shared_mailbox(name, local=local)
    for name, local, capacity in _ROOMS:
        tenant.add_room(name, local=local, capacity=capacity, building="Main building")
    tenant.add_equipment("Minibus", local="minibus")
    return tenant


def _staff(tenant: Tenant, name: str, title: str) -> User:
    return tenant.add_user(name, licence="ENTERPRISEPACK", jobTitle=title, department="Staff")


def _classes(tenant: Tenant, names: list[str], teachers: list[User]) -> list[Group]:
    """Add the students, a group for every class with its teacher, and one for every year that holds its classes."""
    years = []
    tutors = iter(teachers)
    for year in _YEARS:
        classes = []
        for form in _FORMS:
            students = [_student(tenant, names.pop(), f"{year}{form}") for _ in range(_IN_CLASS)]
            classes.append(
                tenant.add_group(
                    f"Class {year}{form}",
                    kind="microsoft365",
                    local=f"class-{year}{form.lower()}",
                    members=[next(tutors), *students],
                )
            )
        years.append(tenant.add_group(f"Year {year}", kind="mail_security", local=f"year-{year}", members=classes))
    return years


def _student(tenant: Tenant, name: str, form: str) -> User:
    return tenant.add_user(
        name, domain=_STUDENTS, licence="O365_BUSINESS_ESSENTIALS", jobTitle="Student", department=form
    )
