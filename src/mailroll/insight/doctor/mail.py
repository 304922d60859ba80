"""Whether letters can leave: connects to the mail server as every letter does, and signs in there."""

import smtplib
import ssl
from contextlib import closing
from typing import Final

from django.core.mail.backends.smtp import EmailBackend

from mailroll.accounts.letters import Letter
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Diagnosis, fails, good, warns
from mailroll.settings.mail import Mail, MailTransport

_LOCAL: Final = "@localhost"
_URL: Final = "Look at MAILROLL_SMTP_URL"


def examine(circumstances: Circumstances) -> Diagnosis:
    """1. Connect, with TLS where it is asked for, and sign in  2. send a letter if an address was given  3. quit."""
    way = circumstances.settings.mail
    if way is None:
        return warns(
            "No mail server is set, so nobody gets a letter: no invitations and no links for a new password.",
            "Set MAILROLL_SMTP_URL, as smtp://user:password@host:587.",
        )
    if way.transport is MailTransport.STDERR:
        return warns("Letters are printed on standard error and not sent.", "Set MAILROLL_SMTP_URL to a mail server.")
    place = f"{way.host}:{way.port}"
    try:
        with closing(_server(way, circumstances.patience)) as server:
            server.open()
            if circumstances.letter:
                letter = _letter(circumstances.letter).message
                letter.connection = server
                letter.from_email = circumstances.settings.mail_from
                letter.send()
    except smtplib.SMTPException as problem:
        return _refused(place, circumstances.letter, problem)
    except ssl.SSLError as problem:
        return fails(
            f"No safe line to {place} came about ({problem.reason or type(problem).__name__}).",
            f"{_URL}, its port, and the certificate of the mail server.",
        )
    except OSError as problem:
        return fails(
            f"{place} cannot be reached ({problem.strerror or type(problem).__name__}).",
            f"{_URL}, and whether this machine may connect there.",
        )
    if circumstances.settings.mail_from.endswith(_LOCAL):
        return warns(
            f"{place} answers, but letters come from {circumstances.settings.mail_from}, which most servers refuse.",
            "Set MAILROLL_MAIL_FROM to an address of your own.",
        )
    signed_in = "took the sign-in" if way.user else "answers"
    return good(f"{place} {signed_in}{f', and a letter to {circumstances.letter}' if circumstances.letter else ''}.")


def _server(way: Mail, patience: float) -> EmailBackend:
    return EmailBackend(
        host=way.host,
        port=way.port,
        username=way.user,
        password=way.password,
        use_tls=way.transport is MailTransport.STARTTLS,
        use_ssl=way.transport is MailTransport.TLS,
        timeout=patience,
        fail_silently=False,
    )


def _letter(to: str) -> Letter:
    return Letter(
        to=to,
        subject="a letter to try the mail",
        opening="Whoever runs this Mailroll asked for a letter, to see whether mail leaves.",
        closing=("Nothing has to be done.",),
    )


def _refused(place: str, letter: str, problem: smtplib.SMTPException) -> Diagnosis:
    """Tell by codes alone: what a server says in words may repeat what it was sent."""
    match problem:
        case smtplib.SMTPAuthenticationError():
            return fails(f"{place} refuses the user or the password ({problem.smtp_code}).", f"{_URL}.")
        case smtplib.SMTPNotSupportedError():
            return fails(f"{place} offers no TLS, or no way to sign in.", f"{_URL}: user, password and port.")
        case smtplib.SMTPRecipientsRefused():
            codes = ", ".join(str(code) for code, _ in problem.recipients.values())
            return fails(
                f"{place} takes no letter to {letter} ({codes}).", "Give another address, or ask its postmaster."
            )
        case smtplib.SMTPResponseException():
            return fails(f"{place} refuses ({problem.smtp_code}).", f"{_URL}, and the log of the mail server.")
        case _:
            return fails(
                f"{place} ended the line ({type(problem).__name__}).", f"{_URL}, and the log of the mail server."
            )
