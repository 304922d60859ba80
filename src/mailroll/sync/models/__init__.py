"""The rows of runs and their schedule. A run's changes are its plan, one row each, so that people can ask."""

from mailroll.sync.models.readings import (
    AddressQuestion,
    MailboxAccess,
    MailboxPurpose,
    PurposeState,
    Sample,
    UnfinishedPage,
    UnfinishedReading,
)
from mailroll.sync.models.runs import Run, RunChange, RunProgress, RunSkip
from mailroll.sync.models.schedules import (
    CountedTotal,
    DomainStanding,
    QuietSpell,
    RunRequest,
    Schedule,
    SteadyState,
    UnitBucket,
)
from mailroll.sync.models.values import (
    NOTHING_FOUND,
    SHOWN_FIRST,
    TOOK_EFFECT,
    UNDER_WAY,
    Decision,
    RequestOutcome,
    RunState,
    RunStep,
    Trigger,
)

__all__ = [
    "NOTHING_FOUND",
    "SHOWN_FIRST",
    "TOOK_EFFECT",
    "UNDER_WAY",
    "AddressQuestion",
    "CountedTotal",
    "Decision",
    "DomainStanding",
    "MailboxAccess",
    "MailboxPurpose",
    "PurposeState",
    "QuietSpell",
    "RequestOutcome",
    "Run",
    "RunChange",
    "RunProgress",
    "RunRequest",
    "RunSkip",
    "RunState",
    "RunStep",
    "Sample",
    "Schedule",
    "SteadyState",
    "Trigger",
    "UnfinishedPage",
    "UnfinishedReading",
    "UnitBucket",
]
