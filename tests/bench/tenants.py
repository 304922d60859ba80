"""Many small tenants for lines of `make bench`: an organization, a domain and a connection each, over a page server.

Whatever is measured runs in a process of its own, with Django set up for the database that `installation` made:
`run(environment, "beats", ...)` runs a module of the bench and reads the JSON that it prints.
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import django
import psycopg

from mailroll import embedded
from tests.bench.page_server import secret_of
from tests.connectors.hostile import Authority

USERS: Final = 10
_READY: Final = "ready\n"
HUGE: Final = 0
"""The number of the one tenant that may be of any size; the small ones are numbered from 1 on."""

# Rows of the roll and of plans have no keys to what is above them, but checks of statements: no CASCADE reaches them.
_EMPTY: Final = """
    TRUNCATE directory_organization, directory_user, directory_address, sync_runchange, sync_runskip, procrastinate_jobs
     CASCADE
"""
_ROWS: Final = """
    CREATE TEMP TABLE given (n int PRIMARY KEY, id uuid DEFAULT gen_random_uuid(), owner uuid DEFAULT gen_random_uuid(),
                             name text, sealed text);
    INSERT INTO given (n, name) SELECT n, 'customer' || n || '.example' FROM generate_series({huge}, {tenants}) n;
    INSERT INTO directory_organization (id, name, parent_id) SELECT id, 'Customer ' || n, NULL FROM given;
    INSERT INTO directory_domain (id, organization_id, name, proved_at, proved_by, revision, has_source)
    SELECT id, id, name, now(), 'tenant', 3, true FROM given;
    INSERT INTO directory_group (domain_id, name, key) SELECT id, 'Main', 'main' FROM given;
    INSERT INTO directory_owner (id, domain_id, label) SELECT owner, id, 'Microsoft 365' FROM given;
    INSERT INTO connections_connection (id, organization_id, kind, cloud, login_url, graph_url, ca_file, tenant_id,
        client_id, credential_kind, sealed_credential, consent, health, vouched)
    SELECT id, id, 'microsoft365', 'custom', {url}, {url}, {ca_file}, id::text,
           '22222222-2222-4333-8444-555555555555', 'secret', 'sealed', '{{}}',
           jsonb_build_object('state', 'ok', 'permissions', '[]'::jsonb, 'checked_at', now()::text, 'error', NULL), true
      FROM given;
    INSERT INTO connections_source (owner_id, domain_id, connection_id, tenant, "group", precedence, enabled, adopts,
        groups, contacts, guests)
    SELECT owner, id, id, id::text, 'Main', 1, true, false, {also}, {also}, false FROM given;
    INSERT INTO sync_schedule (domain_id, automatic, "interval", jitter, next_run_at, previewed_revision, switched_by,
        failures)
    SELECT id, true, 10080, 0, now(), 3, '', 0 FROM given
"""


@contextmanager
def page_server() -> Iterator[tuple[str, str]]:
    """Run one, and give its address and the file of its authority."""
    with tempfile.TemporaryDirectory(prefix="mailroll-bench-") as folder:
        authority = Authority.make(Path(folder))
        words = [sys.executable, "-m", "tests.bench.page_server", authority.server_file]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
            try:
                if process.stdout is None:
                    raise RuntimeError("the page server has no output")
                yield f"https://127.0.0.1:{int(process.stdout.readline())}", authority.ca_file
            finally:
                process.terminate()


@contextmanager
def installation(
    tenants: int, *, huge: int = 0, also: bool = False, latency: float = 0.0
) -> Iterator[Mapping[str, str]]:
    """Give the environment of one with so many tenants, and the huge one where that has users. `fill` makes the rows.

    `also`: groups and contacts are read as well. `latency`: seconds until an answer comes. The database is its own, but
    for one that is named `MAILROLL_BENCH_DATABASE`: it has all tables, and no rows.
    """
    with tempfile.TemporaryDirectory(prefix="mailroll-bench-") as made, page_server() as (url, ca_file):
        folder = Path(made)
        folder.chmod(0o755)
        named = os.environ.get("MAILROLL_BENCH_DATABASE")
        try:
            dsn = named or embedded.ensure(folder / "data", embedded.Profile.DISPOSABLE).address.dsn
            environment = {
                **os.environ,
                "DATABASE_URL": dsn,
                "DJANGO_SETTINGS_MODULE": "mailroll.config.settings",
                "MAILROLL_DATA_DIR": str(folder / "data"),
                "MAILROLL_LOG_LEVEL": "error",
                "MAILROLL_CUSTOM_LOGIN_URL": url,
                "MAILROLL_CUSTOM_GRAPH_URL": url,
                "MAILROLL_CUSTOM_CA_FILE": ca_file,
                "BENCH_SIZE": json.dumps({"tenants": tenants, "huge": huge, "also": also, "latency": latency}),
            }
            try:
                yield environment
            finally:
                if named:
                    ask(environment, _EMPTY)
        finally:
            embedded.stop(folder / "data")


def run(environment: Mapping[str, str], module: str, *words: str) -> Any:
    """Run a module of the bench to its end, and return what it printed."""
    (answer,) = together(environment, [(module, *words)])
    return answer


def together(environment: Mapping[str, str], commands: Sequence[tuple[str, ...]]) -> list[Any]:
    """Run modules of the bench at the same time: those that call `begin` wait there for one another."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", f"tests.bench.{module}", *words],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for module, *words in commands
    ]
    told = finish(processes)
    if any(process.returncode for process in processes):
        sys.exit(f"{commands}: exit codes {[process.returncode for process in processes]}")
    return [json.loads(each or "null") for each in told]


