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
from mailroll.insight import run_queries
from mailroll.sync.models import RunState
from mailroll.sync.runs import ask
from mailroll.sync.runs.ask import Followed
from mailroll.sync.schedules import schedule

ENDED = 286
"""What tells the poller of a page to stop."""


@scope.on_domain(access.may_view)
@require_GET
def run(request: HttpRequest, domain: Domain, run: UUID) -> HttpResponse:
    followed_run = _followed(domain, run)
    is_open = followed_run.request is not None and not followed_run.request.outcome
    if followed_run.leads_to is not None and (followed_run.run is None or is_open):
        if followed_run.run is not None:
            messages.info(request, "The process of the first try ended before it did, so this is another.")
        elif followed_run.request is not None and not followed_run.request.decision:
            messages.info(request, "A run is already under way, so this is that one.")
        return redirect("console:run", domain.name, followed_run.leads_to)
    if followed_run.under_way:
        live_page = render(request, "console/runs/live.html", _live(request, followed_run))
        carry_on(request)
        return live_page
    run_row = followed_run.run
    if run_row is None:
        return render(request, "console/runs/live.html", {"domain": domain})
    operator = scope.operator(request)
    if access.may_run(operator, domain.organization) and scope.is_a_look(request):
        schedule.opened(run_row, scope.acting(request))
    context = {
        **page.context(request, run_row),
        "decision": followed_run.decision,
        "asked_anew": run_queries.asked_anew(run_row) if run_row.state == RunState.FAILED else None,
        "refused": decision_faults.refused(run_row, followed_run.decision),
    }
    template = "held" if run_row.state == RunState.HELD and not context["over"] else "run"
    return render(request, f"console/runs/{template}.html", context)


@scope.on_domain(access.may_view)
@require_GET
def progress(request: HttpRequest, domain: Domain, run: UUID) -> HttpResponse:
    """The moving part of the live page; at the end it has the page load anew."""
    followed_run = _followed(domain, run)
    if followed_run.under_way:
        said = parameters.text(request.GET, "said") or None
        return render(request, "console/runs/progress.html", {**_live(request, followed_run), "said": said})
    response = HttpResponse(status=ENDED)
    response.headers["HX-Refresh"] = "true"
    return response


def _followed(domain: Domain, run: UUID) -> Followed:
    followed_run = ask.follow(run)
    if followed_run is None or followed_run.domain.id != domain.id:
        raise Http404
    return followed_run


def _live(request: HttpRequest, followed_run: Followed) -> dict[str, object]:
    may = access.may_run(scope.operator(request), followed_run.domain.organization)
    return {"domain": followed_run.domain, "live": live.live_view(followed_run, scope.now(request)), "may_run": may}
