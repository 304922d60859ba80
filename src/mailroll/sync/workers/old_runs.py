"""What old runs say of people goes: their changes and whom they skipped, and names in what they found. Counts stay.

So does, sooner, what was asked of the workers, and by which steps runs came to their end.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from mailroll import promises
from mailroll.accounts import installation
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.sync.workers.tick import CLOCK

_TOGETHER: Final = 10_000
"""Rows that go in one transaction; whoever calls has other things to do between two of them."""

# Not of a plan that waits or is carried out, whatever its clock says; and not of the newest reading of each domain, by
# which it is told why somebody is in the list or is not, nor of the removals that were parted from it.
_OLD = """
    r.finished_at < %(before)s AND r.state NOT IN ('reading', 'planned', 'held', 'applying')
    AND coalesce(r.parent_id, r.id) IS DISTINCT FROM (
        SELECT n.id FROM sync_run n
         WHERE n.domain_id = r.domain_id AND n.parent_id IS NULL AND n.read_at IS NOT NULL AND n.counts <> '{}'
         ORDER BY n.number DESC LIMIT 1)
"""
_DELETE: Final = tuple(
    f"DELETE FROM {table} WHERE id IN (SELECT x.id FROM {table} x JOIN sync_run r ON r.id = x.run_id"  # noqa: S608
    f" WHERE {_OLD} LIMIT %(most)s)"
    for table in ("sync_runchange", "sync_runskip")
)
_GONE: Final = "no longer kept"
_NAMED: Final = f"""
    UPDATE sync_run SET findings = (
        SELECT jsonb_agg(jsonb_set(finding, '{{facts}}', coalesce(
            (SELECT jsonb_object_agg(
                        key, CASE WHEN key IN ('names', 'who') THEN to_jsonb(%(gone)s::text) ELSE value END)
               FROM jsonb_each(finding->'facts')), '{{}}')) ORDER BY place)
          FROM jsonb_array_elements(findings) WITH ORDINALITY AS each (finding, place))
     WHERE id IN (SELECT r.id FROM sync_run r
                   WHERE r.findings::text ~ ('"(names|who)": "(?!' || %(gone)s || '")') AND {_OLD} LIMIT %(most)s)
"""  # noqa: S608 - of our own pieces
"""Two facts of findings name people: whose properties were odd, and who was there when asked for again."""

# Not of a run that waits or is under way, whose page tells what it was asked for and whether somebody has decided.
_REQUESTS: Final = """
    DELETE FROM sync_runrequest WHERE id IN (
        SELECT q.id FROM sync_runrequest q
         WHERE q.outcome <> '' AND coalesce(q.settled_at, q.asked_at) < %(before)s
           AND NOT EXISTS (SELECT FROM sync_run r WHERE r.id IN (q.run, q.decides_id)
                              AND r.state IN ('reading', 'planned', 'held', 'applying'))
         LIMIT %(most)s)
"""
# Not of the newest that read anything in whole: what the next one has read is measured against it.
_PROGRESS: Final = """
    DELETE FROM sync_runprogress WHERE run_id IN (
        SELECT r.id FROM sync_runprogress p JOIN sync_run r ON r.id = p.run_id
         WHERE r.finished_at < %(before)s AND r.state NOT IN ('reading', 'planned', 'held', 'applying')
           AND r.id IS DISTINCT FROM (
               SELECT n.id FROM sync_run n JOIN sync_runprogress np ON np.run_id = n.id
                WHERE n.domain_id = r.domain_id AND np.objects_read > 0 AND np.step <> 'read'
                ORDER BY n.number DESC LIMIT 1)
         LIMIT %(most)s)
"""


def batches(now: datetime) -> Iterator[int]:
    """Clear what is older than it is kept, a part at a time; yield how many rows each part had.

    It is noted how many of them said something of people.
    """
    before, rows_count = now - installation.settings().run_details_kept, 0
    for statement in (*_DELETE, _NAMED):
        for rows in _parts(statement, before):
            rows_count += rows
            yield rows
    if rows_count:
        with transaction.atomic():
            acting = Acting(CLOCK, lambda: now)
            note(acting, "run.details_cleared", Subject("runs of before"), rows=rows_count, before=before.isoformat())
    # Nobody is named by these whom the audit log does not name, so nothing is noted.
    yield from _parts(_REQUESTS, now - promises.REQUESTS)
    yield from _parts(_PROGRESS, now - promises.PROGRESS)


def _parts(statement: str, before: datetime) -> Iterator[int]:
    """Carry a statement out until nothing is left for it, and yield how many rows each part had."""
    rows = _TOGETHER
    while rows == _TOGETHER:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, {"before": before, "most": _TOGETHER, "gone": _GONE})
            rows = cursor.rowcount
        yield rows
