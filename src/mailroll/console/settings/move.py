"""Moves a domain to another organization that one administers, too, after asking."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mailroll.accounts import access
from mailroll.console import scope
from mailroll.console.place_field import PlaceField
from mailroll.customers import relocation
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.errors import MailrollError


class MoveForm(forms.Form):
    """Where a domain goes, and whether it is known that gateways may lose it."""

    although_served = forms.BooleanField(required=False)

    def __init__(self, *args: Any, places: "QuerySet[Organization]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = PlaceField(
            places=places, label="To", error_messages={"required": "Choose an organization."}
        )


@scope.on_domain(access.may_connect)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    who = scope.operator(request)
    places = relocation.destinations(domain, who)
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
    context = {"domain": domain, "form": form, "places": places.exists(), "readers": readers}
    return render(request, "console/settings/domain_move.html", context, status=422 if form.errors else 200)
