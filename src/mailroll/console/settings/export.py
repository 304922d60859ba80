"""Takes everything of an organization out of the Console, after asking."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from mailroll.accounts import access, trail
from mailroll.audit import clock
from mailroll.console import scope, stream
from mailroll.customers import archive
from mailroll.directory import tree
from mailroll.directory.models import Domain, Organization


@scope.on_organization(access.may_settle)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, organization: Organization) -> HttpResponseBase:
    if request.method == "POST":
        archive.note_export(organization, scope.acting(request))
        audience = trail.Audience(scope.operator(request))
        name = f"{slugify(organization.name) or 'organization'}-{timezone.now():%Y%m%d-%H%M}.zip"
        return stream.as_archive(request, archive.pieces(organization, audience, clock.now()), name)
    below = tree.below(organization)
    context = {
        "place": organization,
        "below": below.count() - 1,
        "domains": Domain.objects.filter(organization__in=below.values("id")).count(),
    }
    return render(request, "console/settings/organization_export.html", context)
