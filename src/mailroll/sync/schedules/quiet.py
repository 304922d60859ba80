"""Quiet spells: begun by a run, taken for a moment by whoever asks the directory, and written on for many at once.

Who takes a domain has a number and a time for it. A worker that died, or slept for longer, holds a number that is no
longer the highest, or a time that is over: what it says then is not written.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from mailroll.directory import arrays
from mailroll.reconcile.model import ObjectType
from mailroll.sync.footings import ground
from mailroll.sync.models import NOTHING_FOUND
from mailroll.sync.schedules import pace, turns

LEASE: Final = timedelta(seconds=60)
"""How long who took a domain may ask: several times what an answer may take."""

# A lease that ends later than any can was taken while some clock was wrong, so it counts for nothing.
_DUE: Final = """
    w.automatic AND w.paused IS NULL AND w.failures = 0 AND w.next_run_at <= %(now)s
    AND q.until > %(now)s AND (q.leased_until > %(now)s AND q.leased_until <= %(latest)s) IS NOT TRUE
"""
# A hint counts for as long as no run that read the directory since found something (`schedule` asks the same of one).
_UNTOLD: Final = """
    CASE WHEN w.hinted_at > %(heard)s AND NOT EXISTS (
        SELECT FROM sync_run r WHERE r.domain_id = w.domain_id AND r.started_at >= w.hinted_at AND r.parent_id IS NULL
           AND r.trigger <> 'import' AND r.state <> ALL (%(nothing)s::text[])
    ) THEN w.hinted_at END
"""
# Those of each customer in turn, hinted ones first and the longest due before others, as runs are begun.
_TAKE: Final = f"""
    WITH due AS (
        SELECT q.domain_id, w.next_run_at, d.organization_id, {turns.BRANCH} AS branch,
               {turns.HINT.format(schedule="w", domain="d")} AS hint
          FROM sync_schedule w JOIN sync_quietspell q USING (domain_id) JOIN directory_domain d ON d.id = q.domain_id
               {turns.ORGANIZATIONS.format(organization="d.organization_id")}
         WHERE {_DUE}
    ), {turns.TURNS}, alternating AS (
        SELECT domain_id, hint, {turns.ALTERNATION} AS turn FROM branch_turns
    ), chosen AS (
        SELECT q.domain_id, w.next_run_at, w.interval, w.jitter, d.organization_id, w.hinted_at AS last_hint,
               {_UNTOLD} AS hinted_at
          FROM sync_quietspell q JOIN alternating a USING (domain_id) JOIN sync_schedule w USING (domain_id)
          JOIN directory_domain d ON d.id = q.domain_id
         WHERE {_DUE}
         ORDER BY a.turn, a.hint DESC LIMIT %(most)s FOR UPDATE OF q SKIP LOCKED
    )
    UPDATE sync_quietspell q SET lease = q.lease + 1, leased_until = %(end)s
      FROM chosen WHERE chosen.domain_id = q.domain_id
    RETURNING q.domain_id, q.lease, q.types, chosen.next_run_at, chosen.interval, chosen.jitter,
              chosen.organization_id, chosen.last_hint, chosen.hinted_at
"""  # noqa: S608 - of our own pieces

# Whoever writes the roll holds the domain's row, and whoever tells of a change its time. What either holds now is left
# out, and a run looks at it afterwards; what they said before is seen by the next statement.
_LOCK: Final = """
    SELECT d.id FROM directory_domain d JOIN sync_schedule w ON w.domain_id = d.id
     WHERE d.id = ANY(%s::uuid[]) ORDER BY d.id FOR NO KEY UPDATE OF d, w SKIP LOCKED
