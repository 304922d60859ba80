"""How messages leave this installation, and what is said where they cannot."""

import smtplib
import sys
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend
from django.db import transaction
from django.template.loader import render_to_string

from mailroll.accounts import installation
from mailroll.reconcile.text import shown

_log = structlog.get_logger()


class OnStderr(EmailBackend):
    """Prints messages instead of sending them: to try things out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "stream": sys.stderr})


def is_set_up() -> bool:
    return installation.settings().mail is not None


def tell(email: str, what: str) -> None:
    """Tell somebody, once the transaction under way is done, that their account changed; where mail can be sent."""
    words = {"what": what, "console_host": urlsplit(installation.settings().console_url).netloc}
    body = render_to_string("account/email/changed_message.txt", words)
    message = EmailMessage("Mailroll: your account changed", body, to=[email])
    transaction.on_commit(lambda: send(message))


def send(message: EmailMessage) -> bool:
    """Send, or say in the log that it failed and why; never whom it was for, and never what it held."""
    if not is_set_up():
        return False
    message.subject, message.body = shown(str(message.subject)), shown(str(message.body))
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as problem:
        _log.error("mail_not_sent", problem=type(problem).__name__)
        return False
    return True
