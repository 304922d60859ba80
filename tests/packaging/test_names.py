"""Names are nouns: what a value is, and not that somebody found it, was told it or asked for it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "src/mailroll"

STANDING_FOR_OTHERS = frozenset(
    "asked begun brought came each found given going gone made one seen some told what whom whose".split()
)
"""Words for which a stranger has to read on to know what is meant."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(ROOT.rglob("*.py")):
        if "migrations" not in file.parts:
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


def bound_in_functions(tree: ast.Module) -> Iterator[str]:
    """Parameters, and what functions call a value. What a class has is read behind a noun."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for node in ast.walk(function):
                if isinstance(node, ast.arg):
                    yield node.arg
                elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id


def test_no_value_is_called_by_a_word_that_stands_for_another() -> None:
    named = {
        f"{file}: {name}"
        for file, tree in modules()
        for name in bound_in_functions(tree)
        if name in STANDING_FOR_OTHERS
    }
    assert named == set()


def test_nor_is_any_in_a_template() -> None:
    loops = re.compile(r"\{% for ([\w, ]+) in ")
    named = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in sorted(ROOT.rglob("*.html"))
        for loop in loops.findall(file.read_text(encoding="utf-8"))
        for name in loop.replace(" ", "").split(",")
        if name in STANDING_FOR_OTHERS
    }
    assert named == set()


def test_no_function_is_called_by_a_mere_preposition() -> None:
    """`Plan.of` makes a plan, so it may stay, as may a filter of templates that is called as it reads there."""
    named = {
        f"{file}: {node.name}"
        for file, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name in {"of", "look", "told"}
        and not any(isinstance(mark, ast.Name) and mark.id == "classmethod" for mark in node.decorator_list)
    }
    assert named == {"console/templatetags/run_words.py: of"}
