"""The pages of the bench at a small size: its data fit the tables as they are, and no page asks more than it did."""

import json
import os
import subprocess
import sys
from pathlib import Path

MEASURES = """
import json
from tests.bench import pages
found = pages.measure(300, pages.Wanted(turns=1))
print(json.dumps({words: (cost.status, cost.queries, cost.rows) for words, cost in found.items()}))
"""
FEW = 12
ROWS = 320
"""Given to a page: some for each of the 50 things that it lists, and not one for each of the 300 domains besides."""


def test_every_page_is_shown_with_no_more_questions_than_before(database_url: str) -> None:
    # In a process of its own, as it sets up Django.
    told = subprocess.run(
        [sys.executable, "-c", MEASURES],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "MAILROLL_BENCH_DATABASE": database_url},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
    )
    found = json.loads(told.stdout)
    assert {words: status for words, (status, _, _) in found.items() if status != 200} == {}
    assert {words: asked for words, (_, asked, _) in found.items() if asked > FEW} == {}
    assert {words: rows for words, (_, _, rows) in found.items() if rows > ROWS} == {}
