"""`make quick`: print the files of tests that a change can have touched most likely, those of the core left out.

A test file is named where it changed itself; where it imports a module that changed, by name; and where it is called as
something on the way to what changed: `console/templates/console/runs/plan.html` asks for `tests/console/test_runs.py`.
Of many that import it, those are named that import little else: they are most likely about it.
What else a change reaches is for `make test`, and so are browsers; distributions and the bench are for
`make test-shipped`. Of these, tests are named that changed themselves.
What changed is told by git: all since the branch left main, and what is not committed.
"""

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

_ROOT = Path(__file__).parents[1]
_DEAR = tuple(f"tests/{folder}/" for folder in "bench console/browser packaging gateways_real drill".split())
_CORE = "tests/reconcile/"
_MOST = 12
"""Test files that are named because they import something: so many take half a minute."""


def touched(root: Path, changed: Iterable[str]) -> list[str]:
    """Return the test files below `root`, by paths as git writes them."""
    paths = [PurePosixPath(path) for path in changed]
    modules = {_module(path) for path in paths if path.suffix == ".py"}
    names = {name for path in paths for name in _namesakes(path)}
    certain, importing = set[str](), dict[str, int]()
    for file in sorted((root / "tests").rglob("test_*.py")):
        place = file.relative_to(root).as_posix()
        if place.startswith(_CORE):
            continue
        if PurePosixPath(place) in paths or (place in names and not place.startswith(_DEAR)):
            certain.add(place)
        elif not place.startswith(_DEAR):
            imported = set(_imports(file))
            if not modules.isdisjoint(imported):
                importing[place] = len(imported)
    return sorted(certain.union(sorted(importing, key=lambda place: (importing[place], place))[:_MOST]))


def _module(path: PurePosixPath) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[1:] if parts[0] == "src" else parts).removesuffix(".__init__")


def _namesakes(path: PurePosixPath) -> Iterator[str]:
    if path.parts[:2] == ("src", "mailroll"):
        package, *inner = path.with_suffix("").parts[2:]
        yield from (f"tests/{package}/test_{name}.py" for name in inner)


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _changed() -> list[str]:
    base = next(filter(None, (_git("merge-base", main, "HEAD") for main in ("main", "origin/main"))), ["HEAD"])
    return _git("diff", "--name-only", base[0]) + _git("ls-files", "--others", "--exclude-standard")


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=_ROOT, check=False, capture_output=True, text=True)  # noqa: S603, S607
    return done.stdout.splitlines()


if __name__ == "__main__":
    sys.stdout.writelines(f"{place}\n" for place in touched(_ROOT, _changed()))
