"""What people type on the Gateway tab: read for form; what it means is for `accounts.tokens` and `directory.edit`."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from django import forms

from mailroll.console import parameters
from mailroll.console.gateway.levels import PauseLevel
from mailroll.directory import edit
from mailroll.directory.edit.pauses import REASON_MAX
from mailroll.directory.models import Serving


class TokenForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="What will use it, like mx1.",
        error_messages={"required": "Name what will use it, like mx1."},
        widget=forms.TextInput(attrs=parameters.NO_PROSE),
    )
    expires = parameters.DayField(
        label="Ends on", required=False, help_text="The first day that it no longer works, in UTC. May stay empty."
    )

    def clean_expires(self) -> datetime | None:
        on = self.cleaned_data["expires"]
        return None if on is None else datetime.combine(on, time(), UTC)


class ServingForm(forms.Form):
    serving = forms.ChoiceField(choices=[(choice.value, choice.label) for choice in Serving])
    plus_tags = forms.BooleanField(required=False)
    stale_hours = forms.IntegerField()

    @property
    def way(self) -> edit.ServingWay:
        fields = self.cleaned_data
        return edit.ServingWay(
            Serving(fields["serving"]), plus_tags=fields["plus_tags"], stale_hours=fields["stale_hours"]
        )


class LevelForm(forms.Form):
    """What is paused or resumed, out of what somebody may."""

    level = forms.ChoiceField(
        label="Pause all removals of",
        error_messages={"required": "Choose what to pause.", "invalid_choice": "Choose what to pause."},
    )

    def __init__(self, levels: Sequence[PauseLevel], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._levels = {level.key: level for level in levels}
        self.choices = [(level.key, level.words) for level in levels]
        field = self.fields["level"]
        if isinstance(field, forms.ChoiceField):
            field.choices = self.choices

    @property
    def chosen(self) -> PauseLevel:
        return self._levels[self.cleaned_data["level"]]


class PauseForm(LevelForm):
    # Whether a reason is good is for the edit to say: the command line takes one too.
    reason = forms.CharField(
        label="Because",
        required=False,
        max_length=REASON_MAX,
        help_text="Nobody is removed by a sync or an import and no address ends until somebody resumes them. "
        "People are added as before.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
