"""`make bench`: what gateways ask of a million addresses, beside a floor of the same run: an echo, `SELECT 1`."""

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from mailroll import embedded

ADDRESSES = 1_000_000
APPLIED = 100_000
SECONDS = 4.0
TURNS = 4
ASKED, OFTEN = 400_000, 2_000
FLOOR = "floor: an echo"
DOMAIN = "bench.example"
_REPLY = b"5:OK OK,"
_ROWS = """
    INSERT INTO directory_address (address, user_id, domain_id, is_primary)
    SELECT 'person.' || n || '@bench.example', u.id, u.domain_id, false
      FROM directory_user u, generate_series(%s::int, %s::int) n
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """Lookups a second, and the 99th percentile of how long one took, in milliseconds."""

    rate: float
    p99: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--addresses", type=int, default=ADDRESSES)
    addresses = parser.parse_args().addresses
    with tempfile.TemporaryDirectory(prefix="mailroll-lookups-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        try:
            measure(folder, addresses)
        finally:
            embedded.stop(folder / "data")


def measure(folder: Path, addresses: int) -> None:
    for words in (
        ("organization", "add", "Bench"),
        ("domain", "add", DOMAIN, "--organization", "Bench"),
        ("static", "add", DOMAIN, f"first@{DOMAIN}"),
    ):
        subprocess.run(
            [sys.executable, "-m", "mailroll", *words], env=environment(folder), check=True, capture_output=True
        )
    with psycopg.connect(embedded.dsn(folder / "data"), autocommit=True) as database:
        triggers(database)
        with serving(folder) as (server, _):
            until(folder, f"first@{DOMAIN}")
            empty = resident(server.pid)
            database.execute(_ROWS, [1, addresses])
            database.execute("VACUUM ANALYZE directory_address")
            until(folder, f"person.{addresses}@{DOMAIN}")
            commits = sorted(commit_to_ok(folder, database, number) for number in range(20))
            per_million = (resident(server.pid) - empty) / addresses * 1_000_000
            keys = [f"person.{1 + number * 7919 % addresses}@{DOMAIN}" for number in range(ASKED)]
            # Nobody twice, and then some who are asked for again and again, as most are.
            with echoing(folder):
                rates = {count: beside(folder, count, keys) for count in (1, 16)}
            server.send_signal(signal.SIGTERM)
            server.wait()
        functions = [queries(database, text, keys) for text in ("SELECT gateway.access(%s)", "SELECT 1 WHERE %s <> ''")]
    embedded.stop(folder / "data")
    with serving(folder) as (server, ready):
        began = time.perf_counter()
        until(folder, f"person.{addresses}@{DOMAIN}")
        started = ready + time.perf_counter() - began
        back = (resident(server.pid) - empty) / addresses * 1_000_000
    with tempfile.TemporaryDirectory(prefix="mailroll-lookups-") as nothing, serving(Path(nothing)) as (_, bare):
        pass
    print(f"{addresses:,} addresses{'':25}{'a second':>12}{'p99 ms':>9}{'of floor':>10}")
    for count, found in rates.items():
        for kind, one in found.items():
            part = one.rate / found[FLOOR].rate
            print(f"{f'{kind}, {count} connections':40}{one.rate:12,.0f}{one.p99:9.2f}{part:10.2f}")
    print(f"{'gateway.access(), 1 connection':40}{functions[0]:12,.0f}{'':9}{functions[0] / functions[1]:10.2f}")
    print(f"{'floor: SELECT 1':40}{functions[1]:12,.0f}")
    print(f"memory a million, above start       {per_million:9.0f} MB, {back:.0f} MB from the snapshot")
    print(f"start from the snapshot             {started - bare:9.2f} s, above {bare:.2f} s for the interpreter")
    print(f"commit to OK                        {statistics.median(commits):9.3f} s, at most {commits[-1]:.3f} s")


def triggers(database: "psycopg.Connection[Any]") -> None:
    """Tell what the triggers add to writing as many addresses as a large first sync."""
    spent: dict[str, list[float]] = {"DISABLE": [], "ENABLE": []}
    for _ in range(3):
        for switch, times in spent.items():
            database.execute(f"ALTER TABLE directory_address {switch} TRIGGER USER".encode())
            began = time.perf_counter()
            database.execute(_ROWS, [1, APPLIED])
            times.append(time.perf_counter() - began)
            database.execute("DELETE FROM directory_address WHERE address LIKE 'person.%'")
            database.execute("VACUUM directory_address")
    without, with_ = (min(times) for times in spent.values())
    print(f"{APPLIED:,} addresses written in {without:.2f} s, with triggers {with_:.2f} s")


def commit_to_ok(folder: Path, database: "psycopg.Connection[Any]", number: int) -> float:
    database.execute(_ROWS, [-number - 1, -number - 1])
    began = time.perf_counter()
    until(folder, f"person.{-number - 1}@{DOMAIN}")
    return time.perf_counter() - began


def queries(database: "psycopg.Connection[Any]", text: str, keys: Sequence[str]) -> float:
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        for key in keys[:200]:
            database.execute(text.encode(), [key], prepare=True).fetchone()
            done += 1
    return done / (time.perf_counter() - began)


def beside(folder: Path, count: int, keys: Sequence[str]) -> Mapping[str, Rate]:
    """Measure ours and the floor by turns, so that whatever else the machine does meanwhile falls on each."""
    kinds = {"socketmap": ("map", keys), "asked again": ("map", keys[:OFTEN]), FLOOR: ("echo", keys)}
    turns: dict[str, list[Rate]] = {words: [] for words in kinds}
    for turn in range(TURNS):
        for words, (path, asked) in kinds.items():
            begin = turn * len(asked) // TURNS
            turns[words].append(load(folder / path, count, [*asked[begin:], *asked[:begin]]))
    return {
        words: Rate(statistics.mean(one.rate for one in found), statistics.median(one.p99 for one in found))
        for words, found in turns.items()
    }


def load(path: Path, connections: int, keys: Sequence[str]) -> Rate:
    """Ask over so many connections, each with one request under way, as Postfix does."""
    requests = [b"%d:recipients %b," % (len(key) + 11, key.encode()) for key in keys]
    spent: list[float] = []
    clock = time.perf_counter
    with ExitStack() as stack:
        lines = [stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(connections)]
        sent = [0.0] * connections
        for line in lines:
            line.connect(str(path))
        began, at = clock(), 0
        while clock() - began < SECONDS / TURNS:
            for number, line in enumerate(lines):
                sent[number] = clock()
                line.sendall(requests[at % len(requests)])
                at += 1
            for number, line in enumerate(lines):
                if line.recv(100) != _REPLY:
                    sys.exit("a lookup was not answered with OK")
                spent.append(clock() - sent[number])
        rate = len(spent) / (clock() - began)
    return Rate(rate, sorted(spent)[len(spent) * 99 // 100] * 1000)


def until(folder: Path, address: str) -> None:
    request = f"recipients {address}".encode()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(folder / "map"))
        while True:
            line.sendall(b"%d:%b," % (len(request), request))
            if line.recv(200) == _REPLY:
                return
            time.sleep(0.002)


@contextmanager
def serving(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", float]]:
    """Run the server, and tell how long it took until it answered."""
    began = time.perf_counter()
    words = [sys.executable, "-m", "mailroll", "gateway", "serve", "--socketmap", f"unix:{folder}/map"]
    with subprocess.Popen(words, env=environment(folder), stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or not process.stdout.readline():
                sys.exit("the server did not start")
            yield process, time.perf_counter() - began
        finally:
            process.terminate()


@contextmanager
def echoing(folder: Path) -> Iterator[None]:
    words = [sys.executable, "-m", "tests.bench.lookups_echo", str(folder / "echo")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or not process.stdout.readline():
                sys.exit("the echo did not start")
            yield
        finally:
            process.terminate()


def environment(folder: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "MAILROLL_DATA_DIR": str(folder / "data"), "MAILROLL_LOG_LEVEL": "error"}


def resident(pid: int) -> float:
    """Return what a process has in memory of its own, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kilobytes) * 1024 / 1_000_000


if __name__ == "__main__":
    main()
