"""Refusals in the words of the connection that they are about."""

from typing import Final

from mailroll.connections.models import Connection
from mailroll.connectors.words import parted
from mailroll.reconcile.errors import MailrollError, NeedsConsent

_WITHDRAWN: Final = {
    # An entry of the application that was there and is gone was deleted by an administrator of the tenant, under its
    # enterprise applications. Microsoft answers the same (AADSTS700016) where the registration itself was deleted.
    "app_not_in_tenant": (
        "Consent was withdrawn by an administrator of {tenant}, or the registration of the application was deleted."
    ),
    "consent_missing": "Consent was withdrawn by an administrator of {tenant}.",
}
_AGAIN: Final = "Let an administrator of the tenant grant consent again, and wait a few minutes."


def reword(error: MailrollError, connection: Connection) -> MailrollError:
    """Say of consent that was there once that it was withdrawn, and where; any other error stays as it is."""
    words = _WITHDRAWN.get(error.code)
    if words is None or not _worked(connection):
        return error
    trail = parted(error.message)[1]
    message = words.format(tenant=connection.health.get("tenant_name") or f"tenant {connection.tenant_id}")
    reworded = NeedsConsent(error.code, f"{message[:-1]} ({trail})." if trail else message, _AGAIN)
    reworded.__cause__ = error
    return reworded


def _worked(connection: Connection) -> bool:
    """Whether it was let in before: a source of it was read, or a check was answered."""
    return bool(connection.health.get("permissions")) or connection.sources.filter(read_at__isnull=False).exists()
