"""What the roll has of the objects that are read, looked up once somebody asks."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from mailroll.connections import outside
from mailroll.directory import load
from mailroll.directory.load import Standing
from mailroll.reconcile.model import ExternalId, ObjectType


@dataclass(frozen=True, slots=True)
class Known:
    """How many objects the roll has, of which types, and which: that is looked up behind the listing.

    Most readings show nothing new, and then nobody has to know which.
    """

    count: int
    types: frozenset[ObjectType]
    load: Callable[[], Awaitable[Mapping[ExternalId, Standing]]]


def known_objects(domain: UUID, owners: Collection[UUID]) -> Known:
    """What users in service of these owners stand for."""
    census = load.census(domain, owners)
    return Known(sum(census.values()), frozenset(census), outside.later(partial(load.standing, domain, owners)))


async def _nothing() -> Mapping[ExternalId, Standing]:
    return {}


NOBODY: Final = Known(0, frozenset(), _nothing)
