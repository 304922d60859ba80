"""Asks the function that mail servers ask, over Mailroll's own connection: as they would, but from inside."""

from typing import Final

from django.db import DatabaseError, connection, transaction

from mailroll.gateway.ways import Effect, Reply, of_words

_PATIENCE: Final = "2s"
"""Of PostgreSQL, for one answer: somebody looks at the page meanwhile."""


class Inside:
    """`gateway.access`, without a role or a network in between."""

    name = "postgresql"
    takes_tags_off = True

    def ask(self, address: str) -> Reply:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [_PATIENCE])
                cursor.execute("SELECT gateway.access(%s)", [address])
                words = str(cursor.fetchone()[0] or "")
        except DatabaseError as problem:
            return Reply(Effect.NO_ANSWER, (str(problem).strip().splitlines() or ["error"])[0])
        return Reply(of_words(words), words)
