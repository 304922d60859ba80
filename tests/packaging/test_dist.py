"""What `make dist` makes: looked into, and installed where nothing of this checkout is."""

import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests import documentation
from tests.cli import demonstration

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def dist() -> Path:
    return documentation.dist()


@pytest.fixture
def folder() -> Iterator[str]:
    with demonstration.reachable_folder() as path:
        yield path


def run(*words: str) -> None:
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout


def uv(*words: str) -> None:
    run(sys.executable, "-m", "uv", "--quiet", *words)


def keep_versions(file: str) -> None:
    """Write down the versions of the lock: those were downloaded for this environment, too."""
    options = ("--all-extras", "--all-packages", "--no-dev", "--no-emit-workspace", "--no-hashes")
    uv("export", "--frozen", *options, "--output-file", file)


@pytest.mark.parametrize("name", ["mailroll", "mailroll_simulator"])
def test_a_wheel_holds_its_own_package_and_nothing_else(dist: Path, name: str) -> None:
    [wheel] = dist.glob(f"{name}-*.whl")
    with ZipFile(wheel) as opened:
        places = {Path(file).parts[0] for file in opened.namelist()}
    assert places == {name, f"{'-'.join(wheel.name.split('-')[:2])}.dist-info"}


def test_the_products_wheel_holds_nothing_of_the_simulator(dist: Path) -> None:
    [wheel] = dist.glob("mailroll-*.whl")
    with ZipFile(wheel) as opened:
        assert [file for file in opened.namelist() if "simulat" in file and "/help_pages/" not in file] == []


def test_the_products_wheel_holds_the_documentation(dist: Path) -> None:
    [wheel] = dist.glob("mailroll-*.whl")
    with ZipFile(wheel) as opened:
        assert b'id="consent_missing"' in opened.read("mailroll/console/help_pages/reference/errors/index.html")


def test_the_simulator_needs_nothing_of_the_product(dist: Path) -> None:
    [wheel] = dist.glob("mailroll_simulator-*.whl")
    with ZipFile(wheel) as opened:
        [metadata] = [file for file in opened.namelist() if file.endswith("METADATA")]
        needed = message_from_bytes(opened.read(metadata)).get_all("Requires-Dist", [])
    assert needed
    assert [name for name in needed if name.startswith("mailroll")] == []


def test_in_an_empty_environment_the_extra_is_all_that_the_demo_needs(dist: Path, folder: str) -> None:
    versions, python = f"{folder}/versions.txt", f"{folder}/env/bin/python"
    keep_versions(versions)
    uv("venv", "--python", sys.executable, f"{folder}/env")
    place = ("--python", python, "--find-links", str(dist), "--constraint", versions)
    install = ("pip", "install", *place)

    uv(*install, "mailroll")
    code, said = demonstration.toured(folder, python)
    assert code == 1, said
    assert "pip install 'mailroll[demo]'" in said

    uv(*install, "mailroll[demo]")
    code, said = demonstration.toured(folder, python)
    assert code == 0, said
    assert "Preview: this would change: brightwater.example" in said
    assert "Everything is as it should be: brightwater.example" in said
    assert "The demo is over" in said
    assert demonstration.nothing_runs_of(folder)
