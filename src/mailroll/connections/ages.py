"""How old is what was read: of each source, and so of the list of its domain, which is as old as the oldest of it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, DateTimeField, F, Min, Q, Value, When
from django.db.models.functions import Greatest

from mailroll.connections.models import Source
from mailroll.directory import edit


def note_reading(domain: UUID, sources: Collection[UUID], read_at: datetime, now: datetime) -> None:
    """Note that a reading of these sources, which nobody doubts, has taken effect. It makes none of them older.

    Call with the domain's row locked, as for `refresh`.
    """
    # PostgreSQL's greatest() passes over nulls. A time to come was written while a clock was wrong.
    known = Case(When(read_at__lte=now, then=F("read_at")), output_field=DateTimeField())
    newest = Greatest(known, Value(read_at, DateTimeField()))
    Source.objects.filter(domain=domain, owner__in=sources).update(read_at=newest)
    refresh(domain, now)


def refresh(domain: UUID, now: datetime) -> None:
    """Work out anew how old the list of a domain is: a source was read, added, switched or removed.

    A source without any reading that nobody doubts counts for nothing yet: to add one makes no list older.
    """
    sources = Source.objects.filter(domain=domain, enabled=True)
    found = sources.aggregate(number=Count("owner"), at=Min("read_at", filter=Q(read_at__lte=now)))
    edit.note_age(domain, has_source=found["number"] > 0, read_at=found["at"])
