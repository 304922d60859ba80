"""The recipes in the documents are those of the code, and no blank of a template stays unfilled."""

import os
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from mailroll.gateway.recipes import EXAMPLE, RECIPES, render

PAGES = Path(__file__).parents[2] / "docs/gateways"
BLOCK = re.compile(
    r"^(?P<indent> *)<!-- recipe: (?P<recipe>\S+) (?P<name>\S+) -->\n(?:(?P=indent)```\n(?:.*\n)*?(?P=indent)```\n)?",
    re.MULTILINE,
)


def filled(page: str) -> str:
    """The page with the text of each recipe below its mark."""
    return BLOCK.sub(_block, page)


def _block(mark: re.Match[str]) -> str:
    (block,) = (block for block in render(mark["recipe"], EXAMPLE) if block.name == mark["name"])
    lines = [
        f"<!-- recipe: {mark['recipe']} {mark['name']} -->",
        "```",
        f"{'//' if block.name.endswith('.js') else '#'} {block.path}",
        *block.text.splitlines(),
        "```",
    ]
    return "".join(f"{mark['indent']}{line}".rstrip() + "\n" for line in lines)


def test_the_documents_hold_every_recipe_as_it_is_in_the_code() -> None:
    shown = set()
    for page in PAGES.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        if os.environ.get("MAILROLL_WRITE_DOCS"):
            page.write_text(filled(text), encoding="utf-8")
        assert page.read_text(encoding="utf-8") == filled(text), "run: make docs"
        shown |= {(mark["recipe"], mark["name"]) for mark in BLOCK.finditer(text)}
    assert shown == {(name, file.name) for name, recipe in RECIPES.items() for file in recipe.files}


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_blank_of_a_recipe_is_filled(recipe: str) -> None:
    other: dict[str, Any] = {field.name: f"<{field.name}>" for field in fields(EXAMPLE)}
    strange = replace(EXAMPLE, **other)
    for block in render(recipe, strange):
        assert not re.search(r"@[A-Z_]+@", block.text + block.path)
        for value in (str(EXAMPLE.database_port), EXAMPLE.domain, EXAMPLE.database_host, EXAMPLE.database_role):
            assert value not in block.text
