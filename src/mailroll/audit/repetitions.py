"""Entries about what may happen any number of times, as a wrong password does: how often it did is counted beside them.

The first time is an entry, then the second, the fourth, the eighth and so on for a day, each with the count so far: a
million tries are 20 entries, and none of them is changed later. How many things are told apart has an end as well.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import connection, transaction

from mailroll.audit.actor import Acting
from mailroll.audit.models import Repetition
from mailroll.audit.notes import Belonging, Detail, note

MOST: Final = 1000
"""How many things of one action are told apart in a day; what is beyond is counted for its subject alone."""

_WINDOW: Final = timedelta(days=1)

_COUNT = """
    INSERT INTO audit_repetition AS had (key, action, times, since) VALUES (%(key)s, %(action)s, 1, %(now)s)
    ON CONFLICT (key) DO UPDATE SET
        times = CASE WHEN had.since > %(over)s THEN had.times + 1 ELSE 1 END,
        since = CASE WHEN had.since > %(over)s THEN had.since ELSE excluded.since END
    RETURNING times, since
"""


def note_repeated(acting: Acting, action: str, about: Belonging, /, *, apart: str, **details: Detail) -> None:
    """Count that it happened, and write an entry where that is due; `apart` tells happenings of one subject apart."""
    now = acting.now()
    with transaction.atomic():
        key = _key(action, about.name, apart)
        times, since = _counted(key, action, now)
        if times == 1 and Repetition.objects.filter(action=action, since__gt=now - _WINDOW).count() > MOST:
            Repetition.objects.filter(key=key).delete()
            times, since = _counted(_key(action, about.name, ""), action, now)
            details["places"] = "many"
        if times & (times - 1) == 0:
            often: dict[str, Detail] = {"times": times, "since": since.astimezone(UTC).isoformat()} if times > 1 else {}
            note(acting, action, about, **details, **often)


def clear(now: datetime) -> None:
    """Forget what was counted for a day."""
    Repetition.objects.filter(since__lte=now - _WINDOW).delete()


def _counted(key: str, action: str, now: datetime) -> tuple[int, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "action": action, "now": now, "over": now - _WINDOW})
        times, since = cursor.fetchone()
    return times, since


def _key(action: str, subject: str, apart: str) -> str:
    parts = f"{action}\n{subject}\n{apart}"
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()