"""
# A run with nothing to do does the same and no more, where these hold. What waits for such a run is left to one.
_WRITE: Final = f"""
    WITH RECURSIVE {ground.GROUNDS},
    told AS (
        SELECT * FROM unnest(%(domains)s::uuid[], %(leases)s::bigint[], %(due)s::timestamptz[],
                             %(slots)s::timestamptz[], %(intervals)s::integer[], %(begins)s::text[],
                             %(hints)s::timestamptz[])
            AS told (domain_id, lease, due, slot, interval, begins, last_hint)
    ), quiet AS MATERIALIZED (
        SELECT told.domain_id, told.slot, told.begins
          FROM told
          JOIN grounds USING (domain_id)
          JOIN sync_quietspell q USING (domain_id)
          JOIN sync_schedule w USING (domain_id)
         WHERE q.lease = told.lease AND q.leased_until > %(now)s AND q.until > %(now)s AND q.ground = grounds.ground
           AND w.automatic AND w.paused IS NULL AND w.failures = 0
           AND w.next_run_at = told.due AND w.interval = told.interval
           -- What a directory hinted at since, it was perhaps not asked about. A hint that came to its row late, or by
           -- a clock that was set back, is of a time before the question: so hints are compared, and not times.
           AND w.hinted_at IS NOT DISTINCT FROM told.last_hint
           AND NOT EXISTS (SELECT FROM sync_runrequest r WHERE r.domain_id = told.domain_id AND r.outcome = '')
           AND NOT EXISTS (SELECT FROM sync_run r WHERE r.domain_id = told.domain_id
                              AND r.state IN ('reading', 'applying', 'planned', 'held'))
           AND NOT EXISTS (SELECT FROM directory_waitingaddress a WHERE a.domain_id = told.domain_id)
           AND NOT EXISTS (SELECT FROM sync_unfinishedreading u WHERE u.domain_id = told.domain_id)
    ), spells AS (
        UPDATE sync_quietspell q SET checks = q.checks + 1, checked_at = %(asked)s, leased_until = NULL
          FROM quiet WHERE q.domain_id = quiet.domain_id
    ), states AS (
        UPDATE sync_steadystate s SET since = quiet.begins
          FROM quiet WHERE s.domain_id = quiet.domain_id AND quiet.begins <> ''
    ), schedules AS (
        UPDATE sync_schedule w SET next_run_at = quiet.slot FROM quiet WHERE w.domain_id = quiet.domain_id
    ), sources AS (
        UPDATE connections_source s
           SET read_at = greatest(CASE WHEN s.read_at <= %(now)s THEN s.read_at END, %(asked)s)
          FROM quiet WHERE s.domain_id = quiet.domain_id AND s.enabled
    ), lists AS (
        UPDATE directory_domain d
           SET read_at = greatest(CASE WHEN d.read_at <= %(now)s THEN d.read_at END, %(asked)s)
          FROM quiet WHERE d.id = quiet.domain_id AND d.has_source
    )
    SELECT domain_id FROM quiet
"""  # noqa: S608
_TAKEN: Final = """
      FROM unnest(%s::uuid[], %s::bigint[]) AS taken (domain_id, lease)
     WHERE q.domain_id = taken.domain_id AND q.lease = taken.lease
"""
_BEGIN: Final = """
    INSERT INTO sync_quietspell (domain_id, ground, types, began_at, until)
    VALUES (%(domain)s, %(ground)s, %(types)s::text[], %(now)s, %(until)s)
        ON CONFLICT (domain_id) DO UPDATE
       SET ground = excluded.ground, types = excluded.types, began_at = excluded.began_at, until = excluded.until,
           checks = 0, checked_at = NULL
