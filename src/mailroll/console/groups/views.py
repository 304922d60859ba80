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
        group = edit.add_group(domain, name, scope.acting(request))
    except MailrollError as problem:
        return _page(request, domain, name=name, problem=str(problem))
    messages.success(request, f"{group.name} was added.")
    return redirect("console:groups", domain=domain.name)


@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, domain: Domain, group: int) -> HttpResponseBase:
    row, problem = get_object_or_404(Group, domain=domain, id=group), ""
    name = parameters.text(request.POST, "name")
    if request.method == "POST":
        try:
            moved_group = groups.rename(domain, group, name, scope.acting(request))
        except MailrollError as refused:
            problem = str(refused)
        else:
            messages.success(request, f"{moved_group.before} is called {moved_group.after} now.")
            return redirect("console:groups", domain=domain.name)
    context = {"domain": domain, "group": row, "name": name or row.name, "problem": problem}
    return render(request, "console/groups/rename.html", context, status=422 if problem else 200)


@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, domain: Domain, group: int) -> HttpResponseBase:
    row = get_object_or_404(Group, domain=domain, id=group)
    if request.method == "GET":
        leading = [source for source in sources.ordered(domain) if source.group == row.name]
        context = {"domain": domain, "group": row, "users": row.users.count(), "sources": leading}
        return render(request, "console/groups/remove.html", context)
    with ToldFaults(request):
        moved_group = groups.remove(domain, group, scope.acting(request))
        went = (
            f" Its {moved_group.users:,} user{'s are' if moved_group.users != 1 else ' is'} in Main now."
            if moved_group.users
            else ""
        )
        messages.success(request, f"{moved_group.before} was removed.{went}")
    return redirect("console:groups", domain=domain.name)


def _page(request: HttpRequest, domain: Domain, name: str = "", problem: str = "") -> HttpResponse:
    leading: dict[str, list[Source]] = {}
    for source in sources.ordered(domain):
        leading.setdefault(source.group, []).append(source)
    may_edit = access.may_edit(scope.operator(request), domain.organization)
    page, part = cut_page(domain.groups.count(), parameters.page_number(request), _SHOWN)
    shown_groups = queries.groups(domain, part)
    context = {
        "domain": domain,
        "page": page,
        "rows": [_GroupRow(group, tuple(leading.get(group.name, ())), group.name == MAIN) for group in shown_groups],
        "may_edit": may_edit,
        "name": name,
        "problem": problem,
    }
    return render(request, "console/groups/groups.html", context, status=422 if problem else 200)
