"""A part of the bench that fails costs nobody the others, which take twenty minutes."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.bench.__main__ import collect
from tests.bench.table import Ratio

LINE = Ratio("work", 1.0, "s", "floor", 1.0)


def _well() -> Iterator[Ratio]:
    yield LINE


def _command_fails() -> Iterator[Ratio]:
    yield LINE
    subprocess.run([sys.executable, "-c", "raise SystemExit(3)"], check=True)


def _nobody_answers() -> Iterator[Ratio]:
    raise ConnectionRefusedError


def test_a_part_that_fails_is_named_and_the_others_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    parts = {"command": _command_fails, "nobody": _nobody_answers, "well": _well}
    assert collect(parts, parts) == ([LINE, LINE], ["command", "nobody"])
    assert "command: Command" in capsys.readouterr().err
