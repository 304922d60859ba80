"""What pages of runs are given: which changes to show, a mark on one of them, and what a release needs."""

from datetime import datetime
from typing import Any

from django import forms

from mailroll.console import parameters
from mailroll.insight.run_changes import WantedChanges
from mailroll.insight.run_groups import Pick
from mailroll.insight.run_queries import SHOWN
from mailroll.reconcile.model import Kind
from mailroll.reconcile.reasons import ReasonCode

SKIPPED = "skipped"


class ChangesForm(forms.Form):
    """Which changes an address asks for; what makes no sense in it asks for everything."""

    q = forms.CharField(required=False, max_length=320)
    action = forms.ChoiceField(required=False, choices=[(choice, choice) for choice in (*Pick, SKIPPED)])
    kind = forms.ChoiceField(required=False, choices=[(choice.value, choice.value) for choice in Kind])
    cause = forms.ChoiceField(required=False, choices=[(choice.value, choice.value) for choice in ReasonCode])
    billing = forms.BooleanField(required=False)
    group = forms.CharField(required=False, max_length=20)
    all = forms.BooleanField(required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    @property
    def action_chosen(self) -> str:
        """The chip that is current; `SKIPPED` is one of them, though what was left out is no change."""
        self.is_valid()
        return str(self.cleaned_data.get("action", ""))

    def wanted(self) -> WantedChanges:
        self.is_valid()
        fields: dict[str, Any] = self.cleaned_data
        return WantedChanges(
            text=fields.get("q", ""),
            pick=Pick(fields["action"]) if fields.get("action", "") in {*Pick} else None,
            kind=fields.get("kind", ""),
            cause=fields.get("cause", ""),
            billing=fields.get("billing", False),
            opened=fields.get("group", ""),
            everything=fields.get("all", False),
            page=fields.get("page") or 1,
        )


class HistoryForm(forms.Form):
    """Which runs the list shows, and before when; what makes no sense asks for the latest."""

    show = forms.ChoiceField(required=False, choices=[(name, name) for name in SHOWN])
    before = forms.CharField(required=False)
    unfold = forms.BooleanField(required=False)

    def clean_before(self) -> datetime | None:
        return parameters.moment(self.cleaned_data["before"])


class MarkForm(forms.Form):
    position = forms.IntegerField(min_value=0, max_value=10_000_000)
    mark = forms.ChoiceField(choices=[("pin", "Pin"), ("exempt", "Exempt")])


class ReleaseForm(forms.Form):
    """What a person says to release a plan: why, and by its number what it does. All faults are told at once."""

    reason = forms.CharField(required=False, strip=True)
    number = forms.CharField(required=False)
    password = forms.CharField(required=False, strip=False)

    def __init__(self, *args: Any, number: int, noun: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self._number, self._noun = number, noun

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if not reason:
            raise forms.ValidationError("Say why; it goes to the audit log.")
        return reason

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if number.replace(",", "") != str(self._number):
            raise forms.ValidationError(f"Type the number of {self._noun}: {self._number}.")
        return number
