"""Lines of `make bench`: small tenants that are listed in full though nothing changed, and what a huge one costs them.

Each small tenant has ten users, a domain and a connection of its own.
"""

import asyncio
import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

import aiohttp
import msgspec
import psycopg

from tests.bench import tenants
from tests.bench.page_server import secret_of, token_of
from tests.bench.table import Ratio, at_least, at_most

AT_ONCE: Final = 4
"""Runs that a worker process makes at the same time, if nobody says otherwise."""
_WANTED: Final = 300
_LISTED: Final = (
    *("organization", "domains", "subscribedSkus", "users/delta?$deltatoken=latest", "users?$top=999"),
    "places/microsoft.graph.room?$top=100&$skip=0",
)
"""What a full reading of a small tenant asks for, but for what each page selects."""
_LIST_ANEW: Final = "UPDATE sync_steadystate SET since = ''; UPDATE sync_quietspell SET until = NULL"
_HUGE: Final = "(SELECT id FROM directory_domain WHERE name = 'customer0.example')"
_SWITCH: Final = f"UPDATE sync_schedule SET automatic = %s WHERE domain_id = {_HUGE}"
_DUE: Final = "UPDATE sync_schedule SET next_run_at = %s WHERE automatic"
_BEGUN: Final = f"""
    SELECT extract(epoch FROM started_at - %s)::float8, extract(epoch FROM finished_at - %s)::float8
      FROM sync_run WHERE started_at >= %s AND finished_at IS NOT NULL AND (domain_id = {_HUGE}) = %s
"""
_LOOK: Final = 0.2
_LONGEST: Final = 1_800.0


def lines(small: int, huge: int) -> Iterator[Ratio]:
    with tenants.installation(small, huge=huge) as environment:
        by_run, by_beat, floor = tenants.run(environment, "crowd")
        for name, told in (("unchanged tenants, in full", by_beat), ("  the same, by runs", by_run)):
            rate = small / told["wall"]
            yield Ratio(name, rate, "/s", "a bare reader of the same pages", small / floor["wall"])
            if told is by_beat:
                yield at_least("  of what is wanted of a process", rate, "/s", f"{_WANTED} a second", _WANTED, 1)
            yield Ratio(
                "  of CPU here, each", told["cpu"] / small * 1000, "ms CPU", "the reader", floor["cpu"] / small * 1000
            )
        with _worker(environment):
            alone, _ = _waits(environment, small, with_huge=False)
            crowded, spent = _waits(environment, small, with_huge=True)
        beside = f"the same {small:,} without it; it was at work for {spent:.0f} s"
        yield at_most(f"p95 of waiting beside {huge:,} users", crowded, "s", beside, alone, 2)


@contextmanager
def _worker(environment: Mapping[str, str]) -> Iterator[None]:
    """Run a worker as an installation does."""
    with subprocess.Popen(
        [sys.executable, "-m", "mailroll", "worker"], env=environment, stdout=subprocess.DEVNULL
    ) as one:
        try:
            yield
        finally:
            one.terminate()


def _waits(environment: Mapping[str, str], small: int, *, with_huge: bool) -> tuple[float, float]:
    """Let all be due at once; how long 19 of 20 small ones waited at the most, and how long the huge one took.

    Its run is waited for as well.
    """
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(_LIST_ANEW)
        connection.execute(_SWITCH.encode(), [with_huge])
        ((due,),) = connection.execute("SELECT now()")
        connection.execute(_DUE.encode(), [due])
        latest = time.monotonic() + _LONGEST
        while time.monotonic() < latest:
            each, huge = (
                connection.execute(_BEGUN.encode(), [due, due, due, is_huge]).fetchall() for is_huge in (False, True)
            )
            if len(each) == small and len(huge) == with_huge:
                waits = sorted(wait for wait, _ in each)
                return waits[int(0.95 * (small - 1))], sum(end - begun for begun, end in huge)
            time.sleep(_LOOK)
    sys.exit(f"not all of {small} runs were made")


