"""The organizations that one administers as one table: searched, narrowed, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mailroll.accounts import places
from mailroll.accounts.models import Membership
from mailroll.console.parameters import SearchForm
from mailroll.console.tables import Chip, cut_page
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.text import folded, tidy

PAGE = 50
_NAMED = 2
"""Domains of an organization that are named in its row."""


class PlaceSearch(SearchForm):
    """What is looked for; `show=nobody` are those without people of their own, `below` those of one organization."""

    show = forms.ChoiceField(choices=[("nobody", "")], required=False)
    below = forms.UUIDField(required=False)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One organization: its name told apart from others, its domains by name."""

    place: Organization
    name: str
    domains: str
    domain_count: int
    people: int


def compose(found: "QuerySet[Organization]", search: PlaceSearch) -> dict[str, object]:
    """1. Keep what the words match, in names of organizations and of domains  2. count the choices  3. cut the page."""
    given = search.cleaned_data
    text, show, below = search.text, given.get("show", ""), given.get("below")
    above = found.filter(id=below).first() if below else None
    matching = _matching(found, text, below)
    counted = matching.aggregate(every=Count("id"), nobody=Count("id", filter=_NOBODY))
    picked = matching.filter(_NOBODY) if show == "nobody" else matching
    page, part = cut_page(counted["nobody" if show == "nobody" else "every"], search.number, PAGE)
    cut = list(picked.select_related("parent").order_by("name", "id")[part])
    names, domains, people = places.told_apart_among(cut, found), _domains(cut), _people(cut)
    return {
        "text": text,
        "show": show,
        "below": above,
        "total": found.count() if text or below else counted["every"],
        "chips": [
            Chip("", "All", not show, counted["every"]),
            Chip("nobody", "Nobody of their own", show == "nobody", counted["nobody"]),
        ],
        "rows": [
            PlaceRow(
                one, names[one.id], _named(domains.get(one.id, [])), len(domains.get(one.id, ())), people.get(one.id, 0)
            )
            for one in cut
        ],
        "page": page,
    }


_NOBODY = ~Exists(Membership.objects.filter(organization=OuterRef("id"), operator__is_active=True))


def _matching(found: "QuerySet[Organization]", text: str, below: UUID | None) -> "QuerySet[Organization]":
    if below is not None:
        found = found.filter(parent=below)
    if not text:
        return found
    holders = Domain.objects.filter(name__contains=folded(text)).values("organization")
    return found.filter(Q(name__icontains=tidy(text)) | Q(id__in=holders))


def _people(cut: Sequence[Organization]) -> Mapping[UUID, int]:
    """How many have a role of their own in each."""
    held = Membership.objects.filter(organization__in=cut, operator__is_active=True)
    counted = held.values("organization").annotate(number=Count("operator", distinct=True))
    return dict(counted.values_list("organization", "number"))


def _domains(cut: Sequence[Organization]) -> Mapping[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    rows = Domain.objects.filter(organization__in=cut).order_by("name").values_list("organization_id", "name")
    for place, name in rows:
        found.setdefault(place, []).append(name)
    return found


def _named(domains: Sequence[str]) -> str:
    if len(domains) <= _NAMED:
        return ", ".join(domains)
    return f"{', '.join(domains[:_NAMED])} and {len(domains) - _NAMED} more"
