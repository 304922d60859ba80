"""The organizations that one administers as one table: searched, narrowed, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Count, Q, QuerySet

from mailroll.accounts import places
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.text import folded

PAGE = 50
_NAMED = 2
"""Domains of an organization that are named in its row."""


class PlaceSearch(forms.Form):
    """What is looked for; `show=nobody` are those without people of their own, `below` those of one organization."""

    q = forms.CharField(max_length=320, required=False)
    show = forms.ChoiceField(choices=[("nobody", "")], required=False)
    below = forms.UUIDField(required=False)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One organization: its name told apart from others, its domains by name."""

    place: Organization
    name: str
    domains: str
    domain_count: int
    people: int


@dataclass(frozen=True, slots=True)
class PlaceChip:
    """A way to narrow the list, as a link."""

    words: str
    url: str
    current: bool
    count: int


@dataclass(frozen=True, slots=True)
class PlaceTable:
    """What the template reads."""

    text: str
    show: str
    below: Organization | None
    total: int
    chips: Sequence[PlaceChip]
    rows: Sequence[PlaceRow]
    matching: int
    first: int
    previous: str
    following: str

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def compose(found: "QuerySet[Organization]", search: PlaceSearch) -> PlaceTable:
    """1. Keep what the words match, in names of organizations and of domains  2. count the choices  3. cut the page."""
    search.is_valid()
    given = search.cleaned_data
    text, show, below = given.get("q", ""), given.get("show", ""), given.get("below")
    counted = found.select_related("parent").annotate(
        people=Count("memberships__operator", filter=Q(memberships__operator__is_active=True), distinct=True)
    )
    every = list(counted.order_by("name", "id"))
    names, domains = places.told_apart(every), _domains(every)
    sought = folded(text)
    matching = [
        one
        for one in every
        if (below is None or one.parent_id == below)
        and (sought in folded(one.name) or any(sought in domain for domain in domains.get(one.id, ())))
    ]
    picked = [one for one in matching if show != "nobody" or not one.people]
    pages = max(1, -(-len(picked) // PAGE))
    number = min(given.get("page") or 1, pages)
    cut = picked[(number - 1) * PAGE : number * PAGE]

    def url(**other: object) -> str:
        fields = {"q": text, "show": show, "below": below or "", **other}
        return "?" + urlencode({name: value for name, value in fields.items() if value})

    return PlaceTable(
        text=text,
        show=show,
        below=next((one for one in every if one.id == below), None),
        total=len(every),
        chips=[
            PlaceChip("All", url(show=""), not show, len(matching)),
            PlaceChip(
                "Nobody of their own", url(show="nobody"), show == "nobody", sum(not one.people for one in matching)
            ),
        ],
        rows=[
            PlaceRow(one, names[one.id], _named(domains.get(one.id, [])), len(domains.get(one.id, ())), one.people)
            for one in cut
        ],
        matching=len(picked),
        first=(number - 1) * PAGE + 1,
        previous=url(page=number - 1) if number > 1 else "",
        following=url(page=number + 1) if number < pages else "",
    )


def _domains(every: Sequence[Organization]) -> Mapping[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    rows = Domain.objects.filter(organization__in=every).order_by("name").values_list("organization_id", "name")
    for place, name in rows:
        found.setdefault(place, []).append(name)
    return found


def _named(domains: Sequence[str]) -> str:
    if len(domains) <= _NAMED:
        return ", ".join(domains)
    return f"{', '.join(domains[:_NAMED])} and {len(domains) - _NAMED} more"