def full() -> tuple[dict[str, float], dict[str, float]]:
    """Make runs of all small ones as a worker does, until they have nothing to do, and once more with a listing.

    Then let a day pass in their quiet spells, and have them listed without a run. Returns what both took.
    """
    from django.db import connection  # noqa: PLC0415 - Django is set up by now

    from mailroll.audit import clock  # noqa: PLC0415
    from mailroll.connectors import registry  # noqa: PLC0415
    from mailroll.directory.models import Domain  # noqa: PLC0415
    from mailroll.sync.locks.lock_session import locks  # noqa: PLC0415
    from mailroll.sync.models import RunState, Trigger  # noqa: PLC0415
    from mailroll.sync.shared_units import SharedUnits  # noqa: PLC0415
    from mailroll.sync.workers.pulse import Pulse  # noqa: PLC0415

    domains = list(Domain.objects.exclude(name="customer0.example"))
    with registry.keeping(SharedUnits(locks)), ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(_run, domains, [Trigger.MANUAL] * len(domains)))
        list(threads.map(_run, domains, [Trigger.MANUAL] * len(domains)))
        with connection.cursor() as cursor:
            cursor.execute(_LIST_ANEW)
            cursor.execute("VACUUM ANALYZE")
        wall, cpu = time.perf_counter(), time.process_time()
        states = set(threads.map(_run, domains, [Trigger.AUTOMATIC] * len(domains)))
        by_run = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        if states != {(RunState.UNCHANGED, False)}:
            sys.exit(f"runs with nothing to do that listed everybody were {states}")
        before = _let_a_day_pass(domains)
        pulse, quiet = Pulse(clock.now), 0
        wall, cpu = time.perf_counter(), time.process_time()
        while (made := pulse.beats()).taken:
            quiet += made.quiet
        by_beat = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    if (quiet, _begins(domains) & before) != (len(domains), set()):
        sys.exit(f"of {len(domains)} tenants {quiet} were asked, or some of them not listed")
    return by_run, by_beat


def _let_a_day_pass(domains: Sequence[Any]) -> set[str]:
    """Bring domains to where a quiet spell is that began long ago; with what the next reading of each begins."""
    from django.db import connection  # noqa: PLC0415

    from mailroll.audit import clock  # noqa: PLC0415
    from mailroll.reconcile.model import ObjectType  # noqa: PLC0415
    from mailroll.sync.footings import ground  # noqa: PLC0415
    from mailroll.sync.models import QuietSpell, SteadyState  # noqa: PLC0415
    from mailroll.sync.sources import since, source_list  # noqa: PLC0415

    now = clock.now()
    for state in SteadyState.objects.filter(domain__in=domains):
        (_, question), *_ = source_list.asked(source_list.read_from([state.domain_id]), {ObjectType.USER})
        begun = since.opened(state.since, state.domain_id, question.access, now)
        if begun is None:
            sys.exit("a run left nothing with which the next one begins")
        begun = replace(begun, listed_at=now - since.FULL, anchored_at=now - since.FULL, settled=True, pending=False)
        state.since = since.seal(begun, state.domain_id, question.access, question.wanted)
        state.save(update_fields=["since"])
        spell = {"types": [ObjectType.USER], "began_at": now, "until": state.until}
        spell["ground"] = ground.read(state.domain_id).whole
        QuietSpell.objects.update_or_create(domain_id=state.domain_id, defaults=spell)
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [now])
        cursor.execute("VACUUM ANALYZE")
    return _begins(domains)


def _begins(domains: Sequence[Any]) -> set[str]:
    from mailroll.sync.models import SteadyState  # noqa: PLC0415

    return set(SteadyState.objects.filter(domain__in=domains).values_list("since", flat=True))


def _run(domain: Any, trigger: Any) -> tuple[Any, bool]:
    """Make a run; its state, and whether nobody was listed."""
    from django.db import connection  # noqa: PLC0415

    from mailroll.audit.actor import Acting  # noqa: PLC0415
    from mailroll.sync.runs import make  # noqa: PLC0415

    try:
        run = make.carry_out(domain, trigger, uuid4(), Acting("bench"))
        if run.error is not None:
            sys.exit(f"a run failed: {run.error}")
        return run.state, any(found["code"] == "nothing_told" for found in run.findings)
    finally:
        connection.close()


def read() -> dict[str, float]:
    """Read the pages of every small tenant, and keep nothing."""
    from mailroll.directory.models import Domain  # noqa: PLC0415

    rows = Domain.objects.exclude(name="customer0.example").values_list("id", "name")
    tokens = [token_of(str(key), secret_of(name, tenants.USERS)) for key, name in rows]
    wall, cpu = time.perf_counter(), time.process_time()
    asyncio.run(_read(tokens))
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


async def _read(tokens: Sequence[str]) -> None:
    waiting = iter(tokens)
    trust = ssl.create_default_context(cafile=os.environ["MAILROLL_CUSTOM_CA_FILE"])
    root = f"{os.environ['MAILROLL_CUSTOM_GRAPH_URL']}/v1.0"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as session:

        async def one() -> None:
            for token in waiting:
                for path in _LISTED:
                    async with session.get(f"{root}/{path}", headers={"Authorization": f"Bearer {token}"}) as answer:
                        msgspec.json.decode(await answer.read())

        await asyncio.gather(*(one() for _ in range(AT_ONCE)))


def main() -> None:
    tenants.ready()
    tenants.fill()
    print(json.dumps((*full(), read())))


if __name__ == "__main__":
    main()
