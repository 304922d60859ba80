"""`python -m tests.bench.idle`: how many tenants a second one process asks where nothing changed, beside the floor.

Each tenant has ten users, a domain and a connection of its own. The floor is a bare reader: it follows the same links
over as many connections, decodes the pages with msgspec, and keeps nothing. Nobody signs in: tokens are kept for an
hour, and those were got before.
"""

import argparse
import asyncio
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from tests.bench import pages
from tests.connectors.hostile import Authority

TENANTS = 1_000
AT_ONCE = 50
_OWN = """
    INSERT INTO connections_connection (id, organization_id, kind, cloud, login_url, graph_url, ca_file, tenant_id,
        client_id, credential_kind, sealed_credential, consent, health)
    SELECT d.id, d.organization_id, 'microsoft365', 'custom', %(url)s, %(url)s, %(ca)s, d.id::text,
           '22222222-2222-4333-8444-555555555555', 'secret', 'sealed', '{}',
           '{"state": "ok", "permissions": [], "checked_at": "2026-01-01T00:00:00+00:00", "error": null}'
      FROM directory_domain d;
    UPDATE connections_source s SET connection_id = s.domain_id, tenant = s.domain_id::text,
           groups = %(more)s, contacts = %(more)s;
    UPDATE sync_run SET state = 'unchanged';
    UPDATE sync_schedule SET automatic = true
"""


class _Page(msgspec.Struct):
    value: list[msgspec.Raw]
    link: str = msgspec.field(name="@odata.deltaLink")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenants", type=int, default=TENANTS)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--also", action="store_true", help="groups and contacts as well, so three requests a tenant")
    given = parser.parse_args()
    with server() as (url, ca_file), pages.database(given.tenants):
        measure(given.tenants, given.turns, url, ca_file, also=given.also)


@contextmanager
def server() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="mailroll-idle-") as folder:
        authority = Authority.make(Path(folder))
        words = [sys.executable, "-m", "tests.bench.idle_server", authority.server_file]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
            try:
                assert process.stdout is not None
                yield f"https://127.0.0.1:{int(process.stdout.readline())}", authority.ca_file
            finally:
                process.terminate()


def measure(tenants: int, turns: int, url: str, ca_file: str, *, also: bool) -> None:
    from django.db import connection  # noqa: PLC0415 - Django is set up by now

    from mailroll.audit import clock  # noqa: PLC0415
    from mailroll.connectors import registry  # noqa: PLC0415
    from mailroll.sync.models import Schedule  # noqa: PLC0415
    from mailroll.sync.pulse import BATCH, Pulse  # noqa: PLC0415

    with registry.keeping() as kept:
        links = settle(kept, url, ca_file, also=also)
        pulse = Pulse(clock.now)
        statements = 0

        def count(execute: Any, *rest: Any) -> Any:
            nonlocal statements
            statements += 1
            return execute(*rest)

        print(f"{tenants} tenants, {len(links) // tenants} requests each, {BATCH} a beat")
        for turn in range(turns + 1):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
            Schedule.objects.update(next_run_at=clock.now() - timedelta(seconds=1), interval=10_080)
            statements, quiet, beats = 0, 0, 0
            wall, cpu = time.perf_counter(), time.process_time()
            with connection.execute_wrapper(count):
                while (beat := pulse.beat()).taken:
                    quiet, beats = quiet + beat.quiet, beats + 1
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            if quiet != tenants:
                raise SystemExit(f"of {tenants} tenants {quiet} were quiet")
            if turn:
                show("Mailroll", tenants, wall, cpu, f"{statements / beats:.1f} statements a beat")
                show("floor", tenants, *asyncio.run(floor(links, ca_file)), "nothing kept")


def show(what: str, tenants: int, wall: float, cpu: float, more: str) -> None:
    print(f"{what:10}{tenants / wall:8,.0f} a second{cpu / tenants * 1000:8.2f} ms of CPU a tenant, {more}", flush=True)


def settle(kept: Any, url: str, ca_file: str, *, also: bool) -> list[str]:
    """Bring every domain to where a run would that had nothing to do; returns the links that are asked."""
    from django.db import connection  # noqa: PLC0415

    from mailroll.audit import clock  # noqa: PLC0415
    from mailroll.connections.credentials import seal  # noqa: PLC0415
    from mailroll.connections.models import Connection  # noqa: PLC0415
    from mailroll.connectors.microsoft365.settings import ConnectionSettings  # noqa: PLC0415
    from mailroll.connectors.microsoft365.token_cache import KeptToken  # noqa: PLC0415
    from mailroll.reconcile.model import ObjectType  # noqa: PLC0415
    from mailroll.sync import ground, since, source_list  # noqa: PLC0415
    from mailroll.sync.models import QuietSpell, Run, SteadyState  # noqa: PLC0415

    with connection.cursor() as cursor:
        for statement in _OWN.split(";"):
            cursor.execute(statement, {"url": url, "ca": ca_file, "more": also})
    for row in Connection.objects.filter(cloud="custom"):
        Connection.objects.filter(id=row.id).update(sealed_credential=seal(row.id, {"secret": "secret"}))
    now = clock.now()
    types = frozenset(ObjectType) if also else frozenset({ObjectType.USER})
    domains = list(Run.objects.order_by().values_list("domain", flat=True).distinct())
    runs = dict(Run.objects.order_by("number").values_list("domain", "id"))
    links: list[str] = []
    for domain in domains:
        ((_, question),) = source_list.asked(source_list.read_from([domain]), types)
        access = question.access
        kept.tokens.keep(ConnectionSettings.parse(access.values), KeptToken("token", time.monotonic() + 36_000))
        cursors = asyncio.run(latest(access, question.wanted))
        links += [each.link for each in cursors]
        begun = since.Since(cursors, now, frozenset(), now, settled=True)
        SteadyState.objects.create(
            domain_id=domain, run_id=runs[domain], place="", said="", imprint="", made_at=now,
            until=now + timedelta(days=1), since=since.seal(begun, domain, access, question.wanted),
        )  # fmt: skip
    spells = [
        QuietSpell(domain_id=domain, ground="", types=sorted(types), began_at=now, until=now + timedelta(days=1))
        for domain in domains
    ]
    QuietSpell.objects.bulk_create(spells)
    for spell in spells:
        QuietSpell.objects.filter(domain=spell.domain_id).update(ground=ground.ground(spell.domain_id))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return links


async def latest(access: Any, wanted: Any) -> Any:
    from mailroll.connectors import registry  # noqa: PLC0415

    async with registry.build(access.kind, access.values, wanted=wanted) as connector:
        return await connector.delta.latest()


async def floor(links: Sequence[str], ca_file: str) -> tuple[float, float]:
    """Follow links and decode what comes; returns seconds of wall clock and of CPU."""
    decoder = msgspec.json.Decoder(_Page)
    waiting = iter(links)
    headers = {"Authorization": "Bearer token", "Accept": "application/json"}
    connector = aiohttp.TCPConnector(limit=AT_ONCE, ssl=ssl.create_default_context(cafile=ca_file))
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

        async def read() -> None:
            for link in waiting:
                async with session.get(link) as answer:
                    decoder.decode(await answer.read())

        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(read() for _ in range(AT_ONCE)))
        return time.perf_counter() - wall, time.process_time() - cpu


if __name__ == "__main__":
    main()
