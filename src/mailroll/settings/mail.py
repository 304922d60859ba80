"""Where messages go: a mail server, or standard error to try things out."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from mailroll.settings.environment import Environment

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_PORTS = {"smtp": 587, "smtps": 465}


class MailTransport(StrEnum):
    PLAIN = "plain"
    """Without TLS: only to this machine itself."""
    STARTTLS = "starttls"
    TLS = "tls"
    STDERR = "stderr"


@dataclass(frozen=True, slots=True)
class Mail:
    """A way to send. The password is in no text of it."""

    transport: MailTransport
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class LetterLimits:
    """How many letters may leave within a day."""

    by_sender: int
    """Invitations and consent letters of one operator."""
    to_receiver: int
    """Of these to one address; and of links for a new password, which are counted apart."""
    resets_by_network: int
    resets: int
    """Letters that people who are not signed in ask for: from one network, and all together."""
    notices: int
    """Of what is told to one address about its account and its links; and, counted apart, of alerts from a customer."""


def read_letter_limits(reading: Environment) -> LetterLimits:
    return LetterLimits(
        by_sender=reading.number("MAILROLL_LETTERS_BY_SENDER", 100, least=1, most=100_000),
        to_receiver=reading.number("MAILROLL_LETTERS_TO_RECEIVER", 5, least=1, most=1000),
        resets_by_network=reading.number("MAILROLL_RESETS_BY_NETWORK", 20, least=1, most=100_000),
        resets=reading.number("MAILROLL_RESETS", 500, least=1, most=100_000),
        notices=reading.number("MAILROLL_NOTICES", 50, least=1, most=1000),
    )


def read_mail(reading: Environment, variable: str) -> Mail | None:
    text = reading.text(variable)
    if text is None:
        return None
    if text == "stderr:":
        return Mail(MailTransport.STDERR)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in {"", "/"} or parts.query:
        reading.refuse(
            variable,
            "is no SMTP URL",
            "Write it as smtp://user:password@host:587 or smtps://user:password@host:465.",
        )
        return None
    if parts.scheme == "smtps":
        transport = MailTransport.TLS
    else:
        transport = MailTransport.PLAIN if parts.hostname in _LOOPBACK else MailTransport.STARTTLS
    return Mail(
        transport,
        parts.hostname,
        port or _PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )
