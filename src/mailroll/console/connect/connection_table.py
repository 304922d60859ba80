"""Connections as one table: searched, narrowed to those that need somebody, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page
from django.db import connection
from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from mailroll.accounts import access
from mailroll.accounts.models import Operator
from mailroll.connections.models import Connection, Source
from mailroll.console.connect import connection_view
from mailroll.console.connect.connection_view import Seen
from mailroll.console.connect.forms import SearchConnections
from mailroll.console.tables import Chip, cut_page
from mailroll.directory import arrays
from mailroll.directory.fixed_queries import KEYS, FixedQuery
from mailroll.directory.models import Domain, Organization
from mailroll.insight.domain_totals import FOUND_BY_KEY
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
    sees_all = access.everywhere(operator)
    mine = Connection.objects.all()
    if not sees_all:
        mine = mine.filter(organization__in=access.organizations(operator))
    matches = _search_connections(mine, text, operator)
    judged = matches.annotate(rank=connection_view.rank_in_sql(now), shown=connection_view.name_in_sql())
    page, counted, cut = _cut(judged, form.number, only_pressing=only_pressing)
    return ConnectionsTable(
        form=form,
        total=mine.count() if text else counted.every,
        chips=[
            Chip("", "All", not only_pressing),
            Chip(PRESSING, "Need you", only_pressing, counted.needy, "attention"),
        ],
        rows=_rows(cut, None if sees_all else operator, now),
        page=page,
    )


@dataclass(frozen=True, slots=True)
class JudgedCounts:
    """How many connections are found, and how many of these need somebody."""

    every: int
    needy: int


# Each is judged once. Where those that need somebody fill the page, they alone are sorted.
_CUT: Final = """
    WITH judged AS MATERIALIZED ({judged}),
         counted AS MATERIALIZED (SELECT count(*) AS every, count(*) FILTER (WHERE rank <= %s) AS needy FROM judged)
    SELECT every, needy, ARRAY(SELECT id FROM judged WHERE rank <= CASE WHEN needy >= %s THEN %s ELSE %s END
                                ORDER BY rank, shown, id LIMIT %s OFFSET %s)
      FROM counted
"""


def _cut(judged: "QuerySet[Any]", number: int, *, only_pressing: bool) -> tuple["Page[int]", JudgedCounts, list[UUID]]:
    """Count them, and cut out the page of this number, the last where there are fewer."""
    try:
        sql, values = judged.order_by().values("id", "rank", "shown").query.sql_with_params()
    except EmptyResultSet:  # by no key, which Django does not ask the database
        return cut_page(0, number, PAGE)[0], JudgedCounts(0, 0), []
    needy = connection_view.MARKS.index("attention")
    most = needy if only_pressing else len(connection_view.MARKS)
    with connection.cursor() as cursor:
        cursor.execute(_CUT.format(judged=sql), [*values, needy, number * PAGE, needy, most, PAGE, (number - 1) * PAGE])
        every, pressing, cut = cursor.fetchone()
    page, _ = cut_page(pressing if only_pressing else every, number, PAGE)
    if page.number < number:
        return _cut(judged, page.number, only_pressing=only_pressing)
    return page, JudgedCounts(every, pressing), cut


def _search_connections(mine: "QuerySet[Connection]", text: str, operator: Operator) -> "QuerySet[Connection]":
    """By the name or id of the tenant, the organization, or a domain that the operator may see."""
    if not text:
        return mine
    domains = Domain.objects.filter(name__contains=folded(text))
    if not access.everywhere(operator):
        domains = domains.filter(organization__in=access.organizations(operator))
    # Each table is looked through by itself, and once; of few the keys stand for the words from then on.
    named = Connection.objects.filter(Q(health__tenant_name__icontains=text) | Q(tenant_id__contains=text.lower()))
    placed = Connection.objects.filter(organization__in=Organization.objects.filter(name__icontains=text))
    used = Source.objects.filter(domain__in=domains, connection__isnull=False)
    matches = mine.filter(id__in=named.values("id").union(placed.values("id"), used.values("connection")))
    keys = list(matches.values_list("id", flat=True)[: FOUND_BY_KEY + 1])
    return matches if len(keys) > FOUND_BY_KEY else mine.filter(id__in=keys)


def _rows(keys: list[UUID], only: Operator | None, now: datetime) -> list[Seen]:
    """Read what is told of these; `only`: whose domains alone may be named, where there are others."""
    connections, sources = _all_rows() if only is None else _rows_among(access.domains(only))
    wanted = arrays.uuids(keys)
    used_by_key: dict[UUID | None, list[Source]] = {}
    for source in sources.rows(keys=wanted):
        used_by_key.setdefault(source.connection_id, []).append(source)
    rows_by_key = {row.id: row for row in connections.rows(keys=wanted)}
    return [
        connection_view.show(row, now, own=True, used=used_by_key.get(key, ()), uses=row.uses)
        for key in keys
        if (row := rows_by_key.get(key)) is not None
    ]


@cache
def _all_rows() -> tuple[FixedQuery[Any], FixedQuery[Source]]:
    return _rows_among(None)


def _rows_among(domains: "QuerySet[Domain] | None") -> tuple[FixedQuery[Any], FixedQuery[Source]]:
    """Ask for connections with how many sources use each, and for the first few of these by name, among domains."""
    used, uses = Source.objects.filter(connection__in=KEYS), Count("sources")
    if domains is not None:
        used, uses = used.filter(domain__in=domains), Count("sources", filter=Q(sources__domain__in=domains))
    place = Window(RowNumber(), partition_by="connection", order_by="domain__name")
    named = used.annotate(place=place).filter(place__lte=connection_view.NAMED).order_by("domain__name")
    # What a domain is called, and what makes its address.
    named = named.select_related("domain").only(
        "connection", "domain__name", "domain__proved_at", "domain__organization"
    )
    rows = Connection.objects.filter(id__in=KEYS).annotate(uses=uses).select_related("organization")
    return FixedQuery(rows), FixedQuery(named)
