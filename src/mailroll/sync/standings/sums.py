"""What standings come to for each organization: rows that triggers add, put together and compared with the truth."""

from typing import Final

from django.db import connection, transaction

# Of two who do it at once the later finds the rows gone: it takes nothing, and adds nothing.
_FOLD: Final = """
    WITH gone AS (
        DELETE FROM sync_standingsum
         WHERE organization_id IN (SELECT organization_id FROM sync_standingsum GROUP BY 1 HAVING count(*) > 1)
        RETURNING *
    )
    INSERT INTO sync_standingsum (organization_id, domains, users, billable, automatic, kept)
    SELECT organization_id, sum(domains), sum(users), sum(billable), sum(automatic), sum(kept)
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
    """Make the sums what the standings come to; return for how many organizations they were not.

    Who does it at the same time waits: two that find the same difference would both add it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TURN)
        cursor.execute(_MEND)
        return int(cursor.rowcount)
