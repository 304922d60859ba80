"""What an organization demands of those who sign in: of whom a second factor, and who has none."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mailroll.accounts import access, demands, installation, roster, second_factor
from mailroll.accounts.roster import Colleague, Factor
from mailroll.console import scope
from mailroll.console.explanation import ToldFaults
from mailroll.directory import tree
from mailroll.directory.models import Organization
from mailroll.settings import Demand

_NAMED = 3
_WORDS = {
    Demand.NOBODY: ("Nobody has to", "A password is enough."),
    Demand.ADMINISTRATORS: ("Administrators", "They connect, invite and change settings."),
    Demand.TECHNICIANS: ("Administrators and technicians", "Technicians release removals."),
    Demand.EVERYBODY: ("Everybody", "Viewers too."),
}


class DemandForm(forms.Form):
    demand = forms.ChoiceField(choices=[(choice.value, _WORDS[choice][0]) for choice in Demand])


@dataclass(frozen=True, slots=True)
class DemandChoice:
    """One level: whom it touches here and below, and how many of them have no second factor."""

    value: str
    words: str
    small: str
    touched: int
    without: int
    current: bool


@scope.on_organization(access.may_settle)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    operator = scope.operator(request)
    if request.method == "POST":
        form = DemandForm(request.POST)
        if form.is_valid():
            level = Demand(form.cleaned_data["demand"])
            with ToldFaults(request):
                demands.demand(organization, level, by=operator)
                messages.success(request, f"{organization.name} demands a second factor of {demands.words(level)} now.")
        return redirect("console:organization-sign-in", organization=organization.id)
    now = demands.demand_on(organization)
    organization_ids = set(tree.below(organization).values_list("id", flat=True))
    staff = [
        colleague
        for colleague in roster.everybody(operator)
        if colleague.operator.is_active and any(role.organization in organization_ids for role in colleague.roles)
    ]
    without = [colleague for colleague in staff if colleague.factor is Factor.NONE]
    context = {
        "place": organization,
        "now": now,
        "floor": demands.words(now.floor),
        "choices": [_choice(level, now.level, staff, organization_ids) for level in now.choices],
        "without": without[:_NAMED],
        "without_count": len(without),
        "customers": len(organization_ids) - 1,
        "switched_off": installation.settings().second_factor is Demand.NOBODY,
    }
    return render(request, "console/settings/sign_in.html", context)


def _choice(level: Demand, current: Demand, staff: list[Colleague], organization_ids: set[UUID]) -> DemandChoice:
    roles = second_factor.DEMANDED_OF[level]
    touched = [
        colleague
        for colleague in staff
        if any(role.organization in organization_ids and role.role in roles for role in colleague.roles)
    ]
    without = sum(colleague.factor is Factor.NONE for colleague in touched)
    return DemandChoice(level.value, *_WORDS[level], len(touched), without, level is current)
