"""Where servers answer: each tells while it runs, so that the Console can ask them, and nobody types an address there.

A place comes from the process that listens at it and never out of a request: whoever may press *Check now* can make the
Console connect to our own servers, and to nothing else.
"""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mailroll import promises
from mailroll.gateway.models import ListeningPlace

TOLD_EVERY: Final = 15.0
"""Seconds between two times that a server tells."""

_BELIEVED: Final = promises.WORKER
"""How long what was told holds: a server that was killed takes nothing back."""

_KEPT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Server:
    """A place as it was told, and how it is reached from here: nothing where only its own machine reaches it."""

    place: str
    machine: str
    reached_at: str | None


def tell(places: Iterable[str], now: datetime) -> None:
    """Write down where this process answers, and let go of what others told long ago."""
    machine = socket.gethostname()
    ListeningPlace.objects.bulk_create(
        [ListeningPlace(machine=machine, place=place, told_at=now) for place in places],
        update_conflicts=True,
        unique_fields=["machine", "place"],
        update_fields=["told_at"],
    )
    ListeningPlace.objects.filter(told_at__lt=now - _KEPT).delete()


def take_back(places: Iterable[str]) -> None:
    """Say that this process answers no longer."""
    ListeningPlace.objects.filter(machine=socket.gethostname(), place__in=list(places)).delete()


def servers(now: datetime) -> tuple[Server, ...]:
    """Return where servers told within the last minute that they answer."""
    own_machine = socket.gethostname()
    rows = ListeningPlace.objects.filter(told_at__gt=now - _BELIEVED).order_by("place", "machine")
    return tuple(Server(row.place, row.machine, reached(row.place, row.machine, own_machine)) for row in rows)


def reached(place: str, machine: str, own_machine: str) -> str | None:
    """Tell how a place on a machine is reached from another one, or from the same."""
    if place.startswith("socketmap:unix:"):
        return place if machine == own_machine else None
    kind, _, host_and_port = place.rpartition("//" if place.startswith("http:") else ":inet:")
    host, _, port = host_and_port.rpartition(":")
    between = "//" if place.startswith("http:") else ":inet:"
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return place if machine == own_machine or host != "localhost" else None
    if address.is_unspecified:
        # Every address of its machine: by the loopback at home, else by the machine's name.
        loopback = "127.0.0.1" if address.version == 4 else "[::1]"  # noqa: PLR2004 - of the Internet Protocol
        return f"{kind}{between}{loopback if machine == own_machine else machine}:{port}"
    return place if machine == own_machine or not address.is_loopback else None


def machines(now: datetime) -> int:
    """Count the machines on which a server told lately that it answers."""
    return ListeningPlace.objects.filter(told_at__gt=now - _BELIEVED).values("machine").distinct().count()
