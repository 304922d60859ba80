"""Whose turn it is: of each customer of the provider in turn, and below a customer of each organization in turn.

What stands directly below the top has all that is below it with it (`tree.branch`). So a reseller who adds
organizations gets no more turns by it.
"""

from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from mailroll.sync.models import Schedule

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

# Of what waits or is under way already, there is little.
_PLACES: Final = f"""
    WITH ahead AS (
        SELECT {BRANCH} AS branch, count(*) AS number
          FROM sync_runrequest r JOIN directory_domain d ON d.id = r.domain_id
               {ORGANIZATIONS.format(organization="d.organization_id")}
         WHERE r.outcome = '' AND r.trigger = 'automatic'
         GROUP BY 1
    ), due AS (
        SELECT found.domain_id, found.next_run_at, found.place, {BRANCH} AS branch
          FROM (%(due)s) found {ORGANIZATIONS.format(organization="found.organization")}
    ), placed AS (
        SELECT due.domain_id, due.next_run_at,
               row_number() OVER (PARTITION BY due.branch ORDER BY due.place, due.next_run_at, due.domain_id) - 1
               + coalesce(ahead.number, 0) AS place
          FROM due LEFT JOIN ahead USING (branch)
    )
    SELECT domain_id, place FROM placed WHERE place < %%s ORDER BY place, next_run_at, domain_id LIMIT %%s
"""  # noqa: S608 - of our own pieces


def places(due: QuerySet[Schedule], share: int, room: int) -> dict[UUID, int]:
    """Return which of the domains that are due come first, and how many of their branch come before each.

    Of none more wait or are under way than its `share`, and of all `room` at the most.
    """
    turn = Window(RowNumber(), partition_by="domain__organization", order_by="next_run_at")
    rows = due.order_by().annotate(organization=F("domain__organization"), place=turn)
    inner, parameters = rows.values_list("domain_id", "next_run_at", "organization", "place").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_PLACES % {"due": inner}, [*parameters, share, room])
        return dict(cursor.fetchall())
