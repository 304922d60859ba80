"""`make bench`: one table of what Mailroll costs, each figure beside a floor or a peer of the same run."""

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from tests.bench import beats, crowd, engine, large, lookups, pages, starts
from tests.bench.table import Ratio, show

USERS, ADDRESSES, DOMAINS = 100_000, 1_000_000, 2_000
LARGE, NEAR, FAR, SMALL, HUGE = 200_000, 1_000, 2_000, 100, 50_000
"""What is measured where nobody says more: the aims are of 1,000,000 users, 20,000 far tenants, and 999 small ones."""
PARTS = ("engine", "large", "tenants", "crowd", "starts", "lookups", "pages")


def main() -> None:
    given = _parser().parse_args()
    # A process that may write none compiles what it imports each time.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parts: Mapping[str, Callable[[], Iterator[Ratio]]] = {
        "engine": lambda: engine.lines(given.users),
        "large": lambda: large.lines(given.large),
        "tenants": lambda: beats.lines(given.near, given.far),
        "crowd": lambda: crowd.lines(given.small, given.huge),
        "starts": starts.lines,
        "lookups": lambda: lookups.lines(given.addresses),
        "pages": lambda: pages.lines(given.domains),
    }
    lines, failed = collect(parts, given.only or parts)
    show(_title(given.users), lines)
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def collect(parts: Mapping[str, Callable[[], Iterator[Ratio]]], names: Iterable[str]) -> tuple[list[Ratio], list[str]]:
    """Measure these parts; return the lines that came of them, and the names of those that failed."""
    lines: list[Ratio] = []
    failed = []
    for name in names:
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        try:
            lines += parts[name]()
        except (SystemExit, subprocess.SubprocessError, OSError, RuntimeError) as problem:
            # The other parts are worth having without it.
            print(f"{name}: {problem}", file=sys.stderr, flush=True)
            failed.append(name)
    return lines, failed


def _title(users: int) -> str:
    """What the figures are of, and what they were had on."""
    names = Path("/proc/cpuinfo").read_text(encoding="utf-8").partition("model name\t: ")[2].partition("\n")[0]
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    machine = f"{os.cpu_count()} cores of {names or platform.machine()}, Python {platform.python_version()}"
    return f"{users:,} users; {machine}; load of the last minutes {load}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--users", type=int, default=USERS, help="people of the tenant that is synced")
    parser.add_argument("--addresses", type=int, default=ADDRESSES, help="addresses that gateways ask for")
    parser.add_argument("--domains", type=int, default=DOMAINS, help="domains that pages show, of ten users each")
    parser.add_argument("--large", type=int, default=LARGE, help="people of the tenant whose memory is measured")
    parser.add_argument("--near", type=int, default=NEAR, help="unchanged tenants that answer at once")
    parser.add_argument("--far", type=int, default=FAR, help="unchanged tenants that take 150 ms to answer")
    parser.add_argument("--small", type=int, default=SMALL, help="small tenants beside a huge one")
    parser.add_argument("--huge", type=int, default=HUGE, help="people of that one")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="these parts alone")
    return parser


if __name__ == "__main__":
    main()
