"""Old entries of the audit trail go, but for those that account for something that still stands."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from mailroll.accounts import installation
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.sync.workers.tick import CLOCK

_TOGETHER: Final = 10_000
"""Entries that go in one transaction: nobody who notes something waits for more."""

# What is read of the trail, or would be asked about: a user's history, who gave a role or made a token that still
# works, who connected what is connected, and who switched off who is off.
_STANDS = """
    e.action LIKE 'user.%%' AND e.details->>'user' IN (SELECT id::text FROM directory_user)
    OR e.action LIKE 'membership.%%' AND (e.subject, e.organization) IN (
        SELECT who.email, held.organization_id
          FROM accounts_membership held JOIN accounts_operator who ON who.id = held.operator_id)
    OR e.action = 'token.added' AND e.details->>'token' IN (
        SELECT id::text FROM accounts_token WHERE revoked_at IS NULL)
    OR e.action IN ('source.connected', 'connection.added') AND (
        e.details->>'connection' IN (SELECT id::text FROM connections_connection)
        OR e.subject IN (SELECT id::text FROM connections_connection))
    OR e.action = 'operator.deactivated' AND e.subject IN (SELECT email FROM accounts_operator WHERE NOT is_active)
"""
_DELETE = f"""
    DELETE FROM audit_auditentry WHERE id IN (
        SELECT e.id FROM audit_auditentry e WHERE e.at < %s AND ({_STANDS}) IS NOT TRUE ORDER BY e.id LIMIT %s)
"""  # noqa: S608 - of our own pieces


def clear(now: datetime) -> int:
    """Delete what is older than the installation keeps, and note how many entries that were."""
    before, entries_count = now - installation.settings().audit_kept, 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_DELETE, [before, _TOGETHER])
            deleted_count: int = cursor.rowcount
        entries_count += deleted_count
        if deleted_count < _TOGETHER:
            break
    if entries_count:
        with transaction.atomic():
            acting = Acting(CLOCK, lambda: now)
            note(
                acting, "audit.cleared", Subject("entries of before"), entries=entries_count, before=before.isoformat()
            )
    return entries_count
