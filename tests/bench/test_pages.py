"""The pages of the bench at a tiny size: its data fit the tables as they are, and no page asks more than it did."""

import json
import subprocess
import sys
from pathlib import Path

MEASURES = """
import json
from tests.bench import pages
found = pages.measure(100, 1, explain=False)
print(json.dumps({words: (cost.status, cost.queries) for words, cost in found.items()}))
"""
FEW = 13
MORE = {
    "organizations": 14,
    "organizations, searched": 15,
    "provider": 18,
    "customer": 20,
    "connection": 14,
    "person": 14,
    "User Sync": 26,
    "users": 14,
    "user": 21,
    "run": 26,
    "gateway": 24,
    "settings of a domain": 15,
    "look-up": 27,
}


def test_every_page_is_shown_with_no_more_questions_than_before() -> None:
    # In a process of its own, as it sets up Django for a database of its own.
    told = subprocess.run(
        [sys.executable, "-c", MEASURES],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
    )
    found = json.loads(told.stdout)
    assert {words: status for words, (status, _) in found.items() if status != 200} == {}
    assert {words: asked for words, (_, asked) in found.items() if asked > MORE.get(words, FEW)} == {}
