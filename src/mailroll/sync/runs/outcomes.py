"""What became of a request, written down once."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from mailroll.reconcile.errors import Refused
from mailroll.sync.models import RequestOutcome, RunRequest


def settle(request: RunRequest, outcome: RequestOutcome, now: datetime, error: Mapping[str, str] | None = None) -> bool:
    """Write the outcome down; False where another was faster."""
    with transaction.atomic():
        waiting_requests = RunRequest.objects.filter(id=request.id, outcome="")
        return bool(waiting_requests.update(outcome=outcome, run=request.run, error=error, settled_at=now))


def expect_waiting(request: RunRequest) -> None:
    """Hold a request's row to the end of the transaction. Raises `Refused` where it was cancelled meanwhile."""
    if not RunRequest.objects.select_for_update().filter(id=request.id, outcome="").exists():
        raise Refused("request_settled", "This was cancelled before it began.", "Nothing was changed.")
