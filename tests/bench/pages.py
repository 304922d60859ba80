"""Lines of `make bench`: pages of the Console at size, each beside what the same page costs at a tenth of the size.

`python -m tests.bench.pages --explain` tells of each question to the database that took over 10 ms. Filling a large
database takes minutes: with `--folder` it is kept, and the next time it is only brought to the tables of today.
"""

import argparse
import gc
import os
import statistics
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import UUID

import django
import psycopg

from mailroll import embedded
from tests.bench.table import Ratio, show

DOMAINS = 2_000
TURNS = 100
"""Of 20 the 95th percentile is the slowest, whatever else the machine did then."""
_P95 = 100.0
ADMINISTRATOR = 0
DOMAIN, LARGE = "customer1.example", "large.example"
_KEPT = (
    *("directory_domain", "directory_user", "directory_address", "connections_source", "sync_schedule", "sync_run"),
    *("connections_connection", "directory_organization", "accounts_membership"),
)
_KEY = """
    CREATE FUNCTION pg_temp.key(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
        RETURN md5(kind || n)::uuid;
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page costs: milliseconds of wall clock (median, 95th percentile), of CPU here and of the database's.

    On a machine that does other things meanwhile, only the CPU tells. `queries` are counted, and the `rows` that they
    gave; `size` is in bytes.
    """

    status: int
    median: float
    p95: float
    here: float
    database: float
    queries: int
    rows: int
    size: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--domains", type=int, default=DOMAINS, help="ten users each")
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--explain", action="store_true", help="tell of each question that took over 10 ms")
    parser.add_argument("--page", action="append", default=[], help="this page alone, by its name in the table")
    parser.add_argument("--folder", type=Path, help="keep the database here, and measure nothing beside it")
    given = parser.parse_args()
    wanted = Wanted(given.turns, tuple(given.page), given.folder, explain=given.explain)
    if given.explain or given.folder:
        for words, cost in measure(given.domains, wanted).items():
            print(
                f"{words:<26} {cost.status} {cost.here:6.0f} + {cost.database:4.0f} ms CPU, {cost.queries} queries,"
                f" {cost.rows} rows, {cost.size // 1000} kB, p95 {cost.p95:.0f} ms"
            )
    else:
        show(f"{given.domains:,} domains", lines(given.domains, wanted))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is measured: how often, which pages (none means all), and where the database is kept, if it is."""

    turns: int = TURNS
    pages: tuple[str, ...] = ()
    folder: Path | None = None
    explain: bool = False


def lines(domains: int, wanted: Wanted | None = None) -> Iterator[Ratio]:
    """Each page: milliseconds of CPU, here and in the database. The aim is of the clock."""
    smaller, found = (measure(size, wanted or Wanted()) for size in (domains // 10, domains))
    for words, cost in found.items():
        tenth = smaller[words]
        beside = f"at a tenth of {domains:,} domains; {cost.queries} queries, {cost.size:,} bytes"
        yield Ratio(
            f"page: {words}", cost.here + cost.database, "ms CPU", beside, tenth.here + tenth.database,
            "p95 < 100 ms", cost.p95 < _P95,
        )  # fmt: skip


def measure(domains: int, wanted: Wanted) -> Mapping[str, Cost]:
    """Fill a database, in a process of its own: Django keeps to the one that it was set up with.

    The database is its own, but for one that is named `MAILROLL_BENCH_DATABASE`: it has all tables, and no rows.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        with os.fdopen(reader) as told:
            lines = [line.rstrip("\n").split("\t") for line in told]
        _, status = os.waitpid(child, 0)
        if status:
            sys.exit("A page could not be measured.")
        return {
            words: Cost(int(status), float(median), float(p95), float(here), float(there), *map(int, counted))
            for words, status, median, p95, here, there, *counted in lines
        }
    os.close(reader)
    code = 1
    try:
        with os.fdopen(writer, "w") as out, database(whole(domains), wanted.folder):
            for words, cost in pages(whole(domains), wanted):
                print(words, *astuple(cost), sep="\t", file=out)
        code = 0
    except Exception as problem:  # noqa: BLE001 - the process ends here, and says why
        traceback.print_exception(problem)
    finally:
        sys.stdout.flush()
        os._exit(code)


