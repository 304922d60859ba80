"""Connecting and checking; where a tenant answers again, so do the domains whose automatic sync its silence paused."""

from mailroll.accounts.models import Operator
from mailroll.audit.acting import Acting
from mailroll.connections.consent import keeping, proving, registering
from mailroll.connections.models import AttemptStep, Connection, ConsentAttempt, Source
from mailroll.connections.setup import Credential
from mailroll.directory.models import Domain
from mailroll.sync import schedule


def advance(attempt: ConsentAttempt, acting: Acting) -> ConsentAttempt:
    """Ask once whether a consent counts by now, as `proving.advance` does."""
    row = proving.advance(attempt, acting)
    if row.step == AttemptStep.DONE:
        for connection in Connection.objects.filter(sources=row.source_id):
            schedule.resume_all(connection, acting)
    return row


def register(  # noqa: PLR0917 - what a person enters on one form
    source: Source, operator: Operator, tenant: str, client: str, cloud: str, credential: Credential, acting: Acting
) -> Connection:
    """Connect with a registration of the customer's own, as `registering.connect` does."""
    connection = registering.connect(source, operator, tenant, client, cloud, credential, acting)
    schedule.resume_all(connection, acting)
    return connection


def check(connection: Connection, domain: Domain, acting: Acting) -> None:
    """Ask the tenant what it grants now, as `keeping.check` does."""
    if keeping.check(connection, domain, acting):
        schedule.resume_all(connection, acting)
