"""A simulator to sign in to, one to read, and the keys that take time to make."""

from collections.abc import Iterator

import pytest

from mailroll_simulator import Simulator
from simulator.tests.entrance import BACK, ROLES, Client, Entrance, KeyPair, firm, other
from simulator.tests.office import EVERYTHING, Graph, crowd, office


@pytest.fixture
def entrance() -> Iterator[Entrance]:
    """A simulator in which the first of two firms has consented, and nobody is signed in."""
    with Simulator([firm(), other()], seed=1, consent_delay=0.0).in_thread() as sim:
        app = sim.register_app(display_name="Roll <Console>", permissions=ROLES, redirect_uris=(BACK,))
        sim.consent(app, sim.tenants[0])
        yield Entrance(sim, app, app.add_secret(), Client(sim.ca_file))


@pytest.fixture
def graph() -> Iterator[Graph]:
    """A program that may read everything of an office with one of everything."""
    with Simulator([office(), other()], seed=1).in_thread() as sim:
        yield Graph.connected(sim, sim.tenants[0], *EVERYTHING)


@pytest.fixture
def crowded() -> Iterator[Graph]:
    """A program that may read everything of 25 people."""
    with Simulator([crowd(25)], seed=1).in_thread() as sim:
        yield Graph.connected(sim, sim.tenants[0], *EVERYTHING)


@pytest.fixture(scope="session")
def key_pair() -> KeyPair:
    return KeyPair.make()
