"""What people do with an alert: put it off, say that they see to it, and take that back. All of it is noted."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import transaction

from mailroll.alerts.causes import RULES, AlertCause
from mailroll.alerts.models import Alert
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Detail, Subject, note
from mailroll.reconcile.errors import BadInput, Refused

NOTE_MAX: Final = 500


class Snooze(StrEnum):
    """For how long an alert is put off."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    CHANGE = "change"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def for_urgent(self) -> bool:
        """Whether what is urgent may be put off for so long: a day at the most."""
        return self in {Snooze.HOUR, Snooze.DAY}


_WORDS: Final = {
    Snooze.HOUR: "1 hour",
    Snooze.DAY: "1 day",
    Snooze.WEEK: "1 week",
    Snooze.CHANGE: "Until it changes",
}
_SPANS: Final = {Snooze.HOUR: timedelta(hours=1), Snooze.DAY: timedelta(days=1), Snooze.WEEK: timedelta(weeks=1)}


def choices(alert: Alert) -> tuple[Snooze, ...]:
    return tuple(snooze for snooze in Snooze if snooze.for_urgent or not alert.is_urgent)


def snooze(alert: Alert, length: Snooze, acting: Acting) -> datetime | None:
    """Put it off; return until when, or None where it is until it changes. Raises `Refused`."""
    with transaction.atomic():
        row = _locked(alert)
        if length not in choices(row):
            raise Refused(
                "alert_urgent",
                "What is urgent can be put off for a day at the most.",
                "Put it off for an hour or a day, or acknowledge it with a note for others.",
            )
        span = _SPANS.get(length)
        row.snoozed_until = acting.now() + span if span else None
        row.snoozed_until_change = span is None
        row.snoozed_by = acting.actor
        row.save(update_fields=["snoozed_until", "snoozed_until_change", "snoozed_by"])
        _note(acting, "alert.snoozed", row, until=row.snoozed_until.isoformat() if row.snoozed_until else "change")
    return row.snoozed_until


def acknowledge(alert: Alert, text: str, acting: Acting) -> None:
    """Say that somebody sees to it, and what others need to know. Raises `BadInput`, and `Refused` where it is over."""
    text = " ".join(text.split())
    if len(text) > NOTE_MAX:
        raise BadInput("alert_note_long", f"A note has {NOTE_MAX} signs at the most.", "Say it in fewer words.")
    with transaction.atomic():
        row = _locked(alert)
        row.acknowledged_at, row.acknowledged_by, row.acknowledged_note = acting.now(), acting.actor, text
        row.save(update_fields=["acknowledged_at", "acknowledged_by", "acknowledged_note"])
        _note(acting, "alert.acknowledged", row, note=text)


def reopen(alert: Alert, acting: Acting) -> None:
    """Take the acknowledgement and the snooze back. Does nothing where there is neither."""
    with transaction.atomic():
        row = _locked(alert)
        if row.acknowledged_at is None and row.snoozed_until is None and not row.snoozed_until_change:
            return
        row.acknowledged_at, row.acknowledged_by, row.acknowledged_note = None, "", ""
        row.snoozed_until, row.snoozed_until_change, row.snoozed_by = None, False, ""
        row.save()
        _note(acting, "alert.reopened", row)


def _locked(alert: Alert) -> Alert:
    row = Alert.objects.select_for_update().filter(id=alert.id).first()
    if row is None or row.ended_at is not None:
        raise Refused("alert_over", "This alert is over.", "There is nothing left to do about it.")
    return row


def _note(acting: Acting, action: str, alert: Alert, **details: Detail) -> None:
    about = Subject(RULES[AlertCause(alert.cause)].title, alert.organization_id)
    note(acting, action, about, alert=str(alert.id), **details)
