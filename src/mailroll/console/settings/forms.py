"""What is given on the pages of settings; whether it will do is said by the edit that it is for."""

from django import forms

from mailroll.console import parameters

_NAME = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
"""For what is no prose: a domain's name, a link."""


class OrganizationForm(forms.Form):
    """What an organization is called, and where its people find help."""

    name = forms.CharField(label="Name", error_messages={"required": "An organization needs a name."})
    help_url = forms.CharField(label="Help", required=False, widget=forms.TextInput(attrs=_NAME))
    ticket_url = forms.CharField(label="Tickets", required=False, widget=forms.TextInput(attrs=_NAME))


class OlderForm(forms.Form):
    """The entry before which Activity goes on; what is none asks for the latest."""

    before = forms.IntegerField(required=False, min_value=0, max_value=parameters.NUMBER_MAX)
