"""Several commands as one: they are stopped together, also when the one that started them was killed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from mailroll.cli.processes import MAILROLL

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="/proc is where it is looked")

PATIENCE = 300

STARTS = """
import os, sys
from mailroll.cli.processes import Processes
processes = Processes((sys.executable, "-c"))
with processes.listening():
    for name in ("one", "two"):
        processes.start(name, ["import os, time; os.write(1, b'%d' % os.getpid() + bytes([10])); time.sleep(600)"])
    processes.finally_run("import pathlib, sys; pathlib.Path(sys.argv[1]).touch()", sys.argv[1])
    os.write(1, b"0" + bytes([10]))
    processes.wait()
    processes.stop_all()
"""


def test_a_command_of_ours_takes_no_module_from_the_folder_that_one_stands_in(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise SystemExit('Taken from the folder that one stands in.')")
    subprocess.run([*MAILROLL, "--help"], cwd=tmp_path, check=True, capture_output=True)  # noqa: S603


@contextmanager
def running(mark: Path) -> Iterator[tuple["subprocess.Popen[str]", list[int]]]:
    children: list[int] = []
    with subprocess.Popen([sys.executable, "-c", STARTS, str(mark)], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            assert process.stdout is not None
            # Its own line is 0: whoever is killed before has not named the last command yet.
            children += filter(None, [int(process.stdout.readline()) for _ in range(3)])
            yield process, children
        finally:
            process.kill()
            for child in filter(lives, children):
                # It may end between the look and the signal.
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)


def lives(child: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def nobody(children: list[int]) -> bool:
    return not any(map(lives, children))


def test_nothing_is_left_when_the_command_is_killed(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    with running(mark) as (process, children):
        assert all(map(lives, children))
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait(PATIENCE) == -signal.SIGKILL
        never = threading.Event()
        for _ in range(10 * PATIENCE):
            if nobody(children) and mark.exists():
                break
            never.wait(0.1)
        else:
            pytest.fail("its children live on, or the last command did not run")


def test_asked_to_stop_it_stops_all_by_itself(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    with running(mark) as (process, children):
        process.terminate()
        assert process.wait(PATIENCE) == 0
        assert nobody(children)
    assert not mark.exists()


def test_asked_to_stop_after_its_guardian_was_it_ends_as_well(tmp_path: Path) -> None:
    with running(tmp_path / "ran") as (process, children):
        beside = {int(one) for one in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()}
        (guardian,) = beside - set(children)
        os.kill(guardian, signal.SIGTERM)
        never = threading.Event()
        for _ in range(10 * PATIENCE):
            if not lives(guardian):
                break
            never.wait(0.1)
        process.terminate()
        assert process.wait(PATIENCE) == 0
        assert nobody(children)
