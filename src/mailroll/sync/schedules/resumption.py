"""Where a tenant answers again, so do the domains whose automatic sync its silence paused."""

from django.db.models import QuerySet

from mailroll.audit.actor import Acting
from mailroll.connections import check as checking
from mailroll.connections.consent import proof
from mailroll.connections.models import AttemptStep, Connection, ConsentAttempt, Source
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import MailrollError, NeedsConsent
from mailroll.sync import shared_units
from mailroll.sync.models import Schedule
from mailroll.sync.schedules import schedule


def advance(attempt: ConsentAttempt, acting: Acting) -> ConsentAttempt:
    """Ask once whether a consent counts by now, as `proof.advance` does."""
    row = proof.advance(attempt, acting)
    if row.step == AttemptStep.DONE:
        for connection in Connection.objects.filter(sources=row.source_id):
            schedule.resume_all(connection, acting)
    return row


def check(
    connection: Connection, domain: Domain | None, acting: Acting, sees: QuerySet[Domain] | None = None
) -> MailrollError | None:
    """Ask the tenant what it grants now, as `check.check` of connections does; `sees` is as in `resume_all`.

    Raises `Retry` where its application pauses, and that was tried a moment ago.
    """
    shared_units.begin_try((connection,), acting.now())
    refusal = checking.check(connection, domain, acting)
    if refusal is None:
        schedule.resume_all(connection, acting, sees)
    elif isinstance(refusal, NeedsConsent):
        _restate(connection, refusal)
    return refusal


def _restate(connection: Connection, refusal: NeedsConsent) -> None:
    """Say of the paused domains that read this connection why its tenant refuses now. They stay paused."""
    sources = Source.objects.filter(connection=connection, enabled=True)
    Schedule.objects.filter(paused__isnull=False, domain__in=sources.values("domain")).update(paused=refusal.as_json())
