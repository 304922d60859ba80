"""What people type about people: read for form; what it means is for the use cases."""

from typing import Any
from zoneinfo import available_timezones

from allauth.account.forms import ResetPasswordKeyForm
from django import forms
from django.db import transaction

from mailroll.accounts import access, identities, operators, second_factor, trail
from mailroll.accounts.models import Operator, Role
from mailroll.console import parameters
from mailroll.console.people import people_table
from mailroll.console.place_field import PlaceField

_ROLES = {
    Role.VIEWER: "Viewer: looks at everything, changes nothing",
    Role.TECHNICIAN: "Technician: previews, syncs, edits users",
    Role.ADMINISTRATOR: "Administrator: also connects, invites, settles",
}

# As long as an address can be: nobody searches for more.
_SEARCH_MAX = 320

_DROPPED = "App, passkeys and recovery codes: if they are lost, or if somebody else may have set them up."
_DISCONNECTED = "The account that is connected for signing in is disconnected: you can connect it again."


class PeopleSearch(parameters.SearchForm):
    role = forms.ChoiceField(choices=[(role.value, "") for role in Role], required=False)
    state = forms.ChoiceField(choices=[(state, "") for state in people_table.STATES], required=False)
    organization = forms.UUIDField(required=False)

    def query(self) -> people_table.Query:
        fields = self.cleaned_data
        return people_table.Query(
            text=self.text,
            role=fields.get("role", ""),
            state=fields.get("state", ""),
            place=str(fields.get("organization") or ""),
            page=self.number,
        )


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label="Role", choices=[(role.value, words) for role, words in _ROLES.items()])

    def __init__(self, by: Operator, *args: Any, place: str = "", **kwargs: Any) -> None:
        """`place`: the id of the organization that the page before was narrowed to."""
        super().__init__(*args, **kwargs)
        places = access.reach(by, Role.ADMINISTRATOR)
        field = PlaceField(places=places, label="Organization")
        if place and (organization := places.filter(id=place).first()) is not None:
            field.begin_with(organization)
        self.fields["organization"] = field
        self.order_fields(("email", "organization", "role"))


class AuditSearch(forms.Form):
    """Which entries of the audit log are asked for; what nobody offers is passed over."""

    about = forms.ChoiceField(choices=[(about, "") for about in trail.SUBJECTS], required=False)
    q = forms.CharField(max_length=_SEARCH_MAX, required=False)
    before = forms.IntegerField(min_value=0, max_value=parameters.NUMBER_MAX, required=False)

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: str(self.cleaned_data.get(name) or "") for name in ("about", "q")}


class AuditExportForm(AuditSearch):
    """Which of them leave, and as what."""

    form = forms.ChoiceField(
        label="As",
        choices=[
            ("jsonl", "JSON Lines: for programs, every entry whole, the oldest first"),
            ("csv", "CSV: for a spreadsheet, the latest first"),
        ],
        widget=forms.RadioSelect,
        initial="jsonl",
        required=False,
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=[(role.value, role.value.capitalize()) for role in Role])


class ProfileForm(forms.Form):
    name = forms.CharField(label="Name", max_length=200, required=False)
    time_zone = forms.ChoiceField(
        label="Time zone",
        required=False,
        choices=[("", "As this browser says"), *((zone, zone) for zone in sorted(available_timezones()))],
    )


class ResetForm(ResetPasswordKeyForm):
    """Another password by a link that was mailed; where there are second factors, also without them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.user is None:
            return
        factors, connected = second_factor.present(self.user), identities.identity_of(self.user) is not None
        if factors or connected:
            self.fields["drop_factors"] = forms.BooleanField(
                label="Also remove my second factors" if factors else "Also disconnect the account I sign in with",
                required=False,
                help_text=" ".join([_DROPPED] * factors + [_DISCONNECTED] * connected),
            )

    def save(self) -> None:
        with transaction.atomic():
            super().save()
            if self.cleaned_data.get("drop_factors"):
                second_factor.take_away(self.user, operators.acting_as(self.user))
                identities.drop(self.user, operators.acting_as(self.user))


class WelcomeForm(forms.Form):
    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Ten characters or more; a few unrelated words do well.",
    )
