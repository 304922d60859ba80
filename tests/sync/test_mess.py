"""One tenant with every kind of object and address: each comes out as `mess.txt` says, and is explained."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from django.utils import timezone
from pytest_django import Settings

from mailroll.directory import queries
from mailroll.reconcile.addresses import AddressFault, canonical
from mailroll.reconcile.reasons import KIND_RULES
from mailroll.simulator import Tenant
from mailroll.simulator.tenants import mess
from mailroll.sync import explaining, setup
from tests.sync import world
from tests.sync.world import PERMISSIONS, Customer

DOMAIN: Final = "mess.example"
TABLE: Final = Path(__file__).with_name("mess.txt")
WAYS: Final = ("with", "without", "hybrid")
LEFT_OUT: Final = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of one address: what it is taken for in each of the three ways, and by which rule."""

    address: str
    object: str
    kinds: tuple[str, str, str]
    rules: tuple[str, str, str]


def table() -> list[Row]:
    """Read the rows of `mess.txt`: address, object, and for each way the kind and the rule."""
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 5 and not line.startswith("#"):
            address, name, *ways = cells
            pairs = [way.split(" by ") if " by " in way else (LEFT_OUT, way) for way in ways]
            found.append(Row(address, name, tuple(kind for kind, _ in pairs), tuple(rule for _, rule in pairs)))
    return found


def addresses(tenant: Tenant) -> Iterator[tuple[str, str]]:
    """Every text of the tenant that looks like an address, with the name of its object."""
    for item in (*tenant.users, *tenant.groups, *tenant.contacts):
        texts = [str(item.get("mail") or ""), *map(str, _list(item.get("proxyAddresses"))), *map(str, _list(item.get("otherMails")))]
        seen: set[str] = set()
        for text in texts:
            prefix, colon, rest = text.partition(":")
            address = (rest if colon else prefix).strip()
            if "@" in address and address.lower() not in seen:
                seen.add(address.lower())
                yield address, str(item.get("displayName"))


def _list(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else ()
