"""Chooses an organization in a form: out of a list where there are few, by its name where there are many."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from mailroll.accounts.places import FEW, told_apart_among
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.text import folded, tidy

OFFERED: Final = 20
"""Those that are offered of the ones that a name fits."""
_CHOOSE: Final = "Choose one"


class PlaceField(forms.Field):
    """Takes an organization out of `places`.

    Where there are many its name is typed, or one of its domains. Only a whole name that one alone has is taken as it
    is: for any other text the form comes back with a list of those that it fits. A domain that nobody has proved names
    no organization: any customer can add that of another to their own.
    """

    def __init__(self, *, places: "QuerySet[Organization]", **kwargs: Any) -> None:
        self._places = places.order_by("name", "id")
        few = list(self._places[: FEW + 1])
        self._is_listed = len(few) <= FEW
        if self._is_listed:
            widget: forms.Widget = self._list(few, blank=len(few) != 1)
        else:
            widget = forms.TextInput(attrs={"autocomplete": "off"})
            kwargs.setdefault("help_text", "Its name or a part of it, or one of its domains.")
        super().__init__(widget=widget, **kwargs)

    def begin_with(self, place: Organization) -> None:
        """Have this one chosen already; where there are many it is the only one that is offered."""
        self.initial = str(place.id)
        if not self._is_listed:
            self.widget = self._list([place], blank=False)

    def clean(self, value: object) -> Organization | None:
        text = tidy(str(super().clean(value) or ""))
        if not text:
            return None
        try:
            organization = self._places.filter(id=UUID(text)).first()
        except ValueError:
            if not self._is_listed:
                return self._find_place(text)
            organization = None
        if organization is None:
            raise ValidationError("Choose one of the list.", "invalid_choice")
        return organization

    def _find_place(self, text: str) -> Organization:
        proved = Domain.objects.filter(name=folded(text), proved_at__isnull=False)
        condition = Q(name__iexact=text) | Q(id__in=proved.values("organization"))
        exact = list(self._places.filter(condition)[: OFFERED + 1])
        if len(exact) == 1:
            return exact[0]
        matches = exact or list(self._places.filter(name__icontains=text)[: OFFERED + 1])
        if not matches:
            raise ValidationError("No organization of yours has that in its name.", "unknown")
        if len(matches) > OFFERED:
            raise ValidationError(f"More than {OFFERED} fit. Type more of the name, or one of its domains.", "many")
        self.widget = self._list(matches)
        raise ValidationError("Choose the one that you mean.", "several")

    def _list(self, organizations: list[Organization], *, blank: bool = True) -> forms.Select:
        names = told_apart_among(organizations, self._places)
        return forms.Select(
            choices=[
                *([("", _CHOOSE)] if blank else []),
                *((str(organization.id), names[organization.id]) for organization in organizations),
            ]
        )
