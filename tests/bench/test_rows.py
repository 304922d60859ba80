"""The lines of `make bench` about many tenants and a large one, at a tiny size: each is there, beside its floor."""

import os
import subprocess
import sys
from pathlib import Path

SIZES = "--large 60 --near 4 --far 4 --small 4 --huge 60".split()
WORK = (
    *("60 users: first sync", "  nothing new, full reading", "unchanged tenants, people only"),
    *("unchanged tenants, with groups and contacts", "4 tenants, 150 ms an answer", "  the same, who sign in first"),
    *("unchanged tenants, in full", "p95 of waiting beside 60 users"),
)


def test_tenants_and_a_large_one_are_measured_beside_what_reads_the_same_pages(database_url: str) -> None:
    words = [sys.executable, "-m", "tests.bench", *SIZES, "--only", "large", "tenants", "crowd"]
    given = {**os.environ, "MAILROLL_BENCH_DATABASE": database_url}
    table = subprocess.run(
        words, cwd=Path(__file__).parents[2], env=given, stdout=subprocess.PIPE, text=True, check=True, timeout=300
    ).stdout
    lines = table.splitlines()[2:]
    assert [work for work in WORK if not any(line.startswith(work) for line in lines)] == []
    assert not any(" inf " in line for line in lines)
