"""The form of a group. It reads what was sent; which names may be is for the edits to say."""

from django import forms

from mailroll.console import parameters


class GroupNameForm(forms.Form):
    """What a group is called."""

    name = forms.CharField(required=False, strip=False)


class GroupPage(forms.Form):
    """Which page of the groups is looked at."""

    page = forms.IntegerField(required=False, min_value=1, max_value=parameters.NUMBER_MAX)
