"""Lines of `make bench`: how many tenants a second are asked where nothing changed, beside a bare reader.

Each tenant has ten users, a domain and a connection of its own. The reader follows the same links over as many
connections, decodes the pages with msgspec, and keeps nothing.
"""

import asyncio
import json
import os
import ssl
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import aiohttp
import msgspec

from tests.bench import tenants
from tests.bench.measured import peak
from tests.bench.page_server import secret_of, token_of
from tests.bench.table import Ratio, at_least

AT_ONCE: Final = 100
"""Connections of a bare reader: as many as a process of ours may have open to one cloud."""
LATENCY: Final = 0.15
TURNS: Final = 2
"""The last one counts. More of them in a few seconds would ask a tenant for more than a process may without a lease."""
_LATE: Final = timedelta(seconds=1)
_PEOPLE, _ALSO = ("users",), ("users", "groups", "contacts")


class _Page(msgspec.Struct):
    value: list[msgspec.Raw]
    link: str = msgspec.field(name="@odata.deltaLink")


def lines(near: int, far: int) -> Iterator[Ratio]:
    """`near`: tenants that answer at once, asked by one process; `far`: those that take a while, asked by two."""
    for words, also, least in (("people only", False, 1_000), ("with groups and contacts", True, 300)):
        with tenants.installation(near, also=also) as environment:
            own, reader = tenants.run(environment, "beats", "near", str(TURNS))
        rate, floor = _rate(near, [own]), _rate(near, [reader])
        yield Ratio(f"unchanged tenants, {words}", rate, "/s", "a bare reader of the same pages, one process", floor)
        yield at_least("  of what is wanted of a process", rate, "/s", f"{least:,} a second", least, 1)
        yield _each(near, [own], [reader])
    with tenants.installation(far, latency=LATENCY) as environment:
        tenants.run(environment, "beats", "settle")
        readers = tenants.together(environment, [("beats", "read", each, "2") for each in ("0", "1")])
        floor = _rate(far, readers)
        for name, how in (
            (f"{far:,} tenants, 150 ms an answer", "signed in"),
            ("  the same, who sign in first", "anew"),
        ):
            tenants.ask(environment, "UPDATE sync_schedule SET next_run_at = now() - interval '1 second'")
            both = tenants.together(environment, [("beats", "beat", how)] * 2)
            beside = "a bare reader of the same pages, two processes as well"
            yield at_least(name, _rate(far, both), "/s", beside, floor, 0.25)
            yield _each(far, both, readers)
            yield Ratio("  memory, the larger of both", _largest(both), "MiB", "the reader", _largest(readers))


def _each(number: int, own: Sequence[Mapping[str, float]], readers: Sequence[Mapping[str, float]]) -> Ratio:
    here, there = (sum(one["cpu"] for one in each) / number * 1000 for each in (own, readers))
    return Ratio("  of CPU here, each", here, "ms CPU", "the reader", there)


def _largest(told: Sequence[Mapping[str, float]]) -> float:
    return max(each["memory"] for each in told)


def _rate(number: int, told: Sequence[Mapping[str, float]]) -> float:
    """Tenants a second of all processes together."""
    done = sum(each["tenants"] for each in told)
    if done != number:
        sys.exit(f"of {number} tenants {done:.0f} were asked")
    return number / (max(each["ended"] for each in told) - min(each["began"] for each in told))


def beat(turns: int, *, signed_in: bool, is_one_of_two: bool) -> dict[str, float]:
    """Let this process's pulse beat until nobody is due; of several turns the last one counts, as a worker goes on."""
    from mailroll.audit import clock  # noqa: PLC0415 - Django is set up by now
    from mailroll.connectors import registry  # noqa: PLC0415
    from mailroll.sync.locks.lock_session import locks  # noqa: PLC0415
    from mailroll.sync.models import Schedule  # noqa: PLC0415
    from mailroll.sync.shared_units import SharedUnits  # noqa: PLC0415
    from mailroll.sync.workers.pulse import Pulse  # noqa: PLC0415

    began = cpu = 0.0
    quiet = 0
    with registry.keeping(SharedUnits(locks)) as kept:
        if signed_in:
            _sign_in(kept, json.loads(os.environ["BENCH_SIZE"])["latency"])
        pulse = Pulse(clock.now)
        if is_one_of_two:
            tenants.begin()
        for turn in range(turns):
            if turn:
                Schedule.objects.update(next_run_at=clock.now() - _LATE)
            quiet, began, cpu = 0, time.monotonic(), time.process_time()
            while (answer := pulse.beats()).taken:
                quiet += answer.quiet
        ended, cpu = time.monotonic(), time.process_time() - cpu
    return {"tenants": quiet, "began": began, "ended": ended, "cpu": cpu, "memory": peak()}


def _sign_in(kept: Any, latency: float) -> None:
    """Keep a token for each connection, as an earlier reading leaves it."""
    from mailroll.connections import credentials  # noqa: PLC0415
    from mailroll.connections.models import Connection  # noqa: PLC0415
    from mailroll.connectors.microsoft365.settings import ConnectionSettings  # noqa: PLC0415
    from mailroll.connectors.microsoft365.sign_in.token_cache import KeptToken  # noqa: PLC0415
    from mailroll.directory.models import Domain  # noqa: PLC0415

    names = dict(Domain.objects.values_list("id", "name"))
    for row in Connection.objects.all():
        settings = ConnectionSettings.parse(credentials.access(row).values)
        token = token_of(settings.tenant, secret_of(names[row.id], tenants.USERS, latency))
        kept.tokens.keep(settings, KeptToken(token, time.monotonic() + 36_000))


