"""Data folders for real servers, which are gone when the test is."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailroll import embedded
from mailroll.embedded import Profile
from mailroll.embedded.places import places


def _cleared(data_dir: Path) -> Iterator[Path]:
    yield data_dir
    embedded.stop(data_dir)
    found = places(data_dir)
    if found.sockets_apart and found.sockets.exists():
        found.sockets.rmdir()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield from _cleared(tmp_path / "data")


@pytest.fixture(scope="session")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose server ran once: to make one takes 0.4 s of CPU, to copy it 0.05."""
    data_dir = tmp_path_factory.mktemp("stopped") / "data"
    embedded.ensure(data_dir, Profile.DISPOSABLE)
    embedded.stop(data_dir)
    return data_dir


@pytest.fixture
def earlier_start(home: Path, stopped: Path) -> None:
    """The server of `home` was started and stopped before: for tests that are not about the first start."""
    subprocess.run(["cp", "-a", str(stopped), str(home)], check=True)  # noqa: S603, S607 - with the owners of its files


@pytest.fixture
def deep_home(tmp_path: Path) -> Iterator[Path]:
    yield from _cleared(tmp_path / ("deep" * 30) / "data")


@pytest.fixture(scope="module")
def disposable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A running disposable server for questions that change nothing."""
    for data_dir in _cleared(tmp_path_factory.mktemp("disposable") / "data"):
        embedded.ensure(data_dir, Profile.DISPOSABLE)
        yield data_dir


@pytest.fixture(scope="module")
def durable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A running durable server for questions that change nothing."""
    for data_dir in _cleared(tmp_path_factory.mktemp("durable") / "data"):
        embedded.ensure(data_dir)
        yield data_dir
