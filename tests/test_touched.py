"""Which tests `make quick` runs for a change."""

from pathlib import Path

import pytest

from tests.touched import touched

FILES = {
    "tests/sync/test_worker.py": "from mailroll.sync import worker\n",
    "tests/sync/test_runs.py": "import mailroll.sync.runs.make\n",
    "tests/cli/test_tree.py": "from mailroll.cli.app import COMMANDS\n",
    "tests/console/test_runs.py": "",
    "tests/console/browser/test_sync.py": "from mailroll.sync import worker\n",
    "tests/reconcile/test_plan.py": "from mailroll.reconcile import plan\n",
}


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ("src/mailroll/sync/workers/worker.py", ["tests/sync/test_worker.py"]),
        ("src/mailroll/sync/runs/make.py", ["tests/sync/test_runs.py"]),
        ("src/mailroll/cli/app.py", ["tests/cli/test_tree.py"]),
        ("src/mailroll/console/templates/console/runs/plan.html", ["tests/console/test_runs.py"]),
        ("tests/console/browser/test_sync.py", ["tests/console/browser/test_sync.py"]),
        ("src/mailroll/reconcile/plan.py", []),
        ("docs/glossary.md", []),
    ],
)
def test_a_change_asks_for_tests_that_import_it_or_are_named_after_it(
    tmp_path: Path, changed: str, tests: list[str]
) -> None:
    for place, text in FILES.items():
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert touched(tmp_path, [changed]) == tests


def test_of_many_that_import_it_those_are_asked_for_that_import_little_else(tmp_path: Path) -> None:
    (tmp_path / "tests/sync").mkdir(parents=True)
    for number in range(20):
        others = "".join(f"import other{one}\n" for one in range(20 - number))
        (tmp_path / f"tests/sync/test_{number:02}.py").write_text(f"from mailroll.sync import models\n{others}")
    (tmp_path / "tests/sync/test_models.py").write_text("")
    named = [f"tests/sync/test_{number:02}.py" for number in range(8, 20)]
    assert touched(tmp_path, ["src/mailroll/sync/models.py"]) == [*named, "tests/sync/test_models.py"]
