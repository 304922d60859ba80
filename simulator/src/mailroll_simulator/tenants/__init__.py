"""Tenants ready to use: firms of three sizes, a school, one of every oddity, and one of any size."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailroll_simulator.tenant import Tenant
from mailroll_simulator.tenants.brightwater import small_firm
from mailroll_simulator.tenants.coldharbour import haulier
from mailroll_simulator.tenants.lindenfield import school
from mailroll_simulator.tenants.multitude import huge
from mailroll_simulator.tenants.oddities import mess
from mailroll_simulator.tenants.petrel import practice


@dataclass(frozen=True, slots=True)
class Named:
    """A tenant that can be asked for by name: how it is made, and one line on it."""

    make: Callable[[], Tenant]
    text: str


NAMED: Mapping[str, Named] = {
    "small-firm": Named(small_firm, "Brightwater Joinery: 22 mailboxes, as most tenants are"),
    "haulier": Named(haulier, "Coldharbour Haulage: 61 mailboxes and a few loose ends"),
    "practice": Named(practice, "Petrel Dental: some other company, with 6 mailboxes"),
    "school": Named(school, "Lindenfield School: 430 people in two domains, a group for every class"),
    "mess": Named(mess, "one of every kind of object and address that there is"),
    "huge": Named(huge, "as many people as --users says"),
}

__all__ = ["NAMED", "Named", "haulier", "huge", "mess", "practice", "school", "small_firm"]
