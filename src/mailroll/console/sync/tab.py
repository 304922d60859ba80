"""What the User Sync tab shows, gathered in one place."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from mailroll.accounts import support
from mailroll.connections import filters, sources
from mailroll.connections.models import Source
from mailroll.console import strip
from mailroll.console.runs import waiting
from mailroll.directory import queries, statics
from mailroll.directory.models import Domain, User
from mailroll.gateway import asked
from mailroll.insight import run_queries
from mailroll.sync import planning, schedule
from mailroll.sync.models import Run, RunState

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
class Step:
    """One of the four steps of the first time. `state`: ok, off where it is the next one, begin."""

    words: str
    detail: str
    state: str
    now: bool = False
    url: str = ""
    """Where it is done, if that is another page."""


@dataclass(frozen=True, slots=True)
class Row:
    """A source as the table shows it: `state` and `health` are its connection's mark and words."""

    source: Source
    place: int
    first: bool
    last: bool
    kind: str
    filter: str
    users: int
    state: str
    health: str
    detail: str


@dataclass(frozen=True, slots=True)
class Tab:
    """Everything on the tab but what the reader may do."""

    domain: Domain
    auto: schedule.View
    intervals: tuple[tuple[int, str], ...]
    preview: Run | None
    held: Run | None
    waits: str
    for_release: bool
    first_time: bool
    steps: tuple[Step, ...]
    gateway_missing: bool
    """Whether the list is kept and no gateway has asked for it yet."""
    bars: list[strip.Bar]
    rows: tuple[Row, ...]
    managed: int
    limit: int
    share: int
    fault: dict[str, str] | None
    """Why runs are paused, or why the last reading failed."""
    static: statics.Sum
    help_url: str | None
    ticket_url: str | None

    @property
    def ready(self) -> bool:
        """Whether there is anything to read."""
        return any(row.source.enabled for row in self.rows)


def gather(domain: Domain, now: datetime) -> Tab:
    auto = schedule.view(domain, now)
    rows = _rows(domain, auto)
    held = run_queries.waiting_removals(domain, now)
    first_time = not run_queries.ever_applied(domain)
    managed = queries.managed(domain)
    help_ = support.of(domain.organization)
    was_asked = bool(asked.last_asked(domain))
    return Tab(
        domain=domain,
        auto=auto,
        intervals=_intervals(auto.interval),
        preview=run_queries.waiting_preview(domain, now),
        held=held,
        waits=waiting.sentence(held) if held else "",
        for_release=held is not None and run_queries.for_release(held),
        first_time=first_time,
        steps=_steps(domain, rows, auto, asked=was_asked) if first_time else (),
        gateway_missing=not first_time and not was_asked,
        bars=strip.bars(run_queries.recent(domain, PLACES), places=PLACES),
        rows=rows,
        managed=managed,
        limit=planning.LIMITS.of(managed),
        share=round(planning.LIMITS.share * 100),
        fault=auto.paused or _failed(auto),
        static=statics.summed(domain, timezone.localdate()),
        help_url=help_.help_url,
        ticket_url=help_.ticket_url,
    )


def _intervals(kept: int) -> tuple[tuple[int, str], ...]:
    """The usual intervals, and the one that is kept where it is another."""
    if any(minutes == kept for minutes, _ in INTERVALS):
        return INTERVALS
    return tuple(sorted((*INTERVALS, (kept, f"{kept} minutes"))))


def _rows(domain: Domain, auto: schedule.View) -> tuple[Row, ...]:
    found = sources.ordered(domain)
    serving = Q(retired_at__isnull=True)
    users = dict(
        User.objects.filter(serving, domain=domain, owner__isnull=False).values_list("owner").annotate(Count("id"))
    )
    return tuple(
        Row(
            source=source,
            place=place,
            first=place == 1,
            last=place == len(found),
            kind=sources.NAMES.get(source.kind, source.kind),
            filter=_filter(source),
            users=users.get(source.owner_id, 0),
            **_health(source, auto),
        )
        for place, source in enumerate(found, 1)
    )


def _filter(source: Source) -> str:
    told = filters.told(source)
    # A rule begins with the name of a field, which has its own spelling.
    return told if source.filter and filters.usable(source) else told.capitalize()


def _health(source: Source, auto: schedule.View) -> dict[str, str]:
    name = sources.NAMES.get(source.kind, source.kind)
    connection = source.connection
    if connection is None:
        return {"state": "begin", "health": "Not connected", "detail": f"Edit it to connect {name}."}
    about = f"Tenant {connection.health.get('tenant_name') or connection.tenant_id}"
    if not source.enabled:
        return {"state": "off", "health": "Switched off", "detail": f"{about}. Runs pass it over; its users stay."}
    if auto.paused is not None:
        return {"state": "failed", "health": "Microsoft 365 refuses access", "detail": about}
    if _failed(auto) is not None:
        return {"state": "attention", "health": "The last reading failed", "detail": about}
    return {"state": "ok", "health": f"Connected to {name}", "detail": about}


def _failed(auto: schedule.View) -> dict[str, str] | None:
    failed = auto.last_read is not None and auto.last_read.state == RunState.FAILED
    return auto.last_read.error if auto.last_read is not None and failed else None


def _steps(domain: Domain, rows: tuple[Row, ...], auto: schedule.View, *, asked: bool) -> tuple[Step, ...]:
    """The way to the first sync; the first step that is not done is the one to take now."""
    connected = next((row for row in rows if row.source.connection is not None), None)
    done = (connected is not None, auto.previewed, False, asked)
    next_one = done.index(False)
    every = next((words for minutes, words in INTERVALS if minutes == auto.interval), f"{auto.interval} minutes")
    words = (
        ("Connect a source", connected.detail if connected else "Add one below, and say where the people come from."),
        (
            "Look at a preview",
            "Check that the right people, shared mailboxes and rooms are listed. Nothing is written.",
        ),
        (
            "Sync & Save, then switch automatic sync on",
            f"From then on joiners and leavers follow Microsoft 365 every {every}.",
        ),
        ("Point your gateway at this list", "Until then the list is kept, and no mail depends on it."),
    )
    return tuple(
        Step(
            title,
            detail,
            "ok" if done[place] else "off" if place == next_one else "begin",
            now=place == next_one,
            url=reverse("console:gateway", args=[domain.name]) if place == len(words) - 1 else "",
        )
        for place, (title, detail) in enumerate(words)
    )
