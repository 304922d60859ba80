"""Processes that start at once on a database without tables: one makes them, and all of them work."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backup.elsewhere import another_database
from tests.conftest import address

pytestmark = pytest.mark.django_db(transaction=True)

TOGETHER = 3


def test_of_processes_that_start_at_once_none_trips_over_another(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "mailroll", "organization", "list", "--json"]
    with another_database("together"):
        environment = {**os.environ, "DATABASE_URL": address(), "MAILROLL_DATA_DIR": str(tmp_path)}
        started = [
            subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603
            for _ in range(TOGETHER)
        ]
        ended = [(*process.communicate(), process.returncode) for process in started]
    assert [(json.loads(out), err, code) for out, err, code in ended] == [([], "", 0)] * TOGETHER
