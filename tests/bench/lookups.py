"""Lines of `make bench`: what gateways ask of many addresses, beside a floor of the same run: an echo, `SELECT 1`."""

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
from tests.bench.table import Ratio

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


def lines(addresses: int) -> Iterator[Ratio]:
    with tempfile.TemporaryDirectory(prefix="mailroll-lookups-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        try:
            yield from measure(folder, addresses)
        finally:
            embedded.stop(folder / "data")


def measure(folder: Path, addresses: int) -> Iterator[Ratio]:
    for words in (
        ("organization", "add", "Bench"),
        ("domain", "add", DOMAIN, "--organization", "Bench"),
        ("static", "add", DOMAIN, f"first@{DOMAIN}"),
    ):
        subprocess.run(
            [sys.executable, "-m", "mailroll", *words], env=environment(folder), check=True, capture_output=True
        )
    with psycopg.connect(embedded.dsn(folder / "data"), autocommit=True) as database:
        without, with_ = triggers(database)
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
    yield Ratio(f"{APPLIED:,} addresses written", with_, "s", "without the triggers that tell gateways", without)
    for count, found in rates.items():
        for kind in (kind for kind in found if kind != FLOOR):
            own, floor = found[kind], found[FLOOR]
            yield Ratio(f"{kind}, {count} connections", own.rate, "/s", "an echo in Python", floor.rate)
            yield Ratio("  its 99th percentile", own.p99, "ms", "the echo's", floor.p99)
    yield Ratio("gateway.access(), 1 connection", functions[0], "/s", "SELECT 1", functions[1])
    yield Ratio("memory of a million addresses", per_million, "MB", "once back from the snapshot", back)
    yield Ratio("start from the snapshot", started, "s", "a start with no address", bare)
    yield Ratio("commit to OK, the slowest of 20", commits[-1], "s", "the median", statistics.median(commits))


def triggers(database: "psycopg.Connection[Any]") -> tuple[float, float]:
    """Seconds for writing as many addresses as a large first sync does, without triggers and with them."""
    spent: dict[str, list[float]] = {"DISABLE": [], "ENABLE": []}
    for _ in range(3):
        for switch, times in spent.items():
            database.execute(f"ALTER TABLE directory_address {switch} TRIGGER USER".encode())
            began = time.perf_counter()
            database.execute(_ROWS, [1, APPLIED])
            times.append(time.perf_counter() - began)
            database.execute("DELETE FROM directory_address WHERE address LIKE 'person.%'")
            database.execute("VACUUM directory_address")
    return min(spent["DISABLE"]), min(spent["ENABLE"])


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
