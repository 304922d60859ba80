"""The organizations that one administers as one table: searched, narrowed, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.db.models import Count, Exists, OuterRef, QuerySet

from mailroll.accounts import places
from mailroll.accounts.models import Membership
from mailroll.console.parameters import SearchForm
from mailroll.console.tables import Chip, cut_page
from mailroll.directory.models import Domain, Organization
from mailroll.insight.domain_totals import FOUND_BY_KEY
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


def compose(organizations: "QuerySet[Organization]", search: PlaceSearch) -> dict[str, object]:
    """1. Keep what the words match, in names of organizations and of domains  2. count the choices  3. cut the page."""
    fields = search.cleaned_data
    text, show, below = search.text, fields.get("show", ""), fields.get("below")
    above = organizations.filter(id=below).first() if below else None
    matching, counted = _matching(organizations, text, below)
    rows = matching.filter(_NOBODY) if show == "nobody" else matching
    page, part = cut_page(counted["nobody" if show == "nobody" else "every"], search.number, PAGE)
    cut = list(rows.select_related("parent").order_by("name", "id")[part])
    names, domains, people = places.told_apart_among(cut, organizations), _domains(cut), _people(cut)
    return {
        "text": text,
        "show": show,
        "below": above,
        "total": organizations.count() if text or below else counted["every"],
        "chips": [
            Chip("", "All", not show, counted["every"]),
            Chip("nobody", "Nobody of their own", show == "nobody", counted["nobody"]),
        ],
        "rows": [
            PlaceRow(
                organization,
                names[organization.id],
                _name_domains(domains.get(organization.id, [])),
                len(domains.get(organization.id, ())),
                people.get(organization.id, 0),
            )
            for organization in cut
        ],
        "page": page,
    }


_NOBODY = ~Exists(Membership.objects.filter(organization=OuterRef("id"), operator__is_active=True))


def _matching(
    organizations: "QuerySet[Organization]", text: str, below: UUID | None
) -> tuple["QuerySet[Organization]", Mapping[str, int]]:
    """Find them, and count all and those without people. Of few that are found the keys stand for the words."""
    if below is not None:
        organizations = organizations.filter(parent=below)
    if text:
        # Each table is looked through by itself, and once.
        named = Organization.objects.filter(name__icontains=tidy(text)).values("id")
        holders = Domain.objects.filter(name__contains=folded(text)).values("organization")
        organizations = organizations.filter(id__in=named.union(holders))
        rows = organizations.annotate(nobody=_NOBODY).values_list("id", "nobody")[: FOUND_BY_KEY + 1]
        nobody_by_key = dict(rows)
        if len(nobody_by_key) <= FOUND_BY_KEY:
            counts = {"every": len(nobody_by_key), "nobody": sum(nobody_by_key.values())}
            return Organization.objects.filter(id__in=list(nobody_by_key)), counts
    return organizations, organizations.aggregate(every=Count("id"), nobody=Count("id", filter=_NOBODY))


def _people(cut: Sequence[Organization]) -> Mapping[UUID, int]:
    """How many have a role of their own in each."""
    memberships = Membership.objects.filter(organization__in=cut, operator__is_active=True)
    counted = memberships.values("organization").annotate(number=Count("operator", distinct=True))
    return dict(counted.values_list("organization", "number"))


def _domains(cut: Sequence[Organization]) -> Mapping[UUID, list[str]]:
    names_by_place: dict[UUID, list[str]] = {}
    rows = Domain.objects.filter(organization__in=cut).order_by("name").values_list("organization_id", "name")
    for place, name in rows:
        names_by_place.setdefault(place, []).append(name)
    return names_by_place


def _name_domains(domains: Sequence[str]) -> str:
    if len(domains) <= _NAMED:
        return ", ".join(domains)
    return f"{', '.join(domains[:_NAMED])} and {len(domains) - _NAMED} more"
