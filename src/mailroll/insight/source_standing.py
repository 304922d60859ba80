"""How a User Source stands: what is wrong with it, the most pressing first, by what is known of it and of no other."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mailroll.connections import health
from mailroll.connections.models import Source
from mailroll.sync import store
from mailroll.sync.models import RunState
from mailroll.sync.schedules import schedule


class Trouble(StrEnum):
    """What keeps a source from being read as it should be, the most pressing first."""

    NOT_CONNECTED = "not connected"
    OFF = "switched off"
    REFUSED = "refused"
    """Its tenant lets nobody in until a person acts."""
    FAILED = "failed"
    UNANSWERED = "unanswered"
    """The others of its domain could be read."""
    DOUBTED = "doubted"
    """It was read, and what it said is not believed."""
    INCOMPLETE = "incomplete"
    """A permission that is needed is missing."""
    LESSENED = "lessened"
    """A permission that was granted once is not any more; it is read without it."""


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """`error` (code, message, help) says why it could not be read; `permissions` are those that are missing or lost."""

    trouble: Trouble | None
    error: Mapping[str, str] | None = None
    permissions: tuple[str, ...] = ()


def judge(source: Source, auto: schedule.View, *, alone: bool) -> SourceStanding:
    """Judge a source; `alone`: no other source of its domain is read, so what stopped the domain is about this one."""
    if source.connection is None:
        return SourceStanding(Trouble.NOT_CONNECTED)
    if not source.enabled:
        return SourceStanding(Trouble.OFF)
    connection_health = source.connection.health
    if connection_health.get("state") == "refused":
        return SourceStanding(Trouble.REFUSED, connection_health.get("error") or auto.paused)
    if auto.paused is not None and alone:
        return SourceStanding(Trouble.REFUSED, auto.paused)
    last = auto.last_read
    if last is not None and last.state == RunState.FAILED and last.error:
        return SourceStanding(Trouble.FAILED, last.error)
    sources_by_id = (
        {read_source.id: read_source for read_source in store.sources_from_json(last.sources)}
        if last is not None
        else {}
    )
    if (mine := sources_by_id.get(source.owner_id)) is not None and mine.trusted is not None and not mine.trusted:
        return SourceStanding(Trouble.DOUBTED if mine.answered else Trouble.UNANSWERED)
    return of_permissions(connection_health)


def of_permissions(connection_health: Mapping[str, Any]) -> SourceStanding:
    """Judge by what is kept of a connection alone."""
    match connection_health.get("state"):
        case "incomplete":
            listed = connection_health.get("permissions", ())
            missing = (
                permission["name"]
                for permission in listed
                if permission["required"] and permission["state"] == "missing"
            )
            return SourceStanding(Trouble.INCOMPLETE, permissions=tuple(missing))
        case "lessened":
            return SourceStanding(Trouble.LESSENED, permissions=health.lost(connection_health))
        case _:
            return SourceStanding(None)
