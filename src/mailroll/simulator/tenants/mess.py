"""Harbour & Hale: a tenant that holds every odd case at once, each under a name that says which."""

from random import Random

from mailroll.simulator.licences import LICENCES, assigned_licences, assigned_plans, provisioned_plans
from mailroll.simulator.objects import Role
from mailroll.simulator.tenant import Tenant
from mailroll.simulator.values import guid, instant

DOMAIN = "harbour-hale.example"
SECOND = "hale.example"
IDN = "xn--mller-brcke-thbd.example"  # müller-brücke
FOREIGN = "harbour-hale.test"  # theirs once, not verified in this tenant


def mess(chance: Random | None = None) -> Tenant:
    """Make a tenant with one object for each case; `local part` or display name tells the case."""
    chance = chance or Random(3)
    tenant = Tenant("Harbour & Hale", "harbourhale.onmicrosoft.com", guid(chance), chance, on_premises_sync=True)
    tenant.add_domain(DOMAIN, default=True)
    tenant.add_domain(SECOND)
    tenant.add_domain(IDN)
    tenant.add_domain(FOREIGN, verified=False)
    _people(tenant)
    _plans(tenant)
    _mailboxes(tenant)
    _outsiders(tenant)
    _addresses(tenant)
    _groups(tenant)
    return tenant


def _people(tenant: Tenant) -> None:
    """Add people with and without licences, and those who lost theirs in each of the ways there are."""
    tenant.add_user("Licensed Person", local="licensed", aliases=[f"person@{DOMAIN}", f"licensed@{SECOND}"])
    tenant.add_user("Unlicensed Admin", local="admin", licence=None, roles=(Role.GLOBAL_ADMINISTRATOR,))
    tenant.add_user("Exchange Admin", local="exchange.admin", licence=None, roles=(Role.EXCHANGE_ADMINISTRATOR,))
    former = tenant.add_user("Formerly Licensed", local="former")
    tenant.remove_licence(former)
    kept = tenant.add_user("Formerly Licensed Kept Address", local="former.kept")
    addresses = {"mail": kept.mail, "proxyAddresses": kept.proxy_addresses}
    tenant.remove_licence(kept)
    # Addresses that came by sync stay where those that Exchange worked out are taken.
    tenant.change_user(kept, onPremisesSyncEnabled=True, **addresses)
    blocked = tenant.add_user("Blocked But Licensed", local="blocked")
    tenant.change_user(blocked, accountEnabled=False)
    tenant.add_user("Not Yet Provisioned", local="not.yet", mail=None, proxyAddresses=[])
    tenant.change_user(tenant.add_user("Old Object Without Type", local="old.object"), userType=None)
    gone = tenant.add_user("Soft Deleted", local="soft.deleted")
    tenant.delete_user(gone)
    tenant.delete_group(tenant.add_group("Deleted Team", kind="microsoft365", local="deleted-team"))
    barred = tenant.add_user("Barred By Access Policy", local="barred")
    barred.barred = True
    tenant.add_user(
        "Hybrid Mailbox",
        local="hybrid",
        licence=None,
        mail=f"hybrid@{DOMAIN}",
        proxyAddresses=[f"SMTP:hybrid@{DOMAIN}", f"smtp:hybrid@{tenant.initial_domain.replace('.', '.mail.', 1)}"],
        onPremisesSyncEnabled=True,
        onPremisesImmutableId="aGFyYm91cmhhbGUxMjM0NQ==",
        onPremisesSamAccountName="hybrid",
        onPremisesExtensionAttributes={f"extensionAttribute{number}": None for number in range(1, 16)}
        | {"extensionAttribute1": "head office"},
    )


