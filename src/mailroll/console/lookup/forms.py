"""What people type to accept an address all the same."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms

from mailroll.console.statics.forms import StaticForm
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.insight.lookup import LONGEST

REVIEW_AFTER: Final = timedelta(days=182)
"""When to ask whether an address that was accepted in haste is still needed."""


class QuestionForm(forms.Form):
    address = forms.CharField(max_length=LONGEST)


class AcceptForm(StaticForm):
    def __init__(self, domain: Domain, *args: Any, **kwargs: Any) -> None:
        super().__init__(domain, *args, **kwargs)
        del self.fields["aliases"]
        self.fields["address"].widget = forms.HiddenInput()
        self.fields["note"].required = True
        self.fields["note"].error_messages["required"] = "Say what it is for, for whoever reviews it."

    @property
    def static(self) -> edit.Static:
        fields = self.cleaned_data
        return edit.Static(fields["address"], (), fields["owner"], fields["note"], fields["review"])


def prefilled(domain: Domain, address: str, owner: str, today: date) -> AcceptForm:
    review = (today + REVIEW_AFTER).isoformat()
    return AcceptForm(domain, initial={"address": address, "owner": owner, "review": review})
