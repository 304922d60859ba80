"""What people type about users: read for form; what it means is for the edits of the roll."""

import re
from typing import Any

from django import forms

from mailroll.console.templatetags.marks import kind_of
from mailroll.directory import queries
from mailroll.directory.models import MAIN, Domain, Group
from mailroll.reconcile.model import Kind

KINDS = [(kind.value, kind_of(kind)[1]) for kind in Kind]
_PLAIN = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}


class AddForm(forms.Form):
    """A user made by hand."""

    address = forms.CharField(
        label="Address",
        max_length=320,
        error_messages={"required": "A user needs an address."},
        widget=forms.TextInput(attrs=_PLAIN),
    )
    display_name = forms.CharField(label="Name", required=False, help_text="What people know it by. May stay empty.")
    aliases = forms.CharField(
        label="Aliases",
        required=False,
        max_length=10_000,
        help_text="Other addresses that are accepted for it, one a line.",
        widget=forms.Textarea(attrs={**_PLAIN, "rows": 3}),
    )
    kind = forms.ChoiceField(label="Kind", choices=KINDS, help_text="User and Linked are billed, all others are not.")
    group = forms.ChoiceField(label="Group")

    def __init__(self, domain: Domain, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Group.objects.filter(domain=domain).order_by("name").values_list("name", flat=True)
        self.fields["group"] = forms.ChoiceField(label="Group", choices=[(name, name) for name in names], initial=MAIN)
        others = queries.aliases(domain)
        also = f", or in an alias domain: {', '.join(others)}" if others else ""
        self.fields["address"].help_text = f"Whole, like fax@{domain.name}{also}."

    @property
    def alias_list(self) -> list[str]:
        return [text for text in re.split(r"[\s,;]+", self.cleaned_data["aliases"]) if text]
