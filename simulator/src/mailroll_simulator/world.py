"""Everything that the simulated services share: tenants, registrations, tokens, faults, time and chance."""

from dataclasses import dataclass, field
from random import Random

from mailroll_simulator.clock import Clock
from mailroll_simulator.faults.switchboard import Switchboard
from mailroll_simulator.graph.limits import Limits
from mailroll_simulator.notices import NoticeBoard
from mailroll_simulator.registrations import App
from mailroll_simulator.requests import RequestLog
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.tokens import Tokens


@dataclass(slots=True)
class World:
    """One simulated Microsoft. The three URLs (without a slash at the end) are known once the servers listen."""

    chance: Random
    clock: Clock
    tokens: Tokens
    faults: Switchboard
    tenants: dict[str, Tenant] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    requests: RequestLog = field(default_factory=RequestLog)
    limits: Limits = field(default_factory=Limits)
    login_url: str = ""
    graph_url: str = ""
    front_url: str = ""
    notices: NoticeBoard = field(init=False)

    def __post_init__(self) -> None:
        self.notices = NoticeBoard(self.clock)

    def tenant(self, name: str) -> Tenant | None:
        """Find a tenant by its id or by one of its verified domains."""
        found = self.tenants.get(name.lower())
        if found is not None:
            return found
        return next(
            (
                tenant
                for tenant in self.tenants.values()
                if (domain := tenant.domains.get(name.lower())) and domain.verified
            ),
            None,
        )
