"""The page of a refusal: what happened, the two first checks, what to do, and what support wants to know."""

from dataclasses import dataclass
from datetime import UTC, datetime

from mailroll.connections.models import ConsentAttempt
from mailroll.connectors.words import parted
from mailroll.console.connect import words
from mailroll.reconcile.errors import MailrollError


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """Everything on the page but the links, which depend on who reads it."""

    words: words.Words
    message: str
    trail: str
    help: str
    code: str
    tenant: str
    attempt: str
    at: datetime

    @property
    def support(self) -> list[tuple[str, str]]:
        rows = [
            ("Reason", self.code),
            ("Of Microsoft", self.trail),
            ("Tenant", self.tenant),
            ("Attempt", self.attempt),
            ("Time", f"{self.at.astimezone(UTC):%d %b %Y %H:%M:%S} UTC"),
        ]
        return [(name, value) for name, value in rows if value]


def of_attempt(attempt: ConsentAttempt) -> RefusalPage:
    told = attempt.refusal or {"code": "state_spent", "message": "This attempt was not finished in time.", "help": ""}
    return RefusalPage(
        words.of_attempt(attempt),
        *parted(told["message"]),
        "" if words.known(told["code"]) else told["help"],
        told["code"],
        attempt.tenant_id,
        str(attempt.id),
        attempt.finished_at or attempt.expires_at,
    )


def of_error(error: MailrollError, domain: str) -> RefusalPage:
    found = words.words_for(error.code, domain)
    return RefusalPage(found, *parted(error.message), error.help, error.code, "", "", datetime.now(UTC))
