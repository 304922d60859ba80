"""What is given on the pages of settings; whether it will do is said by the edit that it is for."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from mailroll.console import parameters
from mailroll.console.place_field import PlaceField
from mailroll.directory.models import Organization


class OrganizationForm(forms.Form):
    """What an organization is called, and where its people find help."""

    name = forms.CharField(label="Name", error_messages={"required": "An organization needs a name."})
    help_url = forms.CharField(label="Help", required=False, widget=forms.TextInput(attrs=parameters.NO_PROSE))
    ticket_url = forms.CharField(label="Tickets", required=False, widget=forms.TextInput(attrs=parameters.NO_PROSE))


class OlderForm(forms.Form):
    """The entry before which Activity goes on; what is none asks for the latest."""

    before = forms.IntegerField(required=False, min_value=0, max_value=parameters.NUMBER_MAX)


class ErasureForm(forms.Form):
    """The name of the organization, typed in full, and whether it is known that mail is refused then."""

    name = forms.CharField(required=False, strip=False)
    although_served = forms.BooleanField(required=False)


class MoveForm(forms.Form):
    """Where a domain goes, and whether it is known that gateways may lose it."""

    although_served = forms.BooleanField(required=False)

    def __init__(self, *args: Any, places: "QuerySet[Organization]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = PlaceField(
            places=places, label="To", error_messages={"required": "Choose an organization."}
        )
