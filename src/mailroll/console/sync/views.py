"""The User Sync tab: the slider, the interval, Preview, and Sync & Save."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from mailroll.accounts import access
from mailroll.connections import share
from mailroll.console import parameters, scope
from mailroll.console.explanation import ToldFaults
from mailroll.console.sync import tab as tabs
from mailroll.console.sync.forms import Interval, SyncAndSave
from mailroll.console.templatetags.words import say_next
from mailroll.directory.models import Domain
from mailroll.insight import run_queries
from mailroll.sync.models import Trigger
from mailroll.sync.runs import ask
from mailroll.sync.schedules import schedule

_TAB = "console:user-sync"


@scope.on_domain(access.may_view)
@require_GET
def tab(request: HttpRequest, domain: Domain) -> HttpResponse:
    operator = scope.operator(request)
    gathered = tabs.gather(domain, scope.now(request), parameters.text(request.GET, "moved"))
    context = {
        "domain": domain,
        "tab": gathered,
        "usable": [] if gathered.rows else share.usable(domain, operator),
        "may_run": access.may_run(operator, domain.organization),
        "may_edit": access.may_edit(operator, domain.organization),
        "may_connect": access.may_connect(operator, domain.organization),
    }
    return render(request, "console/sync/tab.html", context)


@scope.on_domain(access.may_run)
@require_POST
def automatic(request: HttpRequest, domain: Domain) -> HttpResponse:
    """Set the slider: a form that lacks the box has it off."""
    acting = scope.acting(request)
    with ToldFaults(request):
        if parameters.switch(request.POST, "automatic"):
            schedule.switch_on(domain, acting)
        else:
            schedule.switch_off(domain, acting)
    return redirect(_TAB, domain.path)


@scope.on_domain(access.may_run)
@require_POST
def interval(request: HttpRequest, domain: Domain) -> HttpResponse:
    acting, fields = scope.acting(request), parameters.read(Interval(request.POST))
    with ToldFaults(request):
        # What is no number is out of bounds as well.
        schedule.set_interval(domain, fields.get("minutes", 0), acting)
        messages.success(request, _saved(schedule.view(domain, acting.now())))
    return redirect(_TAB, domain.path)


@scope.on_domain(access.may_run)
@require_POST
def preview(request: HttpRequest, domain: Domain) -> HttpResponse:
    return redirect("console:run", domain.path, ask.for_run(domain, Trigger.PREVIEW, scope.acting(request)))


@scope.on_domain(access.may_run)
@require_POST
def sync(request: HttpRequest, domain: Domain) -> HttpResponse:
    """Read anew and apply, but nothing beyond the preview that waits: more than that is shown first.

    It is the one that the page told of; one that somebody made since counts as well.
    """
    acting, form = scope.acting(request), SyncAndSave(request.POST)
    if not form.is_valid():
        raise Http404
    preview = run_queries.waiting_preview(domain, acting.now())
    if preview_id := form.cleaned_data["beside"]:
        preview = run_queries.find_run(domain, preview_id)
        if preview is None:
            raise Http404
    return redirect("console:run", domain.path, ask.for_run(domain, Trigger.MANUAL, acting, preview))


def _saved(view: schedule.View) -> str:
    if view.next_run_at is None:
        return "Saved. It counts as soon as automatic sync is on."
    return f"Saved. Next run {say_next(view.next_run_at)}."
