"""Whose turn it is: of each customer of the provider in turn, and below a customer of each organization in turn.

What stands directly below the top has all that is below it with it (`tree.branch`). So a reseller who adds
organizations gets no more turns by it.

A domain is hinted while nobody has read it since its directory told of a change, unless its runs fail. Hinted domains
come before the others of their customer; of all customers together, hinted domains and the others alternate. One whose
readings are doubted each time stays hinted, and has one run in each interval as without a hint. Where a directory told
of nothing when it was read, it is looked at again some minutes behind the hint (`pace.next_look`): such a domain comes
behind those that nobody has read since, and before the others.
"""

from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from mailroll.sync.models import Schedule
from mailroll.sync.schedules import pace

# Nearly all organizations stand on top or directly below it; only who stands lower climbs. Joined, not asked for each
# row: of 20,000 domains that are due that is a tenth of the time. In a ring of parents nobody is on top, and each is
# by itself.
ORGANIZATIONS: Final = """
    JOIN directory_organization own ON own.id = {organization}
    LEFT JOIN directory_organization above ON above.id = own.parent_id
"""
BRANCH: Final = """
    CASE WHEN above.parent_id IS NULL THEN own.id ELSE coalesce((
        WITH RECURSIVE line (id, parent_id) AS (
            SELECT above.id, above.parent_id
            UNION
            SELECT upper.id, upper.parent_id
              FROM directory_organization upper JOIN line ON upper.id = line.parent_id
        ) SELECT line.id FROM line JOIN directory_organization top ON top.id = line.parent_id
           WHERE top.parent_id IS NULL), own.id) END
"""

# A hint bears the database's time. One of a time to come was written before that clock was set back: it counts for
# nothing.
HINTED: Final = """
    coalesce({schedule}.hinted_at <= statement_timestamp()
             AND {schedule}.hinted_at > coalesce({domain}.read_at, '-infinity'), false)
"""
# 2 where it is hinted, 1 where it is to be looked at again behind a hint, else 0.
HINT: Final = f"""
    CASE WHEN {HINTED} THEN 2
         WHEN {{schedule}}.hinted_at <= statement_timestamp() AND {{schedule}}.next_run_at > {{schedule}}.hinted_at
              AND {{schedule}}.next_run_at <= {{schedule}}.hinted_at
                  + interval '{pace.BEHIND.total_seconds()} s' THEN 1
         ELSE 0 END
"""
# Of `due` with a domain, its organization and branch, when it is due, and its hint.
TURNS: Final = """
    organization_turns AS (
        SELECT due.*, row_number() OVER (PARTITION BY organization_id, hint ORDER BY next_run_at) AS turn FROM due
    ), branch_turns AS (
        SELECT domain_id, next_run_at, hint, branch,
               row_number() OVER (PARTITION BY branch ORDER BY hint DESC, turn, next_run_at, domain_id) - 1
               AS place
          FROM organization_turns
    )
"""
# Of hinted domains at one place chance takes the first: by the time that they wait, a customer that has one would come
# behind all those of a customer that has a thousand, where there is room for one at a time.
ALTERNATION: Final = """
    row_number() OVER (PARTITION BY hint > 0
                       ORDER BY hint DESC, place, CASE WHEN hint > 0 THEN random() END, next_run_at, domain_id)
"""

