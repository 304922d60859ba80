"""Sessions as Django keeps them in the database: every page asks for one, by a query that is put together once."""

from functools import cache

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import TextField
from django.utils import timezone

from mailroll.directory.fixed_queries import NOW, FixedQuery, Parameter


class SessionStore(db.SessionStore):
    """The session of a request."""

    def _get_session_from_db(self) -> Session | None:
        row = next(iter(_unexpired().rows(key=self.session_key, now=timezone.now())), None)
        if row is None:
            self._session_key = None
        return row


@cache
def _unexpired() -> FixedQuery[Session]:
    return FixedQuery(Session.objects.filter(session_key=Parameter("key", TextField()), expire_date__gt=NOW))
