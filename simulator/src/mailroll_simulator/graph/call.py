"""One request on its way through the simulated Graph, with everything its answer is made from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from mailroll_simulator.errors import denied
from mailroll_simulator.faults.switchboard import Active
from mailroll_simulator.graph.wire import GraphRequest, GraphResponse
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.tokens import Bearer
from mailroll_simulator.world import World


@dataclass(slots=True)
class Call:
    """A request whose token was read, for one tenant."""

    world: World
    tenant: Tenant
    bearer: Bearer
    request: GraphRequest
    page_number: int
    retried: bool  # the same request failed just before
    chance: Random
    again: Callable[[GraphRequest], GraphResponse]  # answers a request inside this one
    arguments: dict[str, str] = field(default_factory=dict)
    struck: list[str] = field(default_factory=list)  # names of the faults that shaped the answer

    @property
    def root(self) -> str:
        return f"{self.world.graph_url}/v1.0"

    @property
    def scope(self) -> str:
        """In whose name it would be throttled: `<Scope>/<Limit>/<ApplicationId>/<TenantId>` (throttling-limits)."""
        return f"Tenant_Application/ReadWrite/{self.bearer.client_id}/{self.tenant.id}"

    def context(self, what: str) -> str:
        return f"{self.root}/$metadata#{what}"

    def may(self, permissions: frozenset[str]) -> bool:
        return not permissions.isdisjoint(self.bearer.roles)

    def need(self, permissions: frozenset[str]) -> None:
        """Refuse where none of the permissions was granted."""
        if not self.may(permissions):
            raise denied()

    def strike(self, active: Active, effect_on: object) -> None:
        """Let a fault take effect, and note its name if it did."""
        before = active.struck
        if active.fault.effect is not None:
            active.fault.effect(active, effect_on)
        if active.struck > before:
            self.struck.append(active.name)
