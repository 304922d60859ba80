"""The forms of the User Sync tab and of a source. They read what was sent; what may be is for the use cases to say."""

from django import forms

NEW = "new"
"""The choice of a group that is yet to be made."""
NAMED = "group:"
_USERS = "Say what becomes of its users."
_GROUP = "No group was chosen. Choose one, or name a new one."


class Interval(forms.Form):
    minutes = forms.IntegerField()


class SyncAndSave(forms.Form):
    """Sync & Save of the tab; `beside` is the preview of which the page told."""

    beside = forms.UUIDField(required=False)


class OrderForm(forms.Form):
    way = forms.ChoiceField(choices=(("up", ""), ("down", "")))


class Removal(forms.Form):
    """What becomes of the users of a source that goes. One without users is not asked."""

    users = forms.ChoiceField(
        choices=(("keep", ""), ("retire", "")), error_messages={"required": _USERS, "invalid_choice": _USERS}
    )


class Destination(forms.Form):
    """Where the users of a source go, and what happens to those who are elsewhere or made by hand.

    `group` is `NEW`, or a name behind `NAMED`: no group's own name is taken for that word.
    """

    group = forms.CharField(strip=False, error_messages={"required": _GROUP})
    name = forms.CharField(required=False, strip=False)
    moved = forms.ChoiceField(choices=(("leave", ""), ("back", "")), required=False)
    adopts = forms.ChoiceField(choices=(("no", ""), ("yes", "")), required=False)

    def clean_group(self) -> str:
        group = str(self.cleaned_data["group"])
        if group != NEW and not group.startswith(NAMED):
            raise forms.ValidationError(_GROUP)
        return group
