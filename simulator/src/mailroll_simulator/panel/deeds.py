"""What can be made to happen: to people of a tenant, and in what Microsoft answers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from mailroll_simulator.licences import LICENCES
from mailroll_simulator.objects import User
from mailroll_simulator.panel.journal import Effect
from mailroll_simulator.panel.stage import NobodyLeft, Theatre

SLOW_SECONDS = 5
_JOINERS = ("Nia Bevan", "Idris Cole", "Maeve Lacey", "Anton Weiss", "Salma Qureshi")
_SURNAMES = ("Hartley", "Lindqvist", "Okafor", "Pemberton", "Sandoval")
_MOST_DELETED, _MOST_SWAPPED = 40, 20


@dataclass(frozen=True, slots=True)
class Deed:
    """One row of the panel.

    `lasts`: it is on until it is taken back, and cannot be done twice meanwhile. `alone`: it can be on for one tenant
    at a time, as a fault can.
    """

    name: str
    heading: str
    text: Callable[[Theatre], str]
    button: Callable[[Theatre], str]
    way_back: str
    act: Callable[[Theatre], Effect]
    lasts: bool = False
    alone: bool = False


def _hire(theatre: Theatre) -> Effect:
    name = _joiner(theatre)
    licence = _licence(theatre.people[-1]) if theatre.people else "O365_BUSINESS_PREMIUM"
    user = theatre.tenant.add_user(name, licence=licence)
    return Effect(f"{name} got a mailbox.", partial(theatre.tenant.purge_user, user.id), frozenset({user.id}), name)


def _joiner(theatre: Theatre) -> str:
    there = {user.text("displayName") for user in theatre.tenant.users}
    free = [name for name in _JOINERS if name not in there]
    if not free:
        raise NobodyLeft("Nobody else wants to join. Put the tenant back as it was.")
    return free[0]


def _let_go(theatre: Theatre) -> Effect:
    (user,) = theatre.pick(1)
    name = user.text("displayName")
    return Effect(f"{name} was deleted.", _delete(theatre, [user]), frozenset({user.id}), name)


def _rename(theatre: Theatre) -> Effect:
    """Give another surname and primary address; the old address stays, as Exchange keeps it as a secondary one."""
    (user,) = theatre.pick(1, last=False)
    old, address = user.text("displayName"), user.mail
    surname = _SURNAMES[len(theatre.journal.of("rename")) % len(_SURNAMES)]
    new = f"{old.partition(' ')[0]} {surname}"
    domain = theatre.tenant.default_domain
    local = f"{address.partition('@')[0].partition('.')[0]}.{surname.lower()}"
    others = [f"smtp:{entry.partition(':')[2]}" for entry in user.proxy_addresses if entry.partition(":")[2] != address]
    back = _restoring(theatre, user, "displayName", "surname", "mail", "proxyAddresses", "userPrincipalName")
    theatre.tenant.change_user(
        user,
        displayName=new,
        surname=surname,
        mail=f"{local}@{domain}",
        userPrincipalName=f"{local}@{domain}",
        proxyAddresses=[f"SMTP:{local}@{domain}", f"smtp:{address}", *others],
    )
    return Effect(f"{old} is called {new} now.", back, frozenset({user.id}), new)


def _swap(theatre: Theatre) -> Effect:
    """Take the licences of some people, and give them others after a while."""
    users = theatre.pick(_swapped(theatre))
    backs = [
        _restoring(theatre, user, "assignedLicenses", "assignedPlans", "provisionedPlans", "mail", "proxyAddresses")
        for user in users
    ]
    addresses = {user.id: (user.mail, user.proxy_addresses) for user in users}
    parts = {user.id: "O365_BUSINESS_PREMIUM" if _licence(user) == "SPB" else "SPB" for user in users}
    for user in users:
        theatre.tenant.remove_licence(user)

    def give() -> None:
        for user in users:
            theatre.tenant.assign_licence(user, parts[user.id])
            # Exchange keeps a mailbox for 30 days after its licence, with all addresses:
            # https://learn.microsoft.com/en-us/exchange/recipients-in-exchange-online/delete-or-restore-mailboxes
            mail, proxies = addresses[user.id]
            theatre.tenant.change_user(user, mail=mail, proxyAddresses=[*proxies])

    waiting = theatre.loop.call_later(theatre.swap_seconds, give)

    def undo() -> None:
        waiting.cancel()
        for back in backs:
            back()

    words = f"{len(users)} people lost their plan; they get another {theatre.swap_seconds:g} seconds later."
    return Effect(words, undo, frozenset(user.id for user in users))


def _delete_many(theatre: Theatre) -> Effect:
    users = theatre.pick(_deleted(theatre))
    undo = _delete(theatre, users)
    return Effect(f"{len(users)} people were deleted.", undo, frozenset(user.id for user in users))


def _withdraw(theatre: Theatre) -> Effect:
    tenant = theatre.tenant
    with tenant.lock:
        known = dict(tenant.principals)
        tenant.principals.clear()
    if not known:
        raise NobodyLeft("No application has consent here, so there is nothing to withdraw.")

    def undo() -> None:
        with tenant.lock:
            tenant.principals.update({**known, **tenant.principals})

    return Effect("Consent is withdrawn.", undo)


def _fault(words: str, name: str, path: str, **options: Any) -> Callable[[Theatre], Effect]:
    def act(theatre: Theatre) -> Effect:
        theatre.world.faults.on(name, path=path, tenant=theatre.tenant.id, **options)
        return Effect(words, partial(theatre.world.faults.off, name))

    return act


def _delete(theatre: Theatre, users: list[User]) -> Callable[[], None]:
    for user in users:
        theatre.tenant.delete_user(user)

    def undo() -> None:
        for user in users:
            theatre.tenant.restore_user(user.id)
            theatre.tenant.made_at.pop(user.id, None)  # as it was: in listings at once

    return undo


def _restoring(theatre: Theatre, user: User, *names: str) -> Callable[[], None]:
    before, purpose = {name: user.properties.get(name) for name in names}, user.purpose

    def undo() -> None:
        user.purpose = purpose
        theatre.tenant.change_user(user, **before)

    return undo


def _licence(user: User) -> str:
    held = user.properties.get("assignedLicenses")
    ids = {each["skuId"] for each in held if isinstance(each, dict)} if isinstance(held, list | tuple) else set()
    return next((part for part, licence in LICENCES.items() if licence.id in ids), "O365_BUSINESS_PREMIUM")


def _deleted(theatre: Theatre) -> int:
    return min(_MOST_DELETED, len(theatre.free), max(4, len(theatre.people) * 2 // 3))


def _swapped(theatre: Theatre) -> int:
    return min(_MOST_SWAPPED, len(theatre.free), max(4, len(theatre.people) // 2))


PEOPLE: tuple[Deed, ...] = (
    Deed("joiner", "A joiner", lambda _: "Somebody new gets a mailbox.", lambda _: "Hire", "Undo", _hire),
    Deed("leaver", "A leaver", lambda _: "Somebody's account is deleted.", lambda _: "Let go", "Undo", _let_go),
    Deed(
        "rename", "A rename", lambda _: "Somebody marries: new name, new address.", lambda _: "Rename", "Undo", _rename
    ),
    Deed(
        "swap",
        "A licence swap",
        lambda theatre: f"{_swapped(theatre)} people lose their plan and get another a minute later.",
        lambda _: "Swap",
        "Undo",
        _swap,
        lasts=True,
    ),
    Deed(
        "deletion",
        "A mass deletion",
        lambda theatre: f"A script deletes {_deleted(theatre)} of {theatre.mailboxes} mailboxes.",
        lambda theatre: f"Delete {_deleted(theatre)}",
        "Undo",
        _delete_many,
        lasts=True,
    ),
)
MICROSOFT: tuple[Deed, ...] = (
    Deed(
        "empty",
        "An empty answer",
        lambda _: "Listings have no users in them, without an error.",
        lambda _: "Answer nothing",
        "Back to normal",
        _fault("Listings are empty.", "source_empty", "/users"),
        lasts=True,
        alone=True,
    ),
    Deed(
        "cut",
        "A page is missing",
        lambda _: "Listings of users break off in the middle.",
        lambda _: "Cut",
        "Back to normal",
        _fault("Listings break off.", "page_cut_short", "/users"),
        lasts=True,
        alone=True,
    ),
    Deed(
        "consent",
        "Consent withdrawn",
        lambda _: "The tenant's administrator takes consent back.",
        lambda _: "Withdraw",
        "Give it back",
        _withdraw,
        lasts=True,
    ),
    Deed(
        "slow",
        "Slow Microsoft",
        lambda _: f"Each answer takes {SLOW_SECONDS} seconds.",
        lambda _: "Slow down",
        "Back to normal",
        _fault("Answers are slow.", "slow_page", "*", wait=SLOW_SECONDS),
        lasts=True,
        alone=True,
    ),
    Deed(
        "throttle",
        "Too many requests",
        lambda _: "Every question is answered with 429.",
        lambda _: "Throttle",
        "Back to normal",
        _fault("Every answer is 429.", "throttle", "*", retry_after=120),
        lasts=True,
        alone=True,
    ),
)
DEEDS = {deed.name: deed for deed in (*PEOPLE, *MICROSOFT)}
