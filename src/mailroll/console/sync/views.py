"""The User Sync tab: the slider, the interval, Preview, and Sync & Save."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from mailroll.accounts import access
from mailroll.audit import clock
from mailroll.connections import share
from mailroll.console import scope
from mailroll.console.runs import deciding
from mailroll.console.sync import tab as tabs
from mailroll.directory.models import Domain
from mailroll.insight import run_queries
from mailroll.reconcile.errors import MailrollError
from mailroll.sync import schedule
from mailroll.sync.models import Decision, Trigger
from mailroll.sync.runs import ask

_TAB = "console:user-sync"
_DIGITS = 6


@scope.on_domain(access.may_view)
@require_GET
def tab(request: HttpRequest, domain: Domain) -> HttpResponse:
    who = scope.operator(request)
    gathered = tabs.gather(domain, clock.now())
    context = {
        "domain": domain,
        "tab": gathered,
        "usable": [] if gathered.rows else share.usable(domain, who),
        "may_run": access.may_run(who, domain.organization),
        "may_edit": access.may_edit(who, domain.organization),
        "may_connect": access.may_connect(who, domain.organization),
        "moved": request.GET.get("moved", ""),
    }
    return render(request, "console/sync/tab.html", context)


@scope.on_domain(access.may_run)
@require_POST
def automatic(request: HttpRequest, domain: Domain) -> HttpResponse:
    """Set the slider: a form that lacks the box has it off."""
    acting = scope.acting(request)
    try:
        if request.POST.get("automatic"):
            schedule.switch_on(domain, acting)
        else:
            schedule.switch_off(domain, acting)
    except MailrollError as error:
        messages.error(request, f"{error.message} {error.help}")
    return redirect(_TAB, domain.name)


@scope.on_domain(access.may_run)
@require_POST
def interval(request: HttpRequest, domain: Domain) -> HttpResponse:
    given = request.POST.get("minutes", "")
    minutes = int(given) if given.isascii() and given.isdigit() and len(given) <= _DIGITS else 0
    acting = scope.acting(request)
    try:
        schedule.set_interval(domain, minutes, acting)
    except MailrollError as error:
        messages.error(request, f"{error.message} {error.help}")
    else:
        messages.success(request, _saved(schedule.view(domain, acting.now())))
    return redirect(_TAB, domain.name)


@scope.on_domain(access.may_run)
@require_POST
def preview(request: HttpRequest, domain: Domain) -> HttpResponse:
    return redirect("console:run", domain.name, ask.for_run(domain, Trigger.PREVIEW, scope.acting(request)))


@scope.on_domain(access.may_run)
@require_POST
def sync(request: HttpRequest, domain: Domain) -> HttpResponse:
    """Apply the plan that the page showed, or less of it; make and apply a new one where it showed none."""
    acting, shown = scope.acting(request), request.POST.get("plan", "")
    if not shown:
        return redirect("console:run", domain.name, ask.for_run(domain, Trigger.MANUAL, acting))
    try:
        run = run_queries.of(domain, UUID(shown))
    except ValueError:
        run = None
    if run is None:
        raise Http404
    return deciding.carried_out(request, run, lambda: ask.for_decision(run.id, Decision.APPLY, acting))


def _saved(view: schedule.View) -> str:
    if view.next_run_at is None:
        return "Saved. It counts as soon as automatic sync is on."
    return f"Saved. Next run at {view.next_run_at:%H:%M} UTC."
