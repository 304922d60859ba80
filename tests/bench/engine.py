"""The engine's lines of `make bench`: one tenant of any size, synced by processes of their own, beside its floors."""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from mailroll import embedded
from tests.bench.floors import TABLES
from tests.bench.measured import Cost, measure
from tests.bench.table import Ratio, at_least, at_most

_UNCHANGED = "SELECT coalesce(sum(hashtext(ctid::text || xmin::text)::bigint), 0), count(*) FROM directory_user"
_WRITTEN = "SELECT relname, n_tup_ins FROM pg_stat_user_tables"
_TABLES = "SELECT relname FROM pg_stat_user_tables WHERE schemaname = current_schema()"
_FEW = 1_000
"""Rows that are no row of each user: gateways are told of some hundred addresses one by one, and of more at once."""
_TURNS = 5
"""Pairs of runs of which the middle one is told, where two that take half a second are held against each other. Each
pair is made within some seconds, as the machine gives more or less from minute to minute.
"""
_SPEED = 0.60
"""The part of the serial floor's speed that a first sync is to reach, with statements checked in place of rows."""


def lines(users: int) -> Iterator[Ratio]:
    with tempfile.TemporaryDirectory(prefix="mailroll-bench-") as made, simulator(users) as tenant:
        folder = Path(made)
        folder.chmod(0o755)
        environment = environment_of(folder, tenant)
        try:
            domain = connect(environment, tenant, folder)
            environment.setdefault("DATABASE_URL", embedded.dsn(folder / "data"))
            _hold_autovacuum(environment)
            before = _written(environment)
            first = _run(environment, domain, "manual")
            floors = measure(environment, "floors")
            yield from _first(first, floors, users)
            yield _beside(before, _written(environment), floors["serial"], users)
            yield from _again(environment, domain, users, tenant, floors)
        finally:
            embedded.stop(folder / "data")


def _run(environment: Mapping[str, str], *words: str) -> Cost:
    return measure(environment, "measured", *words)["run"]


def _first(first: Cost, floors: Mapping[str, Cost], users: int) -> Iterator[Ratio]:
    if first.answer["counts"]["create"] != users:
        sys.exit(f"a first sync of {users} users made {first.answer['counts']}")
    serial, keyed, bulk = floors["serial"], floors["keyed"], floors["bulk"]
    told = (
        f"{serial.answer['rows']:,} rows of {', '.join(TABLES)} with all indexes and {serial.answer['keys']} row keys"
    )
    floor = "fetch, decode, COPY"
    yield at_most("first sync", first.cpu, "s CPU", f"{floor} of {told}", serial.cpu, 1 / _SPEED)
    yield at_most(
        "  beside row keys", first.cpu, "s CPU", f"{floor} with {keyed.answer['keys']} row keys", keyed.cpu, 1 / _SPEED
    )
    yield at_most("  by the clock", first.wall, "s", floor, serial.wall, 1 / _SPEED)
    yield Ratio("  of it here, without the database", first.here, "s CPU", floor, serial.here)
    for step in ("read", "compare", "apply"):
        yield Ratio(
            f"  step {step}, by the clock", first.answer["timings"].get(step, 0.0), "s", "the first sync", first.wall
        )
    yield at_most("  beside Django", first.cpu, "s CPU", "fetch, decode, bulk_create(update_conflicts)", bulk.cpu, 1)
    yield _memory("  memory above imports", first, 60)


def _beside(before: Mapping[str, int], after: Mapping[str, int], serial: Cost, users: int) -> Ratio:
    """The rows that a first sync writes and its floor does not: the same few, however many users there are."""
    rows = {table: number - before.get(table, 0) for table, number in after.items() if table not in TABLES}
    grown = sorted(table for table, number in rows.items() if number >= max(users, _FEW))
    if grown:
        sys.exit(f"a first sync writes rows of each user that are not in its floor: {', '.join(grown)}")
    return Ratio("  rows of other tables", sum(rows.values()), "rows", "rows of the floor", serial.answer["rows"])


