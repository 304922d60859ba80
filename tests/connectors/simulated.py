"""A connector on a simulated tenant, over TLS, with a clock that nobody has to wait for."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

from mailroll.connectors.base import EVERYBODY, RecordPage, Unread, WantedObjects
from mailroll.connectors.microsoft365 import Microsoft365
from mailroll.connectors.microsoft365.graph.permissions import NEEDS
from mailroll.connectors.microsoft365.settings import ConnectionSettings
from mailroll.reconcile.model import ExternalId, Record, Unreadable
from mailroll_simulator import Simulator, Tenant
from tests.connectors.hostile import PATIENT, FakeClock

RECOMMENDED = tuple(need.name for need in NEEDS)
REQUIRED = tuple(need.name for need in NEEDS if need.required)


@dataclass
class Connected:
    """A connector and the tenant it reads."""

    connector: Microsoft365
    tenant: Tenant
    simulator: Simulator
    clock: FakeClock

    def id(self, local: str) -> ExternalId:
        """Return the id of a user by the name before the @ in the tenant's own domain."""
        return self.of(self.tenant.user(f"{local}@{self.tenant.default_domain}").id)

    def of(self, identity: str) -> ExternalId:
        return ExternalId(f"{self.tenant.id}:{identity}")

    def group(self, name: str) -> str:
        return next(group.id for group in self.tenant.groups if group.text("displayName") == name)

    def paths(self) -> list[str]:
        """Return what was asked of Graph so far."""
        return [seen.path for seen in self.simulator.requests.to("/") if not seen.inner]

    async def read(self) -> "Reading":
        reading = Reading({}, [], [])
        async for part in self.connector.read():
            if isinstance(part, RecordPage):
                reading.records |= {each.id: each for each in part.records}
                reading.unreadable += part.unreadable
            elif isinstance(part, Unread):
                reading.unread.append(part)
        return reading


@dataclass
class Reading:
    records: dict[ExternalId, Record]
    unreadable: list[Unreadable]
    unread: list[Unread]


@asynccontextmanager
async def connected(
    simulator: Simulator, tenant: Tenant, *, permissions: Iterable[str] = RECOMMENDED, wanted: WantedObjects = EVERYBODY
) -> AsyncIterator[Connected]:
    app = simulator.register_app(display_name="Mailroll", permissions=permissions)
    simulator.consent(app, tenant)
    settings = ConnectionSettings.parse(
        {
            "tenant_id": tenant.id,
            "client_id": app.client_id,
            "secret": app.add_secret(),
            "cloud": "custom",
            "login_url": simulator.login_url,
            "graph_url": simulator.graph_url,
            "ca_file": str(simulator.ca_file),
        }
    )
    clock = FakeClock()
    opening = Microsoft365.open(settings, wanted_objects=wanted, clock=clock, chance=Random(1), timeouts=PATIENT)
    async with opening as connector:
        yield Connected(connector, tenant, simulator, clock)
