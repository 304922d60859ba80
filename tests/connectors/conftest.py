"""One certificate authority for all hostile servers of a session."""

from collections.abc import Iterator

import pytest

from mailroll.connectors import registry
from mailroll_simulator import Simulator, tenants
from tests.connectors.directories import DIRECTORIES, Directory
from tests.connectors.hostile import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture(params=registry.CONNECTORS)
def directory(request: pytest.FixtureRequest, authority: Authority) -> Directory:
    """A directory of each kind that can be read, for what is true of all of them."""
    assert request.param in DIRECTORIES, "give it a directory in tests/connectors/directories.py"
    return DIRECTORIES[request.param](authority)


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator([tenants.mess()], seed=3).in_thread() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Iterator[Simulator]:
    yield running
    running.reset()
