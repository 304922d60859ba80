"""The job that brings messages to one channel or administrator, and the chore that queues it."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from mailroll.alerts.models import AlertDelivery
from mailroll.audit import clock
from mailroll.sync.tasks import QUEUE

TOGETHER: Final = 2
"""Jobs of this kind that wait or are at work at once: a channel that hangs shall not keep syncs waiting."""
_LOOKED_AT: Final = 1000
_NAME: Final = "mailroll.alerts.tasks.bring"


@app.task(queue=QUEUE, name=_NAME)
def bring(target: str) -> None:
    """Send what is due to one target."""
    from mailroll.alerts.channels import delivery  # noqa: PLC0415 - every process that sets Django up imports this

    try:
        delivery.deliver(target, clock.now())
    finally:
        connection.close()


def queue_due(now: datetime) -> None:
    """Queue the targets that have waited longest, as far as there is room; their rows are the truth, as with runs."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND status IN ('todo', 'doing')", [_NAME]
        )
        (queued,) = cursor.fetchone()
        for target in _due(now)[: max(0, TOGETHER - int(queued))]:
            try:
                with transaction.atomic():
                    bring.configure(lock=f"alerts:{target}", queueing_lock=f"alerts:{target}", priority=5).defer(
                        target=target
                    )
            except AlreadyEnqueued:
                continue


def _due(now: datetime) -> list[str]:
    rows = AlertDelivery.objects.filter(next_at__lte=now).order_by("next_at", "id")
    return list(dict.fromkeys(one.target for one in rows.only("channel_id", "operator_id")[:_LOOKED_AT]))
