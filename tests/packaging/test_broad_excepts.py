"""Any error is taken at a few edges alone: where one piece of work ends in its own row, and the next one begins."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
EDGES = {
    # A run, a decision, an import, a question about an address, a sample: what failed is told by its row.
    ("src/mailroll/sync/runs/make.py", "carry_out"),
    ("src/mailroll/sync/runs/answer.py", "_carry_out"),
    ("src/mailroll/sync/imports.py", "preview"),
    ("src/mailroll/sync/addresses/replies.py", "_settle"),
    ("src/mailroll/sync/samples/intake.py", "take"),
    # A message of an alert: what waits behind it shall not wait for ever.
    ("src/mailroll/alerts/channels/delivery.py", "_try"),
    # A check of doctor: one that breaks must not hide what the others found.
    ("src/mailroll/insight/doctor/examination.py", "_settle"),
    # The gateway's copy of the roll: without its thread the server would answer from an old one, and nobody would know.
    ("src/mailroll/gateway/keeper.py", "_run"),
    # The simulator's thread gives what it failed with to whoever started it.
    ("simulator/src/mailroll_simulator/simulator.py", "run"),
    ("simulator/src/mailroll_simulator/simulator.py", "in_thread"),
}


_BROAD = {"Exception", "BaseException"}


def _is_broad(node: ast.ExceptHandler | ast.Call) -> bool:
    """Whether it is an `except`, or a call of `suppress`, that names every error there is, or none at all."""
    if isinstance(node, ast.Call):
        kinds = node.args if ast.unparse(node.func).rpartition(".")[2] == "suppress" else []
    else:
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type or ast.Name("BaseException")]
    return any(isinstance(kind, ast.Name) and kind.id in _BROAD for kind in kinds)


def _broad(path: Path) -> Iterator[str]:
    """Name the functions, with those around them, that take any error."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(module):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for node in ast.walk(function):
                if isinstance(node, (ast.ExceptHandler, ast.Call)) and _is_broad(node):
                    yield function.name


def test_any_error_is_taken_at_the_edges_alone() -> None:
    found = {
        (str(path.relative_to(ROOT)), name)
        for source in ("src/mailroll", "simulator/src/mailroll_simulator")
        for path in sorted((ROOT / source).rglob("*.py"))
        for name in _broad(path)
    }
    assert found == EDGES
