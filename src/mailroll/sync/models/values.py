"""What the rows of runs may say: triggers, states, steps, outcomes and decisions."""

from enum import StrEnum

from django.db.models import Q


class Trigger(StrEnum):
    """What made a run begin. HELD is the part of another run that waits for a person; IMPORT is a file of users."""

    PREVIEW = "preview"
    MANUAL = "manual"
    AUTOMATIC = "automatic"
    HELD = "held"
    IMPORT = "import"


class RunState(StrEnum):
    """Where a run stands."""

    READING = "reading"
    PLANNED = "planned"
    HELD = "held"
    APPLYING = "applying"
    APPLIED = "applied"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


class RequestOutcome(StrEnum):
    """What became of a request."""

    DONE = "done"
    JOINED = "joined"
    """A run that was under way, or had begun since, does what was asked for."""
    CANCELLED = "cancelled"
    """Before it began."""
    REFUSED = "refused"
    """A decision that could not take effect; the request's `error` says why."""


class Decision(StrEnum):
    """What a person decides about the stored plan of a run, for a worker to carry out."""

    APPLY = "apply"
    RELEASE = "release"


class RunStep(StrEnum):
    """The steps of a run, in their order."""

    CONNECT = "connect"
    READ = "read"
    MATCH = "match"
    COMPARE = "compare"
    CHECK = "check"
    APPLY = "apply"


UNDER_WAY = (RunState.READING, RunState.APPLYING)

NOTHING_FOUND = (RunState.READING, RunState.UNCHANGED, RunState.FAILED, RunState.CANCELLED)
"""Where a run stands that knows, by now, of nothing to change."""


SHOWN_FIRST = (Trigger.PREVIEW, Trigger.IMPORT, Trigger.HELD)
"""What waits for a person before anything of it takes effect; by itself it is no more than a look."""


TOOK_EFFECT = (
    ~Q(trigger__in=SHOWN_FIRST)
    | Q(state__in=(RunState.APPLYING, RunState.APPLIED))
    # How long it took is written in the transaction in which a plan takes effect, whatever became of it.
    | Q(timings__has_key="apply")
)
"""The runs that were more than a look. An applied preview is one, and so are removals that were released."""


def among(field: str, values: type[StrEnum]) -> Q:
    return Q(**{f"{field}__in": [value.value for value in values]})
