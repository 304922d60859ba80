"""The form of a group. It reads what was sent; which names may be is for the edits to say."""

from django import forms


class GroupNameForm(forms.Form):
    """What a group is called."""

    name = forms.CharField(required=False, strip=False)
