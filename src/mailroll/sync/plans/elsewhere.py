"""Tells which addresses are held outside a domain, once somebody has to know."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailroll.directory import load
from mailroll.directory.models import Domain
from mailroll.reconcile.addresses import Address
from mailroll.sync.models import RunStep
from mailroll.sync.progress import Progress


@dataclass(slots=True)
class HeldElsewhere:
    """Tells which addresses are held outside the domain, and whether anybody had to know."""

    domain: Domain
    progress: Progress
    asked: bool = False

    def __call__(self, addresses: frozenset[Address]) -> Mapping[Address, str]:
        self.asked = self.asked or bool(addresses)
        if self.progress.step is not RunStep.COMPARE:
            self.progress.enter(RunStep.COMPARE)
        return load.elsewhere(self.domain.id, addresses)
