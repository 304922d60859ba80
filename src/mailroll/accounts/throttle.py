"""Slows guesses down: at passwords of one address from one network, and from one network at many addresses.

Whoever guesses waits longer each time, a minute at most, and nobody else waits with them: the row is of the address
*and* the network it is tried from. A browser in which the person has signed in before has a row of its own, so that not
even guesses from the office next door keep them out (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
"""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final

from django.db import transaction
from django.db.models import F

from mailroll.accounts.models import Throttle
from mailroll.audit import clock

LONGEST: Final = timedelta(minutes=1)
FORGOTTEN: Final = timedelta(hours=1)
"""After so long without a try, a row counts from the beginning."""

_NETWORK_V4, _NETWORK_V6 = 24, 56
"""What one subscriber or one host is often given; IPv6 by RFC 6177, section 2."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is slowed, and how many tries are free of it."""

    key: str
    free: int
    shared: bool = False
    """Counts for several people."""

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.key.encode("utf-8", "surrogatepass")).hexdigest()


def of_sign_in(email: str, client: str, device: str = "") -> tuple[Allowance, ...]:
    """Return what a try counts for; `device` is the name of a browser that this person is known by, or empty."""
    if device:
        return (Allowance(f"device {device} {email}", 5),)
    place = network(client)
    return Allowance(f"pair {place} {email}", 5), Allowance(f"network {place}", 20, shared=True)


def take(allowances: Iterable[Allowance]) -> timedelta:
    """Count one try, before it is judged. Returns how long it is too early; nothing where it may be judged.

    The rows are locked first, so of any number of tries at once no more are judged than one after the other. Those of
    a network come before the others: while it has to wait, no try makes a row, whatever address is made up for it.
    """
    allowances_by_key = {allowance.digest: allowance for allowance in allowances}
    now, rows = clock.now(), list[Throttle]()
    with transaction.atomic():
        for shared in (True, False):
            locked_rows = _locked([key for key, allowance in allowances_by_key.items() if allowance.shared is shared])
            now = clock.now()
            wait = max((row.next_at - now for row in locked_rows), default=timedelta(0))
            if wait > timedelta(0):
                return wait
            rows += locked_rows
        for row in rows:
            row.tries = row.tries + 1 if row.last_at > now - FORGOTTEN else 1
            row.last_at, row.next_at = now, now + delay(row.tries, allowances_by_key[row.key].free)
        Throttle.objects.bulk_update(rows, ["tries", "last_at", "next_at"])
    return timedelta(0)


def _locked(keys: list[str]) -> list[Throttle]:
    now = clock.now()
    Throttle.objects.bulk_create(
        (Throttle(key=key, tries=0, last_at=now, next_at=now) for key in keys), ignore_conflicts=True
    )
    return list(Throttle.objects.select_for_update().filter(key__in=keys).order_by("key"))


def forgive(allowances: Iterable[Allowance]) -> None:
    """Whoever turned out to be right begins anew; in the count of their network it was the one try less."""
    for allowance in allowances:
        rows = Throttle.objects.filter(key=allowance.digest)
        if allowance.shared:
            rows.filter(tries__gt=0).update(tries=F("tries") - 1)
        else:
            rows.delete()


def delay(tries: int, free: int) -> timedelta:
    """Say how long after so many tries the next one is judged: not at all while they are free, then 2 s, 4 s, 8 s."""
    if tries < free:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(tries - free + 1, 10)), LONGEST)


def patience(wait: timedelta) -> str:
    """Say how long somebody has to wait who is too early."""
    seconds = math.ceil(wait.total_seconds())
    return f"Too many attempts. Wait {seconds} {'second' if seconds == 1 else 'seconds'}, then try again."


def clear(now: datetime) -> int:
    """Drop what is forgotten; returns how many rows."""
    count, _ = Throttle.objects.filter(last_at__lt=now - FORGOTTEN, next_at__lt=now).delete()
    return count


def network(client: str) -> str:
    """Return what is taken for one place to try from."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        address = mapped
    return str(ip_network((address, _NETWORK_V4 if isinstance(address, IPv4Address) else _NETWORK_V6), strict=False))
