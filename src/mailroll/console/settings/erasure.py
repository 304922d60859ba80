"""Erases an organization with all that is kept of it, for its provider, after asking."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mailroll.accounts import access
from mailroll.console import scope
from mailroll.customers import erasure
from mailroll.directory import tree
from mailroll.directory.models import Organization
from mailroll.reconcile.errors import MailrollError


class ErasureForm(forms.Form):
    """The name of the organization, typed in full, and whether it is known that mail is refused then."""

    name = forms.CharField(required=False, strip=False)
    although_served = forms.BooleanField(required=False)


@scope.on_organization(access.may_erase)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            done = erasure.erase(
                organization, given["name"], scope.acting(request), although_served=given["although_served"]
            )
        except MailrollError as refused:
            form.add_error("name", str(refused))
        else:
            users = f"{done.users:,} user{'' if done.users == 1 else 's'}"
            messages.success(request, f"{organization.name} was erased, with {users} and {done.runs:,} runs.")
            return redirect("console:settings")
    context = {
        "place": organization,
        "below": tree.below(organization).count() - 1,
        "served": erasure.served(organization).order_by("name"),
        "form": form,
    }
    return render(request, "console/settings/organization_erase.html", context, status=422 if form.errors else 200)
