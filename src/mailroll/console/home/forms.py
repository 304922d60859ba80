"""The form of home: a domain to add."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from mailroll.directory.models import Organization


def add_domain_url(name: str, organization: UUID) -> str:
    """The page to add a domain on, with the form filled in."""
    return f"{reverse('console:domain-add')}?{urlencode({'name': name, 'organization': str(organization)})}"


class AddDomain(forms.Form):
    """What is a domain, and whether it is taken, is for the use case to say."""

    name = forms.CharField(
        label="Domain",
        max_length=253,
        help_text="The part after the @, like brightwater.example.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Write the domain, like brightwater.example."},
    )

    def __init__(self, *args: Any, organizations: "QuerySet[Organization]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._organizations = organizations
        if len(organizations) > 1:
            self.fields["organization"] = forms.ModelChoiceField(
                organizations,
                label="Organization",
                empty_label=None,
                error_messages={"invalid_choice": "Choose one of the list."},
            )

    @property
    def organization(self) -> Organization:
        """The one that was chosen, or the only one there is."""
        chosen = self.cleaned_data.get("organization")
        return chosen if isinstance(chosen, Organization) else self._organizations[0]
