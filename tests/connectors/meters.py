"""A ledger in memory: what the rows of the database do, word for word, with a clock that a test moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from mailroll.connectors.meter import UnitClaim, UnitGrant, UnitScope


@dataclass
class _Shelf:
    level: float
    filled_at: float
    paused_until: float = float("-inf")


@dataclass
class MemoryLedger:
    """`delay` moves the clock on while a lease is under way."""

    now: Callable[[], float]
    delay: Callable[[], None] = lambda: None
    shelves: dict[str, _Shelf] = field(default_factory=dict)
    leases: int = 0

    def lease(self, claims: Sequence[UnitClaim], *, overdraw: bool = False) -> Sequence[UnitGrant]:
        self.leases += 1
        self.delay()
        grants = [self._granted(each, self.now(), overdraw) for each in claims]
        self.delay()
        return grants

    def press(self, scope: UnitScope, *, debt: float = 0.0, pause: float = 0.0) -> None:
        shelf = self._shelf(scope)
        shelf.level, shelf.filled_at = min(shelf.level, -debt), self.now()
        shelf.paused_until = max(shelf.paused_until, self.now() + pause)

    def _granted(self, claim: UnitClaim, now: float, overdraw: bool) -> UnitGrant:
        shelf, scope = self._shelf(claim.scope), claim.scope
        there = min(scope.burst, shelf.level + scope.rate * max(0.0, now - shelf.filled_at))
        shelf.filled_at = max(now, shelf.filled_at)
        shelf.level = there
        if overdraw or (there >= claim.wanted and shelf.paused_until <= now):
            shelf.level -= claim.wanted
            return UnitGrant(claim.wanted)
        return UnitGrant(0.0, max((claim.wanted - there) / scope.rate, shelf.paused_until - now, 0.0))

    def _shelf(self, scope: UnitScope) -> _Shelf:
        return self.shelves.setdefault(scope.key, _Shelf(scope.burst, self.now()))
