"""What the User Sync tab shows, gathered in one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from mailroll.accounts import support
from mailroll.connections import filters, sources
from mailroll.connections.consent import departure
from mailroll.connections.models import Source
from mailroll.console import strip
from mailroll.console.runs import held_sentence
from mailroll.console.sync import words
from mailroll.console.sync.words import WordedMark
from mailroll.directory import headcounts, statics
from mailroll.directory.models import Domain
from mailroll.gateway import demand
from mailroll.insight import run_queries, source_standing
from mailroll.sync.models import Run, RunState
from mailroll.sync.plans import planning
from mailroll.sync.schedules import schedule

PLACES = 30
"""Runs in the strip beside the last run."""

INTERVALS = (
    (5, "5 minutes"),
    (15, "15 minutes"),
    (30, "30 minutes"),
    (60, "60 minutes"),
    (120, "2 hours"),
    (240, "4 hours"),
    (480, "8 hours"),
    (1440, "24 hours"),
    (10080, "7 days"),
)


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One of the four steps of the first time. `state`: ok, off where it is the next one, begin."""

    words: str
    detail: str
    state: str
    now: bool = False
    url: str = ""
    """Where it is done, if that is another page."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as the table shows it: `mark` is its connection's, with its words."""

    source: Source
    kind: str
    filter: str
    users: int
    mark: WordedMark
    detail: str
    focus: str
    """The arrow that has the focus after a move: the one that was pressed, or its twin at an end."""


@dataclass(frozen=True, slots=True)
class SyncTab:
    """Everything on the tab but what the reader may do."""

    auto: schedule.View
    intervals: tuple[tuple[int, str], ...]
    preview: Run | None
    held: Run | None
    waits: str
    for_release: bool
    first_time: bool
    steps: tuple[FirstStep, ...]
    gateway_missing: bool
    """Whether the list is kept and no gateway has asked for it yet."""
    bars: list[strip.Bar]
    rows: tuple[SourceRow, ...]
    managed: int
    limit: int
    share: int
    fault: dict[str, str] | None
    """Why runs are paused, or why the last reading failed."""
    static: statics.StaticSum
    support: support.Support

    @property
    def ready(self) -> bool:
        """Whether there is anything to read."""
        return any(row.source.enabled for row in self.rows)


def gather(domain: Domain, now: datetime, last_move: str = "") -> SyncTab:
    """Gather it; `last_move` is the source that a person has just moved, and which way: its id, a dash, up or down."""
    board = run_queries.board(domain, now, PLACES)
    auto, held_run, first_time = board.auto, board.held, not board.ever_applied
    users = headcounts.managed_by_owner(domain.id)
    rows = _rows(domain, auto, users, last_move, now)
    managed = sum(users.values())
    was_asked = bool(demand.last_asked(domain))
    return SyncTab(
        auto=auto,
        intervals=_intervals(auto.interval),
        preview=board.preview,
        held=held_run,
        waits=held_sentence.sentence(held_run) if held_run else "",
        for_release=held_run is not None and run_queries.for_release(held_run),
        first_time=first_time,
        steps=_steps(domain, rows, auto, has_gateway=was_asked) if first_time else (),
        gateway_missing=not first_time and not was_asked,
        bars=strip.bars(board.recent, places=PLACES),
        rows=rows,
        managed=managed,
        limit=planning.LIMITS.of_run(managed),
        share=round(planning.LIMITS.share * 100),
        fault=_fault(auto),
        static=statics.summed(domain, timezone.localdate()),
        support=support.support_for(domain.organization),
    )


def _intervals(interval: int) -> tuple[tuple[int, str], ...]:
    """The usual intervals, and the one that is kept where it is another."""
    if any(minutes == interval for minutes, _ in INTERVALS):
        return INTERVALS
    return tuple(sorted((*INTERVALS, (interval, f"{interval} minutes"))))


def _rows(
    domain: Domain, auto: schedule.View, users: Mapping[UUID, int], last_move: str, now: datetime
) -> tuple[SourceRow, ...]:
    domain_sources = sources.ordered(domain)
    alone, fault = sum(source.enabled for source in domain_sources) == 1, _fault(auto)
    standings = [source_standing.judge(source, auto, alone=alone) for source in domain_sources]
    awaited = departure.awaited(domain_sources)
    return tuple(
        SourceRow(
            source=source,
            kind=sources.NAMES.get(source.kind, source.kind),
            filter=_filter(source),
            users=users.get(source.owner_id, 0),
            mark=words.mark(source, standing, now),
            detail=words.detail(
                source, standing, error_shown=_same(standing.error, fault), awaited=source.pk in awaited
            ),
            focus=_focus(source, place, len(domain_sources), last_move),
        )
        for place, (source, standing) in enumerate(zip(domain_sources, standings, strict=True), 1)
    )


def _focus(source: Source, place: int, last: int, last_move: str) -> str:
    which, _, way = last_move.rpartition("-")
    if which != str(source.owner_id):
        return ""
    return {1: "down", last: "up"}.get(place, way)


def _filter(source: Source) -> str:
    description = filters.describe(source)
    # A rule begins with the name of a field, which has its own spelling.
    return description if source.filter and filters.usable(source) else description.capitalize()


def _same(error: Mapping[str, str] | None, fault: Mapping[str, str] | None) -> bool:
    """Whether both are one fault: each time that Microsoft refuses, the trace id is another."""
    return error is fault or (error is not None and fault is not None and error["code"] == fault["code"])


def _fault(auto: schedule.View) -> dict[str, str] | None:
    """Why runs are paused, why the last try failed, or the last reading."""
    if auto.paused is not None or auto.failing is not None:
        return auto.paused or auto.failing
    failed = auto.last_read is not None and auto.last_read.state == RunState.FAILED
    return auto.last_read.error if auto.last_read is not None and failed else None


def _steps(
    domain: Domain, rows: tuple[SourceRow, ...], auto: schedule.View, *, has_gateway: bool
) -> tuple[FirstStep, ...]:
    """The way to the first sync; the first step that is not done is the one to take now."""
    connected = next((row for row in rows if row.source.connection is not None and row.mark.state != "failed"), None)
    way_in = "Connect the one below." if rows else "Add one below, and say where the people come from."
    steps_done = (connected is not None, auto.previewed, False, has_gateway)
    next_one = steps_done.index(False)
    every = next((words for minutes, words in INTERVALS if minutes == auto.interval), f"{auto.interval} minutes")
    titles = (
        ("Connect a source", connected.detail if connected else way_in),
        (
            "Look at a preview",
            "Check that the right people, shared mailboxes and rooms are listed. Nothing is written.",
        ),
        (
            "Sync & Save, then switch automatic sync on",
            f"From then on joiners and leavers follow Microsoft 365 every {every}.",
        ),
        ("Point your gateway at this list", "Copy the ready configuration from the Gateway tab, then check it there."),
    )
    return tuple(
        FirstStep(
            title,
            detail,
            "ok" if steps_done[place] else "off" if place == next_one else "begin",
            now=place == next_one,
            url=reverse("console:gateway", args=[domain.path]) if place == len(titles) - 1 else "",
        )
        for place, (title, detail) in enumerate(titles)
    )
