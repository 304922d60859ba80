"""What became of a request, written down once."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from mailroll.reconcile.errors import Refused
from mailroll.sync.models import RequestOutcome, RunRequest


def settle(
    request: RunRequest,
    outcome: RequestOutcome,
    now: datetime,
    error: Mapping[str, str] | None = None,
    *,
    answer: UUID | None = None,
) -> bool:
    """Write the outcome down; False where another was faster.

    `answer`: the run that answers. A request that names another by now is left to that one: this process slept.
    """
    with transaction.atomic():
        waiting_requests = RunRequest.objects.filter(id=request.id, outcome="")
        if answer is not None:
            waiting_requests = waiting_requests.filter(run=answer)
        return bool(waiting_requests.update(outcome=outcome, run=request.run, error=error, settled_at=now))


class Settled(Refused):
    """A request was cancelled before its run or its decision began."""

    def __init__(self) -> None:
        super().__init__("request_settled", "This was cancelled before it began.", "Nothing was changed.")


def expect_waiting(request: RunRequest) -> None:
    """Hold a request's row to the end of the transaction. Raises `Settled` where it was cancelled meanwhile."""
    if not RunRequest.objects.select_for_update().filter(id=request.id, outcome="").exists():
        raise Settled


def name_run(request: RunRequest, run: UUID) -> None:
    """Name the run that answers a request, in the transaction that makes it. Raises as `expect_waiting` does."""
    request.run = run
    if not RunRequest.objects.filter(id=request.id, outcome="").update(run=run):
        raise Settled
