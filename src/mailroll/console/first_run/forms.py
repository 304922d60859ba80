"""What the first operator gives."""

from typing import Any

from django import forms

from mailroll.accounts import operators
from mailroll.accounts.models import Operator, OperatorManager
from mailroll.directory.models import Organization
from mailroll.reconcile.addresses import ADDRESS_MAX, AddressFault, canonical
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.text import is_showable, tidy

_UNPRINTABLE = "The name holds characters that cannot be shown. Leave them out."


class StartForm(forms.Form):
    """You, and your organization; its field goes where there is one on top already."""

    name = forms.CharField(
        label="Name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    email = forms.EmailField(
        label="E-mail", max_length=ADDRESS_MAX, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Ten characters or more; a few unrelated words do well.",
    )
    again = forms.CharField(
        label="Password again", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    organization = forms.CharField(
        label="Name of the organization",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        help_text="The provider, or your own company. Customers are added below it.",
    )

    def __init__(self, *args: Any, has_organization: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_organization:
            del self.fields["organization"]

    def clean_name(self) -> str:
        return _showable(self.cleaned_data["name"])

    def clean_organization(self) -> str:
        return _showable(self.cleaned_data["organization"])

    def clean_email(self) -> str:
        address = canonical(self.cleaned_data["email"])
        if isinstance(address, AddressFault):
            raise forms.ValidationError("This is not an e-mail address. Give one like jo@example.com.")
        return address

    def clean(self) -> dict[str, Any]:
        """Judge the password by what else was given, so that every fault is told at once."""
        fields = self.cleaned_data
        password = fields.get("password")
        if password and "again" in fields and fields["again"] != password:
            self.add_error("again", "This is not the same password.")
        if password:
            operator = Operator(
                email=OperatorManager.normalize_email(fields.get("email", "")),
                name=fields.get("name", ""),
                bound_to=Organization(name=fields.get("organization", "")),
            )
            try:
                operators.judge(password, operator)
            except BadInput as weak:
                self.add_error("password", str(weak))
        return fields


def _showable(name: str) -> str:
    if not is_showable(tidy(name)):
        raise forms.ValidationError(_UNPRINTABLE)
    return tidy(name)
