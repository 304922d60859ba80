"""The units that all processes lease from before they ask a directory, as rows: one statement a block, none a question.

What a row is for is kept as a hash: it tells of no tenant.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import OperationalError, connection, transaction
from django.db.models import Count, Max, Q

from mailroll import promises
from mailroll.connections.models import Connection
from mailroll.connectors import registry
from mailroll.connectors.meter import SHORT, UnitClaim, UnitGrant, UnitScope
from mailroll.directory import arrays
from mailroll.reconcile.errors import Retry
from mailroll.reconcile.storage import sha256
from mailroll.sync.locks.lock_session import LockSession, locks
from mailroll.sync.models import UnitBucket

log = logging.getLogger(__name__)

IDLE: Final = timedelta(days=1)
"""A bucket that nobody has leased from for so long is full."""
_PAUSE_MOST: Final = timedelta(days=7)
_SEEN: Final = timedelta(minutes=1)
_TRY: Final = promises.in_words(promises.TRY)
_AGAIN: Final = 1.0
"""Seconds until the next try where the ledger cannot be read."""

# A bucket is full at first. It gains by the database's clock, of which a step back takes nothing away and a pause of
# more than a week is the trace. Where not all that is wanted is there, nothing is given.
_LEASE: Final = """
    INSERT INTO sync_unitbucket AS kept (key, level, granted, rate, filled_at)
    SELECT key, burst - wanted, wanted, rate, coalesce(%(at)s::timestamptz, statement_timestamp())
      FROM unnest(%(keys)s::text[], %(wanted)s::float8[], %(bursts)s::float8[], %(rates)s::float8[])
           AS claim (key, wanted, burst, rate)
     ORDER BY key
        ON CONFLICT (key) DO UPDATE SET (level, granted, rate, filled_at) = (
           SELECT there - given, given, EXCLUDED.rate,
                  CASE WHEN kept.filled_at > EXCLUDED.filled_at + interval '1 minute' THEN EXCLUDED.filled_at
                       ELSE greatest(kept.filled_at, EXCLUDED.filled_at) END
             FROM (SELECT there, CASE WHEN %(overdraw)s OR there >= EXCLUDED.granted AND NOT coalesce(
                              kept.paused_until > EXCLUDED.filled_at
                              AND kept.paused_until <= EXCLUDED.filled_at + interval '7 days', false)
                          THEN EXCLUDED.granted ELSE 0 END AS given
                     FROM (SELECT least(EXCLUDED.level + EXCLUDED.granted,
                                  kept.level + EXCLUDED.rate * greatest(0, extract(
                                      epoch FROM EXCLUDED.filled_at - kept.filled_at)))::float8 AS there) held) asked)
    RETURNING key, granted, level, greatest(0, extract(epoch FROM paused_until - filled_at))::float8
"""
_STANDING: Final = """
    SELECT count(*), max(paused_until) FROM sync_unitbucket
     WHERE key = ANY(%s::text[]) AND paused_until > %s AND paused_until <= %s
"""
_PRESS: Final = """
    INSERT INTO sync_unitbucket AS kept (key, level, granted, rate, filled_at, paused_until)
    VALUES (%(key)s, -%(debt)s, 0, %(rate)s, coalesce(%(at)s::timestamptz, statement_timestamp()),
            coalesce(%(at)s::timestamptz, statement_timestamp()) + %(pause)s * interval '1 second')
        ON CONFLICT (key) DO UPDATE SET level = least(kept.level, EXCLUDED.level), filled_at = EXCLUDED.filled_at,
           paused_until = greatest(kept.paused_until, EXCLUDED.paused_until)
    RETURNING 1
