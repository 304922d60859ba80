"""The types of object that a tenant is asked for: where each is listed, with which properties, and what it becomes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from mailroll.connectors.base import WantedObjects
from mailroll.connectors.microsoft365.facts import wire
from mailroll.connectors.microsoft365.facts.attributes import Chosen, Detailed, chosen
from mailroll.connectors.microsoft365.facts.decode import PageDecoder
from mailroll.connectors.microsoft365.facts.licences import Subscriptions
from mailroll.connectors.microsoft365.facts.outlines import Outlines
from mailroll.connectors.microsoft365.facts.records import contact_record, group_record, record
from mailroll.connectors.microsoft365.listing.delta import Tracked
from mailroll.connectors.microsoft365.listing.objects import SINGLY_MAX, ObjectSort
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


def users(selection: Chosen) -> ObjectSort[Any]:
    decoder: PageDecoder[Any] = _DETAILED if selection.detailed else _USER
    return ObjectSort(
        ObjectType.USER,
        "users",
        "user",
        selection.select,
        decoder,
        lambda tenant, user: record(tenant, user, selection),
        outlines=Outlines(selection).of_page,
    )


def tracked(wanted_objects: WantedObjects, user_selects: Iterable[str]) -> Iterator[Tracked]:
    """Yield what delta rounds are about, users with each of these selections."""
    for select in user_selects:
        properties = tuple(select.split(","))
        # Where licences stand for plans, the state of a product shows in no licence: but then in its holders' plans.
        yield Tracked(ObjectType.USER, "users", properties, tuple({"assignedPlans"}.difference(properties)))
    if wanted_objects.groups or wanted_objects.members:
        # Where only members count, so does which group has the name that a filter says.
        yield Tracked(ObjectType.GROUP, GROUPS.path, wire.GROUP_SELECT, ("members",) if wanted_objects.members else ())
    if wanted_objects.contacts:
        yield Tracked(ObjectType.CONTACT, CONTACTS.path, wire.CONTACT_SELECT)


def candidates(wanted_objects: WantedObjects) -> Sequence[Tracked]:
    """Return what rounds may be about: whether products can be read, which decides on the selection, is not asked."""
    return _candidates(replace(wanted_objects, known=0) if wanted_objects.known else wanted_objects)


@lru_cache(maxsize=256)
def _candidates(wanted_objects: WantedObjects) -> Sequence[Tracked]:
    """Kept, as a worker asks thousands of tenants what changed, and most of them for the same."""
    selection = chosen(wanted_objects.attributes)
    return tuple(tracked(wanted_objects, (selection.select, replace(selection, subscriptions=Subscriptions()).select)))
