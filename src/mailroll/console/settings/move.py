"""Moves a domain to another organization that one administers, too, after asking."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mailroll.accounts import access
from mailroll.accounts.places import told_apart
from mailroll.console import scope
from mailroll.customers import relocation
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.errors import MailrollError


class MoveForm(forms.Form):
    """Where a domain goes, and whether it is known that gateways may lose it."""

    although_served = forms.BooleanField(required=False)

    def __init__(self, *args: Any, places: Mapping[str, Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = told_apart(places.values())
        self.fields["organization"] = forms.TypedChoiceField(
            label="To",
            choices=[("", "Choose one"), *((key, names[place.id]) for key, place in places.items())],
            coerce=lambda chosen: places[chosen],
            error_messages={"required": "Choose an organization.", "invalid_choice": "Choose one of the list."},
        )


@scope.on_domain(access.may_connect)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    who = scope.operator(request)
    places = {str(place.id): place for place in relocation.destinations(domain, who)}
    form = MoveForm(request.POST if request.method == "POST" else None, places=places)
    if form.is_valid():
        given = form.cleaned_data
        to = given["organization"]
        try:
            done = relocation.move_domain(
                domain, to, scope.acting(request), by=who, although_served=given["although_served"]
            )
        except MailrollError as refused:
            form.add_error("organization", str(refused))
        else:
            anew = f" Connect anew: {', '.join(done.disconnected)}." if done.disconnected else ""
            messages.success(request, f"{domain.name} is in {to.name} now. Automatic sync is off.{anew}")
            return redirect("console:domain-settings", domain.path)
    readers = relocation.read_by_token(domain, scope.acting(request).now())
    context = {"domain": domain, "form": form, "places": bool(places), "readers": readers}
    return render(request, "console/settings/domain_move.html", context, status=422 if form.errors else 200)