def _plans(tenant: Tenant) -> None:
    """Add people whose service plans say more than the licence does."""
    tenant.add_user("Foundation Only", local="foundation", licence="FLOW_FREE")
    tenant.add_user("Kiosk Worker", local="kiosk", licence="EXCHANGEDESKLESS")
    since = instant(tenant.created)
    for status in ("Warning", "Suspended", "Deleted"):
        user = tenant.add_user(f"Plan {status}", local=f"plan.{status.lower()}", licence="SPE_E3")
        tenant.change_user(
            user,
            assignedPlans=assigned_plans(("SPE_E3",), since, status=status),
            provisionedPlans=provisioned_plans(("SPE_E3",), status=status),
        )
        if status == "Deleted":
            user.purpose = None
    disabled = tenant.add_user("Exchange Plan Disabled", local="plan.disabled", licence="ENTERPRISEPACK")
    off = [plan.name for plan in LICENCES["ENTERPRISEPACK"].plans if plan.mailbox]
    tenant.change_user(
        disabled,
        assignedLicenses=assigned_licences(("ENTERPRISEPACK",), off),
        assignedPlans=assigned_plans(("ENTERPRISEPACK",), since, disabled=off),
        mail=None,
        proxyAddresses=[],
    )
    disabled.purpose = None


def _mailboxes(tenant: Tenant) -> None:
    tenant.add_shared_mailbox("Shared Disabled", local="shared.disabled", aliases=[f"reception@{DOMAIN}"])
    tenant.add_shared_mailbox("Shared Enabled", local="shared.enabled", enabled=True)
    tenant.convert_to_shared(tenant.add_user("Converted To Shared", local="converted"))
    licensed_shared = tenant.add_user("Shared With Licence", local="shared.licensed", licence="EXCHANGEENTERPRISE")
    licensed_shared.purpose = "shared"
    tenant.change_user(licensed_shared, accountEnabled=False)
    tenant.add_room("Harbour Room", local="room.harbour", building="Quay")
    teams_room = tenant.add_user("Teams Room", local="room.teams", licence="SPB")
    teams_room.purpose = "room"
    tenant.add_room("Enabled Room", local="room.enabled", enabled=True)
    tenant.add_equipment("Projector", local="projector")
    linked = tenant.add_user("Linked Mailbox", local="linked")
    linked.purpose = "linked"
    other = tenant.add_user("Discovery Mailbox", local="discovery")
    other.purpose = "others"


def _outsiders(tenant: Tenant) -> None:
    """Add guests, mail users and contacts: addresses that are no mailboxes here."""
    tenant.add_guest("Guest", mail="guest@partner.example")
    tenant.add_guest("Guest As Member", mail="member@partner.example", userType="Member")
    tenant.add_guest("Guest Without Mail", mail="silent@partner.example", proxyAddresses=[], externalUserState=None)
    tenant.add_user("Internal Guest", local="internal.guest", userType="Guest")
    tenant.add_user(
        "Mail User",
        local="mail.user",
        licence=None,
        mail="mail.user@elsewhere.example",
        proxyAddresses=["SMTP:mail.user@elsewhere.example", f"smtp:mail.user@{DOMAIN}"],
    )
    tenant.add_contact("Contact Outside", mail="contact@partner.example", companyName="Partner")
    tenant.add_contact("Contact In The Domain", mail=f"contact.inside@{DOMAIN}")


