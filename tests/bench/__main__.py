"""`make bench`: one table of what Mailroll costs, each figure beside a floor or a peer of the same run."""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bench import engine, lookups, pages, starts
from tests.bench.table import Ratio, show

USERS, ADDRESSES, DOMAINS = 100_000, 1_000_000, 2_000


def main() -> None:
    given = _parser().parse_args()
    # A process that may write none compiles what it imports each time.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parts: Mapping[str, Callable[[], Iterator[Ratio]]] = {
        "engine": lambda: engine.lines(given.users),
        "starts": starts.lines,
        "lookups": lambda: lookups.lines(given.addresses),
        "pages": lambda: pages.lines(given.domains),
    }
    lines: list[Ratio] = []
    for name in given.only or parts:
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        lines += parts[name]()
    show(_title(given.users), lines)


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
    parser.add_argument("--only", nargs="+", choices=("engine", "starts", "lookups", "pages"), help="these parts alone")
    return parser


if __name__ == "__main__":
    main()
