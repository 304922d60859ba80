"""What all processes have counted since there is this installation: one row for each metric and its labels.

Each process adds what it counted when a run of its ends, at each turn of a worker, and before the metrics are read. So
a number outlives the process that counted it; what one that is killed had not written down yet is lost.
"""

import json
import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from django.db import DatabaseError, InterfaceError, connection, transaction

from mailroll.directory import arrays
from mailroll.measures.accumulator import PROCESS, Accumulator, Key
from mailroll.sync.models import CountedTotal

log = logging.getLogger(__name__)

_ADD = """
    INSERT INTO sync_countedtotal AS kept (name, labels, value)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::float8[])
        ON CONFLICT (name, labels) DO UPDATE SET value = kept.value + excluded.value
"""


def write_down(counted: Accumulator = PROCESS) -> None:
    """Add what was counted, in one statement. Where the database does not take it, it is added the next time."""
    counts = counted.take()
    if not counts:
        return
    # In one order, as all that is written by several.
    keys = sorted(counts)
    columns = (
        arrays.texts(name for name, _ in keys),
        arrays.texts(json.dumps(labels) for _, labels in keys),
        arrays.texts(repr(float(counts[key])) for key in keys),
    )
    try:
        with _alone(), connection.cursor() as cursor:
            cursor.execute(_ADD, columns)
    except (DatabaseError, InterfaceError) as error:
        # No run shall fail for it.
        log.warning("what was counted is not written down yet (%s)", type(error).__name__)
        counted.give_back(counts)


def _alone() -> AbstractContextManager[object]:
    """Let it fail alone, where it is part of a transaction: outside of one, each statement does."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def all_counted() -> Mapping[Key, float]:
    rows = CountedTotal.objects.values_list("name", "labels", "value")
    return {(name, tuple(json.loads(labels))): value for name, labels, value in rows}
