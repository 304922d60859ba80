"""Tests that are compiled beforehand are what pytest looks for."""

import sys
from pathlib import Path

import pytest
from _pytest.pathlib import import_path

from tests import byte_code


def test_pytest_runs_what_was_written_and_does_not_rewrite_the_module_again(tmp_path: Path) -> None:
    file = tmp_path / "test_sum.py"
    file.write_text("def test_sum():\n    total = 3\n    assert total == 4, 'of the module'\n")
    byte_code.write(tmp_path)
    [cache] = (tmp_path / "__pycache__").iterdir()
    cache.write_bytes(cache.read_bytes().replace(b"of the module", b"of the cache."))
    module = import_path(file, mode="importlib", root=tmp_path, consider_namespace_packages=False)
    with pytest.raises(AssertionError, match=r"of the cache\.\nassert 3 == 4"):
        module.test_sum()


def test_other_modules_are_compiled_too(tmp_path: Path) -> None:
    (tmp_path / "world.py").write_text("NAME = 'Brightwater'\n")
    byte_code.write(tmp_path)
    assert [file.name for file in (tmp_path / "__pycache__").iterdir()] == [f"world.{sys.implementation.cache_tag}.pyc"]
