"""Coldharbour Haulage: 61 mailboxes at three depots, with the loose ends that a firm of that size has."""

from random import Random

from mailroll_simulator.objects import Role, User
from mailroll_simulator.tenant import INDEX_LATE, LATE, Tenant
from mailroll_simulator.values import guid

_DOMAIN, _TRADING = "coldharbour.example", "coldharbour-freight.example"
_OFFICE, _YARD = "SPB", "EXCHANGEDESKLESS"

# department, licence, and its people with their job titles
_TEAMS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Directors",
        _OFFICE,
        (
            ("Edmund Thackeray", "Managing director"),
            ("Bronwen Selwyn", "Finance director"),
            ("Aidan Kerr", "Director"),
        ),
    ),
    (
        "Office",
        _OFFICE,
        (
            ("Sadia Rahman", "IT manager"),
            ("Colin Prewett", "Accounts"),
            ("Hannah Igbinedion", "Accounts"),
            ("Lotte van Rijn", "Customs clerk"),
            ("Gwyneth Parry", "Customs clerk"),
            ("Marcus Delaney", "Claims"),
            ("Zofia Kamińska", "Personnel"),
            ("Tess Underwood", "Reception"),
        ),
    ),
    (
        "Sales",
        _OFFICE,
        (
            ("Rory Finnegan", "Key accounts"),
            ("Ngozi Adeyemi", "Key accounts"),
            ("Patrick Lowther", "Quotations"),
            ("Inés Carvajal", "Quotations"),
        ),
    ),
    (
        "Traffic office",
        _OFFICE,
        (
            ("Stuart Bannerman", "Traffic manager"),
            ("Dilys Roper", "Planner"),
            ("Jakub Havel", "Planner"),
            ("Meera Joshi", "Planner"),
            ("Callum Wreford", "Night planner"),
        ),
    ),
    (
        "Drivers",
        _YARD,
        tuple(
            (name, "Driver")
            for name in (
                "Alan Sturgess|Bogdan Ionescu|Craig Molyneux|Denise Fairweather|Emil Novák|Frank Oduya|Grzegorz Lis|"
                "Hywel Morgan|Ian Catterall|Jamal Osman|Keith Brannigan|Laszlo Varga|Mick Tranter|Nuno Teixeira|"
                "Oleg Marchenko|Pete Shardlow"
            ).split("|")
        ),
    ),
    (
        "Warehouse",
        _YARD,
        tuple(
            (name, "Warehouse")
            for name in (
                "Rita Sollis|Shaun Garrity|Tomasz Wilk|Ursula Beck|Vera Ashcombe|Vince Marlow|Wayne Purcell|"
                "Yusra Hadid|Adam Scrivens|Beata Sroka|Chidi Obi|Dawn Hurley"
            ).split("|")
        ),
    ),
    ("Workshop", _YARD, (("Len Hargreave", "Fleet engineer"), ("Kit Sumner", "Fitter"), ("Joe Attwell", "Apprentice"))),
)
_ROLES = {"Sadia Rahman": (Role.GLOBAL_ADMINISTRATOR,), "Tess Underwood": (Role.USER_ADMINISTRATOR,)}
_ALIASES = {
    "Edmund Thackeray": (f"edmund@{_DOMAIN}", f"edmund.thackeray@{_TRADING}"),
    "Rory Finnegan": (f"rory.finnegan@{_TRADING}",),
    "Ngozi Adeyemi": (f"ngozi.adeyemi@{_TRADING}", f"ngozi.okoro@{_DOMAIN}"),
    "Patrick Lowther": (f"quotes@{_DOMAIN}", f"quotes@{_TRADING}"),
    "Zofia Kamińska": (f"personnel@{_DOMAIN}", f"jobs@{_DOMAIN}"),
}
_SHARED = (
    ("Traffic office", "traffic"),
    ("Accounts payable", "accounts"),
    ("Customs desk", "customs"),
    ("Claims", "claims"),
    ("Night desk", "nightdesk"),
    ("Bookings", "bookings"),
)
_ROOMS = (("Board room", "boardroom", 14), ("Training room", "training", 20), ("Depot two office", "depot2", 5))


def haulier(chance: Random | None = None) -> Tenant:
    """Make the firm; its administrators are admin@coldharbour.onmicrosoft.com and sadia.rahman@coldharbour.example."""
    chance = chance or Random("haulier")
    tenant = Tenant(
        "Coldharbour Haulage",
        "coldharbour.onmicrosoft.com",
        guid(chance),
        chance,
        uneven=True,
        late=LATE,
        index_late=INDEX_LATE,
    )
    tenant.add_domain(_DOMAIN, default=True)
    tenant.add_domain(_TRADING)
    tenant.add_user(
        "Coldharbour Administrator",
        local="admin",
        domain=tenant.initial_domain,
        licence=None,
        roles=(Role.GLOBAL_ADMINISTRATOR,),
    )
    teams = {department: _team(tenant, department, licence, people) for department, licence, people in _TEAMS}
    for name, local in _SHARED:
        tenant.add_shared_mailbox(name, local=local, enabled=local == "nightdesk")
    for name, local, capacity in _ROOMS:
        tenant.add_room(name, local=local, capacity=capacity)
    tenant.add_equipment("Pool van", local="poolvan")
    _loose_ends(tenant)
    _groups(tenant, teams)
    return tenant


def _team(tenant: Tenant, department: str, licence: str, people: tuple[tuple[str, str], ...]) -> list[User]:
    return [
        tenant.add_user(
            name,
            licence=licence,
            aliases=_ALIASES.get(name, ()),
            roles=_ROLES.get(name, ()),
            jobTitle=title,
            department=department,
            companyName="Coldharbour Haulage",
        )
        for name, title in people
    ]


def _loose_ends(tenant: Tenant) -> None:
    """Add who left but kept an account, an account for a program, guests, and contacts outside."""
    gone = tenant.add_user("Brian Ogden", licence=_YARD, department="Drivers", accountEnabled=False)
    tenant.remove_licence(gone)
    tenant.add_user("Tachograph upload", local="tacho", licence="FLOW_FREE", department="Workshop")
    tenant.add_guest("Sylvie Aubert", mail="sylvie@aubert-transport.example")
    tenant.add_guest("Nigel Frame", mail="nigel.frame@frame-auditors.example")
    tenant.add_contact("Tyre service, 24 hours", mail="callout@tyres-on-time.example")
    tenant.add_contact("Port health office", mail="office@port-health.example")


def _groups(tenant: Tenant, teams: dict[str, list[User]]) -> None:
    """Add a list for each team, one that nests them, and the group whose members are to be protected."""
    lists = [
        tenant.add_group(
            name, kind="distribution", local=f"{name.lower().replace(' ', '-')}-all", members=[user.id for user in team]
        )
        for name, team in teams.items()
    ]
    tenant.add_group("Everybody", kind="distribution", local="everybody", members=lists)
    tenant.add_group("Protected mailboxes", members=[user.id for team in teams.values() for user in team])
    planners = [user.id for user in teams["Traffic office"]]
    tenant.add_group("Route planning", kind="microsoft365", local="route-planning", members=planners)
    tenant.add_group(
        "Safety notices", kind="mail_security", local="safety", members=[user.id for user in teams["Drivers"]]
    )
