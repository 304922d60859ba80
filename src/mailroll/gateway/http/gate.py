"""Who may ask: the token of a request, and what becomes of those without a good one."""

import hashlib
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Final, Protocol

from django.db import OperationalError, connection

from mailroll.accounts import tokens
from mailroll.accounts.tokens import Bearer, Purpose

_REMEMBERED: Final = 24 * 3600.0
"""Seconds that a token goes on working while the database is away: a night that no mail has to notice. Not longer, as
one whose end comes meanwhile works on too, and one that is revoked where this machine alone lost the database."""

_MOST: Final = 1000


class Tokens(Protocol):
    """Knows tokens. Called in threads, one call at a time in each."""

    def bearer(self, text: str) -> Bearer | None: ...


class StoredTokens:
    """Asks the database; while it is away, whoever was let in before is let in as before."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._known: OrderedDict[bytes, tuple[float, Bearer]] = OrderedDict()

    def bearer(self, text: str) -> Bearer | None:
        key = hashlib.sha256(text.encode()).digest()
        try:
            found = tokens.bearer(text, Purpose.GATEWAY, self._now())
        except OperationalError:
            since, known = self._known.get(key, (-_REMEMBERED, None))
            if known is None or monotonic() - since >= _REMEMBERED:
                raise
            return known
        finally:
            connection.close()
        if found is None:
            self._known.pop(key, None)
        else:
            self._known[key] = monotonic(), found
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
        return found


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
        begun, count = self._counts.get(source, (now, 0))
        return count >= self._most and now - begun < self._span

    def wrong(self, source: str, now: float) -> None:
        begun, count = self._counts.pop(source, (now, 0))
        self._counts[source] = (begun, count + 1) if now - begun < self._span else (now, 1)
        while len(self._counts) > _MOST:
            self._counts.popitem(last=False)
