"""What people type about a static address: read for form; what it means is for the edits of the roll."""

from typing import Any

from django import forms

from mailroll.console import parameters
from mailroll.directory import edit
from mailroll.directory.edit.statics import NOTE_MAX, OWNER_MAX
from mailroll.directory.models import Domain
from mailroll.directory.sheets import reader
from mailroll.directory.sheets.statics import split


class UploadForm(forms.Form):
    """What becomes of a file that waits: it is dropped, or taken as its `digest` says it was shown."""

    do = forms.CharField(required=False)
    digest = forms.CharField(required=False)


class StaticForm(forms.Form):
    address = forms.CharField(
        label="Address",
        max_length=320,
        error_messages={"required": "A static address needs an address."},
        widget=forms.TextInput(attrs=parameters.NO_PROSE),
    )
    aliases = forms.CharField(
        label="Further addresses",
        required=False,
        max_length=10_000,
        help_text="Other addresses of the same list or folder, one a line.",
        widget=forms.Textarea(attrs={**parameters.NO_PROSE, "rows": 3}),
    )
    note = forms.CharField(
        label="What for", required=False, max_length=NOTE_MAX, help_text="Such as: dynamic list of all staff."
    )
    owner = forms.CharField(
        label="Owner", required=False, max_length=OWNER_MAX, help_text="Who knows whether it is still needed."
    )
    review = parameters.DayField(
        label="Review on", required=False, help_text="The day to ask whether it is still needed. May stay empty."
    )

    def __init__(self, domain: Domain, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].help_text = f"Whole, like all-staff@{domain.name}."

    @property
    def static(self) -> edit.Static:
        fields = self.cleaned_data
        return edit.Static(
            fields["address"], split(fields["aliases"]), fields["owner"], fields["note"], fields["review"]
        )


class FileForm(forms.Form):
    file = forms.FileField(
        label="CSV file",
        allow_empty_file=True,
        error_messages={"required": "Choose a file."},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
        help_text=f"At most {reader.LINES_MAX:,} lines and {reader.BYTES_MAX // 1024 // 1024} MB.",
    )

    def content(self) -> bytes:
        """Return what was brought; raises `BadInput` where it is too large to be read."""
        file = self.cleaned_data["file"]
        if file.size > reader.BYTES_MAX:
            raise reader.too_large()
        return bytes(file.read())
