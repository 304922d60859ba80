"""What Django wants to know about the web, worked out from the typed settings."""

import hmac
from urllib.parse import urlsplit

from django.utils.functional import SimpleLazyObject

from mailroll.settings import Settings
from mailroll.settings.mail import MailTransport

_PURPOSE = b"mailroll: Django signs with this"


def signing_key() -> "SimpleLazyObject[str]":
    """Derive Django's secret from the first sealing key, so that all processes share it.

    Lazy, because asking for the keys may make the key file, and importing settings must write nothing. Django's own
    settings are what `installation` asks, so it is imported late.
    """

    def derive() -> str:
        from mailroll.accounts import installation  # noqa: PLC0415 - as said

        first = installation.sealing_keys()[0]
        return hmac.digest(first.encode(), _PURPOSE, "sha256").hex()

    return SimpleLazyObject(derive)


def hosts(settings: Settings) -> list[str]:
    own = urlsplit(settings.console_url).hostname or ""
    return [own, *(name for name in settings.hosts if name != own)]


def origins(settings: Settings) -> list[str]:
    """Every origin that a form of ours may come from; a proxy may hide from us that the person's line was TLS."""
    parts = urlsplit(settings.console_url)
    port = f":{parts.port}" if parts.port else ""
    return [f"{parts.scheme}://{name}{port}" for name in hosts(settings)]


def mail(settings: Settings) -> dict[str, object]:
    """Return Django's settings for messages; without a mail server none is ever handed to it."""
    way = settings.mail
    if way is None or way.transport is MailTransport.STDERR:
        return {"EMAIL_BACKEND": "mailroll.accounts.mail.OnStderr", "DEFAULT_FROM_EMAIL": settings.mail_from}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": way.host,
        "EMAIL_PORT": way.port,
        "EMAIL_HOST_USER": way.user,
        "EMAIL_HOST_PASSWORD": way.password,
        "EMAIL_USE_TLS": way.transport is MailTransport.STARTTLS,
        "EMAIL_USE_SSL": way.transport is MailTransport.TLS,
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": settings.mail_from,
    }


def cookie(name: str, settings: Settings) -> str:
    """Name a cookie as ours: cookies ignore ports, and other programs may live on this host too.

    The prefix has the browser refuse a cookie of this name that another host of the same domain sets.
    """
    prefix = "__Host-" if settings.console_url.startswith("https:") else ""
    return f"{prefix}mailroll_{name}"
