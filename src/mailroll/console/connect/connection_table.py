"""Connections as one table: searched, narrowed to those that need somebody, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Count, Prefetch, Q, QuerySet

from mailroll.accounts import access
from mailroll.accounts.models import Operator
from mailroll.connections.models import Connection, Source
from mailroll.console.connect import connection_view
from mailroll.console.connect.connection_view import Seen
from mailroll.console.connect.forms import SearchConnections
from mailroll.console.tables import Chip, cut_page
from mailroll.directory.models import Domain
from mailroll.insight.overview import FOUND_BY_KEY
from mailroll.reconcile.text import folded

PAGE: Final = 50
PRESSING: Final = "pressing"


@dataclass(frozen=True, slots=True)
class ConnectionsTable:
    """What the template reads. `total`: all that there are."""

    form: SearchConnections
    total: int
    chips: Sequence[Chip]
    rows: Sequence[Seen]
    page: "Page[int]"


def compose(operator: Operator, form: SearchConnections, now: datetime) -> ConnectionsTable:
    """1. Find by words  2. judge each and put first what needs somebody  3. look closer at one page of them."""
    text, only_pressing = form.text, form.only_pressing
    everything = access.everywhere(operator)
    mine = Connection.objects.all()
    if not everything:
        mine = mine.filter(organization__in=access.organizations(operator))
    found = _found(mine, text, operator)
    judged = found.annotate(rank=connection_view.rank_in_sql(now), shown=connection_view.name_in_sql())
    needy = Q(rank__lte=connection_view.MARKS.index("attention"))
    counted = judged.aggregate(every=Count("id"), needy=Count("id", filter=needy))
    picked = judged.filter(needy) if only_pressing else judged
    page, part = cut_page(counted["needy" if only_pressing else "every"], form.number, PAGE)
    cut = list(picked.order_by("rank", "shown", "id").values_list("id", flat=True)[part])
    return ConnectionsTable(
        form=form,
        total=mine.count() if text else counted["every"],
        chips=[
            Chip("", "All", not only_pressing),
            Chip(PRESSING, "Need you", only_pressing, counted["needy"], "attention"),
        ],
        rows=_rows(cut, None if everything else operator, now),
        page=page,
    )


def _found(mine: "QuerySet[Connection]", text: str, operator: Operator) -> "QuerySet[Connection]":
    """By the name or id of the tenant, the organization, or a domain that the operator may see."""
    if not text:
        return mine
    named = Domain.objects.filter(name__contains=folded(text))
    if not access.everywhere(operator):
        named = named.filter(organization__in=access.organizations(operator))
    found = mine.filter(
        Q(health__tenant_name__icontains=text)
        | Q(tenant_id__icontains=text)
        | Q(organization__name__icontains=text)
        | Q(id__in=Source.objects.filter(domain__in=named).values("connection"))
    )
    # All names are looked through once; of few the keys stand for the words from then on.
    keys = list(found.values_list("id", flat=True)[: FOUND_BY_KEY + 1])
    return found if len(keys) > FOUND_BY_KEY else mine.filter(id__in=keys)


def _rows(keys: list[UUID], only: Operator | None, now: datetime) -> list[Seen]:
    """Read what is told of these; `only`: whose domains alone may be named, where there are others."""
    used = Source.objects.select_related("owner", "domain")
    if only is not None:
        used = used.filter(domain__in=access.domains(only))
    prefetch = Prefetch("sources", used.order_by("domain__name"), to_attr="used")
    rows = Connection.objects.filter(id__in=keys).select_related("organization").prefetch_related(prefetch)
    found = {row.id: row for row in rows}
    return [connection_view.show(found[key], now, own=True, used=found[key].used) for key in keys if key in found]
