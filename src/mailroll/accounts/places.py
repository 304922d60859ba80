"""What organizations are called where several have one name: a person who chooses must not take one for the other."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower

from mailroll.directory import arrays
from mailroll.directory.fixed_queries import KEYS, FixedQuery, Parameter
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.text import folded

FEW: Final = 200
"""Organizations that a list offers at the most to choose one of: nobody reads through more."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """An organization, as far as telling it apart from others goes."""

    id: UUID
    name: str
    created_at: datetime


def told_apart(places: Iterable[Organization | NamedPlace]) -> Mapping[UUID, str]:
    """Call each by its name; those of one name also by their first domain, else by the day they were added."""
    places = list(places)
    many = Counter(folded(place.name) for place in places)
    twins = [place for place in places if many[folded(place.name)] > 1]
    names = {place.id: place.name for place in places}
    first_domains: dict[UUID, str] = {}
    if twins:
        rows = (
            Domain.objects.filter(organization__in=[twin.id for twin in twins])
            .order_by("-name")
            .values_list("organization_id", "name")
        )
        first_domains = dict(rows)
    for place in twins:
        added = f"no domain, added {place.created_at.day} {place.created_at:%b %Y}"
        names[place.id] = f"{place.name} ({first_domains.get(place.id, added)})"
    again = Counter(names.values())
    return {key: f"{name} {str(key)[:8]}" if again[name] > 1 else name for key, name in names.items()}


def told_apart_among(
    places: Iterable[Organization | NamedPlace], among: "QuerySet[Organization]"
) -> Mapping[UUID, str]:
    """Call these few as `told_apart` calls them among many, without reading those of other names."""
    places_by_id = {place.id: place for place in places}
    alike: list[Organization] = []
    if places_by_id:
        names = arrays.texts(place.name for place in places_by_id.values())
        namesakes = _namesakes(among) if among.query.has_filters() else _all_namesakes()
        alike = namesakes.rows(keys=arrays.uuids(places_by_id), names=names)
    return told_apart((*places_by_id.values(), *alike))


@cache
def _all_namesakes() -> FixedQuery[Organization]:
    return _namesakes(Organization.objects.all())


def _namesakes(among: "QuerySet[Organization]") -> FixedQuery[Organization]:
    """Ask for those of some names but for some of them."""
    # The database lowers letters as it compares them in its index; Python folds a few more.
    names = RawSQL("SELECT lower(unnest(%s::text[]))", (Parameter("names", ArrayField(TextField())),))
    return FixedQuery(among.exclude(id__in=KEYS).alias(lowered=Lower("name")).filter(lowered__in=names))
