"""A tenant with one of every kind of object and address that Microsoft 365 is known to hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random

from mailroll_simulator.licences import Subscription, assigned_licences, assigned_plans, provisioned_plans
from mailroll_simulator.objects import Contact, Group, Role, User
from mailroll_simulator.tenant import INDEX_LATE, LATE, Tenant
from mailroll_simulator.values import Json, guid

DOMAIN = "mess.example"
INITIAL = "mess.onmicrosoft.com"
_OTHER, _IDN, _UNVERIFIED = "other.example", "xn--bcher-kva.example", "unverified.example"
_LICENCE, _SINCE = "O365_BUSINESS_PREMIUM", "2024-05-06T07:08:09Z"
_X500 = "/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=0a1b2c3d-proxies"
_SPO = "SPO_7e9be7d2-1c5e-4b86-8d0c-5a1f6f6f2f11@SPO_7e9be7d2-1c5e-4b86-8d0c-5a1f6f6f2f22"
_LONG_LOCAL = "long." * 13  # 65 characters; a local part holds 64
_LONG_DOMAIN = ".".join(["long-label" * 6] * 3)  # with 64 in front and the domain behind, 260; an address holds 254


class Kind(Enum):
    """How an object is made."""

    PERSON = auto()  # licensed
    UNLICENSED = auto()
    SHARED = auto()
    ROOM = auto()
    EQUIPMENT = auto()
    GUEST = auto()
    CONTACT = auto()
    AGENT = auto()


@dataclass(frozen=True, slots=True)
class Case:
    """One object: how it is made, and what is then different about it."""

    kind: Kind
    local: str
    shows: str
    mail: str = ""  # of guests and contacts
    roles: tuple[Role, ...] = ()
    also: tuple[str, ...] = ()  # further proxy addresses, as they stand
    has: Mapping[str, Json] = field(default_factory=dict)  # wins over all of the above
    then: Callable[[Tenant, User], object] | None = None


@dataclass(frozen=True, slots=True)
class Gathering:
    """One group, with the local names of its members."""

    kind: str
    local: str
    shows: str
    members: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    has: Mapping[str, Json] = field(default_factory=dict)


def _purpose(purpose: str | None) -> Callable[[Tenant, User], None]:
    """Give the user's mailbox another purpose; None takes the mailbox away and leaves all the rest."""

    def change(_: Tenant, user: User) -> None:
        user.purpose = purpose

    return change


def _bar(_: Tenant, user: User) -> None:
    user.barred = True


def _delete_and_restore(tenant: Tenant, user: User) -> None:
    tenant.delete_user(user)
    tenant.restore_user(user)


def _plans(part: str, status: str) -> dict[str, Json]:
    """Give the plans of a product that is in that state for this user; see `_SUBSCRIPTIONS`."""
    return {
        "assignedLicenses": assigned_licences((part,)),
        "assignedPlans": assigned_plans((part,), _SINCE, status=status),
        "provisionedPlans": provisioned_plans((part,), status=status),
    }


_SUBSCRIPTIONS: Mapping[str, Subscription] = {
    "SPB": Subscription("Warning", warning=1),
    "SPE_E3": Subscription(suspended=1),  # the product is Enabled: a part of it was renewed
    "ENTERPRISEPACK": Subscription("LockedOut", locked_out=1),
    "O365_BUSINESS_ESSENTIALS": Subscription("Deleted"),
    "EXCHANGEENTERPRISE": Subscription(warning=1),  # and its holder has not been given the plan yet
}


def _addresses(mail: str, *others: str) -> dict[str, Json]:
    return {"mail": mail, "proxyAddresses": [f"SMTP:{mail}", *others]}


_NO_ADDRESSES: dict[str, Json] = {"mail": None, "proxyAddresses": []}
_SYNCED: dict[str, Json] = {
    "onPremisesSyncEnabled": True,
    "onPremisesDomainName": "corp.mess.example",
    "onPremisesImmutableId": "q83vEjRWeJCrze8SNFZ4kA==",
    "onPremisesLastSyncDateTime": _SINCE,
    "onPremisesSamAccountName": "synced",
}
_PLAN_OFF: dict[str, Json] = {
    "assignedLicenses": assigned_licences((_LICENCE,), ("EXCHANGE_S_STANDARD",)),
    "assignedPlans": assigned_plans((_LICENCE,), _SINCE, disabled=("EXCHANGE_S_STANDARD",)),
}
_FOUNDATION: dict[str, Json] = {
    "assignedLicenses": assigned_licences(("FLOW_FREE",)),
    "assignedPlans": assigned_plans(("FLOW_FREE",), _SINCE),
    "provisionedPlans": provisioned_plans(("FLOW_FREE",)),
}
_FULL: dict[str, Json] = {"assignedLicenses": assigned_licences(("EXCHANGEENTERPRISE",))}
_TEAMS_ROOM: dict[str, Json] = {
    "accountEnabled": True,
    "assignedLicenses": assigned_licences(("EXCHANGESTANDARD",)),
    "assignedPlans": assigned_plans(("EXCHANGESTANDARD",), _SINCE),
    "provisionedPlans": provisioned_plans(("EXCHANGESTANDARD",)),
}
_BLOCKED: dict[str, Json] = {"accountEnabled": False}
_PENDING: dict[str, Json] = {"externalUserState": "PendingAcceptance", "proxyAddresses": []}

