"""What people type about a token: read for form; what it means is for `accounts.tokens`."""

from datetime import UTC, datetime, time

from django import forms

from mailroll.directory.sheets.statics import day, no_day


class TokenForm(forms.Form):
    """What will use a token, and until when."""

    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="What will use it, like mx1.",
        error_messages={"required": "Name what will use it, like mx1."},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    expires = forms.CharField(
        label="Ends on",
        required=False,
        help_text="The first day that it no longer works, in UTC. May stay empty.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_expires(self) -> datetime | None:
        try:
            on = day(self.cleaned_data["expires"])
        except ValueError:
            raise forms.ValidationError(no_day(self.cleaned_data["expires"])) from None
        return None if on is None else datetime.combine(on, time(), UTC)