def _again(
    environment: Mapping[str, str], domain: str, users: int, tenant: Mapping[str, Any], floors: Mapping[str, Cost]
) -> Iterator[Ratio]:
    anew = _run(environment, domain, "manual")  # behind a first sync
    _vacuum(environment)
    turns = [_turn(environment, domain, users, tenant) for _ in range(_TURNS)]
    same = sorted((same for same, _ in turns), key=lambda cost: cost.cpu)[_TURNS // 2]
    hashed, bare = floors["hashed"], floors["bare"]
    pages = "fetch, decode and hash the same pages"
    yield Ratio("everybody compared anew, as once a day", anew.cpu, "s CPU", pages, hashed.cpu)
    yield Ratio("  memory above imports", anew.memory, "MiB", "a process after its imports", anew.imports)
    yield Ratio("nothing new, full reading", same.cpu, "s CPU", pages, hashed.cpu)
    yield Ratio("  by the clock", same.wall, "s", "the same", hashed.wall)
    yield at_least("  users a second of CPU", users / same.cpu, "/s", "120,000 users a second", 120_000, 1)
    yield _memory("  memory above imports", same, 40)
    warm = _run(environment, domain, "manual", "mailboxes_silent")
    yield at_least("  the same, not the process's first", users / warm.cpu, "/s", "120,000 users a second", 120_000, 1)

    untouched, part = sorted(turns, key=lambda turn: turn[1].cpu / turn[0].cpu)[_TURNS // 2]
    yield at_most("1 % touched, full reading", part.cpu, "s CPU", "nothing new, just before", untouched.cpu, 2)
    yield Ratio("  by the clock", part.wall, "s", "nothing new, just before", untouched.wall)
    yield Ratio("  memory above imports", part.memory, "MiB", "a process after its imports", part.imports)

    idle = _run(environment, domain, "automatic", "nothing_told")
    _expect(idle, "unchanged")
    if "nothing_told" not in idle.answer["findings"]:
        sys.exit("everybody was listed each time")
    yield Ratio("nothing changed, by delta", idle.cpu, "s CPU", "three requests over one connection", bare.cpu)
    yield Ratio("  of it here, without the database", idle.here, "s CPU", "20 ms", 0.02, "at most 1", idle.here <= 0.02)
    few = min(10, users)
    touch(tenant, few)
    delta = _run(environment, domain, "automatic")
    _expect(delta, "applied", update=few)
    yield Ratio(f"{few} users changed, automatic", delta.cpu, "s CPU", "nothing new, full reading", same.cpu)
    yield _memory("  memory above imports", delta, 20)


def _turn(environment: Mapping[str, str], domain: str, users: int, tenant: Mapping[str, Any]) -> tuple[Cost, Cost]:
    """List everybody where nothing is new, and where 1 % is."""
    before = _roll(environment)
    same = _unchanged(environment, domain)
    if _roll(environment) != before:
        sys.exit("a sync with nothing new wrote rows of the roll")
    return same, _touched(environment, domain, users, tenant)


def _unchanged(environment: Mapping[str, str], domain: str) -> Cost:
    same = _run(environment, domain, "manual")
    _expect(same, "unchanged")
    return same


def _touched(environment: Mapping[str, str], domain: str, users: int, tenant: Mapping[str, Any]) -> Cost:
    """Change 1 %, and list everybody. The run behind it, which looks at the changed once more, is not measured."""
    touched = max(1, users // 100)
    touch(tenant, touched, every=users // touched)
    _forget_cursors(environment)
    _vacuum(environment)
    part = _run(environment, domain, "automatic")
    _expect(part, "applied", update=touched)
    _unchanged(environment, domain)
    return part


def _memory(work: str, cost: Cost, most: float) -> Ratio:
    beside = f"a process after its imports; {most:g} MiB are the aim"
    return Ratio(work, cost.memory, "MiB", beside, cost.imports, f"at most {most:g} MiB", cost.memory <= most)


def _expect(cost: Cost, state: str, **counts: int) -> None:
    found = {name: cost.answer["counts"].get(name) for name in counts}
    if cost.answer["state"] != state or found != counts:
        sys.exit(f"a run was to be {state} with {counts}, and is {cost.answer}")


def _roll(environment: Mapping[str, str]) -> object:
    """What is another once any row of the roll was written."""
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        return connection.execute(_UNCHANGED).fetchone()


def _written(environment: Mapping[str, str]) -> dict[str, int]:
    """How many rows were written so far, by table, those that are gone again among them."""
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        return dict(connection.execute(_WRITTEN).fetchall())


def _hold_autovacuum(environment: Mapping[str, str]) -> None:
    """Have no table vacuumed while a run is measured: it comes by the clock, and takes longer than most runs."""
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        for (table,) in connection.execute(_TABLES).fetchall():
            off = "autovacuum_enabled = off, toast.autovacuum_enabled = off"
            connection.execute(sql.SQL(f"ALTER TABLE {{}} SET ({off})").format(sql.Identifier(table)))


def _vacuum(environment: Mapping[str, str]) -> None:
    """Do what autovacuum does within minutes of a first sync: later runs are planned with what it counted."""
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def _forget_cursors(environment: Mapping[str, str]) -> None:
    """Let the next automatic run list everybody, as one does a day."""
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        connection.execute("UPDATE sync_steadystate SET since = ''")


_CHANGES = count(1)


def touch(tenant: Mapping[str, Any], number: int, every: int = 1) -> None:
    """Give so many users another name, one in `every` of them: as many on each page of a listing."""
    words = [sys.executable, "-m", "tests.bench.touching", str(number), str(every), str(next(_CHANGES))]
    subprocess.run(words, env={**os.environ, "BENCH_TENANT": json.dumps(tenant)}, check=True)


def control(url: str, change: Mapping[str, str] | None = None) -> Any:
    data = None if change is None else json.dumps(change).encode()
    request = urllib.request.Request(
        url, data=data, method="GET" if data is None else "PATCH", headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def environment_of(folder: Path, tenant: Mapping[str, Any]) -> dict[str, str]:
    """A database of its own, but for one that is named `MAILROLL_BENCH_DATABASE`: it has all tables, and no rows."""
    given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    named = os.environ.get("MAILROLL_BENCH_DATABASE")
    own = {"DATABASE_URL": named} if named else {}
    return {
        **given,
        **own,
        "DJANGO_SETTINGS_MODULE": "mailroll.config.settings",
        "MAILROLL_DATA_DIR": str(folder / "data"),
        "MAILROLL_LOG_LEVEL": "error",
        "MAILROLL_CUSTOM_LOGIN_URL": tenant["login_url"],
        "MAILROLL_CUSTOM_GRAPH_URL": tenant["graph_url"],
        "MAILROLL_CUSTOM_CA_FILE": tenant["ca_file"],
        "BENCH_TENANT": json.dumps(tenant),
    }


def connect(environment: Mapping[str, str], tenant: Mapping[str, Any], folder: Path) -> str:
    """Set one organization with one domain and its source up; return the domain."""
    domain = next(name for name in tenant["tenants"][0]["domains"] if not name.endswith(".onmicrosoft.com"))
    if "DATABASE_URL" not in environment:
        embedded.ensure(folder / "data")
    setup = [sys.executable, "-m", "tests.bench.setup", domain]
    if subprocess.run(setup, env=dict(environment), check=False).returncode:
        sys.exit("the domain could not be connected")
    return str(domain)


@contextmanager
def simulator(users: int) -> Iterator[Mapping[str, Any]]:
    """Run the simulator in a process of its own, so that its work is not counted as ours; nothing is throttled."""
    words = [sys.executable, "-m", "tests.bench.tenant", "--tenant", "huge", "--users", str(users), "--no-limits"]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the simulator has no output")
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
