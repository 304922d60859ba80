"""The browser that went to Microsoft, known again by a cookie of this host; and which address of the Console it is at.

The cookie is apart from the session: at the registered address there may be none, and a customer never has one.
"""

from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase

from mailroll.accounts import installation

LIFE: Final = 60 * 60
"""Seconds: the state ends after ten minutes, the page that waits for Microsoft may be open longer."""


def _name() -> str:
    return "__Host-mailroll_connect" if installation.settings().console_url.startswith("https:") else "mailroll_connect"


def value(request: HttpRequest) -> str:
    return request.COOKIES.get(_name(), "")


def remember(response: HttpResponseBase, browser: str) -> None:
    if browser:
        secure = installation.settings().console_url.startswith("https:")
        response.set_cookie(_name(), browser, max_age=LIFE, httponly=True, secure=secure, samesite="Lax")


def at_home(request: HttpRequest) -> bool:
    """Whether this is the registered address. Only the host counts: a proxy may have taken TLS off."""
    return request.get_host().lower() == urlsplit(installation.settings().console_url).netloc


def origin(request: HttpRequest) -> str:
    """Return where to come back to; the host is one of the configured ones, or Django had refused it."""
    home = installation.settings().console_url
    return home if at_home(request) else f"{urlsplit(home).scheme}://{request.get_host().lower()}"


def home_url(request: HttpRequest) -> str:
    """Return this very page at the registered address."""
    return f"{installation.settings().console_url}{request.get_full_path()}"
