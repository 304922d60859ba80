"""Faults of our own side: what is kept of one that nobody foresaw, and which are of the whole installation."""

from typing import Final
from uuid import UUID

from mailroll.connections.models import CredentialKind, Source
from mailroll.reconcile.errors import MailrollError
from mailroll.schema.outage import outage
from mailroll.sealing import MisplacedError, WrongKeyError

_OUT_OF_REACH: Final = frozenset(
    {"host_unknown", "host_unreachable", "tls_broken_off", "connection_lost", "answer_too_slow", "clock_wrong"}
)
"""Errors of the way there: where this machine's own network was away, or its clock, each domain failed like this."""
_OF_CREDENTIAL: Final = frozenset({"secret_wrong", "secret_expired", "certificate_unknown", "credential_refused"})
"""What is refused is what the connection proves itself with: it may be the installation's, shared by all customers."""


def unexpected(error: Exception) -> dict[str, str]:
    """A fault nobody foresaw, as a run keeps it: its kind only, as its text may hold anything.

    Of the database itself it is told whether it was away, or its disk full; and of a credential that it does not open.
    """
    if isinstance(error, WrongKeyError | MisplacedError):
        return {"code": error.code, "message": error.message, "help": error.help}
    away = outage(error)
    if away is not None:
        return away.as_json()
    return {
        "code": "internal_error",
        "message": f"Something broke on our side ({type(error).__name__}). The list is as it was.",
        "help": "Look into the log, and report it with the number of the run.",
    }


def ails_installation(error: MailrollError, domain: UUID) -> bool:
    """Whether it is nobody's at the tenant: other domains fail alike, and once it is mended all of them can be read."""
    if error.code not in _OF_CREDENTIAL:
        return error.code in _OUT_OF_REACH
    sources = Source.objects.filter(domain=domain, enabled=True)
    return sources.filter(connection__credential_kind=CredentialKind.INSTALLATION).exists()
