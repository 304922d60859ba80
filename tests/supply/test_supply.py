"""What the project is built with and made of: pinned, listed, and honest where nothing is known."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.supply.audit import NO_DATA, judge
from tests.supply.licences import UNKNOWN, lines

ROOT = Path(__file__).parents[2]
SKIPPED = {"name": "aiohttp", "skip_reason": "Dependency not found on PyPI and could not be audited: aiohttp (3.14.5)"}
FINE = {"name": "django", "version": "6.0", "vulns": []}
BAD = {"name": "idna", "version": "3.1", "vulns": [{"id": "PYSEC-2024-60", "fix_versions": ["3.7"]}]}


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("project", ["pyproject.toml", "simulator/pyproject.toml"])
def test_the_build_backend_is_the_one_of_the_lock_with_its_hashes(project: str) -> None:
    [locked] = [each for each in read("uv.lock")["package"] if each["name"] == "hatchling"]
    assert read(project)["build-system"]["requires"] == [f"hatchling=={locked['version']}"]
    assert all(wheel["hash"].startswith("sha256:") for wheel in locked["wheels"])
    # So it is the locked one that builds, and none that build isolation would download.
    assert read(project)["project"]["name"] in read("pyproject.toml")["tool"]["uv"]["no-build-isolation-package"]


@pytest.mark.parametrize(
    ("packages", "code", "told"),
    [
        ([], NO_DATA, "No data: nobody could be asked"),
        ([SKIPPED], NO_DATA, "No data: nobody could be asked"),
        ([FINE], 0, "1 packages were looked up; 0 known vulnerabilities."),
        ([FINE, SKIPPED], NO_DATA, "No data on 1 more: aiohttp."),
        ([FINE, BAD, SKIPPED], 1, "idna 3.1: PYSEC-2024-60, mended in 3.7"),
    ],
)
def test_an_audit_without_data_is_not_called_clean(packages: list[dict[str, Any]], code: int, told: str) -> None:
    judged, words = judge(json.dumps({"dependencies": packages, "fixes": []}))
    assert judged == code
    assert told in words


@pytest.mark.parametrize("text", ["", "not json", "{}"])
def test_an_audit_that_broke_off_has_no_data(text: str) -> None:
    assert judge(text)[0] == NO_DATA


def test_licences_are_listed_as_they_are_declared() -> None:
    document = {
        "components": [
            {"name": "zope", "version": "1", "licenses": [{"license": {"id": "MIT"}}, {"license": {"id": "MIT"}}]},
            {"name": "Alpha", "version": "2", "licenses": [{"expression": "MIT OR Apache-2.0"}]},
            {"name": "beta", "version": "3"},
        ]
    }
    assert lines(document) == ["Alpha 2: MIT OR Apache-2.0", f"beta 3: {UNKNOWN}", "zope 1: MIT"]


def test_what_comes_from_others_is_named_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    found = [*(ROOT / "src").rglob("*.min.js"), *(ROOT / "tests").rglob("*.min.js")]
    # The documentation's site is made here by another test, perhaps; the notice names its folder in the wheel.
    vendored = [file for file in found if "help_pages" not in file.parts]
    assert vendored
    for file in vendored:
        assert file.relative_to(ROOT).as_posix() in notice
