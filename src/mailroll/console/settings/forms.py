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


class CustomerForm(forms.Form):
    """What a new customer is called."""

    name = forms.CharField(required=False)


class AliasDomainForm(forms.Form):
    """Which domain is another name of this one, or is one no longer."""

    name = forms.CharField(required=False)


class ProofForm(forms.Form):
    """Whose record is looked for: the domain's, or one of its alias domains'."""

    name = forms.CharField(required=False)


class ExemptionForm(forms.Form):
    """Whose exemption ends, by the identity that the directory gave."""

    object = forms.CharField(required=False)


class DomainRemovalForm(forms.Form):
    """The name of a domain, typed in full by who removes it."""

    name = forms.CharField(required=False)


def entered(form: forms.Form, name: str) -> str:
    """What was given in a field; nothing where it could not be read, which every edit refuses in words of its own."""
    form.full_clean()
    return str(form.cleaned_data.get(name, ""))


class DomainPage(forms.Form):
    """Which page of the domains of an organization is looked at."""

    page = forms.IntegerField(required=False, min_value=1, max_value=parameters.NUMBER_MAX)
