"""Every template can be read: by people, by Django, and under the policy for content. `make check` asks this too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import TemplateSyntaxError
from django.template.loader import get_template

import mailroll.console

ROOT = Path(mailroll.console.__file__).parent / "templates"
LONGEST = 160

_DEEDS = "click|change|submit|load|error|input|focus|blur|key\\w+|mouse\\w+"
_INLINE = re.compile(rf"<style\b|\sstyle\s*=|<script(?![^>]*\bsrc=)|\son(?:{_DEEDS})\s*=|javascript:", re.IGNORECASE)

_TIME = re.compile(r"\b(?:(?:\d+|two|three|five|seven|ten|twelve|thirty) (?:minute|hour|day|week)s?|an hour)\b")


def _templates() -> Iterator[Path]:
    yield from sorted(path for kind in ("*.html", "*.txt") for path in ROOT.rglob(kind))


def _long(path: Path) -> list[int]:
    return [number for number, line in enumerate(path.read_text().splitlines(), 1) if len(line) > LONGEST]


def test_no_line_has_to_be_scrolled() -> None:
    assert {str(path): lines for path in _templates() if (lines := _long(path))} == {}


def test_no_comment_of_several_lines_stands_on_a_page() -> None:
    """Django knows `{# ... #}` of one line alone, and shows any other to everybody."""
    assert [
        str(path)
        for path in _templates()
        for line in path.read_text().splitlines()
        if "{#" in line and "#}" not in line
    ] == []


@pytest.mark.parametrize("path", [str(path.relative_to(ROOT)) for path in _templates()])
def test_django_can_read_it(path: str) -> None:
    try:
        get_template(path)
    except TemplateSyntaxError as fault:
        pytest.fail(f"{path}: {fault}")


def test_how_long_something_lasts_is_told_by_the_promise_itself() -> None:
    """So that a page never tells another time than the one that guards and jobs keep to."""
    found = {str(path.relative_to(ROOT)): times for path in _templates() if (times := _TIME.findall(path.read_text()))}
    assert found == {}


def test_no_style_and_no_script_stands_in_a_page() -> None:
    assert {str(path): found for path in _templates() if (found := _INLINE.findall(path.read_text()))} == {}
