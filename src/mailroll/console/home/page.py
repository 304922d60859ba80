"""Everything that home shows, put together from the standings of the domains a person sees, which lie in one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Q
from django.utils import timezone

from mailroll.accounts.places import told_apart_among
from mailroll.console import strip
from mailroll.console.home import domain_words
from mailroll.console.tables import Chip, cut_page
from mailroll.insight import overview
from mailroll.insight.overview import SeenDomains, ShownStanding, Totals
from mailroll.reconcile.text import folded
from mailroll.sync.models import Run
from mailroll.sync.standings import judgement

SHOWN = 50
"""Domains of one page."""
ITEMS = 20
"""What is told of those that need a person; the list below has them all."""
PLACES = 24
_CHIPS = (
    ("", "All"),
    ("attention", "Attention"),
    ("healthy", "Healthy"),
    ("off", "Automatic off"),
)


@dataclass(frozen=True, slots=True)
class DomainRow:
    one: ShownStanding
    organization: str
    words: str
    next_run: str
    bars: list[strip.Bar]


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the template reads. `totals` are of all that a person sees, whatever is searched."""

    totals: Totals
    today: Mapping[str, int]
    items: Sequence[tuple[ShownStanding, domain_words.Item]]
    chips: Sequence[Chip]
    rows: Sequence[DomainRow]
    page: "Page[int]"
    searched: str
    shown: str

    @property
    def today_words(self) -> str:
        """How the runs since midnight ended; nothing is said of what did not happen."""
        names = {"fine": "fine", "doubted": "in doubt", "held": "held", "failed": "failed"}
        parts = ((self.today[name], words) for name, words in names.items())
        return ", ".join(f"{number:,} {words}" for number, words in parts if number)


def compose(seen: SeenDomains, now: datetime, *, query: str, shown: str, number: int) -> HomePage:
    """1. Count all  2. find by the words and the chip  3. read one page of them  4. draw its strips."""
    every = seen.rows
    totals = overview.totals(seen, now)
    found, counted = overview.search(seen, query, now) if folded(query) else (every, totals)
    counts = {"": counted.domains, "attention": counted.pressing, "healthy": counted.in_order, "off": counted.off}
    if shown not in counts:
        shown = ""
    page, part = cut_page(counts[shown], number, SHOWN)
    picked, first = found.filter(_in(shown, now)), part.start
    pressing = picked.filter(judgement.pressing_in_sql(now)).count() if shown == "off" else counted.pressing
    pressing = 0 if shown == "healthy" else pressing
    cut = overview.page(picked, now, number=counts[shown], pressing=pressing, place=first, size=SHOWN)
    if query or first or shown not in {"", "attention"}:
        needy = overview.neediest(every, now, place=0, size=ITEMS) if totals.pressing else []
    else:
        needy = [one for one in cut if one.pressing][:ITEMS]
    recent = overview.runs_since([one.domain for one in cut], now - timedelta(hours=24))
    names = told_apart_among((one.domain.organization for one in cut), seen.organizations)
    return HomePage(
        totals=totals,
        today=overview.runs_of(seen, timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)),
        items=[(one, item) for one in needy if (item := domain_words.item(one)) is not None],
        chips=[Chip(name, words, name == shown, counts[name]) for name, words in _CHIPS],
        rows=[_row(one, recent, names[one.domain.organization_id]) for one in cut],
        page=page,
        searched=query,
        shown=shown,
    )


def _row(one: ShownStanding, recent: Mapping[UUID, list[Run]], organization: str) -> DomainRow:
    drawn = strip.bars(recent[one.domain.id], places=PLACES)
    return DomainRow(one, organization, domain_words.words(one), domain_words.next_run(one), drawn)


def _in(shown: str, now: datetime) -> Q:
    match shown:
        case "attention":
            return judgement.pressing_in_sql(now)
        case "healthy":
            return judgement.in_order_in_sql(now)
        case "off":
            return Q(automatic=False)
        case _:
            return Q()
