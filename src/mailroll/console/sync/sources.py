"""User Sources: the chooser, the destination, order, switch, name, and removal."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from mailroll.accounts import access
from mailroll.audit.actor import Acting
from mailroll.connections import share, sources
from mailroll.connections.models import Source
from mailroll.connections.sources import SourceSwitch
from mailroll.console import parameters, scope
from mailroll.console.explanation import ToldFaults
from mailroll.console.sync.forms import (
    NAMED,
    NEW,
    Destination,
    OrderForm,
    Removal,
)
from mailroll.directory.models import MAIN, Domain, Group, User
from mailroll.insight import placement
from mailroll.reconcile.errors import MailrollError
from mailroll.sync.models import Trigger
from mailroll.sync.runs import ask

_TAB = "console:user-sync"


@scope.on_domain(access.may_connect, unproved=True)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, domain: Domain) -> HttpResponse:
    """Let a kind be chosen; the new source is then edited, to connect it."""
    if request.method == "POST":
        with ToldFaults(request):
            source = sources.choose(domain, parameters.text(request.POST, "kind"), scope.acting(request))
            return redirect("console:source", domain.path, source.owner_id)
    kinds = [(kind, sources.NAMES[kind]) for kind in sources.kinds()]
    usable = share.usable(domain, scope.operator(request))
    return render(request, "console/sync/add.html", {"domain": domain, "kinds": kinds, "usable": usable})


@scope.on_source(access.may_edit)
@require_http_methods(["GET", "POST"])
def destination(request: HttpRequest, source: Source) -> HttpResponse:
    domain, form = source.domain, Destination(request.POST if request.method == "POST" else None)
    fault = ""
    if request.method == "POST":
        fault = _placed(form, source, scope.acting(request))
        if not fault and "preview" in request.POST:
            run = ask.for_run(domain, Trigger.PREVIEW, scope.acting(request))
            return redirect("console:run", domain.path, run)
        if not fault:
            messages.success(request, "Saved. People move at the next run; look at a preview first.")
            return redirect("console:source-destination", domain.path, source.owner_id)
    users = Q(users__retired_at__isnull=True)
    groups = Group.objects.filter(domain=domain).annotate(number=Count("users", filter=users)).order_by("name")
    context = {
        "domain": domain,
        "source": source,
        "groups": sorted(groups, key=lambda group: (group.name != MAIN, group.name)),
        "main": MAIN,
        "chosen": form["group"].value() or f"{NAMED}{source.group}",
        "new_name": form["name"].value() or "",
        "adopts": form["adopts"].value() or ("yes" if source.adopts else "no"),
        "fault": fault,
        "moved": placement.moved_by_hand(source),
        "placing": placement.placement_of(source, scope.acting(request)),
        "may_connect": access.may_connect(scope.operator(request), domain.organization),
    }
    return render(request, "console/sync/destination.html", context, status=422 if fault else 200)


@scope.on_source(access.may_edit)
@require_POST
def order(request: HttpRequest, source: Source) -> HttpResponse:
    domain, way = source.domain, parameters.read(OrderForm(request.POST)).get("way", "")
    if way:
        with ToldFaults(request):
            sources.move(source, scope.acting(request), up=way == "up")
    order_now = sources.ordered(domain)
    place = next(
        (place for place, ordered_source in enumerate(order_now, 1) if ordered_source.owner_id == source.owner_id), 0
    )
    messages.info(request, f"{source.owner.label} is now number {place} of {len(order_now)}.")
    # The page puts the focus on the same arrow again, or on its twin at an end; a fragment would stop it.
    return redirect(f"{reverse(_TAB, args=[domain.path])}?moved={source.owner_id}-{way}")


@scope.on_source(access.may_edit)
@require_POST
def enabled(request: HttpRequest, source: Source) -> HttpResponse:
    on, label = parameters.switch(request.POST, "enabled"), source.owner.label
    with ToldFaults(request):
        sources.set_switch(source, SourceSwitch.ENABLED, scope.acting(request), on=on)
        passed = f"Runs pass {label} over from now on. Its users stay as they are."
        messages.success(request, f"{label} is read again from the next run on." if on else passed)
    return redirect(_TAB, source.domain.path)


@scope.on_source(access.may_edit, unproved=True)
@require_POST
def name(request: HttpRequest, source: Source) -> HttpResponse:
    with ToldFaults(request):
        sources.rename(source, parameters.text(request.POST, "name"), scope.acting(request))
        messages.success(request, f"Its name is {source.owner.label} now.")
    return redirect("console:source", source.domain.path, source.owner_id)


@scope.on_source(access.may_connect, unproved=True)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, source: Source) -> HttpResponse:
    """Ask what becomes of the users before anything is taken away."""
    users = User.objects.filter(owner=source.owner_id, retired_at__isnull=True).count()
    form = Removal(None if request.method != "POST" else request.POST if users else {"users": "keep"})
    if form.is_valid():
        return _removed(request, source, form.cleaned_data["users"])
    context = {"domain": source.domain, "source": source, "users": users, "form": form}
    return render(request, "console/sync/remove.html", context, status=422 if form.errors else 200)


def _removed(request: HttpRequest, source: Source, users: str) -> HttpResponse:
    acting, label, domain = scope.acting(request), source.owner.label, source.domain
    if users == "keep":
        kept_count = sources.remove_keeping_users(source, acting)
        stay = "1 user stays" if kept_count == 1 else f"{kept_count:,} users stay"
        messages.success(
            request, f"{label} is removed." + (f" {stay}, kept by hand from now on." if kept_count else "")
        )
        return redirect(_TAB, domain.path)
    sources.remove_retiring_users(source, acting)
    messages.success(request, f"{label} is removed. Look at the preview: nobody is retired before it is applied.")
    return redirect("console:run", domain.path, ask.for_run(domain, Trigger.PREVIEW, acting))


def _placed(form: Destination, source: Source, acting: Acting) -> str:
    """Save where the users of a source go; return what is wrong with it, if it is."""
    if not form.is_valid():
        return " ".join(str(fault) for faults in form.errors.values() for fault in faults)
    fields = form.cleaned_data
    try:
        if fields["group"] == NEW:
            sources.send_to_new(source, fields["name"], acting)
        else:
            sources.send_to(source, fields["group"].removeprefix(NAMED), acting)
    except MailrollError as error:
        return str(error)
    if fields["moved"] == "back":
        sources.move_back(source, acting)
    if fields["adopts"]:
        sources.set_switch(source, SourceSwitch.ADOPTS, acting, on=fields["adopts"] == "yes")
    return ""
