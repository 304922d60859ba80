"""The use cases of connections once they are there: found, and marked as hybrid."""

from uuid import UUID

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.connections.models import Connection
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import BadInput


def find(key: str) -> Connection:
    try:
        connection = Connection.objects.select_related("organization").filter(id=UUID(key)).first()
    except ValueError:
        connection = None
    if connection is None:
        raise BadInput("connection_unknown", f"There is no connection {key}.", "See: mailroll connection list")
    return connection


def set_hybrid(connection: Connection, acting: Acting, *, on: bool) -> None:
    """Say whether mailboxes of the tenant may lie on premises: who comes from there is taken for a person."""
    with transaction.atomic():
        if Connection.objects.filter(id=connection.id, hybrid=not on).update(hybrid=on):
            for domain in Domain.objects.filter(sources__connection=connection).distinct().order_by("id"):
                edit.bump_revision(domain.id)
            action = "connection.hybrid" if on else "connection.not_hybrid"
            note(acting, action, Subject(str(connection.id), connection.organization_id))
    connection.hybrid = on
