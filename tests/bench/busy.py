"""A tenant in which some people change between any two runs: `python -m tests.bench.busy --users 20000`.

Behind a first sync, ten automatic runs by one process, as a worker makes them. Before each, a quarter of an hour passes
and ten people get another name. What is told is the CPU here and in PostgreSQL, and the requests to Microsoft Graph.
"""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from mailroll import embedded
from tests.bench import engine
from tests.bench.measured import Cost, cost, measure, tell

RUNS, CHANGED = 10, 10


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.busy", description=__doc__)
    parser.add_argument("--users", type=int, default=20_000, help="people of the tenant that is synced")
    users = parser.parse_args().users
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="mailroll-bench-") as made, engine.simulator(users) as tenant:
        folder = Path(made)
        folder.chmod(0o755)
        environment = engine.environment_of(folder, tenant)
        try:
            domain = engine.connect(environment, tenant, folder)
            environment.setdefault("DATABASE_URL", embedded.dsn(folder / "data"))
            costs = measure({**environment, "BENCH_DOMAIN": domain}, "busy", "runs")
        finally:
            embedded.stop(folder / "data")
    print(f"{users:,} users, {CHANGED} of them changed before each run")
    for name, found in costs.items():
        asked, looked_at = found.answer["requests"], found.answer["looked_at"] or "all"
        print(f"{name}: {_cpu(found.here, found.database)}, {asked} requests, {looked_at} looked at")
    here, database = (sum(getattr(one, name) for one in costs.values()) for name in ("here", "database"))
    print(f"together: {_cpu(here, database)}, {sum(one.answer['requests'] for one in costs.values())} requests")


def _cpu(here: float, database: float) -> str:
    return f"{here:.2f} s of CPU here and {database:.2f} s in PostgreSQL"


def _runs() -> None:
    """Make the runs, in a process of their own."""
    import django  # noqa: PLC0415 - as `measured` does it

    django.setup()
    from mailroll.connectors import registry  # noqa: PLC0415
    from mailroll.directory import queries  # noqa: PLC0415
    from tests.bench.measured import run_once  # noqa: PLC0415
    from tests.sync.settling import set_back  # noqa: PLC0415

    domain, tenant = os.environ["BENCH_DOMAIN"], json.loads(os.environ["BENCH_TENANT"])
    costs: dict[str, Cost] = {}
    with registry.keeping():
        run_once(domain, "manual")
        for number in range(1, RUNS + 1):
            set_back(queries.domain(domain))
            engine.touch(tenant, CHANGED)
            before = engine.control(f"{tenant['control_url']}/requests?server=graph&limit=1")["count"]
            found = cost(lambda: run_once(domain, "automatic"), os.environ["DATABASE_URL"])
            asked = engine.control(f"{tenant['control_url']}/requests?server=graph&limit=1")["count"] - before
            counts = found.answer["counts"]
            if counts["update"] != CHANGED:
                sys.exit(f"run {number} came to {found.answer}")
            costs[f"run {number}"] = replace(found, answer={"requests": asked, "looked_at": counts.get("looked_at")})
    tell(costs)


if __name__ == "__main__":
    if sys.argv[1:] == ["runs"]:
        _runs()
    else:
        main()
