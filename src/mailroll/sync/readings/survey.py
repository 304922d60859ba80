"""Looks for what is new in all that the connections of a domain show, and for all that it reaches, to the end.

What is new in one directory reaches users of the roll, and by their addresses objects of another. So it is followed in
all of them together: each connection is a part, which knows what is new there and tells of the objects it is asked for.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol
from uuid import UUID

from mailroll.connections import outside
from mailroll.connectors.base import Connector
from mailroll.directory import load
from mailroll.directory.load import StandingObject
from mailroll.reconcile.addresses import Address, domain_of
from mailroll.reconcile.departures import Departures
from mailroll.reconcile.errors import MailrollError
from mailroll.reconcile.model import ExternalId, ObjectType, Record, RollUser, Scope
from mailroll.reconcile.touched import Extent, Seeds, Spread, lasting
from mailroll.sync.footings.footing import MOST, Footing, Footprint, object_of
from mailroll.sync.footings.packed_ids import bytes_of
from mailroll.sync.sources.gist import Gist
from mailroll.sync.sources.records import addresses

_SHARE: Final = 4
"""The part of all listings, one in so many, that may be reached: what is more is compared sooner with everything."""


class SurveyPart(Protocol):
    """What one connection brings to a survey. `new`: the objects about which something is new there.

    `records`: what it told so far. `fault`: what went wrong when it was asked.
    """

    tenant: str
    new: frozenset[ExternalId]
    records: dict[ExternalId, Record]
    fault: MailrollError | None

    async def tell(self, keys: Collection[ExternalId], users: Iterable[RollUser]) -> bool:
        """Add the records of some objects of its tenant, for which these `users` may stand.

        False where it cannot tell all of it.
        """
        ...


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """All that was reached, and what the roll has of the objects among it, as `load.standing` has it."""

    extent: Extent
    standings: Mapping[ExternalId, StandingObject]


@dataclass(frozen=True, slots=True)
class Vicinity:
    """What tells how far it is to look. `departures` are those that the plan will be made with.

    `ending`: addresses that end, with who had them.
    """

    scope: Scope
    departures: Departures
    ending: Mapping[Address, UUID]


@dataclass(frozen=True, slots=True)
class Survey:
    """Where to look for what is new, and for all that it reaches: in the roll of one domain.

    `owners`: whose users are asked for where they are missing. `reach` is looked up once, as soon as anything is new.
    """

    footing: Footing
    domain: UUID
    owners: frozenset[UUID]
    reach: Callable[[], Vicinity]

    async def follow(self, parts: Collection[SurveyPart], most: int) -> SurveyResult | None:
        """Follow what is new in any part; None where more than `most` is reached, or one of them cannot tell."""
        new = frozenset[ExternalId]().union(*(part.new for part in parts))
        reach = await outside.later(self.reach)()
        accepts = reach.scope.accepts
        seeds = Seeds(new) | self.footing.open | lasting(reach.ending, reach.departures)
        spread = Spread.of(seeds, reach.scope)
        while spread.next:
            if len(spread) > most:
                return None
            users, wanted = await self._lookup(spread.next, spread.rows), set[Address]()
            for part in parts:
                mine = [key for key in spread.next.objects if key.startswith(f"{part.tenant}:")]
                try:
                    if not await part.tell(mine, users):
                        return None
                except MailrollError as error:
                    part.fault = error
                    return None
                shown_records = (part.records[key] for key in mine if key in part.records)
                wanted |= {
                    address
                    for record in shown_records
                    for address in addresses(record)
                    if domain_of(address) in accepts
                }
            spread.follow(users, wanted)
        extent = spread.extent()
        return SurveyResult(extent, self._standings(extent))

    async def _lookup(self, seeds: Seeds, known: Mapping[UUID, RollUser]) -> tuple[RollUser, ...]:
        """Return the users that are among these, or stand for them, or have or had an address of them."""
        query = partial(load.joined, self.domain, seeds.users, seeds.objects, seeds.addresses, known)
        return await outside.later(query)()

    def _standings(self, extent: Extent) -> dict[ExternalId, StandingObject]:
        states = [user.state for user in extent.users]
        return {
            state.external_id: StandingObject(state.object_type or ObjectType.USER, frozenset(state.addresses))
            for state in states
            if state.external_id is not None and not state.retired and state.owner in self.owners
        }


@dataclass(slots=True)
class ListedPart:
    """A listing that was skimmed, beside what the same connection showed before.

    `untold`: the directory was asked what changed, and told of nothing. `shown`, `others`: the ids of all objects, and
    of those that are others than they were, or are there no more. `beyond`: as `RecordPage` has it, of all records.
    """

    connector: Connector
    tenant: str
    gist: Gist
    before: Footprint
    untold: bool
    shown: frozenset[bytes]
    others: frozenset[bytes]
    new: frozenset[ExternalId] = frozenset()
    records: dict[ExternalId, Record] = field(default_factory=dict)
    beyond: set[ExternalId] = field(default_factory=set)
    fault: MailrollError | None = None

    @classmethod
    def of(cls, connector: Connector, gist: Gist, before: Footprint | None, *, untold: bool) -> "ListedPart | None":
        """Return it; None where it shows an object in two versions, or all else that was said is not as it was."""
        trace = gist.trace
        if trace is None or trace.others is None or before is None or gist.beside() != before.beside:
            return None
        return None if trace.ids is None else cls(connector, gist.tenant, gist, before, untold, trace.ids, trace.others)

    def compare(self, by_id: Iterable[ExternalId]) -> bool:
        """Tell about which objects anything is new, in place of what traces do not know.

        False where everything has to be looked at: what changed although nothing was told, or the listing is another
        and not by any object, so that nobody knows by what.
        """
        self.new = frozenset(object_of(self.tenant, object_hash) for object_hash in self.others)
        self.new |= {key for key in by_id if key.startswith(f"{self.tenant}:")}
        return not (self.others and self.untold) and (bool(self.new) or self.gist.listing() == self.before.listing)

    async def tell(self, keys: Collection[ExternalId], _users: Iterable[RollUser]) -> bool:
        mine = [key for key in keys if bytes_of(key) in self.shown]
        page = await self.connector.picked(mine)
        self.records |= {record.id: record for record in page.records}
        self.beyond |= page.beyond
        return not page.unreadable and len(page.records) == len(mine)


async def compare_listings(survey: Survey, parts: Mapping[UUID, ListedPart]) -> SurveyResult | None:
    """Look at what is new in listings of all connections; None where everything has to be looked at."""
    if not all(part.compare(survey.footing.by_id) for part in parts.values()):
        return None
    shown_count = sum(len(part.shown) for part in parts.values())
    return await survey.follow(parts.values(), max(MOST, shown_count // _SHARE))
