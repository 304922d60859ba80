"""One certificate authority for all hostile servers of a session."""

import pytest

from tests.connectors.hostile import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))
