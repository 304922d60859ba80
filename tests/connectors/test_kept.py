"""Sign-ins that a process keeps between readings: when one is gone on with, and when it is not."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

import pytest

from mailroll.connectors import registry
from mailroll.connectors.base import WantedObjects
from mailroll.connectors.microsoft365 import Microsoft365
from mailroll.connectors.microsoft365.http.channel import Timeouts
from mailroll.connectors.microsoft365.settings import Certificate, ConnectionSettings, Secret
from mailroll.connectors.microsoft365.sign_in.token_cache import Kept, KeptToken, KeptTokens
from mailroll.reconcile.errors import NeedsConsent
from mailroll_simulator import Simulator, Tenant, tenants
from mailroll_simulator.registrations import App
from tests.connectors.hostile import FakeClock
from tests.connectors.simulated import RECOMMENDED


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator([tenants.practice()], seed=9).in_thread() as simulator:
        yield simulator


@dataclass
class Office:
    """A process that reads one tenant again and again, by a clock of its own."""

    simulator: Simulator
    app: App
    values: dict[str, str]
    kept: Kept = field(default_factory=Kept)
    clock: FakeClock = field(default_factory=FakeClock)
    wanted: WantedObjects = field(default_factory=lambda: WantedObjects(contacts=True))

    @property
    def tenant(self) -> Tenant:
        return self.simulator.tenants[0]

    def read(self, **changed: str) -> list[str]:
        """Read all there is; returns what was asked of the sign-in service."""

        async def go() -> None:
            settings = ConnectionSettings.parse(self.values | changed)
            opening = Microsoft365.open(
                settings,
                wanted_objects=self.wanted,
                clock=self.clock,
                chance=Random(1),
                timeouts=Timeouts(5, 5, 20),
                pool=self.kept,
            )
            async with opening as connector:
                assert await connector.tenant() == self.tenant.id
                assert [part async for part in connector.read()]

        before = len(self.simulator.requests.to("/", server="login"))
        asyncio.run(go())
        return [seen.path.rpartition("/")[2] for seen in self.simulator.requests.to("/", server="login")[before:]]


TOKEN_LIFE = 5400
"""Seconds: the longest that Entra gives a token (access-tokens, "Token lifetime": 60 to 90 minutes)."""
BOTH = ["openid-configuration", "token"]


@pytest.fixture
def office(running: Simulator) -> Iterator[Office]:
    app = running.register_app(display_name="Mailroll", permissions=RECOMMENDED)
    running.consent(app, running.tenants[0])
    values = {
        "tenant_id": running.tenants[0].id,
        "client_id": app.client_id,
        "secret": app.add_secret(),
        "cloud": "custom",
        "login_url": running.login_url,
        "graph_url": running.graph_url,
        "ca_file": str(running.ca_file),
    }
    made = Office(running, app, values)
    yield made
    made.kept.lines.close()
    running.reset()


def lesser(office: Office) -> App:
    """Let the readings come from an app that may not read contacts."""
    some = [name for name in RECOMMENDED if "Contact" not in name]
    app = office.simulator.register_app(display_name="Less", permissions=some)
    office.simulator.consent(app, office.tenant)
    office.values |= {"client_id": app.client_id, "secret": app.add_secret()}
    return app


def test_the_next_reading_goes_on_with_the_sign_in_of_the_last(office: Office) -> None:
    assert office.read() == BOTH
    assert office.read() == []


def test_nobody_signs_in_for_another_credential_or_a_token_that_ends(office: Office) -> None:
    office.read()
    assert office.read(secret=office.app.add_secret()) == BOTH
    office.clock.passed += TOKEN_LIFE
    assert office.read() == BOTH


def test_a_token_that_graph_refuses_is_renewed_at_once(office: Office) -> None:
    office.read()
    office.simulator.faults.on("unauthorized_once")
    assert office.read() == BOTH
    assert office.read() == []


def test_what_was_granted_since_is_seen_by_the_next_reading(office: Office) -> None:
    less = lesser(office)
    assert office.read() == BOTH
    assert len(office.kept.tokens) == 0, "a token that was refused something is kept by nobody"
    assert office.read() == BOTH
    less.permissions = RECOMMENDED
    office.simulator.consent(less, office.tenant)
    assert office.read() == BOTH
    assert office.read() == []


def test_a_permission_that_a_kept_token_lacks_is_asked_for_with_a_new_one(office: Office) -> None:
    less = lesser(office)
    office.wanted = WantedObjects()
    office.read()
    assert len(office.kept.tokens) == 1
    less.permissions = RECOMMENDED
    office.simulator.consent(less, office.tenant)
    office.wanted = WantedObjects(contacts=True)
    assert office.read() == BOTH
    assert len(office.kept.tokens) == 1


def test_a_sign_in_that_is_refused_leaves_no_token(office: Office) -> None:
    office.read()
    office.clock.passed += TOKEN_LIFE
    office.app.secrets.clear()
    with pytest.raises(NeedsConsent):
        office.read()
    assert len(office.kept.tokens) == 0


def test_only_the_latest_are_kept_and_none_is_shown() -> None:
    kept = KeptTokens(most=2)
    given = [settings(f"{number:08x}-0000-4000-8000-000000000000") for number in range(3)]
    for one in given[:2]:
        kept.keep(one, KeptToken("canary", 1.0))
    assert kept.take(given[0]) == KeptToken("canary", 1.0)
    kept.keep(given[2], KeptToken("canary", 1.0))
    assert [kept.take(one) is not None for one in given] == [True, False, True]
    assert "canary" not in f"{kept!r} {kept.take(given[0])!r}"


def test_a_token_is_found_by_each_part_of_what_it_was_got_with() -> None:
    kept, own = KeptTokens(), settings("00000001-0000-4000-8000-000000000000")
    kept.keep(replace(own, credential=Certificate("canary", "key")), KeptToken("token", 1.0))
    assert kept.take(replace(own, credential=Certificate("canary", "key"))) is not None
    for other in (Certificate("canar", "ykey"), Certificate("canaryk", "ey"), Secret("canarykey")):
        assert kept.take(replace(own, credential=other)) is None


def settings(tenant: str) -> ConnectionSettings:
    return ConnectionSettings.parse({"tenant_id": tenant, "client_id": tenant, "secret": "canary"})


def test_connectors_keep_sign_ins_only_where_the_process_says_so(office: Office) -> None:
    async def go() -> None:
        async with registry.build("microsoft365", office.values) as connector:
            await connector.tenant()

    def asked() -> int:
        return len(office.simulator.requests.to("/", server="login"))

    start = asked()
    asyncio.run(go())
    with registry.keeping() as kept:
        asyncio.run(go())
        asyncio.run(go())
        assert len(kept.tokens) == 1
    assert asked() - start == 2 * len(BOTH)
    asyncio.run(go())
    assert asked() - start == 3 * len(BOTH)
