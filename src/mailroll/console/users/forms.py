"""What people type about users: read for form; what it means is for the edits of the roll."""

import re
from typing import Any, Final, cast
from uuid import UUID

from django import forms

from mailroll.console.templatetags.marks import kind_of
from mailroll.directory import queries
from mailroll.directory.models import MAIN, Domain
from mailroll.reconcile.model import Kind

KINDS = [(kind.value, kind_of(kind)[1]) for kind in Kind]
LISTED: Final = 200
"""Groups that are offered in a list at the most: of more, the name is typed."""
_PLAIN = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}


def group_names(domain: Domain) -> list[str]:
    """The groups that a list offers, by name; none where there are too many to look through."""
    names = list(domain.groups.order_by("name").values_list("name", flat=True)[: LISTED + 1])
    return names if len(names) <= LISTED else []


class AddUserForm(forms.Form):
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
    group = forms.CharField(label="Group", initial=MAIN, help_text="Write the name of one.")

    def __init__(self, domain: Domain, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if names := group_names(domain):
            choices = [(name, name) for name in names]
            self.fields["group"] = forms.ChoiceField(label="Group", choices=choices, initial=MAIN)
        others = queries.aliases(domain)
        also = f", or in an alias domain: {', '.join(others)}" if others else ""
        self.fields["address"].help_text = f"Whole, like fax@{domain.name}{also}."

    @property
    def alias_list(self) -> list[str]:
        return [text for text in re.split(r"[\s,;]+", self.cleaned_data["aliases"]) if text]


class KindForm(forms.Form):
    """A kind; nothing leaves it to the sync."""

    kind = forms.TypedChoiceField(
        choices=KINDS,
        coerce=Kind,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "There is no such kind."},
    )


class GroupForm(forms.Form):
    """The name of a group; nothing leaves it to the sync. Which there are, the edit knows."""

    group = forms.CharField(required=False, strip=False)


class AliasForm(forms.Form):
    address = forms.CharField(required=False)
    remove = forms.CharField(required=False)


class UsersField(forms.Field):
    """Ids of users: one for each box that is ticked, or many in one field with blanks between."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[UUID]:
        try:
            return [UUID(text) for ids_text in cast("list[str]", value or []) for text in ids_text.split()]
        except ValueError:
            raise forms.ValidationError("This is no user.") from None


class RestoringForm(forms.Form):
    """Who shall come back: those that are named, or `every` one that a search finds."""

    user = UsersField(required=False)
    every = forms.BooleanField(required=False)
    confirmed = forms.BooleanField(required=False)
