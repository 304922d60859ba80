"""A file that a page of the documents names is there."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "CONTRIBUTING.md",
    ROOT / "docs/architecture.md",
    ROOT / "docs/security.md",
    *sorted((ROOT / "docs/explanation").glob("*.md")),
]
_FILE = re.compile(r"`((?:[a-z0-9_]+/)+[a-z0-9_-]+\.(?:py|sql|md|json|html))`")
_OF_MODULE = re.compile(r"`(?:[a-z_]+\.)*([a-z_]+)\.([A-Za-z_]+)`")
_STATUS = re.compile(r"Status: accepted, 20\d\d-\d\d-\d\d[.;,]")
_COMMAND = re.compile(r"`pytest ([^`]+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_is_there(page: Path) -> None:
    named = set(_FILE.findall(page.read_text(encoding="utf-8")))
    places = (
        ROOT / "src/mailroll",
        ROOT / "src/mailroll/console/templates",
        ROOT / "simulator/src/mailroll_simulator",
        ROOT,
    )
    assert {one for one in named if not any((place / one).is_file() for place in places)} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_file_that_is_named_behind_another_lies_beside_it(page: Path) -> None:
    for line in page.read_text(encoding="utf-8").splitlines():
        folder = ""
        for place, name in re.findall(r"`((?:[a-z0-9_]+/)*)([a-z0-9_]+\.(?:py|sql))`", line):
            folder = place or folder
            assert not folder or any((root / folder / name).is_file() for root in (ROOT / "src/mailroll", ROOT)), line


def test_what_a_comment_names_of_a_module_is_there() -> None:
    """Before, some named modules by what they were called before they moved."""
    files = sorted((ROOT / "src/mailroll").rglob("*.py"))
    places: dict[str, list[Path]] = {}
    for file in files:
        places.setdefault(file.parent.name if file.stem == "__init__" else file.stem, []).append(file)

    def has(place: Path, name: str) -> bool:
        beside = place.stem == "__init__" and any((place.parent / found).exists() for found in (name, f"{name}.py"))
        return beside or re.search(rf"\b{name}\b", place.read_text(encoding="utf-8")) is not None

    named = {
        (file.name, module, name)
        for file in files
        for module, name in _OF_MODULE.findall(file.read_text(encoding="utf-8"))
        if module in places
    }
    assert len(named) > 50
    assert {what for what in named if not any(has(place, what[2]) for place in places[what[1]])} == set()


def test_the_tests_that_recipes_run_are_there() -> None:
    words = [word for line in _COMMAND.findall(PAGES[0].read_text(encoding="utf-8")) for word in line.split()]
    named = {word for word in words if "/" in word}
    assert len(named) > 10
    assert {one for one in named if not (ROOT / one).exists()} == set()


def test_every_decision_is_listed_once_in_order_by_its_own_title() -> None:
    folder = ROOT / "docs/decisions"
    records = [file for file in sorted(folder.glob("*.md")) if file.name != "README.md"]
    titles = [file.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for file in records]
    wanted = []
    for file, title in zip(records, titles, strict=True):
        number, _, words = title.partition(". ")
        assert int(number) == int(file.name[:4])
        wanted.append(f"{number}. [{words}]({file.name})")
    listed = (folder / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in listed if line[:1].isdigit()] == wanted


def test_every_decision_begins_with_its_status_and_date() -> None:
    records = (ROOT / "docs/decisions").glob("0*.md")
    assert [file.name for file in records if not _STATUS.match(file.read_text(encoding="utf-8").splitlines()[2])] == []


def test_the_pages_name_files() -> None:
    ways = [page for page in PAGES if page.stem in {"one-address", "sync-and-save"}]
    assert all(len(_FILE.findall(page.read_text(encoding="utf-8"))) > 15 for page in ways)
    assert len(ways) == 2


def test_the_architecture_has_every_package_and_the_layers_that_are_held() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    packages = {file.parent.name for file in (ROOT / "src/mailroll").glob("*/__init__.py")}
    rows = re.findall(r"^\| (`[a-z_]+/`(?:, `[a-z_]+/`)*) \|", page, re.MULTILINE)
    assert packages <= set(re.findall(r"[a-z_]+", " ".join(rows)))
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    sentence = page.partition("import-linter holds the layers: ")[2].partition(";")[0]
    assert re.findall(r"`([^`]+)`", sentence) == layers
