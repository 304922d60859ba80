"""The Activity of an organization: what could do harm there, whoever did it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mailroll.accounts import access
from mailroll.console import parameters, scope
from mailroll.console.settings.forms import OlderForm
from mailroll.directory.models import Organization
from mailroll.insight import acts


@scope.on_organization(access.may_audit)
@require_GET
def activity(request: HttpRequest, organization: Organization) -> HttpResponse:
    before = parameters.read(OlderForm(request.GET)).get("before")
    shown = acts.page(organization, scope.operator(request), before)
    context = {"place": organization, "shown": shown, "later": before is not None}
    return render(request, "console/settings/activity.html", context)
