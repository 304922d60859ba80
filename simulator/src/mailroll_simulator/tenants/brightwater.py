"""Brightwater Joinery: a firm of twenty, as most tenants are."""

from random import Random

from mailroll_simulator.objects import Role
from mailroll_simulator.tenant import INDEX_LATE, LATE, Tenant
from mailroll_simulator.values import guid

_DOMAIN = "brightwater.example"
_OFFICE, _WORKSHOP = "O365_BUSINESS_PREMIUM", "EXCHANGEDESKLESS"

# name, job title, department, licence, aliases
_PEOPLE: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("Nora Ashdown", "Managing director", "Office", _OFFICE, ("nora", "director")),
    ("Tom Ellery", "Workshop manager", "Workshop", _OFFICE, ("tom", "workshop")),
    ("Priya Raman", "Office manager", "Office", _OFFICE, ("priya",)),
    ("Gareth Pugh", "Estimator", "Sales", _OFFICE, ("quotes",)),
    ("Isla Fenwick", "Designer", "Design", _OFFICE, ("isla",)),
    ("Marek Nowicki", "Designer", "Design", _OFFICE, ()),
    ("Chloé Barlow", "Sales", "Sales", _OFFICE, ("sales",)),
    ("Samir Haddad", "Sales", "Sales", _OFFICE, ()),
    ("Bridget Coyle", "Bookkeeper", "Office", _OFFICE, ("bridget", "invoices")),
    ("Owen Tanner", "Purchasing", "Office", _OFFICE, ()),
    ("Jürgen Vogt", "Bench joiner", "Workshop", _WORKSHOP, ("juergen",)),
    ("Kasia Zielińska", "Bench joiner", "Workshop", _WORKSHOP, ()),
    ("Declan Roe", "Bench joiner", "Workshop", _WORKSHOP, ()),
    ("Amina Yusuf", "Wood machinist", "Workshop", _WORKSHOP, ()),
    ("Piotr Wrona", "Wood machinist", "Workshop", _WORKSHOP, ()),
    ("Leah Marsden", "Finisher", "Workshop", _WORKSHOP, ("leah.cole",)),
    ("Harry Stobart", "Site fitter", "Site", _WORKSHOP, ()),
    ("Dev Chandra", "Site fitter", "Site", _WORKSHOP, ()),
    ("Ruth O'Neill", "Site manager", "Site", _OFFICE, ("ruth",)),
    ("Ben Tuckett", "Apprentice", "Workshop", _WORKSHOP, ()),
)
_ROLES = {"Priya Raman": (Role.GLOBAL_ADMINISTRATOR,), "Owen Tanner": (Role.HELPDESK_ADMINISTRATOR,)}


def small_firm(chance: Random | None = None) -> Tenant:
    """Make the firm; its administrators are admin@brightwater.onmicrosoft.com and priya.raman@brightwater.example."""
    chance = chance or Random("small-firm")
    tenant = Tenant(
        "Brightwater Joinery",
        "brightwater.onmicrosoft.com",
        guid(chance),
        chance,
        uneven=True,
        late=LATE,
        index_late=INDEX_LATE,
    )
    tenant.add_domain(_DOMAIN, default=True)
    tenant.add_user(
        "Brightwater Administrator",
        local="admin",
        domain=tenant.initial_domain,
        licence=None,
        roles=(Role.GLOBAL_ADMINISTRATOR,),
    )
    people = {
        name: tenant.add_user(
            name,
            licence=licence,
            aliases=[f"{alias}@{_DOMAIN}" for alias in aliases],
            roles=_ROLES.get(name, ()),
            jobTitle=title,
            department=department,
            companyName="Brightwater Joinery",
        )
        for name, title, department, licence, aliases in _PEOPLE
    }
    tenant.add_shared_mailbox("Brightwater Joinery", local="info", aliases=(f"enquiries@{_DOMAIN}",))
    tenant.add_room("Meeting room", local="meeting-room", building="Yard office")
    guest = tenant.add_guest("Fiona Marsh", mail="fiona.marsh@marsh-accountants.example")

    def of(department: str) -> list[str]:
        return [people[name].id for name, _, theirs, _, _ in _PEOPLE if theirs == department]

    everyone = [user.id for user in people.values()]
    tenant.add_group("Protected mailboxes", kind="security", members=everyone)
    tenant.add_group("Everyone", kind="distribution", local="everyone", members=everyone)
    tenant.add_group("Workshop team", kind="distribution", local="workshop-team", members=of("Workshop"))
    tenant.add_group("Site notices", kind="mail_security", local="site-notices", members=of("Site"))
    tenant.add_group("Kitchens 2026", kind="microsoft365", local="kitchens", members=[*of("Design"), guest.id])
    return tenant