# Of what waits or is under way already, there is little.
_PLACES: Final = f"""
    WITH ahead AS (
        SELECT {BRANCH} AS branch, count(*) AS requests,
               count(*) FILTER (WHERE w.failures = 0 AND {HINTED.format(schedule="w", domain="d")}) AS hints
          FROM sync_runrequest r JOIN directory_domain d ON d.id = r.domain_id
               JOIN sync_schedule w ON w.domain_id = d.id {ORGANIZATIONS.format(organization="d.organization_id")}
         WHERE r.outcome = '' AND r.decision = '' AND r.trigger = 'automatic'
         GROUP BY 1
    ), due AS (
        SELECT found.domain_id, found.next_run_at, found.organization_id, {BRANCH} AS branch,
               CASE WHEN found.failures = 0 THEN {HINT.format(schedule="found", domain="found")} ELSE 0 END AS hint
          FROM (%(due)s) found {ORGANIZATIONS.format(organization="found.organization_id")}
    ), {TURNS}, placed AS (
        SELECT domain_id, next_run_at, hint,
               place + coalesce(CASE WHEN hint = 2 THEN ahead.hints ELSE ahead.requests END, 0) AS place
          FROM branch_turns LEFT JOIN ahead USING (branch)
    )
    SELECT domain_id, place - (hint = 2)::integer FROM placed WHERE place < %%s
     ORDER BY {ALTERNATION} + CASE WHEN hint > 0 THEN %%s ELSE 0 END, hint DESC LIMIT %%s
"""  # noqa: S608 - of our own pieces


# Of a domain that is at work when the hint comes, another run is due behind that one. Requests and jobs come and go too
# fast for statistics, and where PostgreSQL takes many for one it compares each with each. So what is joined is looked
# up by its primary key, and nothing else is a condition before all are joined.
_ADVANCE: Final = f"""
    WITH jobs AS MATERIALIZED (
        SELECT id, priority, (args ->> 'request')::uuid AS request
          FROM procrastinate_jobs WHERE queue_name = %s AND status = 'todo'
    ), requests AS MATERIALIZED (
        SELECT jobs.id, jobs.priority, d.organization_id, w.hinted_at,
               r.outcome = '' AND r.decision = '' AND r.trigger = 'automatic'
               AND w.failures = 0 AND {HINTED.format(schedule="w", domain="d")} AS is_hinted
          FROM jobs JOIN sync_runrequest r ON r.id = jobs.request
          JOIN directory_domain d ON d.id = r.domain_id
          JOIN sync_schedule w ON w.domain_id = r.domain_id
    ), waiting AS (
        SELECT q.id, q.priority, q.hinted_at, {BRANCH} AS branch
          FROM requests q {ORGANIZATIONS.format(organization="q.organization_id")} WHERE q.is_hinted
    ), first AS (
        SELECT DISTINCT ON (branch) id, priority FROM waiting ORDER BY branch, priority DESC, hinted_at, id
    ), free AS (
        SELECT j.id FROM first CROSS JOIN LATERAL (
               SELECT id, status FROM procrastinate_jobs WHERE id = first.id LIMIT 1 FOR UPDATE SKIP LOCKED) j
         WHERE first.priority < %s AND j.status = 'todo'
    )
    UPDATE procrastinate_jobs j SET priority = %s FROM free WHERE j.id = free.id
"""  # noqa: S608 - of our own pieces


def advance(queue: str, priority: int) -> int:
    """Have the first hinted run of each branch that waits in the queue go ahead, with this priority; returns how many.

    What a worker takes in this moment is left to it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE, [queue, priority, priority])
        return int(cursor.rowcount)


def places(due: QuerySet[Schedule], share: int, room: int, hints: int = 0) -> dict[UUID, int]:
    """Return which of the domains that are due come first, and how many of their branch come before each.

    A hinted domain comes after the hinted ones of its branch alone, and is -1 where there are none: so it goes ahead
    of the first of everybody. `hints`: how many such runs wait or are under way. As many of the other domains come
    before the next hinted one. Of no branch more wait or are under way than its `share`, and as many hinted ones
    beside; of all `room` at the most.
    """
    rows = due.order_by().annotate(organization_id=F("domain__organization"), read_at=F("domain__read_at"))
    columns = ("domain_id", "next_run_at", "failures", "hinted_at", "organization_id", "read_at")
    inner, parameters = rows.values_list(*columns).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_PLACES % {"due": inner}, [*parameters, share, hints, room])
        return dict(cursor.fetchall())
