"""Where messages go: read from one URL, whose password is in no text."""

import pytest

from mailroll.settings import BadSettingsError, Mail, Settings
from mailroll.settings.mail import MailTransport

_HOME = {"HOME": "/home/jo"}


def _mail(url: str) -> Mail | None:
    return Settings.read(_HOME | {"MAILROLL_SMTP_URL": url}).mail


@pytest.mark.parametrize(
    ("url", "mail"),
    [
        ("", None),
        ("stderr:", Mail(MailTransport.STDERR)),
        ("smtp://mx.example", Mail(MailTransport.STARTTLS, "mx.example", 587)),
        ("smtps://jo:p%40ss@mx.example", Mail(MailTransport.TLS, "mx.example", 465, "jo", "p@ss")),
        ("smtp://127.0.0.1:2525", Mail(MailTransport.PLAIN, "127.0.0.1", 2525)),
    ],
)
def test_a_url_says_how_a_message_leaves(url: str, mail: Mail | None) -> None:
    assert _mail(url) == mail


@pytest.mark.parametrize("url", ["mx.example", "http://mx.example", "smtp://", "smtp://mx:port", "smtp://mx/x?tls=no"])
def test_what_is_no_such_url_is_refused(url: str) -> None:
    with pytest.raises(BadSettingsError, match="MAILROLL_SMTP_URL is no SMTP URL"):
        _mail(url)


def test_the_password_is_in_no_text() -> None:
    settings = Settings.read(_HOME | {"MAILROLL_SMTP_URL": "smtps://jo:hidden@mx.example"})
    assert "hidden" not in f"{settings!r} {settings.mail!r}"


def test_an_administrator_without_a_password_is_refused() -> None:
    with pytest.raises(BadSettingsError, match="MAILROLL_ADMIN_PASSWORD_FILE is not set"):
        Settings.read(_HOME | {"MAILROLL_ADMIN_EMAIL": "jo@example.com"})
