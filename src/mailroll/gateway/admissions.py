"""Who is let in over HTTP and for what, in memory: a database that is away or hangs keeps nobody waiting."""

from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from typing import Final
from uuid import UUID

from django.db import DatabaseError, connection

from mailroll.accounts import tokens
from mailroll.accounts.tokens import Bearer, TokenPurpose, Working

READ_EVERY: Final = 5.0
"""Seconds until it is read again by itself. A token that is revoked wakes the reader, but a notice can be lost."""

_REMEMBERED: Final = 24 * 3600.0
"""Seconds that it is believed while the database is away: a night that no mail has to notice. Not longer, as a token
that is revoked meanwhile works on."""


class Admissions:
    """Which tokens work, and whose each domain is. One thread reads and others ask: each write is one assignment."""

    def __init__(self) -> None:
        self._working: Mapping[bytes, Working] = {}
        self._belongings: Mapping[UUID, UUID] | None = None
        self._read_at = -_REMEMBERED
        self._uses: dict[UUID, datetime] = {}

    def read(self) -> None:
        """Read everything anew; it is little."""
        working = tokens.working(TokenPurpose.GATEWAY)
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, organization_id FROM directory_domain")
            self._belongings = dict(cursor.fetchall())
        self._working, self._read_at = working, monotonic()

    def bearer(self, text: str, now: datetime) -> Bearer | None:
        """Tell whose token a text is, as far as that is known here. Asks nobody."""
        token = self._working.get(tokens.digest(text))
        if token is None or not token.works(now) or monotonic() - self._read_at >= _REMEMBERED:
            return None
        self._uses[token.bearer.token] = now
        return token.bearer

    def belongings(self) -> Mapping[UUID, UUID]:
        """Return the organization of each domain, which no single answer needs to know."""
        if self._belongings is None:
            self.read()
        return self._belongings or {}

    def flush(self) -> None:
        """Write down which tokens were used when."""
        uses, self._uses = self._uses, {}
        try:
            tokens.note_uses(uses)
        except DatabaseError:
            self._uses = {**uses, **self._uses}
            raise
