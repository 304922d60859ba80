"""The engine's lines of `make bench` at a tiny size, so that they can be had at any time."""

import os
import subprocess
import sys
from pathlib import Path

WORK = ("first sync", "nothing new, full reading", "1 % touched, full reading", "nothing changed, by delta")


def test_the_table_of_a_few_users_has_every_line_with_its_floor(database_url: str) -> None:
    given = {**os.environ, "MAILROLL_BENCH_DATABASE": database_url}
    words = [sys.executable, "-m", "tests.bench", "--users", "60", "--only", "engine"]
    table = subprocess.run(
        words, cwd=Path(__file__).parents[2], env=given, stdout=subprocess.PIPE, text=True, check=True, timeout=300
    ).stdout
    lines = table.splitlines()
    assert lines[0].startswith("60 users;")
    assert [work for work in WORK if not any(line.startswith(work) for line in lines)] == []
    assert any("bulk_create" in line for line in lines)
    assert not any(" inf " in line for line in lines)
