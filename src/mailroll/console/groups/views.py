"""The groups of a domain: listed, added, renamed, removed."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mailroll.accounts import access
from mailroll.connections import groups, sources
from mailroll.connections.models import Source
from mailroll.console import parameters, scope
from mailroll.console.explanation import ToldFaults
from mailroll.console.tables import cut_page
from mailroll.directory import edit, queries
from mailroll.directory.models import MAIN, Domain, Group
from mailroll.reconcile.errors import MailrollError

_SHOWN = 100
"""Groups on one page."""


@dataclass(frozen=True, slots=True)
class _GroupRow:
    group: queries.GroupCount
    sources: tuple[Source, ...]
    main: bool


@scope.on_domain(access.may_view)
@require_GET
def listed(request: HttpRequest, domain: Domain) -> HttpResponse:
    return _page(request, domain)


@scope.on_domain(access.may_edit)
@require_POST
def add(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    name = parameters.text(request.POST, "name")
    try:
        made = edit.add_group(domain, name, scope.acting(request))
    except MailrollError as problem:
        return _page(request, domain, name=name, problem=str(problem))
    messages.success(request, f"{made.name} was added.")
    return redirect("console:groups", domain=domain.name)


@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, domain: Domain, group: int) -> HttpResponseBase:
    found, problem = get_object_or_404(Group, domain=domain, id=group), ""
    name = parameters.text(request.POST, "name")
    if request.method == "POST":
        try:
            moved = groups.rename(domain, group, name, scope.acting(request))
        except MailrollError as refused:
            problem = str(refused)
        else:
            messages.success(request, f"{moved.before} is called {moved.after} now.")
            return redirect("console:groups", domain=domain.name)
    context = {"domain": domain, "group": found, "name": name or found.name, "problem": problem}
    return render(request, "console/groups/rename.html", context, status=422 if problem else 200)


@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, domain: Domain, group: int) -> HttpResponseBase:
    found = get_object_or_404(Group, domain=domain, id=group)
    if request.method == "GET":
        leading = [one for one in sources.ordered(domain) if one.group == found.name]
        context = {"domain": domain, "group": found, "users": found.users.count(), "sources": leading}
        return render(request, "console/groups/remove.html", context)
    with ToldFaults(request):
        moved = groups.remove(domain, group, scope.acting(request))
        went = f" Its {moved.users:,} user{'s are' if moved.users != 1 else ' is'} in Main now." if moved.users else ""
        messages.success(request, f"{moved.before} was removed.{went}")
    return redirect("console:groups", domain=domain.name)


def _page(request: HttpRequest, domain: Domain, name: str = "", problem: str = "") -> HttpResponse:
    leading: dict[str, list[Source]] = {}
    for one in sources.ordered(domain):
        leading.setdefault(one.group, []).append(one)
    may_edit = access.may_edit(scope.operator(request), domain.organization)
    page, part = cut_page(domain.groups.count(), parameters.page_number(request), _SHOWN)
    found = queries.groups(domain, part)
    context = {
        "domain": domain,
        "page": page,
        "rows": [_GroupRow(one, tuple(leading.get(one.name, ())), one.name == MAIN) for one in found],
        "may_edit": may_edit,
        "name": name,
        "problem": problem,
    }
    return render(request, "console/groups/groups.html", context, status=422 if problem else 200)
