"""What the roll has of the objects that are read, looked up once somebody asks."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from mailroll.connections import outside
from mailroll.directory import load
from mailroll.directory.load import StandingObject
from mailroll.reconcile.model import ExternalId, ObjectType


@dataclass(frozen=True, slots=True)
class KnownObjects:
    """How many objects the roll has, of which types, and which: that is looked up behind the listing.

    Most readings show nothing new, and then nobody has to know which.
    """

    count: int
    types: frozenset[ObjectType]
    load: Callable[[], Awaitable[Mapping[ExternalId, StandingObject]]]


def known_objects(domain: UUID, owners: Collection[UUID]) -> KnownObjects:
    """What users in service of these owners stand for."""
    census = load.census(domain, owners)
    return KnownObjects(sum(census.values()), frozenset(census), outside.later(partial(load.standing, domain, owners)))


async def _nothing() -> Mapping[ExternalId, StandingObject]:
    return {}


NOBODY: Final = KnownObjects(0, frozenset(), _nothing)
