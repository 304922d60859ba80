"""`make test`: compile all tests once, as the processes would that run them.

pytest rewrites the asserts of a test module when it imports it, and keeps the result beside the module. The processes
of a fresh clone begin at the same moment, so each would do that for nearly every module: 5 s of CPU, as much again as
importing them takes.
"""

import ast
import compileall
import gc
import re
import sys
from importlib.util import source_hash
from pathlib import Path

from _pytest.assertion import rewrite

_REWRITTEN = re.compile(r"/(test_[^/]*|conftest)\.py$")


def write(root: Path) -> None:
    """Leave beside each module below `root` what importing it looks for."""
    compileall.compile_dir(root, quiet=1, rx=_REWRITTEN)
    for file in root.rglob("*.py"):
        if _REWRITTEN.search(file.as_posix()):
            _rewrite(file)


def _rewrite(file: Path) -> None:
    folder = rewrite.get_cache_dir(file)
    target = folder / (file.stem + rewrite.PYC_TAIL)
    if rewrite._read_pyc(file, target) is not None:
        return
    source = file.read_bytes()
    tree = ast.parse(source, filename=str(file))
    rewrite.rewrite_asserts(tree, source, str(file))
    code = compile(tree, str(file), "exec", dont_inherit=True)
    folder.mkdir(exist_ok=True)
    unborn = target.with_suffix(".unborn")
    with unborn.open("wb") as cache:
        rewrite._write_pyc_fp(cache, source_hash(source), code)
    unborn.replace(target)  # the tests of the core run meanwhile


if __name__ == "__main__":
    gc.disable()  # trees have no cycles, and looking for them takes a quarter of it
    for name in sys.argv[1:]:
        write(Path(name).resolve())
