"""The security page counts what its table says, and what the table points to is there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
TABLE = (ROOT / "docs/reference/asvs.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+)\.(\d+)\.(\d+) \| \**(met|not|n\.a\.)\** \| (.+) \|$", TABLE, re.MULTILINE)

ITEMS = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
}
"""Of levels 1 and 2 in each chapter, counted in the list that OWASP publishes with version 5.0.0."""


def test_every_item_is_there_once_and_in_order() -> None:
    items = [tuple(map(int, row[:3])) for row in ROWS]
    assert items == sorted(set(items))
    assert Counter(chapter for chapter, _, _ in items) == ITEMS


def test_the_page_counts_as_the_table_does() -> None:
    verdicts = Counter(row[3] for row in ROWS)
    told = re.search(
        r"\*\*(\d+) items, of which (\d+) do not apply; of the other\s(\d+), (\d+) are met and (\d+) are not", PAGE
    )
    assert told is not None
    applying = verdicts["met"] + verdicts["not"]
    wanted = (len(ROWS), verdicts["n.a."], applying, verdicts["met"], verdicts["not"])
    assert tuple(map(int, told.groups())) == wanted


def test_what_they_name_exists() -> None:
    named = set(re.findall(r"`((?:[a-z0-9_]+/)+(?:[a-z0-9_]+\.py)?)`|(tests/[a-z0-9_/]+(?:\.py)?)", PAGE + TABLE))
    paths = {one or other for one, other in named}
    assert len(paths) > 40
    assert [
        path for path in sorted(paths) if not any((ROOT / top / path).exists() for top in ("", "src/mailroll"))
    ] == []


def test_links_lead_somewhere() -> None:
    anchors = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    }
    for text, folder in ((PAGE, ROOT / "docs"), (TABLE, ROOT / "docs/reference")):
        for path, anchor in re.findall(r"\]\(([^)#:]+)(?:#([^)]+))?\)", text):
            assert (folder / path).exists(), path
            assert path != "../security.md" or anchor in anchors, anchor
