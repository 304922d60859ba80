"""The forms of the editor of filters: the button that was pressed, the file that was brought, and the switches."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from mailroll.connections import filters
from mailroll.connections.sources import SourceSwitch
from mailroll.console import parameters


class EditorButton(forms.Form):
    """The button that was pressed: its word and, behind a colon, the line of the draft that it stands at.

    The script's own request names none: it counts.
    """

    do = forms.CharField(required=False, empty_value="count")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.does, _, place = str(parameters.read(self).get("do", "count")).partition(":")
        self.line = parameters.number(place)


class FilterText(forms.Form):
    """A filter from somewhere else: a file, or what was pasted."""

    file = forms.FileField(required=False, allow_empty_file=True)
    json = forms.CharField(required=False, strip=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = parameters.read(self)
        self.pasted, file = str(fields.get("json", "")), fields.get("file")
        # A byte more than may be, so that what is too large is known as such.
        text = self.pasted.encode(errors="replace")
        self.content: bytes = file.read(filters.TEXT_MAX + 1) if isinstance(file, UploadedFile) else text


class SourceSwitches(forms.Form):
    """What a source takes besides people: a form that lacks a box has it off."""

    def __init__(self, switches: tuple[SourceSwitch, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {switch.value: forms.BooleanField(required=False) for switch in switches}