"""
_NO_MORE: Final = "UPDATE sync_quietspell SET until = NULL WHERE domain_id = %s"
_END: Final = f"UPDATE sync_quietspell q SET until = NULL, leased_until = NULL {_TAKEN}"  # noqa: S608
_GIVE_BACK: Final = f"UPDATE sync_quietspell q SET leased_until = NULL {_TAKEN}"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Quiet:
    """What a run found that had nothing to do: our own side before it looked, and until when that stands for a run."""

    ground: str
    until: datetime
    types: frozenset[ObjectType]


@dataclass(frozen=True, slots=True)
class Lease:
    """A domain that is asked about, under which number, and when it was due.

    `last_hint`: when its directory last hinted at a change. `hinted_at`: the same, where nothing is told of it yet.
    """

    domain: UUID
    number: int
    types: frozenset[ObjectType]
    due: datetime
    interval: int
    jitter: float
    organization: UUID
    last_hint: datetime | None
    hinted_at: datetime | None


def latest_end(now: datetime) -> datetime:
    """Return when a lease can end at the latest: who took it may be on another machine, whose clock is before ours."""
    return now + LEASE + pace.SKEW


def begin(domain: UUID, quiet: Quiet | None, now: datetime) -> None:
    """Begin a spell in the transaction that ends a run, where nothing of ours moved while it looked."""
    if quiet is None or quiet.until <= now or quiet.ground != ground.read(domain).whole:
        with connection.cursor() as cursor:
            cursor.execute(_NO_MORE, [domain])
        return
    values: dict[str, Any] = {"domain": domain, "ground": quiet.ground, "now": now, "until": quiet.until}
    values["types"] = arrays.texts(sorted(quiet.types))
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, values)


def take(now: datetime, most: int) -> list[Lease]:
    """Take up to so many domains that are due and quiet. Any number of workers may do it at once."""
    with connection.cursor() as cursor:
        heard = now - pace.BEHIND
        values: dict[str, Any] = {
            "now": now,
            "end": now + LEASE,
            "latest": latest_end(now),
            "most": most,
            "heard": heard,
            "nothing": [*map(str, NOTHING_FOUND)],
        }
        cursor.execute(_TAKE, values)
        return [
            Lease(domain, number, frozenset(map(ObjectType, types)), *rest)
            for domain, number, types, *rest in cursor.fetchall()
        ]


def write(
    leases: Collection[Lease], asked_at: datetime, now: datetime, begins: Mapping[UUID, str] = MappingProxyType({})
) -> frozenset[UUID]:
    """Note of domains that nothing changed by what was `asked_at` then; returns those of which it counts.

    `begins`: with what the next reading begins of those that were listed (see `SteadyState.since`). It counts for as
    long as nothing of ours moved, nobody else came between, and nothing waits for a run.
    """
    if not leases:
        return frozenset()
    by_domain = {lease.domain: lease for lease in leases}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [arrays.uuids(by_domain)])
        locked_leases = [by_domain[domain] for (domain,) in cursor.fetchall()]
        if not locked_leases:
            return frozenset()
        cursor.execute(_WRITE, _values(locked_leases, now, begins) | {"asked": asked_at, "now": now})
        return frozenset(domain for (domain,) in cursor.fetchall())


def end(leases: Collection[Lease]) -> None:
    """Leave these domains to runs."""
    if leases:
        with connection.cursor() as cursor:
            cursor.execute(_END, _numbered(leases))


def give_back(leases: Collection[Lease]) -> None:
    """Leave these domains to whoever takes them next."""
    if leases:
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, _numbered(leases))


def _numbered(leases: Collection[Lease]) -> list[Any]:
    return [arrays.uuids([lease.domain for lease in leases]), [lease.number for lease in leases]]


def _values(leases: Collection[Lease], now: datetime, begins: Mapping[UUID, str]) -> dict[str, Any]:
    return ground.values([lease.domain for lease in leases]) | {
        "leases": [lease.number for lease in leases],
        "due": [lease.due for lease in leases],
        "slots": [_next(lease, now) for lease in leases],
        "intervals": [lease.interval for lease in leases],
        "begins": [begins.get(lease.domain, "") for lease in leases],
        "hints": [lease.last_hint for lease in leases],
    }


def _next(lease: Lease, now: datetime) -> datetime:
    slot = pace.next_slot(now, timedelta(minutes=lease.interval), lease.jitter)
    return pace.next_look(slot, now, lease.hinted_at, lease.jitter)
