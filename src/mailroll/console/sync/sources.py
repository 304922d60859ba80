"""User Sources: the chooser, the destination, order, switch, name, and removal."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_POST

from mailroll.accounts import access
from mailroll.connections import share, sources
from mailroll.connections.models import Source
from mailroll.connections.sources import Switch
from mailroll.console import scope
from mailroll.directory.models import MAIN, Domain, Group, User
from mailroll.insight import placing
from mailroll.reconcile.errors import BadInput, MailrollError
from mailroll.sync.models import Trigger
from mailroll.sync.runs import ask

_TAB = "console:user-sync"
_NEW = "new"


@scope.on_domain(access.may_connect)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, domain: Domain) -> HttpResponse:
    """Let a kind be chosen; the new source is then edited, to connect it."""
    if request.method == "POST":
        try:
            made = sources.choose(domain, request.POST.get("kind", ""), scope.acting(request))
        except MailrollError as error:
            messages.error(request, f"{error.message} {error.help}")
        else:
            return redirect(_editor(made))
    kinds = [(kind, sources.NAMES[kind]) for kind in sources.kinds()]
    usable = share.usable(domain, scope.operator(request))
    return render(request, "console/sync/add.html", {"domain": domain, "kinds": kinds, "usable": usable})


@scope.on_domain(access.may_edit)
@require_http_methods(["GET", "POST"])
def destination(request: HttpRequest, domain: Domain, source: UUID) -> HttpResponse:
    found = _found(domain, source)
    fault = ""
    if request.method == "POST":
        try:
            _save(request, found)
        except MailrollError as error:
            fault = f"{error.message} {error.help}"
        else:
            if "preview" in request.POST:
                run = ask.for_run(domain, Trigger.PREVIEW, scope.acting(request))
                return redirect("console:run", domain.name, run)
            messages.success(request, "Saved. People move at the next run; look at a preview first.")
            return redirect("console:source-destination", domain.name, source)
    users = Q(users__retired_at__isnull=True)
    groups = Group.objects.filter(domain=domain).annotate(number=Count("users", filter=users)).order_by("name")
    context = {
        "domain": domain,
        "source": found,
        "groups": sorted(groups, key=lambda group: (group.name != MAIN, group.name)),
        "main": MAIN,
        "chosen": request.POST.get("group", found.group),
        "new_name": request.POST.get("name", ""),
        "adopts": request.POST.get("adopts", "yes" if found.adopts else "no"),
        "fault": fault,
        "moved": placing.moved_by_hand(found),
        "placing": placing.of(found, scope.acting(request)),
        "may_connect": access.may_connect(scope.operator(request), domain.organization),
    }
    return render(request, "console/sync/destination.html", context, status=422 if fault else 200)


@scope.on_domain(access.may_edit)
@require_POST
def order(request: HttpRequest, domain: Domain, source: UUID) -> HttpResponse:
    found = _found(domain, source)
    way = request.POST.get("way", "")
    try:
        if way == "up":
            sources.move_up(found, scope.acting(request))
        elif way == "down":
            sources.move_down(found, scope.acting(request))
    except MailrollError as error:
        messages.error(request, f"{error.message} {error.help}")
    order_now = sources.ordered(domain)
    place = next((place for place, one in enumerate(order_now, 1) if one.owner_id == source), 0)
    messages.info(request, f"{found.owner.label} is now number {place} of {len(order_now)}.")
    # The page puts the focus on the same arrow again, or on its twin at an end; a fragment would stop it.
    return redirect(f"{reverse(_TAB, args=[domain.name])}?moved={source}-{way}")


@scope.on_domain(access.may_edit)
@require_POST
def enabled(request: HttpRequest, domain: Domain, source: UUID) -> HttpResponse:
    found = _found(domain, source)
    try:
        if request.POST.get("enabled"):
            sources.set_switch(found, Switch.ENABLED, scope.acting(request), on=True)
            messages.success(request, f"{found.owner.label} is read again from the next run on.")
        else:
            sources.set_switch(found, Switch.ENABLED, scope.acting(request), on=False)
            messages.success(request, f"Runs pass {found.owner.label} over from now on. Its users stay as they are.")
    except MailrollError as error:
        messages.error(request, f"{error.message} {error.help}")
    return redirect(_TAB, domain.name)


@scope.on_domain(access.may_edit)
@require_POST
def name(request: HttpRequest, domain: Domain, source: UUID) -> HttpResponse:
    found = _found(domain, source)
    try:
        sources.rename(found, request.POST.get("name", ""), scope.acting(request))
    except MailrollError as error:
        messages.error(request, f"{error.message} {error.help}")
    return redirect("console:source-destination", domain.name, source)


@scope.on_domain(access.may_connect)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, domain: Domain, source: UUID) -> HttpResponse:
    """Ask what becomes of the users before anything is taken away."""
    found = _found(domain, source)
    users = User.objects.filter(owner=found.owner_id, retired_at__isnull=True).count()
    choice = request.POST.get("users", "" if users else "keep")
    if request.method == "POST" and choice in {"keep", "retire"}:
        return _removed(request, found, choice)
    fault = "Say what becomes of its users." if request.method == "POST" else ""
    context = {"domain": domain, "source": found, "users": users, "fault": fault}
    return render(request, "console/sync/remove.html", context, status=422 if fault else 200)


def _removed(request: HttpRequest, source: Source, users: str) -> HttpResponse:
    acting, label, domain = scope.acting(request), source.owner.label, source.domain
    if users == "keep":
        kept = sources.remove_keeping_users(source, acting)
        messages.success(request, f"{label} is removed. {kept} users stay, kept by hand from now on.")
        return redirect(_TAB, domain.name)
    sources.remove_retiring_users(source, acting)
    messages.success(request, f"{label} is removed. Look at the preview: nobody is retired before it is applied.")
    return redirect("console:run", domain.name, ask.for_run(domain, Trigger.PREVIEW, acting))


def _save(request: HttpRequest, source: Source) -> None:
    acting, group = scope.acting(request), request.POST.get("group", "")
    if group == _NEW:
        sources.send_to_new(source, request.POST.get("name", ""), acting)
    elif not group.startswith("group:"):
        raise BadInput("group_missing", "No group was chosen.", "Choose one, or name a new one.")
    else:
        sources.send_to(source, group.removeprefix("group:"), acting)
    if request.POST.get("moved") == "back":
        sources.move_back(source, acting)
    adopts = request.POST.get("adopts")
    if adopts in {"yes", "no"}:
        sources.set_switch(source, Switch.ADOPTS, acting, on=adopts == "yes")


def _found(domain: Domain, source: UUID) -> Source:
    try:
        return sources.find(domain, source)
    except BadInput as missing:
        raise Http404 from missing


def _editor(source: Source) -> str:
    try:
        return reverse("console:source", args=[source.domain.name, source.owner_id])
    except NoReverseMatch:
        return reverse("console:source-destination", args=[source.domain.name, source.owner_id])
