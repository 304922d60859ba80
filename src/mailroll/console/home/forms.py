"""The forms of home: what is looked for, and a domain to add."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from mailroll.console.parameters import SearchForm
from mailroll.console.place_field import PlaceField
from mailroll.directory.models import Organization


def add_domain_url(name: str, organization: UUID) -> str:
    """The page to add a domain to this organization on, with the name filled in."""
    return f"{reverse('console:domain-add')}?{urlencode({'name': name, 'organization': str(organization)})}"


class Search(SearchForm):
    """What is looked for on home, which chip is pressed, and which page of the table is shown."""

    show = forms.CharField(required=False)


class ThemeForm(forms.Form):
    """Light or dark, anything else for what the system says; and the page to go back to."""

    theme = forms.CharField(required=False)
    back = forms.CharField(required=False, strip=False, empty_value="/")


class WantedDomain(forms.Form):
    """Where a link of another page leads: to a domain of this name, in this organization and no other."""

    name = forms.CharField(required=False)
    organization = forms.UUIDField(required=False)


class AddDomain(forms.Form):
    """What is a domain, and whether it is taken, is for the use case to say.

    `place`: the organization that the page is about; without one it is chosen, and nobody is chosen beforehand.
    """

    name = forms.CharField(
        label="Domain",
        max_length=253,
        help_text="The part after the @, like brightwater.example.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Write the domain, like brightwater.example."},
    )

    def __init__(
        self, *args: Any, organizations: "QuerySet[Organization]", place: Organization | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        places = list(organizations[:2]) if place is None else [place]
        self._only = places[0] if len(places) == 1 else None
        if self._only is None:
            self.fields["organization"] = PlaceField(
                places=organizations,
                label="Organization",
                error_messages={"required": "Choose the organization that the domain belongs to."},
            )

    @property
    def organization(self) -> Organization:
        """The one that was chosen, or the only one there is."""
        place: Organization = self._only or self.cleaned_data["organization"]
        return place
