"""Petrel Dental: some other company, of six; for whoever signs in to the wrong one."""

from random import Random

from mailroll_simulator.objects import Role
from mailroll_simulator.tenant import INDEX_LATE, LATE, Tenant
from mailroll_simulator.values import guid

_DOMAIN = "petrel-dental.example"
_LICENCE = "O365_BUSINESS_ESSENTIALS"
_PEOPLE = (
    ("Helen Petrel", "Dentist"),
    ("Arun Nair", "Dentist"),
    ("Molly Garside", "Hygienist"),
    ("Tamara Lund", "Nurse"),
    ("Ewa Pawlak", "Nurse"),
)


def practice(chance: Random | None = None) -> Tenant:
    """Make the practice; its administrator is helen.petrel@petrel-dental.example."""
    chance = chance or Random("practice")
    tenant = Tenant(
        "Petrel Dental",
        "petreldental.onmicrosoft.com",
        guid(chance),
        chance,
        uneven=True,
        late=LATE,
        index_late=INDEX_LATE,
    )
    tenant.add_domain(_DOMAIN, default=True)
    for name, title in _PEOPLE:
        roles = (Role.GLOBAL_ADMINISTRATOR,) if name == "Helen Petrel" else ()
        tenant.add_user(name, licence=_LICENCE, roles=roles, jobTitle=title)
    tenant.add_shared_mailbox("Reception", local="reception", aliases=(f"appointments@{_DOMAIN}",))
    tenant.add_guest("Quentin Sharp", mail="quentin@sharp-it.example")
    return tenant
