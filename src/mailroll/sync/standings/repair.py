"""Makes standings anew, once a day and on demand, and tells how many were not as they should have been."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import reduce
from operator import add
from uuid import UUID

from django.db import connection, transaction

from mailroll.directory import census, rollmarks
from mailroll.directory.models import Domain
from mailroll.sync.models import DomainStanding
from mailroll.sync.standings import sums

log = logging.getLogger(__name__)

_BATCH = 200
"""Domains a transaction: whoever ends one about one of them waits for it."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """How many domains were looked at; of how many another number of users was kept, and another standing.

    `sums`: for how many organizations the standings came to something else than was kept. `quarters`: for how many
    quarters of an hour another number of runs that ended well was.
    """

    domains: int
    counts: int
    standings: int
    sums: int = 0
    quarters: int = 0

    def __add__(self, other: "Repaired") -> "Repaired":
        return Repaired(*map(add, astuple(self), astuple(other)))


def repair() -> Repaired:
    """Go through every domain, and what is kept of domains that are gone."""
    return reduce(add, batches())


def batches() -> Iterator[Repaired]:
    """Do the same in parts, each in a transaction of its own, for who has other things to do between them."""
    strays = DomainStanding.objects.exclude(domain__in=Domain.objects.all())
    keys = [*Domain.objects.values_list("id", flat=True), *strays.values_list("domain_id", flat=True)]
    keys.sort()
    for place in range(0, len(keys), _BATCH):
        batch = keys[place : place + _BATCH]
        # Standings first: the one that follows from a count that was wrong is set right with the count.
        standings = keep(batch)
        counted = census.recount(batch)
        # Whoever wrote users uncounted left no marks either.
        rollmarks.renew(counted)
        past = rollmarks.survey(batch)
        if past:
            log.warning("%s rolls were written past the triggers; they are read in full", past)
        yield Repaired(len(batch), len(counted), standings)
    yield Repaired(0, 0, 0, sums.mend(), sums.mend_runs())


def keep(domains: Sequence[UUID]) -> int:
    """Make the standings of these domains anew; return how many were not as they should have been."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT sync_keep_standings(%s)", [list(domains)])
        (number,) = cursor.fetchone()
    return int(number)
