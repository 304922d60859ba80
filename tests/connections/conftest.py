"""Customers who connect: one whose tenant is there, and a scene of two firms that may consent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.connections.consents import Scene, scened
from tests.sync.conftest import customer, simulator, tenant

__all__ = ["customer", "simulator", "tenant"]


@pytest.fixture
def scene(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[Scene]:
    """A Console with an app registration of its own, and two firms that may consent to it."""
    with scened(settings, tmp_path) as made:
        yield made
