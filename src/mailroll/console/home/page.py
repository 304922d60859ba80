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
from mailroll.insight import domain_totals, overview
from mailroll.insight.domain_totals import FoundCounts, SeenDomains, Totals
from mailroll.insight.overview import ShownStanding
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
    standing: ShownStanding
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


def compose(domains: SeenDomains, now: datetime, *, query: str, chip: str, number: int) -> HomePage:
    """1. Count all  2. find by the words and the chip  3. read one page of them  4. draw its strips."""
    every = domains.rows
    totals = domain_totals.totals(domains, now)
    matches, counted = domain_totals.search(domains, query, now) if folded(query) else (every, totals)
    counts = {"": counted.domains, "attention": counted.pressing, "healthy": counted.in_order, "off": counted.off}
    if chip not in counts:
        chip = ""
    page, part = cut_page(counts[chip], number, SHOWN)
    rows, first = matches.filter(_in(chip, now)), part.start
    if isinstance(counted, FoundCounts) and not chip and counted.domains <= SHOWN:
        keys: Sequence[UUID] = counted.keys
    else:
        pressing = rows.filter(judgement.pressing_in_sql(now)).count() if chip == "off" else counted.pressing
        pressing = 0 if chip == "healthy" else pressing
        known = () if query or chip not in {"", "attention"} else totals.neediest
        keys = overview.page(rows, now, pressing=pressing, place=first, size=SHOWN, known=known)
    needy = frozenset(totals.neediest[:ITEMS])
    # What needs a person stands above the list as well, and often in it.
    standings = overview.shown(needy.union(keys), now)
    above = needy.difference(keys)
    cut = [standing for standing in standings if standing.domain.id not in above]
    recent = overview.runs_since([standing.domain for standing in cut], now - timedelta(hours=24))
    names = told_apart_among((standing.domain.organization for standing in cut), domains.organizations)
    return HomePage(
        totals=totals,
        today=domain_totals.runs_of(domains, timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)),
        items=[(row, item) for row in standings if row.domain.id in needy and (item := domain_words.item(row))],
        chips=[Chip(name, words, name == chip, counts[name]) for name, words in _CHIPS],
        rows=[_row(standing, recent, names[standing.domain.organization_id]) for standing in cut],
        page=page,
        searched=query,
        shown=chip,
    )


def _row(standing: ShownStanding, recent: Mapping[UUID, list[Run]], organization: str) -> DomainRow:
    drawn = strip.bars(recent[standing.domain.id], places=PLACES)
    return DomainRow(standing, organization, domain_words.words(standing), domain_words.next_run(standing), drawn)


def _in(chip: str, now: datetime) -> Q:
    match chip:
        case "attention":
            return judgement.pressing_in_sql(now)
        case "healthy":
            return judgement.in_order_in_sql(now)
        case "off":
            return Q(automatic=False)
        case _:
            return Q()
