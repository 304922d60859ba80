"""The static addresses of a domain: listed, added, changed, removed; and the page that says why there are any."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from mailroll.accounts import access
from mailroll.console import parameters, scope
from mailroll.console.explanation import ShownFaults, ToldFaults
from mailroll.console.statics.forms import FileForm, StaticForm
from mailroll.console.tables import cut_page
from mailroll.directory import edit
from mailroll.directory import statics as listing
from mailroll.directory.models import Domain
from mailroll.directory.sheets.statics import COLUMNS, POWERSHELL, PUBLIC_FOLDERS


@scope.on_domain(access.may_view)
@require_GET
def listed(request: HttpRequest, domain: Domain) -> HttpResponse:
    today = timezone.localdate()
    summed = listing.summed(domain, today)
    page, _ = cut_page(summed.number, parameters.page_number(request), listing.PAGE)
    context = {
        "domain": domain,
        "rows": listing.page(domain, today, page.number),
        "sum": summed,
        "page": page,
        "file": FileForm(),
        "columns": ", ".join(COLUMNS),
        "may_edit": access.may_edit(scope.operator(request), domain.organization),
    }
    return render(request, "console/statics/statics.html", context)


@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    form = StaticForm(domain, request.POST if request.method == "POST" else None)
    if form.is_valid():
        with ShownFaults(form):
            edit.add_static(domain, form.static, scope.acting(request))
            messages.success(request, f"{form.static.address} is in the list. Mail for it is accepted from now on.")
            return redirect("console:statics", domain=domain.name)
    return _form(request, domain, form, None)


@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    entry = _find(domain, user)
    initial = {
        "address": entry.address,
        "aliases": "\n".join(entry.aliases),
        "note": entry.note,
        "owner": entry.owner,
        "review": entry.review.isoformat() if entry.review else "",
    }
    form = StaticForm(domain, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        with ShownFaults(form):
            edit.change_static(domain, user, form.static, scope.acting(request))
            messages.success(request, "Saved. Mail is accepted for what stands here now.")
            return redirect("console:statics", domain=domain.name)
    return _form(request, domain, form, entry)


@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, domain: Domain, user: UUID) -> HttpResponseBase:
    """Ask first: what is removed cannot be restored."""
    entry = _find(domain, user)
    if request.method == "GET":
        return render(request, "console/statics/remove.html", {"domain": domain, "static": entry})
    with ToldFaults(request):
        edit.remove_static(domain, user, scope.acting(request))
        messages.success(request, f"{entry.address} was removed. Mail for it is refused.")
    return redirect("console:statics", domain=domain.name)


@scope.signed_in
@require_GET
def dynamic_lists(request: HttpRequest) -> HttpResponse:
    """Say what Microsoft Graph does not deliver, and the two ways around it; with the way back where one came from."""
    origin = parameters.text(request.GET, "domain")
    came_from = access.domains(scope.operator(request)).filter(name=origin).first()
    context = {"domain": came_from, "powershell": POWERSHELL, "public_folders": PUBLIC_FOLDERS}
    return render(request, "console/statics/dynamic_lists.html", context)


def _form(request: HttpRequest, domain: Domain, form: StaticForm, static: listing.ListedStatic | None) -> HttpResponse:
    context = {"domain": domain, "form": form, "static": static}
    return render(request, "console/statics/form.html", context, status=422 if form.errors else 200)


def _find(domain: Domain, user: UUID) -> listing.ListedStatic:
    entry = listing.find(domain, timezone.localdate(), user)
    if entry is None:
        raise Http404
    return entry
