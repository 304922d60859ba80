"""Lines of `make bench`: what a command costs before it does anything, beside a floor of the same run."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from mailroll import embedded
from tests.bench.table import Ratio, at_most

_TURNS = 7
_HELP_MOST, _READ_MOST = 1.2, 1.5
_MODELS = ("-c", "import django.db.models")
_SETUP = ("-c", "import django; django.setup()")
_COMMANDS = (("token", "list"), ("static", "list", "bench.example"), ("operator", "list"), ("removals", "list"))


def lines(turns: int = _TURNS) -> Iterator[Ratio]:
    with tempfile.TemporaryDirectory(prefix="mailroll-bench-") as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {"MAILROLL_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "mailroll.config.settings"}
        try:
            _cpu(environment, "-m", "mailroll", "database", "migrate")
            _cpu(environment, "-m", "mailroll", "organization", "add", "Bench")
            _cpu(environment, "-m", "mailroll", "domain", "add", "bench.example", "--organization", "Bench")
            yield _line(environment, ("--help",), "import django.db.models", _MODELS, _HELP_MOST, turns)
            for words in _COMMANDS:
                yield _line(environment, words, "django.setup()", _SETUP, _READ_MOST, turns)
        finally:
            embedded.stop(data)


def _line(  # noqa: PLR0917 - a command, its floor, and how both are measured
    environment: Mapping[str, str], words: tuple[str, ...], name: str, floor: tuple[str, ...], most: float, turns: int
) -> Ratio:
    """One command beside its floor: the least of some turns, which take turns."""
    pairs = [(_cpu(environment, "-m", "mailroll", *words), _cpu(environment, *floor)) for _ in range(turns)]
    own, least = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    return at_most("mailroll " + " ".join(words), own, "s CPU", f"`{name}`", least, most)


def _cpu(environment: Mapping[str, str], *words: str) -> float:
    process = subprocess.Popen([sys.executable, *words], env=dict(environment), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(words)}: exit code {process.returncode}")
    return used.ru_utime + used.ru_stime
