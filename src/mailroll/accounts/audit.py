"""Writes the audit trail: an entry stands or falls with what it is about."""

from uuid import UUID

from django.db import transaction

from mailroll.accounts.models import Operator
from mailroll.audit.models import AuditEntry
from mailroll.directory.edit import Detail, Recorder


def record(actor: str, action: str, *, organization: UUID | None, subject: str, **details: Detail) -> None:
    """Write one entry in the transaction under way. `actor` is like `cli:root`; details never hold a credential."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit entry belongs to the transaction of what it tells of")
    AuditEntry.objects.create(actor=actor, action=action, organization=organization, subject=subject, details=details)


def recorder(actor: str) -> Recorder:
    """Return what an edit of the roll notes itself through."""

    def note(action: str, /, *, organization: UUID | None, subject: str, **details: Detail) -> None:
        record(actor, action, organization=organization, subject=subject, **details)

    return note


def operator(who: Operator) -> str:
    """Name an operator as an actor."""
    return f"operator:{who.email}"
