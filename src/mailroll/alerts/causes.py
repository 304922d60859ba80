"""The one table of what raises an alert: how pressing it is, and from which number on. Nothing else decides it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mailroll import promises
from mailroll.sync.standings.judgement import STALE


class Severity(StrEnum):
    """How pressing an alert is, the most pressing first: that is the order of every list."""

    URGENT = "urgent"
    """Mail is refused, or soon will be."""
    DECIDE = "decide"
    IMPORTANT = "important"
    SOON = "soon"

    @property
    def rank(self) -> int:
        return tuple(Severity).index(self)

    @property
    def words(self) -> str:
        return self.capitalize()


class AlertCause(StrEnum):
    """What may raise an alert. Each has its query in `detection`."""

    SYNC_FAILED = "sync_failed"
    SYNC_LATE = "sync_late"
    NO_ACCESS = "no_access"
    LIST_OLD = "list_old"
    REMOVALS_WAIT = "removals_wait"
    PERMISSION_MISSING = "permission_missing"
    SECRET_ENDS = "secret_ends"  # noqa: S105 - a cause, not a secret
    DOMAIN_UNKNOWN = "domain_unknown"
    STATIC_DUE = "static_due"
    GATEWAY_SILENT = "gateway_silent"
    WOULD_REFUSE = "would_refuse"
    CHANNEL_FAILS = "channel_fails"


class Turn(StrEnum):
    """What has become of an alert that is worth telling."""

    OPENED = "opened"
    CHANGED = "changed"
    AGAIN = "again"
    """A snooze is over, and the cause is not."""
    ENDED = "ended"
    OPEN = "open"
    """Nothing has: it is open, as a digest tells once a day."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which number on it is an alert, as in “after 12 hours”; `most` is what a person may set at the most."""

    default: int
    unit: str
    most: int


@dataclass(frozen=True, slots=True)
class CauseRule:
    """What is said of a cause where rules are listed. Without a threshold, `when` says from when on it counts.

    `told`: administrators are told of it by mail where no rule says otherwise; else it stands in the list alone.
    """

    title: str
    small: str
    severity: Severity
    when: str = ""
    threshold: Threshold | None = None
    told: bool = True


RULES: Final[Mapping[AlertCause, CauseRule]] = {
    AlertCause.SYNC_FAILED: CauseRule(
        "A sync failed",
        "Microsoft 365 or the Console could not finish it",
        Severity.IMPORTANT,
        threshold=Threshold(2, "in a row", 100),
    ),
    AlertCause.SYNC_LATE: CauseRule(
        "A sync is late",
        "No worker has taken it up",
        Severity.IMPORTANT,
        threshold=Threshold(30, "minutes", 10_080),
    ),
    AlertCause.NO_ACCESS: CauseRule(
        "Access was refused", "Consent was withdrawn, or a credential no longer works", Severity.URGENT, "at once"
    ),
    AlertCause.LIST_OLD: CauseRule(
        "The list is old",
        "No complete reading",
        Severity.URGENT,
        threshold=Threshold(int(STALE.total_seconds()) // 3600, "hours", 720),
    ),
    AlertCause.REMOVALS_WAIT: CauseRule("Removals wait", "Over a limit, or in doubt", Severity.DECIDE, "at once"),
    AlertCause.PERMISSION_MISSING: CauseRule(
        "A permission is missing", "Something cannot be read", Severity.IMPORTANT, "at once"
    ),
    AlertCause.SECRET_ENDS: CauseRule(
        "A secret or certificate ends", "Syncs stop on that day", Severity.SOON, "60, 30, 7 and 1 days before"
    ),
    AlertCause.DOMAIN_UNKNOWN: CauseRule(
        "A domain is not in this Console", "A tenant has verified it", Severity.SOON, "when first seen", told=False
    ),
    AlertCause.STATIC_DUE: CauseRule(
        "A static address is due for review", "Somebody said when to ask again", Severity.SOON, "on the day", told=False
    ),
    # A small office gets no mail for a night, and so its gateway asks nothing: that is no fault.
    AlertCause.GATEWAY_SILENT: CauseRule(
        "A gateway is silent",
        "It asked before, and no longer asks",
        Severity.IMPORTANT,
        threshold=Threshold(24, "hours", 720),
    ),
    AlertCause.WOULD_REFUSE: CauseRule(
        "Watch only would have refused",
        "Mail came for addresses that are not in the list",
        Severity.SOON,
        threshold=Threshold(1, f"times within {promises.in_words(promises.ASKED)}", 1_000_000),
        told=False,
    ),
    AlertCause.CHANNEL_FAILS: CauseRule(
        "A channel of alerts fails", "3 messages in a row did not arrive", Severity.IMPORTANT, "at once"
    ),
}
