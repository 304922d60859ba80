"""The alert rules and the board ask for metrics that there are, and the pages say of them what the tables say."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailroll.measures import table
from mailroll.measures.table import MeasureKind
from tests.measures.series import series

FOLDER = Path(__file__).parents[2] / "docs/how-to/monitoring"
BOARD = json.loads((FOLDER / "board.json").read_text(encoding="utf-8"))
NAMED = re.compile(r"mailroll_\w+")
ASKED = re.compile(r"(?P<name>mailroll_\w+)\{(?P<labels>[^}]*)\}")
GROWS = re.compile(r"(?:rate|increase)\((?P<name>mailroll_\w+)")
EVERY = {name: measure for measure in (*table.CONSOLE, *table.GATEWAY) for name in series(measure)}


def expressions() -> Iterator[tuple[str, str]]:
    """Every question to Prometheus, and where it stands; one of several lines as one."""
    rules = (FOLDER / "alerts.yml").read_text(encoding="utf-8")
    for asked in re.findall(r"expr: (?:>-\n((?: {10}.*\n)+)|(.*))", rules):
        yield "alerts.yml", " ".join("".join(asked).split())
    for panel in BOARD["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(("where", "asked"), [*expressions()])
def test_every_metric_and_label_that_is_asked_for_is_offered(where: str, asked: str) -> None:
    names = set(NAMED.findall(asked))
    assert names
    assert names <= EVERY.keys()
    for found in ASKED.finditer(asked):
        assert set(re.findall(r"(\w+)=", found["labels"])) <= set(EVERY[found["name"]].labels)
    for found in GROWS.finditer(asked):
        assert EVERY[found["name"]].kind is not MeasureKind.GAUGE


def test_every_metric_of_the_installation_is_on_the_board_or_in_a_rule() -> None:
    asked = {name for _, expression in expressions() for name in NAMED.findall(expression)}
    assert {measure.name for measure in table.CONSOLE} <= asked


def test_the_board_is_for_whichever_prometheus_there_is_and_no_two_panels_overlap() -> None:
    assert {panel["datasource"]["uid"] for panel in BOARD["panels"]} == {"${source}"}
    cells = [
        (column, row)
        for panel in BOARD["panels"]
        for column in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for row in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(column for column, _ in cells) < 24
