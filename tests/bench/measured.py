"""One run of a domain in a process of its own: what it cost here, and what of the database.

`python -m tests.bench.measured DOMAIN TRIGGER [FINDING]` makes a run. Where a finding is named, it makes more of them,
as a worker does, until one has it, and then the next one counts: what Django makes of its models with the first
statements of a process is made by then, whenever the finding came.
"""

import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

_TICKS = os.sysconf("SC_CLK_TCK")
_MOST_MORE = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall clock, of CPU here and of CPU of PostgreSQL; MiB at the peak above what its imports took.

    `answer` is what it came to: of a run its state, counts and timings.
    """

    wall: float
    here: float
    database: float
    memory: float
    imports: float
    answer: Mapping[str, Any] = field(default_factory=dict)

    @property
    def cpu(self) -> float:
        return self.here + self.database


def measure(environment: Mapping[str, str], module: str, *words: str) -> dict[str, Cost]:
    """Run a module of the bench that prints costs, each under a name."""
    command = [sys.executable, "-m", f"tests.bench.{module}", *words]
    done = subprocess.run(command, env=dict(environment), stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"{module} {' '.join(words)}: exit code {done.returncode}")
    return {name: Cost(**told) for name, told in json.loads(done.stdout).items()}


def cost(work: Callable[[], Mapping[str, Any]], dsn: str) -> Cost:
    """Do something, and return what that cost."""
    before = peak()
    spent, here, began = of_database(dsn), time.process_time(), time.perf_counter()
    answer = work()
    wall, here = time.perf_counter() - began, time.process_time() - here
    return Cost(wall, here, of_database(dsn) - spent, peak() - before, before, answer)


def tell(costs: Mapping[str, Cost]) -> None:
    """Print costs as `measure` reads them."""
    print(json.dumps({name: asdict(one) for name, one in costs.items()}))


def peak() -> float:
    """MiB of this process at its largest."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def of_database(dsn: str) -> float:
    """Seconds of CPU that PostgreSQL has spent so far, all its processes together, those that ended among them.

    It has to run on this machine. Fields 14 to 17 of proc_pid_stat(5), the last two of which are its ended children's.
    """
    with psycopg.connect(dsn) as connection:
        backend = connection.info.backend_pid
        server = int(_fields(backend)[1])
        processes = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
        spent = sum(map(int, _fields(server)[11:15]))
        for one in processes:
            try:
                fields = _fields(one)
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) == server:
                spent += int(fields[11]) + int(fields[12])
    return spent / _TICKS


def _fields(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def run_once(name: str, trigger: str) -> Mapping[str, Any]:
    from mailroll.audit.actor import Acting  # noqa: PLC0415 - of what `main` sets up
    from mailroll.directory import queries  # noqa: PLC0415
    from mailroll.sync.models import Trigger  # noqa: PLC0415
    from mailroll.sync.runs import make  # noqa: PLC0415

    run = make.carry_out(queries.domain(name), Trigger(trigger), uuid4(), Acting("bench"))
    if run.error is not None:
        sys.exit(f"the run failed: {run.error}")
    codes = [found["code"] for found in run.findings]
    return {"state": run.state, "counts": run.counts, "timings": run.timings, "findings": codes}


def main() -> None:
    name, trigger, *finding = sys.argv[1:]
    # As the command does it, and a worker behind its imports.
    gc.set_threshold(50_000, 10, 2)
    import django  # noqa: PLC0415 - so that a floor does without

    django.setup()
    from mailroll.connectors import registry  # noqa: PLC0415
    from mailroll.directory import queries  # noqa: PLC0415
    from mailroll.sync.runs import make  # noqa: F401, PLC0415 - what a run needs is imported before it is measured
    from tests.sync.settling import set_back  # noqa: PLC0415

    gc.freeze()
    with registry.keeping():
        own = cost(lambda: run_once(name, trigger), os.environ["DATABASE_URL"])
        for _ in range(_MOST_MORE if finding else 0):
            had_it = set(finding) <= set(own.answer["findings"])
            set_back(queries.domain(name))
            own = cost(lambda: run_once(name, trigger), os.environ["DATABASE_URL"])
            if had_it:
                break
    tell({"run": own})


if __name__ == "__main__":
    main()
