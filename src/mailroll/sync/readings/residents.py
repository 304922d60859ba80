"""Which users of a roll are as a listing shows them, so that nobody has to be loaded but the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from mailroll.directory import load, row_hashes
from mailroll.directory.load import StandingObject
from mailroll.reconcile import residents
from mailroll.reconcile.crowd import Crowd
from mailroll.reconcile.departures import Departures
from mailroll.reconcile.model import Current, ExternalId, ObjectType, Reading, RollUser, Scope
from mailroll.reconcile.newcomers import Newcomers
from mailroll.reconcile.residents import RollComparison
from mailroll.reconcile.sieve import Sieve
from mailroll.reconcile.touched import lasting


@dataclass(frozen=True, slots=True)
class ComparedRoll:
    """A roll beside what was listed, with the stamp that it had, and all of its users but the residents."""

    stamp: str
    comparison: RollComparison
    others: tuple[RollUser, ...]

    @classmethod
    def of(cls, domain: UUID, crowd: Crowd) -> "ComparedRoll":
        with load.at_one_moment(domain) as stamp:
            comparison = row_hashes.read(domain).compare(crowd)
            return cls(stamp, comparison, load.users(domain, comparison.others))

    def standings(self, owner: UUID) -> Mapping[ExternalId, StandingObject]:
        """What `load.standing` returns, without residents: of those nothing is lacking."""
        states = [user.state for user in self.others if user.state.owner == owner and not user.state.retired]
        return {
            state.external_id: StandingObject(state.object_type or ObjectType.USER, frozenset(state.addresses))
            for state in states
            if state.external_id is not None
        }


def settle(
    compared: ComparedRoll,
    readings: Sequence[Reading],
    scope: Scope,
    sieve: Sieve,
    departures: Departures,
) -> tuple[str, Current, Newcomers]:
    """Return the roll without residents, with its stamp, and the newcomers. A roll that moved is compared once more."""
    domain = scope.id
    with load.at_one_moment(domain) as stamp:
        if stamp != compared.stamp:
            compared = ComparedRoll.of(domain, sieve.found.crowd)
        always = lasting(load.ending(domain), departures)
        users = {user.id: user for user in compared.others}
        users |= {user.id: user for user in load.joined(domain, always.users, (), always.addresses)}
        current = load.some(domain, users.values())
        newcomers, current = residents.settle(
            readings, current, scope, sieve, compared.comparison, partial(load.users, domain)
        )
        return stamp, current, newcomers
