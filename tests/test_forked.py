"""A forked process is to its test what a started one would be."""

import json
import os
import signal
import sys
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT, TimeoutExpired

import pytest

from tests.forked import ForkedPython

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere they are started")

TELLS = """
import json, os, random, sys, threading, warnings
from django.conf import settings
print(json.dumps({
    "name": __name__, "words": sys.argv, "cwd": os.getcwd(), "env": dict(os.environ), "random": random.random(),
    "settings": settings.configured, "apps": "mailroll.directory" in sys.modules, "threads": threading.active_count(),
    "files": sorted(map(int, os.listdir("/proc/self/fd"))), "group": os.getpgid(0), "pid": os.getpid(),
}))
"""


def test_it_has_what_it_was_given_and_no_settings_yet(tmp_path: Path) -> None:
    documents = []
    for _ in range(2):
        words = [sys.executable, "-c", TELLS, "one", "two"]
        process = ForkedPython(words, env={"NAME": "value"}, cwd=tmp_path, stdout=PIPE, stderr=PIPE, text=True)
        out, err = process.communicate()
        assert (process.returncode, err) == (0, "")
        documents.append(json.loads(out))
        assert documents[-1].pop("pid") == process.pid
    assert documents[0].pop("random") != documents[1].pop("random")
    assert (
        documents
        == [
            {
                "name": "__main__",
                "words": ["-c", "one", "two"],
                "cwd": str(tmp_path),
                "env": {"NAME": "value"},
                "settings": False,
                "apps": False,
                "threads": 1,
                "files": [0, 1, 2, 3],  # the last is the list itself
                "group": os.getpgid(0),
            }
        ]
        * 2
    )


@pytest.mark.parametrize(
    ("program", "code", "said"),
    [
        ("raise SystemExit(3)", 3, b""),
        ("import atexit, sys; atexit.register(print, 'end', file=sys.stderr)", 0, b"end\n"),
        ("raise ValueError('odd')", 1, b"ValueError: odd\n"),
        ("import warnings; warnings.warn('old', DeprecationWarning)", 1, b"DeprecationWarning: old\n"),
        ("import os; os.kill(os.getpid(), 9)", -signal.SIGKILL, b""),
        ("import os; os.kill(os.getpid(), 2)", -signal.SIGINT, b"KeyboardInterrupt\n"),
    ],
)
def test_its_end_is_told_as_it_was(program: str, code: int, said: bytes) -> None:
    process = ForkedPython([sys.executable, "-W", "error", "-c", program], stdout=DEVNULL, stderr=PIPE)
    _, err = process.communicate()
    assert (process.returncode, err[-len(said) :] if said else err) == (code, said)


def test_signals_reach_it_alone_and_who_waits_is_not_kept() -> None:
    program = "import signal, sys; print('begun', flush=True); signal.pause()"
    first, second = (ForkedPython([sys.executable, "-c", program], stdout=PIPE, stderr=STDOUT) for _ in range(2))
    with first, second:
        for process in (first, second):
            assert process.stdout is not None
            assert process.stdout.readline() == b"begun\n"
        first.terminate()
        assert first.communicate()[0] == b""
        assert second.poll() is None
        with pytest.raises(TimeoutExpired):
            second.wait(0.01)
        second.kill()
    assert (first.poll(), second.poll()) == (-signal.SIGTERM, -signal.SIGKILL)


def test_a_command_is_run_by_its_name() -> None:
    words = [sys.executable, "-m", "mailroll", "--help"]
    with ForkedPython(words, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        assert "Usage: mailroll" in process.stdout.read()
    assert process.returncode == 0
