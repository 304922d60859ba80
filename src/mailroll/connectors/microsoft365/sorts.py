"""The types of object that a tenant is asked for: where each is listed, with which properties, and what it becomes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from mailroll.connectors.base import WantedObjects
from mailroll.connectors.microsoft365 import wire
from mailroll.connectors.microsoft365.attributes import Chosen, Detailed, chosen
from mailroll.connectors.microsoft365.decode import PageDecoder
from mailroll.connectors.microsoft365.delta import Tracked
from mailroll.connectors.microsoft365.licences import Subscriptions
from mailroll.connectors.microsoft365.objects import SINGLY_MAX, ObjectSort
from mailroll.connectors.microsoft365.outlines import Outlines
from mailroll.connectors.microsoft365.records import contact_record, group_record, record
from mailroll.reconcile.model import ObjectType

_USER: Final = PageDecoder(wire.GraphUser, mends=True)
_DETAILED: Final = PageDecoder(Detailed, mends=True)

GROUPS: Final = ObjectSort(
    ObjectType.GROUP,
    "groups",
    "group",
    ",".join(wire.GROUP_SELECT),
    PageDecoder(wire.GraphGroup, mends=True),
    group_record,
)
CONTACTS: Final = ObjectSort(
    ObjectType.CONTACT,
    "contacts",
    "orgContact",
    ",".join(wire.CONTACT_SELECT),
    PageDecoder(wire.GraphContact, mends=True),
    contact_record,
)
OTHERS: Final[Mapping[ObjectType, ObjectSort[Any]]] = {sort.type: sort for sort in (GROUPS, CONTACTS)}
PLANS: Final = ObjectSort(ObjectType.USER, "users", "user", ",".join(wire.PLAN_SELECT), _USER, record, SINGLY_MAX)
"""Users, asked by id, of whom only the plans are not known."""


def users(picked: Chosen) -> ObjectSort[Any]:
    decoder: PageDecoder[Any] = _DETAILED if picked.detailed else _USER
    return ObjectSort(
        ObjectType.USER,
        "users",
        "user",
        picked.select,
        decoder,
        lambda tenant, one: record(tenant, one, picked),
        outlines=Outlines(picked).of_page,
    )


def tracked(wanted: WantedObjects, user_selects: Iterable[str]) -> Iterator[Tracked]:
    """Yield what delta rounds are about, users with each of these selections."""
    for select in user_selects:
        shown = tuple(select.split(","))
        # Where licences stand for plans, the state of a product shows in no licence: but then in its holders' plans.
        yield Tracked(ObjectType.USER, "users", shown, tuple({"assignedPlans"}.difference(shown)))
    if wanted.groups or wanted.members:
        # Where only members count, so does which group has the name that a filter says.
        yield Tracked(ObjectType.GROUP, GROUPS.path, wire.GROUP_SELECT, ("members",) if wanted.members else ())
    if wanted.contacts:
        yield Tracked(ObjectType.CONTACT, CONTACTS.path, wire.CONTACT_SELECT)


def candidates(wanted: WantedObjects) -> Sequence[Tracked]:
    """Return what rounds may be about: whether products can be read, which decides on the selection, is not asked."""
    return _candidates(replace(wanted, known=0) if wanted.known else wanted)


@lru_cache(maxsize=256)
def _candidates(wanted: WantedObjects) -> Sequence[Tracked]:
    """Kept, as a worker asks thousands of tenants what changed, and most of them for the same."""
    picked = chosen(wanted.attributes)
    return tuple(tracked(wanted, (picked.select, replace(picked, subscriptions=Subscriptions()).select)))