PERSON, UNLICENSED, SHARED, ROOM, EQUIPMENT, GUEST, CONTACT, AGENT = Kind
_BOSS = (Role.GLOBAL_ADMINISTRATOR,)

# fmt: off
CASES: tuple[Case, ...] = (
    # people, and what licences do to them
    Case(PERSON, "licensed", "Licensed person"),
    Case(PERSON, "blocked", "Licensed, sign-in blocked", has={"accountEnabled": False}),
    Case(UNLICENSED, "admin", "Unlicensed administrator", roles=_BOSS),
    Case(PERSON, "former", "Formerly licensed", then=Tenant.remove_licence),
    Case(UNLICENSED, "synced", "Unlicensed, mail from on-premises", has=_SYNCED | _addresses(f"synced@{DOMAIN}")),
    Case(UNLICENSED, "foundation", "Foundation plan only", has=_FOUNDATION),
    Case(PERSON, "plan.off", "Mailbox plan switched off", has=_PLAN_OFF | _NO_ADDRESSES, then=_purpose(None)),
    Case(PERSON, "warning", "Plan in Warning", has=_plans("SPB", "Warning")),
    Case(PERSON, "suspended", "Plan Suspended", has=_plans("SPE_E3", "Suspended")),
    Case(PERSON, "locked", "Plan LockedOut", has=_plans("ENTERPRISEPACK", "LockedOut"), then=_purpose(None)),
    Case(PERSON, "renewed", "Plan renewed, others of the product are not", has=_plans("SPE_E3", "Enabled")),
    Case(AGENT, "agent", "Agent with a mailbox"),
    Case(PERSON, "expired", "Plan Deleted, licence still there", has=_plans("O365_BUSINESS_ESSENTIALS", "Deleted"), then=_purpose(None)),
    Case(PERSON, "provisioning", "Not yet provisioned", has=_NO_ADDRESSES, then=_purpose(None)),
    Case(PERSON, "guest.internal", "Guest with a mailbox here", has={"userType": "Guest"}),
    Case(PERSON, "old", "Old object without userType", has={"userType": None}),
    Case(PERSON, "barred", "Mailbox kept from the app", then=_bar),
    Case(PERSON, "deleted", "Soft-deleted", then=Tenant.delete_user),
    Case(PERSON, "restored", "Deleted and restored", then=_delete_and_restore),
    # mailboxes without a person
    Case(SHARED, "shared", "Shared mailbox"),
    Case(SHARED, "shared.enabled", "Shared mailbox, sign-in enabled", has={"accountEnabled": True}),
    Case(SHARED, "shared.full", "Shared mailbox over 50 GB, licensed", has=_FULL),
    Case(PERSON, "converted", "Converted to shared", then=Tenant.convert_to_shared),
    Case(ROOM, "room", "Room"),
    Case(ROOM, "room.enabled", "Room, sign-in enabled", has={"accountEnabled": True}),
    Case(ROOM, "room.teams", "Teams room, licensed and enabled", has=_TEAMS_ROOM),
    Case(EQUIPMENT, "equipment", "Equipment"),
    Case(EQUIPMENT, "equipment.enabled", "Equipment, sign-in enabled", has={"accountEnabled": True}),
    Case(UNLICENSED, "team", "Mailbox of another purpose", has=_addresses(f"team@{DOMAIN}"), then=_purpose("others")),
    # mailboxes elsewhere
    Case(GUEST, "guest", "Guest", "bob@partner.example"),
    Case(GUEST, "guest.member", "Guest as Member", "eve@partner.example", has={"userType": "Member"}),
    Case(GUEST, "guest.pending", "Guest who never came", "mallory@partner.example", has=_PENDING),
    Case(UNLICENSED, "mail.user", "Mail user", has=_addresses("mail.user@partner.example")),
    Case(UNLICENSED, "hybrid", "On-premises mailbox", has=_SYNCED | _addresses(f"hybrid@{DOMAIN}")),
    Case(UNLICENSED, "hybrid.shared", "On-premises shared mailbox", has=_SYNCED | _BLOCKED | _addresses(f"hybrid.shared@{DOMAIN}")),
    Case(PERSON, "hybrid.licensed", "On-premises mailbox, licensed", has=_SYNCED, then=_purpose(None)),
    Case(PERSON, "linked", "Linked mailbox", then=_purpose("linked")),
    Case(CONTACT, "contact", "Contact outside", "carol@partner.example"),
    Case(CONTACT, "contact.inside", "Contact with an address in the domain", f"contact.inside@{DOMAIN}"),
    # addresses
    Case(PERSON, "sip", "Teams address", also=(f"SIP:sip@{DOMAIN}", f"sip:sip.alias@{DOMAIN}")),
    Case(PERSON, "x500", "Legacy Exchange names", also=(f"X500:{_X500}", f"x500:{_X500}-2")),
    Case(PERSON, "eum", "Unified messaging", also=(f"EUM:4711;phone-context=plan.{DOMAIN}", f"eum:eum@{DOMAIN}")),
    Case(PERSON, "spo", "SharePoint address", also=(f"SPO:{_SPO}",)),
    Case(UNLICENSED, "sip.only", "Teams address and no other", has={"mail": None, "proxyAddresses": [f"SIP:sip.only@{DOMAIN}"]}),
    Case(UNLICENSED, "mail.only", "Address in mail alone", has={"mail": f"mail.only@{DOMAIN}", "proxyAddresses": []}),
    Case(PERSON, "mail.other", "Another address in mail than among the proxies", has={"mail": f"mail.unlisted@{DOMAIN}"}),
    Case(PERSON, "strange", "X400, Notes, no prefix", also=("x400:C=GB;S=Odd", f"notes:odd@{DOMAIN}", f"odd@{DOMAIN}")),
    Case(PERSON, "blank", "Blank after the prefix", has={"proxyAddresses": [f"SMTP: blank@{DOMAIN}"]}),
    Case(PERSON, "unordered", "Primary last", has={"proxyAddresses": [f"smtp:late@{DOMAIN}", f"SMTP:unordered@{DOMAIN}"]}),
    Case(PERSON, "Mixed.Case", "Mixed case", has=_addresses("mixed.CASE@Mess.Example", f"smtp:MIXED@{DOMAIN.upper()}")),
    Case(PERSON, "renamed", "Address unlike the sign-in name", has=_addresses(f"new.name@{DOMAIN}", f"smtp:renamed@{DOMAIN}")),
    Case(PERSON, "moera", "Primary at onmicrosoft.com", has=_addresses(f"moera@{INITIAL}", f"smtp:moera@{DOMAIN}")),
    Case(PERSON, "moera.twice", "Nickname with four digits", has=_addresses(f"moera.twice@{DOMAIN}", f"smtp:moera4711@{INITIAL}", "smtp:moera.twice@mess.mail.onmicrosoft.com")),
    Case(PERSON, "aliases", "Aliases in other domains", also=(f"smtp:aliases@{_OTHER}", f"smtp:aliases@{_IDN}", f"smtp:also@{DOMAIN}")),
    Case(UNLICENSED, "unverified", "Alias in an unverified domain", has=_SYNCED | _addresses(f"unverified@{DOMAIN}", f"smtp:unverified@{_UNVERIFIED}")),
    Case(PERSON, "idn", "IDN domain in letters", has=_addresses("idn@bücher.example", f"smtp:idn@{DOMAIN}")),
    Case(PERSON, "punycode", "IDN domain in punycode", has=_addresses(f"punycode@{_IDN}", f"smtp:punycode@{DOMAIN}")),
    Case(PERSON, "eai", "Letters beyond ASCII in front", also=(f"smtp:zoë@{DOMAIN}",)),
    Case(PERSON, "star", "Catch-all", also=(f"smtp:*@{DOMAIN}",)),
    Case(PERSON, "o'brien", "Apostrophe in the name"),
    Case(PERSON, "$dollar", "Sign-in name with a dollar"),
    Case(PERSON, "long.local", "Local part over 64", also=(f"smtp:{_LONG_LOCAL}@{DOMAIN}",)),
    Case(PERSON, "long.address", "Address over 254", also=(f"smtp:{_LONG_LOCAL[:-1]}@{_LONG_DOMAIN}.{DOMAIN}",)),
    Case(PERSON, "double.one", "An address that two hold, one", also=(f"smtp:double@{DOMAIN}",)),
    Case(PERSON, "double.two", "An address that two hold, two", also=(f"smtp:double@{DOMAIN}",)),
    Case(PERSON, "other.mails", "Contact address only", has={"otherMails": [f"private@{DOMAIN}", "home@private.example"]}),
)