def finish(processes: Sequence["subprocess.Popen[str]"]) -> list[str]:
    """Let processes begin at the same time, once all are ready; return what each printed till its end."""
    first = [process.stdout.readline() if process.stdout else "" for process in processes]
    for process in processes:
        # Of all before any is waited for: else each begins when the one before it has ended.
        if process.stdin is not None:
            process.stdin.close()
            process.stdin = None
    return [line * (line != _READY) + process.communicate()[0] for line, process in zip(first, processes, strict=True)]


def begin() -> None:
    """Tell that all is ready, and wait until it is so in the other processes."""
    print(_READY, end="", flush=True)
    sys.stdin.read()


def ask(environment: Mapping[str, str], statement: str) -> Any:
    """Return the first column of the first row of a question to the database; None where it has none."""
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        cursor = connection.execute(statement.encode())
        row = None if cursor.description is None else cursor.fetchone()
        return None if row is None else row[0]


def ready() -> None:
    """Set Django up in a process of the bench, as the command does it."""
    gc.set_threshold(50_000, 10, 2)
    django.setup()


def fill() -> None:
    """Make the tables, where there are none, and the rows of the tenants."""
    from django.core.management import call_command  # noqa: PLC0415 - of what is set up before
    from django.db import connection  # noqa: PLC0415

    from mailroll.accounts import installation  # noqa: PLC0415
    from mailroll.connections.credentials import seal  # noqa: PLC0415
    from mailroll.schema import age  # noqa: PLC0415

    size = json.loads(os.environ["BENCH_SIZE"])
    if age.age() is not age.SchemaAge.CURRENT:
        call_command("migrate", verbosity=0, interactive=False)
    installation.sealer()  # its key is made while nothing is sealed
    values = {
        "huge": str(HUGE if size["huge"] else 1),
        "tenants": str(size["tenants"]),
        "url": f"'{os.environ['MAILROLL_CUSTOM_GRAPH_URL']}'",
        "ca_file": f"'{os.environ['MAILROLL_CUSTOM_CA_FILE']}'",
        "also": str(size["also"]),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM directory_organization")
        if cursor.fetchone() != (0,):
            sys.exit("This database is somebody's: the bench wants one without rows.")
        cursor.execute(_ROWS.format(**values))
        cursor.execute("SELECT n, id, name FROM given")
        secrets = [
            (key, seal(key, {"secret": secret_of(name, size["huge"] if n == HUGE else USERS, size["latency"])}))
            for n, key, name in cursor.fetchall()
        ]
        cursor.execute(
            "UPDATE connections_connection c SET sealed_credential = sealed"
            "  FROM unnest(%s::uuid[], %s::text[]) AS made (id, sealed) WHERE c.id = made.id",
            [[key for key, _ in secrets], [sealed for _, sealed in secrets]],
        )
        cursor.execute("DROP TABLE given; ANALYZE")
