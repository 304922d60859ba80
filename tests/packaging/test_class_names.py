"""A class is found by its name: no two of the product have the same one."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2] / "src/mailroll"


def test_each_class_has_a_name_of_its_own() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for file in sorted(ROOT.rglob("*.py")):
        if "migrations" in file.parts:
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(file.relative_to(ROOT)))
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


NOUNS = {
    "footing",
    "listing",
    "housekeeping",
    "mapping",
    "paging",
    "planning",
    "reading",
    "serving",
    "standing",
    "staging",
}
"""Words of the field that end like a participle, and are none."""


def test_modules_are_called_by_nouns() -> None:
    roots = (ROOT, ROOT.parents[1] / "simulator/src")
    named = {
        file.stem.rpartition("_")[2]
        for root in roots
        for file in root.rglob("*ing.py")
        if "migrations" not in file.parts
    }
    assert named <= NOUNS, "what is it, rather than what does it do?"
