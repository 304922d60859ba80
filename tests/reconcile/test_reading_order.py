"""The order in which the core says it is to be read: every module is in it once, and leans only on those before it."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

CORE = "mailroll.reconcile"


@pytest.mark.parametrize("package", [CORE, f"{CORE}.filters"])
def test_every_module_stands_once_in_the_order_and_after_all_that_it_imports(package: str) -> None:
    module = import_module(package)
    assert module.__doc__
    assert module.__file__
    order = re.findall(r"`([a-z_]+)`", "\n".join(re.findall(r"^    .*$", module.__doc__, re.MULTILINE)))
    folder = Path(module.__file__).parent
    there = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    assert sorted(order) == sorted(there - {"__init__"})
    for place, name in enumerate(order):
        files = [folder / f"{name}.py"] if (folder / f"{name}.py").exists() else sorted((folder / name).glob("*.py"))
        for used in {used for file in files for used in _imports(file.read_text(), package)} - {name}:
            assert used in order[:place], f"{name} is to be read before {used}, which it imports"


def _imports(code: str, package: str) -> Iterator[str]:
    """The modules of a package that some code imports."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{package}."):
            yield node.module.removeprefix(f"{package}.").partition(".")[0]
