"""Clears away what nobody comes back for, once a day: ended sessions, expired links and attempts, old counts,
old entries of the audit trail, and what old runs say of people. Mends what is kept of how each domain stands, should it
be wrong.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from mailroll import promises
from mailroll.accounts import letter_limits, throttle
from mailroll.accounts.models import Invitation
from mailroll.audit import repetitions
from mailroll.connections.models import ConsentAttempt, ConsentLink
from mailroll.sync import shared_units
from mailroll.sync.models import SteadyState
from mailroll.sync.standings import repair, sums
from mailroll.sync.standings.repair import Repaired
from mailroll.sync.workers import old_entries, old_runs

log = logging.getLogger(__name__)

EVERY: Final = timedelta(days=1)
_CLOCKS_APART: Final = timedelta(days=1)
"""For how long rows are kept whose end Django reckons by the clock of a web machine, which may be so far behind."""


class Housekeeping:
    """One process's turn at it; another process may do the same at the same time."""

    def __init__(self) -> None:
        self._last: datetime | None = None
        self._repairs: Iterator[Repaired] = iter(())
        self._old_runs: Iterator[int] = iter(())

    def keep(self, now: datetime) -> bool:
        """Clear where a day has passed since this process last did, or it never did. Returns whether it cleared.

        Every call besides goes through a few hundred domains more, and clears some rows of old runs, until all are
        done: all at once may take minutes, and whoever calls has runs to begin. Where one of them fails, all of it
        begins anew with the next: what it had not come to would wait for another day.
        """
        last, self._last = self._last, None
        self._mend()
        is_due = last is None or not timedelta(0) <= now - last < EVERY
        if is_due:
            clear(now)
            self._repairs = repair.batches()
            self._old_runs = old_runs.batches(now)
        self._last = now if is_due else last
        return is_due

    def _mend(self) -> None:
        sums.fold()
        next(self._old_runs, None)
        repair = next(self._repairs, None)
        # Triggers keep them right, so where they are not somebody went past those.
        if repair is not None and (repair.counts or repair.standings):
            log.warning(
                "Of %d domains, %d had another number of users kept, and %d stood otherwise. They are right now.",
                *(repair.domains, repair.counts, repair.standings),
            )
        if repair is not None and repair.sums:
            log.warning("For %d organizations other sums were kept than their domains come to.", repair.sums)
        if repair is not None and repair.quarters:
            log.warning("For %d quarter-hours another number of runs was kept than ended well.", repair.quarters)


def clear(now: datetime) -> None:
    ended, by_any_clock = now - promises.ENDED_LINKS, now - _CLOCKS_APART
    # When somebody is signed out, `accounts.visits` says by the database's clock.
    Session.objects.filter(expire_date__lt=by_any_clock).delete()
    throttle.clear(now)
    letter_limits.clear(now)
    repetitions.clear(now)
    old_entries.clear(now)
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [by_any_clock])  # noqa: S608 - the name is our own
    Invitation.objects.filter(expires_at__lt=ended).delete()
    ConsentAttempt.objects.filter(accepted_at=None, expires_at__lt=ended).delete()
    ConsentLink.objects.filter(accepted_at=None, expires_at__lt=ended).delete()
    # Of each object of a tenant it has the id: of no use any more, it is not kept.
    SteadyState.objects.filter(until__lt=now).delete()
    shared_units.drop_idle(now)
