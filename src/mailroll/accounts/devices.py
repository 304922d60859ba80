"""Browsers in which somebody has signed in: a signed cookie tells them from all others, and opens nothing by itself."""

import hashlib
import hmac
import secrets
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

_LIFE: Final = 180 * 24 * 60 * 60
_MOST: Final = 8
"""People who share a browser; who signed in longest ago is forgotten first."""
_SALT: Final = "mailroll.accounts.devices"


def known(request: HttpRequest, email: str) -> str:
    """Return the name of a browser that this address has signed in from, or nothing."""
    name, people = _read_cookie(request)
    return name if any(hmac.compare_digest(person, _mark(email)) for person in people) else ""


def remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    name, people = _read_cookie(request)
    other_people = [person for person in people if person != _mark(email)][1 - _MOST :]
    value = signing.dumps([name or secrets.token_urlsafe(16), [*other_people, _mark(email)]], salt=_SALT)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME, value, max_age=_LIFE, httponly=True, secure=settings.SECURE, samesite="Lax"
    )


def _read_cookie(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        cookie: Any = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=_LIFE)
    except signing.BadSignature:
        return "", []
    return str(cookie[0]), [str(person) for person in cookie[1]]


def _mark(email: str) -> str:
    return hashlib.sha256(email.encode("utf-8", "surrogatepass")).hexdigest()[:32]