def whole(domains: int) -> int:
    """Round up to whole customers of five domains each, one at the least."""
    return max(5, -(-domains // 5) * 5)


@contextmanager
def database(domains: int, kept: Path | None) -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="mailroll-pages-") as made:
        folder = kept or Path(made)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
        named = os.environ.get("MAILROLL_BENCH_DATABASE")
        os.environ["MAILROLL_DATA_DIR"] = str(folder / "data")
        os.environ["MAILROLL_SECOND_FACTOR"] = "nobody"
        dsn = named or embedded.ensure(folder / "data", embedded.Profile.DISPOSABLE).address.dsn
        os.environ["DATABASE_URL"] = dsn
        os.environ["DJANGO_SETTINGS_MODULE"] = "mailroll.config.settings"
        filled = folder / f"filled-{domains}"
        try:
            django.setup()
            if not named:
                _migrate()
            if not filled.exists():
                fill(domains)
                filled.touch()
            elif not named:
                _fold()
            yield
        finally:
            embedded.stop(folder / "data")


def _fold() -> None:
    """What a worker does with each beat, after tables have changed."""
    from mailroll.sync.standings import sums  # noqa: PLC0415

    sums.fold()


def _migrate() -> None:
    from django.core.management import call_command  # noqa: PLC0415 - of what is set up above

    call_command("migrate", verbosity=0)


def fill(domains: int) -> None:
    text = resources.files("tests.bench").joinpath("pages_data.sql").read_text(encoding="utf-8")
    from mailroll.accounts import installation  # noqa: PLC0415
    from mailroll.directory import headcounts, rollmarks  # noqa: PLC0415
    from mailroll.directory.models import Domain  # noqa: PLC0415
    from mailroll.sync.standings import repair, sums  # noqa: PLC0415

    installation.sealer()  # its key is made while nothing is sealed
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as rows:
        rows.execute(_KEY)
        # Triggers that keep numbers are paid by every write; here all is counted once, at the end.
        switched = "".join(f"ALTER TABLE {table} %s TRIGGER USER;" for table in _KEPT)
        rows.execute(switched.replace("%s", "DISABLE").encode())
        for statement in text.split(";\n"):
            if statement.strip():
                began = time.perf_counter()
                rows.execute(statement.encode(), {"domains": domains})
                if time.perf_counter() - began > 5:
                    print(f"  {time.perf_counter() - began:.0f} s {statement.strip()[:60]!r}", file=sys.stderr)
        rows.execute(switched.replace("%s", "ENABLE").encode())
        rows.execute("VACUUM ANALYZE")
        repair.repair()
        sums.fold()
        # As the second run of a domain leaves it.
        (large,) = Domain.objects.filter(name=LARGE).values_list("id", flat=True)
        rollmarks.renew([large])
        headcounts.keep(large)
        rows.execute("VACUUM ANALYZE")


def pages(domains: int, wanted: Wanted) -> Iterator[tuple[str, Cost]]:
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from mailroll.accounts.models import Operator  # noqa: PLC0415
    from mailroll.cli import web  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    # As the commands do: else Python looks through all objects so often that it is what every tenth turn waits for.
    gc.set_threshold(50_000, 10, 2)
    web.settle()
    with connection.cursor() as cursor:
        # All that the database does for us is then done by the one process whose time is read.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    client = Client()
    client.force_login(Operator.objects.get(email=f"person{ADMINISTRATOR}@northgate.example"))
    turns = wanted.turns
    for words, path in addresses(domains).items():
        if wanted.pages and words not in wanted.pages:
            continue
        client.get(path)  # what is read once is read by now
        walls = []
        here, there = time.process_time(), spent(backend)
        for _ in range(turns):
            began = time.perf_counter()
            client.get(path)
            walls.append((time.perf_counter() - began) * 1000)
        here, there = time.process_time() - here, spent(backend) - there
        given = Given()
        with CaptureQueriesContext(connection) as asked, connection.execute_wrapper(given):
            answer = client.get(path)
        if wanted.explain:
            for one in asked.captured_queries:
                if float(one["time"]) > 0.01:
                    print(f"-- {words}: {one['time']}\n{one['sql'][:3000]}\n")
        p95 = statistics.quantiles(walls, n=20)[-1] if len(walls) > 1 else walls[0]
        yield (
            words,
            Cost(
                answer.status_code,
                statistics.median(walls),
                p95,
                here / turns * 1000,
                there / turns * 1000,
                len(asked),
                given.rows,
                len(answer.content),
            ),
        )


class Given:
    """Counts the rows that questions gave."""

    def __init__(self) -> None:
        self.rows = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Mapping[str, Any]) -> Any:
        answer = execute(sql, params, many, context)
        self.rows += max(0, context["cursor"].rowcount)
        return answer


def spent(process: int) -> float:
    """Seconds of CPU that a process has used: fields 14 and 15 of its line, in ticks (proc_pid_stat(5))."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def addresses(domains: int) -> Mapping[str, str]:
    """The pages, by what they are called in the table."""
    import hashlib  # noqa: PLC0415

    def key(kind: str, number: int) -> UUID:
        return UUID(hashlib.md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest())

    here, large = f"/domains/{DOMAIN}", f"/domains/{LARGE}"
    return {
        "home": "/",
        "home, searched": f"/?q=customer{domains // 2}",
        "home, attention": "/?show=attention",
        "organizations": "/settings/",
        "organizations, searched": f"/settings/?q=customer{domains // 2}",
        "provider": f"/settings/organizations/{key('o', 0)}/",
        "customer": f"/settings/organizations/{key('o', 1)}/",
        "connections": "/connections/",
        "connections, searched": "/connections/?q=customer1.",
        "connection": f"/connections/{key('c', 1)}/",
        "people": "/settings/people/",
        "person": f"/settings/people/{key('p', 1)}/",
        "audit log": "/audit/",
        "User Sync": f"{here}/user-sync/",
        "users": f"{here}/users/",
        "user": f"{here}/users/{key('u', 1)}/",
        "groups": f"{here}/groups/",
        "runs": f"{here}/runs/",
        "run": f"{here}/runs/{key('r', 3)}/",
        "gateway": f"{here}/gateway/",
        "static addresses": f"{here}/static/",
        "settings of a domain": f"{here}/settings/",
        "look-up": "/lookup/?address=person1@customer1.example",
        "add a domain": "/domains/add/",
        "invite somebody": "/settings/people/invite/",
        "people, searched": f"/settings/people/?q=person{domains // 100}",
        "alerts": "/alerts/",
        "move a domain": f"{here}/move/",
        "User Sync, large": f"{large}/user-sync/",
        "users, large": f"{large}/users/",
        "users, large, searched": f"{large}/users/?q=somebody{domains // 3}",
        "user, large": f"{large}/users/{key('v', 1)}/",
        "groups, large": f"{large}/groups/",
        "run, large": f"{large}/runs/{key('r', 0)}/",
        "gateway, large": f"{large}/gateway/",
        "static addresses, large": f"{large}/static/",
    }


if __name__ == "__main__":
    main()
