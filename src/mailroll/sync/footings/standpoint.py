"""Our own side while a run is made: worked out once, and again only where the tables say that it moved."""

from mailroll.directory import tree
from mailroll.directory.models import Domain
from mailroll.reconcile.storage import sha256
from mailroll.sync.footings import ground, steady_state
from mailroll.sync.footings.ground import Ground
from mailroll.sync.footings.steady_state import OwnSide
from mailroll.sync.models import SteadyState
from mailroll.sync.sources import scopes
from mailroll.sync.sources.source_list import Asked


class Standpoint:
    """That of one run, with what the `last` one kept of it.

    What stands for our own side beside the roll takes a dozen questions, and its ground one (`ground.read`). It is made
    of the tables and of what the run has in hand. Where both are what they were, so is what stands for them.
    """

    def __init__(self, domain: Domain, sources: list[Asked], last: SteadyState | None) -> None:
        self._domain = domain
        self._sources = sources
        self._in_hand = steady_state.in_hand(domain, sources)
        self._beside = {} if last is None or not last.ground else {last.ground: last.beside}

    def own_side(self, now: Ground | None = None) -> OwnSide:
        """Return what stands for our own side now."""
        now = now or ground.read(self._domain.id)
        key = sha256([now.beside, self._in_hand])
        if key in self._beside:
            return OwnSide(now.roll, self._beside[key], key)
        scope, around = scopes.scope_of(self._domain, self._sources), tree.stamp_around(self._domain.organization)
        beside = steady_state.beside_roll(self._domain, self._sources, scope, around)
        if ground.read(self._domain.id).beside != now.beside:
            return OwnSide(now.roll, beside)
        self._beside[key] = beside
        return OwnSide(now.roll, beside, key)
