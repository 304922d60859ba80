"""The demonstration where it cannot run. Its tour runs from the wheels, its Console in the journey in a browser."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli import demonstration
from tests.cli.commands import mailroll


@pytest.fixture
def folder() -> Iterator[str]:
    with demonstration.reachable_folder() as path:
        yield path


def test_without_the_simulator_the_demo_says_what_to_install(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mailroll_simulator", None)  # Python's own way to say: there is no such module
    answer = mailroll("demo", "--folder", f"{folder}/demo")
    assert (answer.exit_code, answer.out) == (1, "")
    assert "pip install 'mailroll[demo]'" in answer.err
    assert "(simulator_not_installed)" in answer.err
    assert not Path(folder, "demo").exists()
