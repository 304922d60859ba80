"""The job that brings messages to one channel or administrator, and the chore that queues it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from mailroll.audit import clock
from mailroll.sync.tasks import QUEUE

TOGETHER: Final = 2
"""Jobs of this kind that wait or are at work at once: a channel that hangs shall not keep syncs waiting."""
_NAME: Final = "mailroll.alerts.tasks.bring"

# A person counts as an organization of their own.
_DUE: Final = """
    WITH due AS (
        SELECT CASE WHEN m.channel_id IS NULL THEN 'operator:' || m.operator_id ELSE 'channel:' || m.channel_id END
               AS target, coalesce(c.organization_id, m.operator_id) AS whose, min(m.next_at) AS first
          FROM alerts_alertdelivery m LEFT JOIN alerts_alertchannel c ON c.id = m.channel_id
         WHERE m.next_at <= %(now)s GROUP BY 1, 2
    ), busy AS (
        SELECT coalesce(c.organization_id::text, split_part(q.target, ':', 2)) AS whose
          FROM unnest(%(queued)s::text[]) AS q (target)
          LEFT JOIN alerts_alertchannel c ON 'channel:' || c.id = q.target
    )
    SELECT due.target FROM due WHERE due.target <> ALL (%(queued)s::text[])
     ORDER BY (SELECT count(*) FROM busy WHERE busy.whose = due.whose::text)
              + row_number() OVER (PARTITION BY due.whose ORDER BY due.first, due.target), due.first, due.target
     LIMIT %(room)s
"""


@app.task(queue=QUEUE, name=_NAME)
def bring(target: str) -> None:
    """Send what is due to one target."""
    from mailroll.alerts.channels import delivery  # noqa: PLC0415 - every process that sets Django up imports this

    try:
        delivery.deliver(target, clock.now())
    finally:
        connection.close()


def queue_due(now: datetime) -> None:
    """Queue the targets that have waited longest, as far as there is room; their rows are the truth, as with runs.

    Those of organizations that have none at work come first: one whose channels hang shall not hold up the others.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT args ->> 'target' FROM procrastinate_jobs WHERE task_name = %s AND status IN ('todo', 'doing')",
            [_NAME],
        )
        queued = [str(target) for (target,) in cursor.fetchall()]
        for target in _due(now, queued, max(0, TOGETHER - len(queued))):
            try:
                with transaction.atomic():
                    bring.configure(lock=f"alerts:{target}", queueing_lock=f"alerts:{target}", priority=5).defer(
                        target=target
                    )
            except AlreadyEnqueued:
                continue


def _due(now: datetime, queued: Sequence[str], room: int) -> list[str]:
    """Targets in the order in which they are served: of each organization one in turn."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": now, "queued": list(queued), "room": room})
        return [str(target) for (target,) in cursor.fetchall()]
