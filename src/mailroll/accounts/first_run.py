"""The first run of an installation: whoever has the link that the server printed becomes its first operator.

The link lives in the memory of the process that printed it, as a hash, and so ends with that process. No row, file or
environment has it: a copy of any of these opens nothing.
"""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from mailroll import promises
from mailroll.accounts import installation, operators
from mailroll.accounts.models import Operator, OperatorManager
from mailroll.audit import clock
from mailroll.audit.notes import Subject, note
from mailroll.reconcile.errors import Refused
from mailroll.settings import Switch

VALID: Final = promises.FIRST_RUN


@dataclass(frozen=True, slots=True)
class StartLink:
    """What is kept of a link: the SHA-256 of its token, and until when it works."""

    digest: bytes
    ends_at: datetime

    @property
    def mark(self) -> str:
        """What a session keeps of it: a session is a row, and the token stands in no row."""
        return self.digest.hex()


class FirstRun:
    """The one link of a process, while it works."""

    def __init__(self, now: Callable[[], datetime] = clock.now) -> None:
        self._now = now
        self._link: StartLink | None = None
        self._lock = threading.Lock()

    def offer(self) -> tuple[str, datetime] | None:
        """Make the link's token, and say until when it works; None where somebody has an account already."""
        if not is_empty():
            return None
        token = secrets.token_urlsafe(32)
        ends_at = self._now() + VALID
        with self._lock:
            self._link = StartLink(_digest(token), ends_at)
        return token, ends_at

    def end(self) -> None:
        with self._lock:
            self._link = None

    def waits(self) -> StartLink | None:
        """Return the link while it works. Once somebody has an account it ends for good, whoever made them."""
        with self._lock:
            link = self._link
        if link is None:
            return None
        if self._now() >= link.ends_at or not is_empty():
            self.end()
            return None
        return link

    def opens(self, token: str) -> StartLink | None:
        """Return the link that a token is for; None where it is for none that works."""
        link = self.waits()
        return link if link is not None and hmac.compare_digest(link.digest, _digest(token)) else None

    def shown(self, mark: str) -> StartLink | None:
        """Return the link that a session has shown before."""
        link = self.waits()
        return link if link is not None and hmac.compare_digest(link.mark.encode(), mark.encode()) else None

    def begin(self, mark: str, *, email: str, password: str, name: str, organization: str) -> Operator:
        """Make the first operator and, where there is none, the organization on top. Of two at once one is refused.

        Raises `Refused` where the link works no more, and `BadInput`.
        """
        if self.shown(mark) is None:
            raise _link_refusal()
        acting = operators.acting_as(Operator(email=OperatorManager.normalize_email(email)))
        with transaction.atomic():
            operator = operators.first_administrator(email, password, acting, name=name, organization=organization)
            if operator is None:
                raise _link_refusal()
            note(acting, "installation.begun", Subject(operator.email))
        self.end()
        return operator


LINK: Final = FirstRun()


def is_empty() -> bool:
    """Whether nobody has an account here."""
    return not Operator.objects.exists()


def is_possible() -> bool:
    """Whether the link leads anywhere: it makes an account with a password."""
    return installation.settings().password_sign_in is Switch.ON


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _link_refusal() -> Refused:
    return Refused(
        "start_link_ended",
        "This link does not work any more.",
        f"It works once, for {promises.in_words(VALID)}, and only while nobody has an account here.",
    )
