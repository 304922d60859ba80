"""`make bench`: a large simulated tenant synced from the command line; ratios count, single figures do not."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailroll import embedded
from tests.bench import floors

USERS = 100_000
FEW = 5
"""Pages that are enough to tell what one costs."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One process from start to end: seconds of wall clock and CPU, and its peak resident memory in MiB."""

    wall: float
    cpu: float
    peak: float
    answer: Any


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=USERS)
    users = parser.parse_args().users
    with tempfile.TemporaryDirectory(prefix="mailroll-bench-") as folder, simulator(users) as tenant:
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "MAILROLL_DATA_DIR": str(data),
            "MAILROLL_CUSTOM_LOGIN_URL": tenant["login_url"],
            "MAILROLL_CUSTOM_GRAPH_URL": tenant["graph_url"],
            "MAILROLL_CUSTOM_CA_FILE": tenant["ca_file"],
        }
        try:
            domain = connect(environment, tenant, Path(folder))
            first = measured(environment, "sync", domain, "--json")
            second = measured(environment, "sync", domain, "--json")
            third = measured(environment, "sync", domain, "--json")
            decode = floors.decode(tenant, floors.LICENCES)
            pages = [floors.decode(tenant, told_by, FEW) for told_by in (floors.LICENCES, floors.PLANS)]
            copy = floors.copy(embedded.dsn(data))
        finally:
            embedded.stop(data)
    show(users, (first, second, third), decode, copy)
    for told_by, page in zip(("licences", "plans"), pages, strict=True):
        each = page.seconds / FEW * 1000
        print(f"a page with everybody's {told_by:10}{page.page:14,} bytes{each:9.1f} ms CPU to decode")


def show(users: int, syncs: tuple[Measured, Measured, Measured], decode: floors.Floor, copy: floors.Floor) -> None:
    first, second, third = syncs
    floor = decode.seconds + copy.seconds
    print(f"{users} users: {first.answer['counts']['create']} created, then {second.answer['state']}")
    print(f"{'':34}{'wall s':>9}{'CPU s':>9}{'peak MiB':>10}")
    print(f"{'first sync, whole process':34}{first.wall:9.1f}{first.cpu:9.1f}{first.peak:10.0f}")
    print(f"{'second sync, whole process':34}{second.wall:9.1f}{second.cpu:9.1f}{second.peak:10.0f}")
    print(f"{'third sync, nothing to compare':34}{third.wall:9.1f}{third.cpu:9.1f}{third.peak:10.0f}")
    steps = sum(third.answer["timings"].get(name, 0) for name in ("read", "compare"))
    print(f"{'  third sync, both its steps':34}{steps:9.1f}{users / steps:18,.0f} users a second")
    for name in ("read", "compare", "apply"):
        print(f"{'  first sync, step ' + name:34}{first.answer['timings'].get(name, 0):9.1f}")
    print(f"{'floor: typed decoding, ' + decode.what:34}{decode.seconds:9.1f}")
    print(f"{'floor: COPY, ' + copy.what:34}{copy.seconds:9.1f}")
    print(f"first sync / floor, CPU to wall    {first.wall / floor:9.1f} times")


def connect(environment: Mapping[str, str], tenant: Mapping[str, Any], folder: Path) -> str:
    """Set one organization with one domain and its source up; return the domain."""
    domain = next(name for name in tenant["tenants"][0]["domains"] if not name.endswith(".onmicrosoft.com"))
    secret = folder / "secret"
    secret.write_text(tenant["app"]["secret"], encoding="ascii")
    measured(environment, "organization", "add", "Bench", "--json")
    measured(environment, "domain", "add", domain, "--organization", "Bench", "--json")
    made = measured(
        environment,
        *("connection", "add", "microsoft365", "--organization", "Bench", "--cloud", "custom", "--json"),
        *("--tenant", tenant["tenants"][0]["id"], "--client-id", tenant["app"]["client_id"]),
        *("--secret-file", str(secret)),
    )
    measured(environment, "source", "add", domain, "--connection", made.answer["id"], "--json")
    return str(domain)


def measured(environment: Mapping[str, str], *words: str) -> Measured:
    began = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([sys.executable, "-m", "mailroll", *words], env=dict(environment), stdout=output)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        answer: Mapping[str, Any] = json.load(output)
    if process.returncode:
        sys.exit(f"mailroll {' '.join(words)}: exit code {process.returncode}\n{json.dumps(answer)[:2000]}")
    return Measured(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, answer)


@contextmanager
def simulator(users: int) -> Iterator[Mapping[str, Any]]:
    """Run the simulator in a process of its own, so that its work is not counted as ours."""
    words = [sys.executable, "-m", "tests.bench.tenant", "--tenant", "huge", "--users", str(users), "--seed", "1"]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the simulator has no output")
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