GROUPS: tuple[Gathering, ...] = (
    Gathering("microsoft365", "team365", "Microsoft 365 group", ("licensed", "guest", "shared")),
    Gathering("security", "security", "Security group", ("licensed", "former", "room", "deleted", "nested")),
    Gathering("mail_security", "mailsec", "Mail-enabled security group", ("licensed", "warning")),
    Gathering("distribution", "list", "Distribution list", ("licensed", "contact", "guest"), also=(f"smtp:all@{DOMAIN}", f"smtp:list@{_OTHER}")),
    Gathering("security", "dynamic", "Dynamic membership", ("licensed", "blocked"), has={"groupTypes": ["DynamicMembership"], "membershipRule": '(user.userType -eq "Member")', "membershipRuleProcessingState": "On"}),
    Gathering("microsoft365", "dynamic365", "Dynamic Microsoft 365 group, paused", ("licensed",), has={"groupTypes": ["DynamicMembership", "Unified"], "membershipRule": '(user.department -eq "Sales")', "membershipRuleProcessingState": "Paused"}),
    Gathering("microsoft365", "hidden", "Hidden membership", ("licensed", "barred"), has={"visibility": "HiddenMembership"}),
    Gathering("security", "nested", "Nested group", ("warning", "mailsec")),
    Gathering("security", "loop.one", "Loop, one", ("licensed", "loop.two")),
    Gathering("security", "loop.two", "Loop, two", ("sip", "loop.one")),
    Gathering("distribution", "empty", "Empty list"),
    Gathering("distribution", "list.other", "List in another domain only", ("licensed",), has=_addresses(f"list.other@{_OTHER}", f"smtp:list.other@{INITIAL}")),
    Gathering("security", "around.hidden", "Holds a group with hidden membership", ("sip", "hidden")),
    Gathering("distribution", "twin", "Twins", ("licensed",)),
    Gathering("security", "twin.two", "Twins", ("blocked",)),
)
# fmt: on


