"""How letters leave this installation, and what is said where they cannot."""

import smtplib
import sys
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend
from django.db import transaction

from mailroll.accounts import installation, letter_limits, letters
from mailroll.accounts.letters import Letter, Quoted


class OnStderr(EmailBackend):
    """Prints letters instead of sending them, to try things out: the plain text, which says all that the HTML says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "stream": sys.stderr})

    def write_message(self, message: EmailMessage) -> None:
        super().write_message(EmailMessage(message.subject, message.body, message.from_email, message.to))


def is_set_up() -> bool:
    return installation.settings().mail is not None


def tell(email: str, sentence: str) -> None:
    """Tell somebody, once the transaction under way is done, that their account changed; where mail can be sent."""
    transaction.on_commit(lambda: notify(changed(email, sentence)))


def changed(email: str, sentence: str) -> Letter:
    """`sentence`: a sentence of ours that begins with a small letter."""
    return Letter(
        to=email,
        subject="your account changed",
        opening=f"At the Mailroll Console of {letters.console_host()}, {sentence}",
        quoted=(Quoted("Account", email),),
        closing=("If it was not you, ask for a new password at once and tell whoever runs this Console.",),
    )


def notify(letter: Letter) -> None:
    """Send what tells somebody of a change; the log says where there were too many within a day."""
    if not is_set_up():
        return
    if letter_limits.admit_notice(letter.to):
        send(letter)
    else:
        _log().warning("notices_spent")


def send(letter: Letter) -> bool:
    """Send, or say in the log that it failed and why; never whom it was for, and never what it held."""
    if not is_set_up():
        return False
    try:
        letter.message.send()
    except (OSError, smtplib.SMTPException) as problem:
        _log().error("mail_not_sent", problem=type(problem).__name__)
        return False
    return True


def _log() -> Any:
    """Imported for the first event: every command that knows operators imports this module, and few have one."""
    from mailroll import events  # noqa: PLC0415

    return events.logger(__name__)
