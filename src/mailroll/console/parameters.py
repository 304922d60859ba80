"""What browsers send, read: numbers, times, days and forms."""

from datetime import UTC, datetime
from typing import Any, Final

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_datetime

from mailroll.directory.sheets.statics import day, no_day

_DIGITS: Final = 12
NUMBER_MAX: Final = 10**_DIGITS - 1
"""Every column takes it."""
NO_PROSE: Final = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
"""Attributes of a field for what is no prose: an address, a name of a domain, a link."""
_TEXT: Final = forms.CharField(required=False)
_SWITCH: Final = forms.BooleanField(required=False)
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def number(text: str) -> int | None:
    """Return a whole number that every column takes, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None


def moment(text: str) -> datetime | None:
    """Return a time with its zone that can be counted with in every zone, or None."""
    try:
        parsed_time = parse_datetime(text)
    except ValueError:
        return None
    return (
        parsed_time
        if parsed_time is not None and parsed_time.tzinfo is not None and _FIRST <= parsed_time <= _LAST
        else None
    )


class PageForm(forms.Form):
    """Which page of a list is looked at; what makes no sense asks for the first."""

    page = forms.IntegerField(required=False, min_value=1, max_value=NUMBER_MAX)


def page_number(request: HttpRequest) -> int:
    return read(PageForm(request.GET)).get("page") or 1


class SearchForm(PageForm):
    """What a list is searched for, and its page; what nobody offers is passed over, so it has no faults to show."""

    q = forms.CharField(required=False, max_length=320)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("q", ""))

    @property
    def number(self) -> int:
        return self.cleaned_data.get("page") or 1


class DayField(forms.CharField):
    """A day, as a browser sends it and as people of every country write it alike; None for none."""

    widget = forms.DateInput(attrs={"type": "date"})

    def clean(self, value: object) -> Any:
        text = str(super().clean(value))
        try:
            return day(text)
        except ValueError:
            raise forms.ValidationError(no_day(text)) from None


class NameForm(forms.Form):
    """A name that was typed; whether it will do is said by the edit that it is for."""

    name = forms.CharField(required=False)


def text(query: QueryDict, name: str) -> str:
    """What was typed into a field that takes any text; nothing where it cannot be read."""
    try:
        return str(_TEXT.clean(query.get(name)))
    except forms.ValidationError:
        return ""


def switch(query: QueryDict, name: str) -> bool:
    """Whether a box was ticked: a form that lacks the box has it off."""
    return bool(_SWITCH.clean(_SWITCH.widget.value_from_datadict(query, {}, name)))


def read(form: forms.Form) -> dict[str, Any]:
    """What was sent of a form that shows no faults of its own; what cannot be read is left out."""
    form.is_valid()
    return form.cleaned_data