def mess(chance: Random | None = None) -> Tenant:
    """Make one of each; its administrator is admin@mess.example.

    1. The domains.
    2. Every case: made as its kind, then changed, then what happens to it.
    3. The groups, and once all are there their members.
    """
    chance = chance or Random("mess")
    tenant = Tenant(
        "Mess & Sons",
        INITIAL,
        guid(chance),
        chance,
        on_premises_sync=True,
        uneven=True,
        late=LATE,
        index_late=INDEX_LATE,
    )
    tenant.subscriptions.update(_SUBSCRIPTIONS)
    tenant.add_domain(DOMAIN, default=True)
    tenant.add_domain(_OTHER)
    tenant.add_domain(_IDN)
    tenant.add_domain(_UNVERIFIED, verified=False)
    members: dict[str, User | Group | Contact] = {case.local: _add(tenant, case) for case in CASES}
    groups = [(_gather(tenant, gathering), gathering) for gathering in GROUPS]
    members |= {gathering.local: group for group, gathering in groups}
    for group, gathering in groups:
        for local in gathering.members:
            tenant.add_member(group, members[local])
    return tenant


def _add(tenant: Tenant, case: Case) -> User | Contact:
    if case.kind is CONTACT:
        return tenant.add_contact(case.shows, mail=case.mail)
    user = _made(tenant, case)
    if case.also:
        tenant.change_user(user, proxyAddresses=[*user.proxy_addresses, *case.also])
    if case.has:
        tenant.change_user(user, **case.has)
    if case.then is not None:
        case.then(tenant, user)
    return user


def _made(tenant: Tenant, case: Case) -> User:
    match case.kind:
        case Kind.SHARED:
            return tenant.add_shared_mailbox(case.shows, local=case.local)
        case Kind.ROOM:
            return tenant.add_room(case.shows, local=case.local)
        case Kind.EQUIPMENT:
            return tenant.add_equipment(case.shows, local=case.local)
        case Kind.AGENT:
            return tenant.add_agent(case.shows, local=case.local)
        case Kind.GUEST:
            return tenant.add_guest(case.shows, mail=case.mail)
        case _:
            licence = _LICENCE if case.kind is PERSON else None
            return tenant.add_user(case.shows, local=case.local, licence=licence, roles=case.roles)


def _gather(tenant: Tenant, gathering: Gathering) -> Group:
    group = tenant.add_group(gathering.shows, kind=gathering.kind, local=gathering.local)
    addresses: dict[str, Json] = {"proxyAddresses": [*group.proxy_addresses, *gathering.also]}
    return tenant.change_group(group, **addresses | dict(gathering.has))
