"""Refusals in the words of the connection that they are about."""

from collections.abc import Mapping
from typing import Final

from mailroll.connections.models import Connection, CredentialKind
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
_RENEW: Final = (
    "Whoever runs this installation makes a new client secret in its app registration, and writes its value into the"
    " file that MAILROLL_M365_SECRET_FILE names."
)
_OWN: Final[Mapping[str, str]] = {
    "secret_wrong": _RENEW,
    "secret_expired": _RENEW,
    "certificate_unknown": (
        "Whoever runs this installation uploads the certificate of MAILROLL_M365_CERTIFICATE_FILE in its app"
        " registration, and waits some minutes after that."
    ),
    "credential_refused": (
        "Whoever runs this installation checks that its app registration is a confidential client, and renews its"
        " secret or certificate there and in the settings."
    ),
}
"""What to do where the credential of the installation's own registration is refused: no connection holds it."""


def reword_own(error: MailrollError) -> MailrollError:
    """Say what to do of a refusal that the installation's own registration met; any other error stays as it is."""
    return _reworded(error, error.message, _OWN[error.code]) if error.code in _OWN else error


def reword(error: MailrollError, connection: Connection) -> MailrollError:
    """Say of consent that was there once that it was withdrawn, and where, and who holds a credential.

    Any other error stays as it is.
    """
    if connection.credential_kind == CredentialKind.INSTALLATION:
        error = reword_own(error)
    words = _WITHDRAWN.get(error.code)
    if words is None or not _worked(connection):
        return error
    trail = parted(error.message)[1]
    message = words.format(tenant=connection.health.get("tenant_name") or f"tenant {connection.tenant_id}")
    return _reworded(error, f"{message[:-1]} ({trail})." if trail else message, _AGAIN)


def _reworded(error: MailrollError, message: str, way_out: str) -> NeedsConsent:
    reworded = NeedsConsent(error.code, message, way_out)
    reworded.__cause__ = error
    return reworded


def _worked(connection: Connection) -> bool:
    """Whether it was let in before: a source of it was read, or a check was answered."""
    return bool(connection.health.get("permissions")) or connection.sources.filter(read_at__isnull=False).exists()