def settle() -> None:
    """Bring every domain to where a run would that had nothing to do."""
    from django.db import connection  # noqa: PLC0415

    from mailroll.audit import clock  # noqa: PLC0415
    from mailroll.connectors import registry  # noqa: PLC0415
    from mailroll.directory.models import Domain  # noqa: PLC0415
    from mailroll.reconcile.model import ObjectType  # noqa: PLC0415
    from mailroll.sync.footings import ground  # noqa: PLC0415
    from mailroll.sync.models import QuietSpell, Run, SteadyState  # noqa: PLC0415
    from mailroll.sync.sources import since, source_list  # noqa: PLC0415

    also = json.loads(os.environ["BENCH_SIZE"])["also"]
    types = frozenset(ObjectType) if also else frozenset({ObjectType.USER})
    now = clock.now()
    until = now + timedelta(days=1)
    domains = list(Domain.objects.values_list("id", flat=True))
    runs = Run.objects.bulk_create(
        Run(domain_id=each, trigger="automatic", state="unchanged", actor="bench", fence=1, revision=3, started_at=now)
        for each in domains
    )
    with registry.keeping() as kept:
        _sign_in(kept, 0)
        asked = {row.domain_id: source_list.asked([row], types)[0][1] for row in source_list.read_from(domains)}
        cursors = registry.begin(_latest(asked)).result()
    left = {each: since.Since(cursors[each], now, frozenset(), now, settled=True) for each in domains}
    sealed = {each: since.seal(left[each], each, asked[each].access, asked[each].wanted) for each in domains}
    SteadyState.objects.bulk_create(
        SteadyState(domain_id=run.domain_id, run=run, made_at=now, until=until, since=sealed[run.domain_id])
        for run in runs
    )
    QuietSpell.objects.bulk_create(
        QuietSpell(domain_id=each, ground="", types=sorted(types), began_at=now, until=until) for each in domains
    )
    with connection.cursor() as cursor:
        for start in range(0, len(domains), 1_000):
            cursor.execute(
                f"WITH RECURSIVE {ground.GROUNDS} UPDATE sync_quietspell q SET ground = grounds.ground"
                " FROM grounds WHERE grounds.domain_id = q.domain_id",
                ground.values(domains[start : start + 1_000]),
            )
        cursor.execute("UPDATE sync_schedule SET next_run_at = now() - interval '1 second'")
        cursor.execute("VACUUM ANALYZE")


async def _latest(asked: Mapping[Any, Any]) -> dict[Any, Any]:
    from mailroll.connectors import registry  # noqa: PLC0415

    places = asyncio.Semaphore(AT_ONCE)

    async def one(question: Any) -> Any:
        access = question.access
        async with places, registry.build(access.kind, access.values, wanted_objects=question.wanted) as connector:
            return await connector.delta.latest()

    found = await asyncio.gather(*map(one, asked.values()))
    return dict(zip(asked, found, strict=True))


def read(part: int = 0, parts: int = 1) -> dict[str, float]:
    """Read the pages of every so manieth tenant, and keep nothing."""
    from mailroll.directory.models import Domain  # noqa: PLC0415

    size = json.loads(os.environ["BENCH_SIZE"])
    root = f"{os.environ['MAILROLL_CUSTOM_GRAPH_URL']}/v1.0"
    links = [f"{root}/{what}/delta?$deltatoken={'x' * 300}" for what in (_ALSO if size["also"] else _PEOPLE)]
    rows = list(Domain.objects.order_by("id").values_list("id", "name"))[part::parts]
    tokens = [token_of(str(key), secret_of(name, tenants.USERS, size["latency"])) for key, name in rows]
    questions = [(link, token) for token in tokens for link in links]
    told = asyncio.run(_read(questions, is_one_of_two=parts > 1))
    return {"tenants": len(rows), **told, "memory": peak()}


async def _read(questions: Sequence[tuple[str, str]], *, is_one_of_two: bool) -> dict[str, float]:
    """Read all; alone, over connections that are open by then, as those of a pulse are that beats again."""
    decoder = msgspec.json.Decoder(_Page)
    trust = ssl.create_default_context(cafile=os.environ["MAILROLL_CUSTOM_CA_FILE"])
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE, ssl=trust)) as session:

        async def one(waiting: Iterator[tuple[str, str]]) -> None:
            for link, token in waiting:
                headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
                async with session.get(link, headers=headers) as answer:
                    decoder.decode(await answer.read())

        async def everything() -> None:
            waiting = iter(questions)
            await asyncio.gather(*(one(waiting) for _ in range(AT_ONCE)))

        if is_one_of_two:
            await asyncio.to_thread(tenants.begin)
        else:
            await everything()
        began, cpu = time.monotonic(), time.process_time()
        await everything()
        return {"began": began, "ended": time.monotonic(), "cpu": time.process_time() - cpu}


def main() -> None:
    tenants.ready()
    match sys.argv[1:]:
        case ["near", turns]:
            tenants.fill()
            settle()
            print(json.dumps((beat(int(turns), signed_in=True, is_one_of_two=False), read())))
        case ["settle"]:
            tenants.fill()
            settle()
        case ["beat", words]:
            print(json.dumps(beat(1, signed_in=words == "signed in", is_one_of_two=True)))
        case ["read", part, parts]:
            print(json.dumps(read(int(part), int(parts))))


if __name__ == "__main__":
    main()
