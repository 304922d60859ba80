"""What standings and runs come to: rows of differences that triggers add, put together and compared with the truth."""

from typing import Final

from django.db import connection, transaction

# Of two who do it at once the later finds the rows gone: it takes nothing, and adds nothing.
_FOLD: Final = """
    WITH gone AS (
        DELETE FROM sync_standingsum
         WHERE organization_id IN (SELECT organization_id FROM sync_standingsum WHERE NOT is_whole)
        RETURNING *
    )
    INSERT INTO sync_standingsum (organization_id, domains, users, billable, automatic, kept, is_whole)
    SELECT organization_id, sum(domains), sum(users), sum(billable), sum(automatic), sum(kept), true
      FROM gone GROUP BY organization_id
    HAVING (sum(domains), sum(users), sum(billable), sum(automatic), sum(kept)) <> (0, 0, 0, 0, 0)
"""
# One statement sees standings and sums of one moment: whoever writes a standing writes its sum in the same transaction.
_MEND: Final = """
    INSERT INTO sync_standingsum (organization_id, domains, users, billable, automatic, kept)
    SELECT organization_id, sum(domains), sum(users), sum(billable), sum(automatic), sum(kept)
      FROM (SELECT organization_id, 1 AS domains, users, billable, automatic::int AS automatic,
                   (automatic AND read_at IS NOT NULL)::int AS kept
              FROM sync_domainstanding
            UNION ALL
            SELECT organization_id, -domains, -users, -billable, -automatic, -kept FROM sync_standingsum) both_sides
     GROUP BY organization_id
    HAVING (sum(domains), sum(users), sum(billable), sum(automatic), sum(kept)) <> (0, 0, 0, 0, 0)
"""
_FOLD_RUNS: Final = """
    WITH gone AS (
        DELETE FROM sync_runcount
         WHERE slot < now() - interval '3 days'
            OR slot IN (SELECT slot FROM sync_runcount GROUP BY 1 HAVING count(*) > 1)
        RETURNING *
    )
    INSERT INTO sync_runcount (slot, number)
    SELECT slot, sum(number) FROM gone WHERE slot >= now() - interval '3 days' GROUP BY slot HAVING sum(number) <> 0
"""
# Which runs ended well is told by what `sync_count_runs` goes by as well; a test holds both together.
_MEND_RUNS: Final = """
    INSERT INTO sync_runcount (slot, number)
    SELECT slot, sum(number)
      FROM (SELECT date_bin('15 minutes', started_at, 'epoch') AS slot, 1 AS number
              FROM sync_run
             WHERE parent_id IS NULL AND state IN ('applied', 'unchanged')
               AND (trigger NOT IN ('preview', 'import', 'held') OR state = 'applied' OR timings ? 'apply')
               AND started_at >= now() - interval '3 days'
            UNION ALL
            SELECT slot, -number FROM sync_runcount) both_sides
     WHERE slot >= now() - interval '3 days'
     GROUP BY slot HAVING sum(number) <> 0
"""
_LOCK: Final = "SELECT pg_try_advisory_xact_lock(hashtextextended('mailroll standing sums', 0))"
_TURN: Final = "SELECT pg_advisory_xact_lock(hashtextextended('mailroll standing sums mended', 0))"


def fold() -> None:
    """Put the rows of each organization, and of each time, into one, unless somebody else does it now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        (alone,) = cursor.fetchone()
        if alone:
            cursor.execute(_FOLD)
            cursor.execute(_FOLD_RUNS)


def mend() -> int:
    """Make the sums what the standings come to; return for how many organizations they were not."""
    return _mended(_MEND)


def mend_runs() -> int:
    """Make the counts of runs what there are; return for how many quarters of an hour they were not."""
    return _mended(_MEND_RUNS)


def _mended(statement: str) -> int:
    """Add what is lacking. Who does it at the same time waits: two that find the same difference would both add it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TURN)
        cursor.execute(statement)
        return int(cursor.rowcount)
