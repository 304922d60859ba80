"""The demonstration, run as a stranger runs it. Its Console is walked through by the journey in a browser."""

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


def test_the_tour_runs_from_start_to_end_and_leaves_nothing_running(folder: str) -> None:
    process = demonstration.start(folder, "--tour")
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert "Preview: this would change: brightwater.example" in said
    assert "Everything is as it should be: brightwater.example" in said
    assert "The demo is over" in said
    assert demonstration.nothing_runs_of(folder)


def test_without_the_simulator_the_demo_says_what_to_install(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mailroll_simulator", None)  # Python's own way to say: there is no such module
    answer = mailroll("demo", "--folder", f"{folder}/demo")
    assert (answer.exit_code, answer.out) == (1, "")
    assert "pip install 'mailroll[demo]'" in answer.err
    assert "(simulator_not_installed)" in answer.err
    assert not Path(folder, "demo").exists()