def _addresses(tenant: Tenant) -> None:
    """Add people whose addresses are hard to read."""
    for name, local, addresses in (
        (
            "Other Prefixes",
            "prefixes",
            (
                f"SMTP:prefixes@{DOMAIN}",
                f"SIP:prefixes@{DOMAIN}",
                f"sip:prefixes.two@{DOMAIN}",
                "X500:/o=Harbour Hale/ou=Exchange Administrative Group/cn=Recipients/cn=prefixes",
                "x500:/o=Old/ou=First/cn=Recipients/cn=prefixes=2b",
                f"EUM:1234;phone-context=dial.{DOMAIN}",
                f"eum:prefixes@{DOMAIN}",
                f"SPO:SPO_11111111-2222-4333-8444-555555555555@SPO_{tenant.id}",
                f"x400:c=GB;a= ;p=Harbour;s=prefixes;@{DOMAIN}",
                f"notes:prefixes@{DOMAIN}",
                f"unprefixed@{DOMAIN}",
            ),
        ),
        ("Blank After Colon", "blank", (f"SMTP: blank@{DOMAIN}", f"smtp: blank.two@{DOMAIN}")),
        ("Mixed Case", "mixed.case", (f"SMTP:Mixed.Case@{DOMAIN.title()}", f"smtp:MIXED@{DOMAIN.upper()}")),
        ("Odd Prefix Case", "odd.case", (f"SMTP:odd.case@{DOMAIN}", f"Smtp:odd.two@{DOMAIN}")),
        ("Secondary First", "secondary", (f"smtp:first@{DOMAIN}", f"SMTP:secondary@{DOMAIN}")),
        ("Idn Domain", "idn", (f"SMTP:idn@{DOMAIN}", f"smtp:idn@{IDN}", "smtp:idn.u@müller-brücke.example")),
        ("Idn Local Part", "idn.local", (f"SMTP:idn.local@{DOMAIN}", f"smtp:jörg@{DOMAIN}")),
        ("Other Domains", "others", (f"SMTP:others@{DOMAIN}", f"smtp:o@{SECOND}", f"smtp:o@{FOREIGN}")),
        ("Primary Elsewhere", "elsewhere", (f"SMTP:elsewhere@{SECOND}", f"smtp:elsewhere@{DOMAIN}")),
        ("Catch All", "catch.all", (f"SMTP:catch.all@{DOMAIN}", f"smtp:*@{DOMAIN}")),
        ("Subdomain", "sub", (f"SMTP:sub@{DOMAIN}", f"smtp:sub@mail.{DOMAIN}", f"smtp:x@not{DOMAIN}")),
        ("Apostrophe O'Hale", "o'hale", (f"SMTP:o'hale@{DOMAIN}", f"smtp:plus+tag@{DOMAIN}")),
        ("Same Address Twice", "twice", (f"SMTP:twice@{DOMAIN}", f"smtp:TWICE@{DOMAIN}")),
        ("Only Initial Domain", "initial", (f"SMTP:initial@{tenant.initial_domain}",)),
    ):
        tenant.change_user(tenant.add_user(name, local=local), proxyAddresses=list(addresses))
    nameless = tenant.add_user("Without Names", local="nameless")
    tenant.change_user(nameless, displayName=None, givenName=None, surname=None)
    # Moved from one user to the other a moment ago: for a while both show it.
    for name in ("Conflict One", "Conflict Two"):
        user = tenant.add_user(name, local=name.lower().replace(" ", "."))
        tenant.change_user(user, proxyAddresses=[*user.proxy_addresses, f"smtp:conflict@{DOMAIN}"])


def _groups(tenant: Tenant) -> None:
    person, admin = tenant.user(f"licensed@{DOMAIN}"), tenant.user(f"admin@{DOMAIN}")
    shared = tenant.user(f"shared.disabled@{DOMAIN}")
    contact = next(iter(tenant.contacts))
    tenant.add_group("Microsoft 365 Group", kind="microsoft365", local="team", members=[person, admin])
    tenant.add_group("Mail Security Group", kind="mail_security", local="mail-security", members=[person])
    tenant.add_group("Distribution List", kind="distribution", local="list", members=[person, shared, contact])
    tenant.add_group("Security Group", members=[person, admin])
    tenant.add_group("Empty Group")
    tenant.add_group(
        "Dynamic Membership",
        groupTypes=["DynamicMembership"],
        membershipRule='(user.department -eq "Sales")',
        membershipRuleProcessingState="On",
        members=[person],
    )
    tenant.add_group(
        "Hidden Membership", kind="microsoft365", local="hidden", visibility="HiddenMembership", members=[admin]
    )
    outer = tenant.add_group("Loop Outer", kind="distribution", local="loop-outer", members=[person])
    inner = tenant.add_group("Loop Inner", kind="distribution", local="loop-inner", members=[outer, shared])
    tenant.add_member(outer, inner)