"""


class SharedUnits:
    """Leases over the session that holds a process's locks. `at`: the time, where it is not the database's."""

    def __init__(self, session: LockSession, at: datetime | None = None) -> None:
        self._session = session
        self.at = at

    def lease(self, claims: Sequence[UnitClaim], *, overdraw: bool = False) -> Sequence[UnitGrant]:
        values = {
            "keys": [_key(claim.scope) for claim in claims],
            # psycopg sends no list in which some numbers are whole and others are not.
            "wanted": [float(claim.wanted) for claim in claims],
            "bursts": [claim.scope.burst for claim in claims],
            "rates": [claim.scope.rate for claim in claims],
            "overdraw": overdraw,
            "at": self.at,
        }
        try:
            rows = {key: rest for key, *rest in self._session.rows(_LEASE, values)}
        except OperationalError as error:
            # Its text may hold the address of the database.
            log.warning("no units can be leased (%s); trying again", type(error).__name__)
            return [UnitGrant(0.0, _AGAIN)] * len(claims)
        return [_granted(claim, *rows[_key(claim.scope)]) for claim in claims]

    def press(self, scope: UnitScope, *, debt: float = 0.0, pause: float = 0.0) -> None:
        values = {
            "key": _key(scope),
            "rate": scope.rate,
            "debt": debt,
            "pause": pause,
            "at": self.at,
        }
        try:
            self._session.rows(_PRESS, values)
        except OperationalError as error:
            log.warning("no pause can be noted (%s)", type(error).__name__)


@contextmanager
def metered() -> Iterator[None]:
    """Within, whatever this process reads of directories counts with what all others read."""
    with locks.kept(), registry.keeping(SharedUnits(locks)):
        yield


@dataclass(frozen=True, slots=True)
class StandingPauses:
    """How many applications or tenants are to be left alone, and when the last of these pauses ends."""

    number: int
    until: datetime | None


def pauses(now: datetime) -> StandingPauses:
    """Count the pauses that hold for a while yet: short ones come and go with every large reading."""
    condition = Q(paused_until__gt=now + _SEEN, paused_until__lte=now + _PAUSE_MOST)
    totals = UnitBucket.objects.filter(condition).aggregate(number=Count("key"), until=Max("paused_until"))
    return StandingPauses(totals["number"], totals["until"])


def begin_try(connections: Iterable[Connection], now: datetime) -> None:
    """Note that a person has these asked, in spite of a pause that Microsoft wants of their application everywhere.

    Customers share the application of their provider, and each question may prolong the pause of all of them: so one
    try a minute, whoever makes it (docs/decisions/0089). Raises `Retry` for one that is too many.
    """
    keys = {_key(_application(connection)) for connection in connections}
    earliest, latest = now + timedelta(seconds=SHORT), now + _PAUSE_MOST
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [arrays.texts(keys), earliest, latest])
        number, until = cursor.fetchone()
    if not number:
        return
    standing = UnitBucket.objects.filter(key__in=keys, paused_until__gt=earliest, paused_until__lte=latest)
    lately = Q(tried_at__gt=now - promises.TRY, tried_at__lte=now)
    # Of two at the same moment the second finds the row as the first left it. What is refused is no try of any of them.
    with transaction.atomic():
        if standing.exclude(lately).update(tried_at=now) < number:
            raise Retry(
                "throttled",
                "Microsoft asks for a pause of the application that reads this tenant. Somebody tried it all the same,"
                f" less than {_TRY} ago.",
                f"Try again {_TRY} after that. Automatic sync goes on by itself once the pause is over.",
                after=(until - now).total_seconds(),
            )


def drop_idle(now: datetime) -> None:
    """Delete buckets that are full again."""
    UnitBucket.objects.filter(filled_at__lt=now - IDLE).exclude(paused_until__gt=now).delete()


def _application(connection: Connection) -> UnitScope:
    values = {
        "client_id": connection.client_id,
        "cloud": connection.cloud,
        "graph_url": connection.graph_url,
    }
    return registry.kind(connection.kind).application(values)


def _key(scope: UnitScope) -> str:
    return sha256([scope.key])


def _granted(claim: UnitClaim, granted: float, level: float, paused: float | None) -> UnitGrant:
    if granted > 0:
        return UnitGrant(granted)
    lacking = max(0.0, claim.wanted - level) / claim.scope.rate
    pause = paused if paused is not None and paused <= _PAUSE_MOST.total_seconds() else 0.0
    return UnitGrant(0.0, max(lacking, pause))
