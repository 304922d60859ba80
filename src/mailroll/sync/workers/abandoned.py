"""Ends the runs of commands that were killed: nobody else does where no other run of their domain comes."""

from contextlib import suppress
from datetime import datetime

from django.db.models import Q

from mailroll.sync.locks import domain_lock
from mailroll.sync.models import RunRequest


def settle(now: datetime) -> None:
    """Settle the domains of runs that say that they are under way, while nobody holds the lock.

    Runs for which a request waits are left alone: another worker makes those again, and settles them then. A request
    that was answered is no reason to: a command may apply what a worker had planned.
    """
    for run, domain in domain_lock.abandoned_runs().items():
        if not RunRequest.objects.filter(Q(id=run) | Q(run=run) | Q(decides=run), outcome="").exists():
            # Whoever takes the lock settles what was left behind.
            with suppress(domain_lock.AlreadyRunning), domain_lock.alone(domain, now):
                pass
