"""The forms of alerts: what the list is narrowed by, and what is done with one."""

from typing import Any, Final

from django import forms

from mailroll.alerts.attending import NOTE_MAX, Snooze
from mailroll.alerts.causes import Severity
from mailroll.alerts.listing import Shown

PAGE_MAX: Final = 100_000


class AlertSearch(forms.Form):
    """What the list is narrowed by; what nobody offers is passed over."""

    q = forms.CharField(required=False, max_length=320)
    show = forms.ChoiceField(required=False, choices=[(one.value, one.words) for one in Shown])
    severity = forms.ChoiceField(required=False, choices=[(one.value, one.words) for one in Severity])
    page = forms.IntegerField(required=False, min_value=1, max_value=PAGE_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("q", ""))

    @property
    def shown(self) -> Shown:
        return Shown(self.cleaned_data.get("show") or Shown.OPEN)

    @property
    def only(self) -> Severity | None:
        """The one severity that is looked at."""
        given = self.cleaned_data.get("severity")
        return Severity(given) if given else None

    @property
    def number(self) -> int:
        return self.cleaned_data.get("page") or 1


class SnoozeForm(forms.Form):
    """For how long an alert is put off."""

    length = forms.ChoiceField(choices=[(one.value, one.words) for one in Snooze])


class AcknowledgeForm(forms.Form):
    """What others need to know; it may be empty."""

    note = forms.CharField(required=False, max_length=NOTE_MAX)
