"""Brightwater Joinery: a small firm with a bit of everything that is usual."""

from random import Random

from mailroll.simulator.objects import Role
from mailroll.simulator.tenant import Tenant
from mailroll.simulator.values import guid

DOMAIN = "brightwater.example"

# Name, department, title, further local parts.
_PEOPLE = (
    ("Carys Penhallow", "Workshop", "Bench joiner", ()),
    ("Dermot Fairhurst", "Workshop", "Bench joiner", ()),
    ("Greta Thistlewood", "Office", "Managing director", ("boss", "greta")),
    ("Hamish Kettlewell", "Workshop", "Foreman", ("workshop",)),
    ("Imogen Larkspur", "Office", "Bookkeeper", ("accounts", "invoices")),
    ("Jonas Müllerton", "Design", "Draughtsman", ()),
    ("Kavya Northcote", "Design", "Kitchen designer", ("kitchens",)),
    ("Lorcan O'Rafferty", "Fitting", "Fitter", ()),
    ("Maren Ødegård", "Fitting", "Fitter", ()),
    ("Niall Ravensdale", "Workshop", "Spray finisher", ()),
    ("Odette Silverton", "Office", "Sales adviser", ("odette",)),
    ("Piotr Szczepanik", "Workshop", "Machinist", ()),
    ("Rhona Whitlock", "Office", "Purchasing", ("orders",)),
    ("Saoirse Yarrow", "Design", "Apprentice", ()),
    ("Tobias Copperfield-Lane", "Fitting", "Fitter", ()),
    ("Una Greenhalgh", "Office", "Receptionist", ()),
    ("Viktor Hollyoak", "Delivery", "Driver", ()),
    ("Wilf Eastwick", "Delivery", "Driver", ()),
    ("Zoë Merriweather", "Design", "Architect's liaison", ("zoe",)),
)


def small_firm(chance: Random | None = None) -> Tenant:
    """Make a tenant of some twenty people, on one domain."""
    chance = chance or Random(1)
    tenant = Tenant("Brightwater Joinery", "brightwater.onmicrosoft.com", guid(chance), chance)
    tenant.add_domain(DOMAIN, default=True)
    people = {}
    for name, department, title, more in _PEOPLE:
        people[name] = tenant.add_user(
            name,
            department=department,
            jobTitle=title,
            companyName="Brightwater Joinery",
            officeLocation="Mill Lane",
            aliases=[f"{local}@{DOMAIN}" for local in more],
        )
    admin = tenant.add_user(
        "Brightwater Admin",
        local="admin",
        domain=tenant.initial_domain,
        licence=None,
        roles=(Role.GLOBAL_ADMINISTRATOR,),
    )
    tenant.add_shared_mailbox("Enquiries", local="enquiries", aliases=[f"info@{DOMAIN}", f"hello@{DOMAIN}"])
    tenant.add_room("Showroom", local="showroom", capacity=6, building="Mill Lane")
    tenant.add_guest("Basil Quillfeather", mail="basil@quillfeather-timber.example")
    tenant.add_contact("Fergus Oakhanger", mail="fergus@oakhanger-glass.example", companyName="Oakhanger Glass")
    workshop = [user for user in people.values() if user.text("department") == "Workshop"]
    tenant.add_group("All of Brightwater", kind="microsoft365", local="all", members=people.values())
    tenant.add_group("Workshop notices", kind="distribution", local="workshop-notices", members=workshop)
    tenant.add_group("Key holders", members=[people["Greta Thistlewood"], people["Hamish Kettlewell"], admin])
    return tenant
