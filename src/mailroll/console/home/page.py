"""Everything that home shows, put together from the standings of the domains a person sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from mailroll.accounts.places import told_apart
from mailroll.console import strip
from mailroll.console.home import saying
from mailroll.directory.models import Domain
from mailroll.insight import overview
from mailroll.insight.overview import Standing
from mailroll.reconcile.text import folded
from mailroll.sync.models import TOOK_EFFECT, Run, RunState

SHOWN = 50
PLACES = 24
_CHIPS = (
    ("", "All"),
    ("attention", "Attention"),
    ("healthy", "Healthy"),
    ("off", "Automatic off"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One domain in the table."""

    one: Standing
    organization: str
    words: str
    next_run: str
    bars: list[strip.Bar]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as a link."""

    words: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What the template reads."""

    total: int
    organizations: int
    users: int
    billable: int
    in_order: int
    oldest: Standing | None
    today: Mapping[str, int]
    items: Sequence[tuple[Standing, saying.Item]]
    chips: Sequence[Chip]
    rows: Sequence[Row]
    matching: int
    more: str | None
    searched: str
    shown: str

    @property
    def today_words(self) -> str:
        """How the runs since midnight ended; nothing is said of what did not happen."""
        parts = ((self.today[name], name) for name in ("fine", "held", "failed"))
        return ", ".join(f"{number:,} {name}" for number, name in parts if number)


def compose(domains: "QuerySet[Domain]", now: datetime, *, query: str, shown: str, everything: bool) -> Page:
    """1. Judge every domain  2. filter by the words and the chip  3. draw the strips of the rows shown."""
    every = overview.standings(domains, now)
    matching = [one for one in every if _searched(one, query)]
    picked = [one for one in matching if _in(one, shown)]
    cut = picked if everything else picked[:SHOWN]
    recent = overview.runs_since([one.domain for one in cut], now - timedelta(hours=24))
    read = [one for one in every if one.read_at is not None]
    names = told_apart({one.domain.organization_id: one.domain.organization for one in every}.values())
    items = [(one, item) for one in every if (item := saying.item(one)) is not None]
    return Page(
        total=len(every),
        organizations=len({one.domain.organization_id for one in every}),
        users=sum(one.users for one in every),
        billable=sum(one.billable for one in every),
        in_order=sum(one.in_order for one in every),
        oldest=min(read, key=lambda one: one.read_at or now, default=None),
        today=_today([one.domain for one in every]),
        items=items,
        chips=[
            Chip(words, sum(_in(one, name) for one in matching), _link(query, name), current=name == shown)
            for name, words in _CHIPS
        ],
        rows=[_row(one, recent, names[one.domain.organization_id]) for one in cut],
        matching=len(picked),
        more=None if len(cut) == len(picked) else _link(query, shown, all="1"),
        searched=query,
        shown=shown,
    )


def _row(one: Standing, recent: Mapping[UUID, list[Run]], organization: str) -> Row:
    drawn = strip.bars(recent[one.domain.id], places=PLACES)
    return Row(one, organization, saying.words(one), saying.next_run(one), drawn)


def _searched(one: Standing, query: str) -> bool:
    sought = folded(query)
    return sought in one.domain.name or sought in folded(one.domain.organization.name)


def _in(one: Standing, shown: str) -> bool:
    match shown:
        case "attention":
            return one.pressing
        case "healthy":
            return one.in_order
        case "off":
            return one.schedule is None or not one.schedule.automatic
        case _:
            return True


def _link(query: str, shown: str, **more: str) -> str:
    asked = {name: value for name, value in (("q", query), ("show", shown), *more.items()) if value}
    return f"/?{urlencode(asked)}" if asked else "/"


def _today(domains: Sequence[Domain]) -> dict[str, int]:
    """Count the runs since midnight that ended, by how they did; fine is one that leaves nobody waiting."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    runs = Run.objects.filter(TOOK_EFFECT, domain__in=domains, started_at__gte=midnight, parent__isnull=True)
    waits = Q(state=RunState.HELD) | Q(waits_in__state=RunState.HELD)
    well = Q(state__in=(RunState.APPLIED, RunState.UNCHANGED))
    counts: dict[str, int] = runs.aggregate(
        failed=Count("id", filter=Q(state=RunState.FAILED)),
        held=Count("id", filter=waits),
        fine=Count("id", filter=well & ~(Q(waits_in__isnull=False) & waits)),
    )
    return {**counts, "all": sum(counts.values())}
