"""Who may ask: the token of a request, and what becomes of those without a good one."""

from base64 import b64decode
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

from django.db import connection

from mailroll.accounts import tokens
from mailroll.accounts.tokens import Bearer, TokenPurpose
from mailroll.gateway.admissions import Admissions

_MOST: Final = 1000


class Tokens(Protocol):
    def known(self, text: str) -> Bearer | None:
        """Tell from memory, at once."""

    def bearer(self, text: str) -> Bearer | None:
        """Find out what is not known. Called in threads, one call at a time in each; may take its time, or raise."""


class StoredTokens:
    """Tokens in memory; the database is asked for those that are not there, such as one that was made just now."""

    def __init__(self, now: Callable[[], datetime], admissions: Admissions) -> None:
        self._now, self._admissions = now, admissions

    def known(self, text: str) -> Bearer | None:
        return self._admissions.bearer(text, self._now())

    def bearer(self, text: str) -> Bearer | None:
        try:
            return tokens.bearer(text, TokenPurpose.GATEWAY, self._now())
        finally:
            connection.close()


def token_of(authorization: str) -> str:
    """Return the token out of a header: a bearer's, or the password of a basic one with any name; empty if none."""
    scheme, _, rest = authorization.partition(" ")
    match scheme.lower():
        case "bearer":
            return rest.strip()
        case "basic":
            try:
                _, _, password = b64decode(rest.strip(), validate=True).decode().partition(":")
            except ValueError:
                return ""
            return password
        case _:
            return ""


class Tries:
    """Counts wrong tokens by where they come from, and says when it is enough for a while."""

    def __init__(self, most: int, span: float) -> None:
        self._most, self._span = most, span
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def enough(self, source: str, now: float) -> bool:
        began_at, count = self._counts.get(source, (now, 0))
        return count >= self._most and now - began_at < self._span

    def wrong(self, source: str, now: float) -> None:
        began_at, count = self._counts.pop(source, (now, 0))
        self._counts[source] = (began_at, count + 1) if now - began_at < self._span else (now, 1)
        while len(self._counts) > _MOST:
            self._counts.popitem(last=False)
