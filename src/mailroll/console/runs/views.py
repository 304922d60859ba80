"""One run at one address, from the moment it is asked for: waiting, live, then what came of it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from mailroll.accounts import access
from mailroll.console import parameters, scope
from mailroll.console.notice import carry_on
from mailroll.console.runs import decision_faults, live, page
from mailroll.directory.models import Domain
from mailroll.sync import schedule
from mailroll.sync.models import RunState
from mailroll.sync.runs import ask
from mailroll.sync.runs.ask import Followed

ENDED = 286
"""What tells the poller of a page to stop."""


@scope.on_domain(access.may_view)
@require_GET
def run(request: HttpRequest, domain: Domain, run: UUID) -> HttpResponse:
    found = _followed(domain, run)
    if found.leads_to is not None and found.run is None:
        if found.request is not None and not found.request.decision:
            messages.info(request, "A run is already under way, so this is that one.")
        return redirect("console:run", domain.name, found.leads_to)
    if found.under_way:
        live_page = render(request, "console/runs/live.html", _live(request, found))
        carry_on(request)
        return live_page
    kept = found.run
    if kept is None:
        return render(request, "console/runs/live.html", {"domain": domain})
    who = scope.operator(request)
    if access.may_run(who, domain.organization) and scope.is_a_look(request):
        schedule.opened(kept, scope.acting(request))
    context = {
        **page.context(request, kept),
        "decision": found.decision,
        "refused": decision_faults.refused(kept, found.decision),
    }
    template = "held" if kept.state == RunState.HELD and not context["over"] else "run"
    return render(request, f"console/runs/{template}.html", context)


@scope.on_domain(access.may_view)
@require_GET
def progress(request: HttpRequest, domain: Domain, run: UUID) -> HttpResponse:
    """The moving part of the live page; at the end it has the page load anew."""
    found = _followed(domain, run)
    if found.under_way:
        said = parameters.text(request.GET, "said") or None
        return render(request, "console/runs/progress.html", {**_live(request, found), "said": said})
    response = HttpResponse(status=ENDED)
    response.headers["HX-Refresh"] = "true"
    return response


def _followed(domain: Domain, run: UUID) -> Followed:
    found = ask.follow(run)
    if found is None or found.domain.id != domain.id:
        raise Http404
    return found


def _live(request: HttpRequest, found: Followed) -> dict[str, object]:
    may = access.may_run(scope.operator(request), found.domain.organization)
    return {"domain": found.domain, "live": live.live_view(found, scope.now(request)), "may_run": may}
