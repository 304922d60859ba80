"""The alert rules and the questions of the board, as Prometheus's own promtool takes them."""

import json
import subprocess
from pathlib import Path

from tests.gateways_real.servers import debian

FOLDER = Path(__file__).parents[2] / "docs/how-to/monitoring"


def _promtool(root: Path, *words: str) -> str:
    command = [str(root / "usr/bin/promtool"), *words]
    done = subprocess.run(  # noqa: S603 - the words are ours
        command, env=debian.environment(root), cwd=FOLDER, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_rules_are_rules_and_each_speaks_when_it_should(root: Path) -> None:
    assert "SUCCESS: 16 rules found" in _promtool(root, "check", "rules", "alerts.yml")
    assert "SUCCESS" in _promtool(root, "test", "rules", "alerts.test.yml")


def test_prometheus_can_read_every_question_of_the_board(root: Path, tmp_path: Path) -> None:
    board = json.loads((FOLDER / "board.json").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    rules = [{"record": f"asked:{number}", "expr": expression} for number, expression in enumerate(asked)]
    # JSON is YAML too.
    file = tmp_path / "board.yml"
    file.write_text(json.dumps({"groups": [{"name": "board", "rules": rules}]}))
    assert f"SUCCESS: {len(asked)} rules found" in _promtool(root, "check", "rules", str(file))
