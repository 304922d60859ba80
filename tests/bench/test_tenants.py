"""What of many tenants is measured in several processes is measured in all of them at the same time."""

import os
import subprocess
import sys
from pathlib import Path

from tests.bench import tenants

_MEET = """
import signal, sys
from tests.bench.tenants import begin
signal.alarm(60)
begin()
open(sys.argv[1], sys.argv[2]).close()
print("met")
"""
"""Opening one end of a named pipe waits for who opens the other (fifo(7)); whoever waits in vain is ended."""


def test_processes_of_the_bench_begin_together(tmp_path: Path) -> None:
    pipe = str(tmp_path / "pipe")
    os.mkfifo(pipe)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _MEET, pipe, mode],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for mode in ("r", "w")
    ]
    assert tenants.finish(processes) == ["met\n", "met\n"]
    assert [process.returncode for process in processes] == [0, 0]
