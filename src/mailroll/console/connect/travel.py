"""The way to Microsoft and back: the click, the hand-over between addresses, the callback, and the page that waits."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mailroll.accounts import access, step_up
from mailroll.audit.actor import Acting
from mailroll.connections.consent import arrival, departure
from mailroll.connections.consent.departure import Going
from mailroll.connections.models import AttemptStep, ConsentAttempt, Source
from mailroll.console import scope
from mailroll.console.connect import browser, refusal
from mailroll.directory import queries
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import MailrollError
from mailroll.sync.schedules import resumption

ANYBODY = "anonymous"
POLL = 3
"""Seconds between two looks of the page that waits."""


@scope.signed_in
@require_GET
def start(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take the click on *Connect Office 365*: a link, as no form may lead to another host."""
    if not step_up.is_recent(request):
        return redirect(step_up.page(request, back=f"{request.path}?confirmed") or "/")
    if "confirmed" in request.GET:
        # The answer to the form that confirmed must not lead to another host, so this page does, a moment later.
        page = render(request, "console/connect/confirmed.html", {"onwards": request.path})
        page.headers["Refresh"] = f"0; url={request.path}"
        return page
    try:
        way = departure.begin(
            token,
            scope.operator(request),
            request.session.session_key or "",
            browser.origin(request),
            scope.acting(request),
        )
    except MailrollError as error:
        return stray(request, error)
    return send_away(way)


@scope.public
@require_GET
def hand_over(request: HttpRequest, token: str) -> HttpResponseBase:
    """Go on at the registered address of the Console; only there does Microsoft send people back to."""
    try:
        return send_away(departure.hand_over(token, Acting(ANYBODY)))
    except MailrollError as error:
        return stray(request, error)


@scope.public
@require_GET
def callback(request: HttpRequest) -> HttpResponseBase:
    """Take what a browser brings back from Microsoft, from either page."""
    # OAuth forbids a parameter given twice; one that is, counts as not given.
    query = {name: values[0] for name, values in request.GET.lists() if len(values) == 1 and isinstance(values[0], str)}
    try:
        arrived = arrival.returned(query, browser.value(request), Acting(ANYBODY))
    except MailrollError as error:
        return stray(request, error)
    return send_away(arrived) if isinstance(arrived, Going) else HttpResponseRedirect(page_of(arrived))


@scope.signed_in
@require_GET
def connecting(request: HttpRequest, domain: str, source: UUID, attempt: UUID) -> HttpResponseBase:
    """Wait for Microsoft, a question at a time; then tell how it went. For whoever began it alone."""
    operator = scope.operator(request)
    row = _of_operator(attempt, domain, source, operator.id)
    try:
        row = resumption.advance(row, scope.acting(request))
    except MailrollError as error:
        return stray(request, error)
    may_view = access.may_view(operator, row.domain.organization)
    if row.step == AttemptStep.DONE and may_view:
        return redirect("console:source", domain, source)
    if not may_view:
        return render(request, "console/connect/stray.html", {"refusal": refusal.of_attempt(row)}, status=403)
    context = {"domain": row.domain, "source": row.source, "attempt": row, "poll": POLL}
    redeeming = row.step in {AttemptStep.WAITING, AttemptStep.REDEEMING}
    at_microsoft = row.step != AttemptStep.REFUSED and row.expires_at > scope.acting(request).now()
    if redeeming or at_microsoft:
        return render(request, "console/connect/waiting.html", {**context, "redeeming": redeeming})
    may_connect = access.may_connect(operator, row.domain.organization)
    start_url = start_link(request, row.source) if may_connect else ""
    context |= {"refusal": refusal.of_attempt(row), "start_url": start_url}
    return render(request, "console/connect/refused.html", context)


def start_link(request: HttpRequest, source: Source) -> str:
    """Return a fresh link to begin with."""
    key = request.session.session_key or ""
    token = departure.start_token(source, scope.operator(request), key, scope.acting(request))
    return reverse("console:connect-start", args=[token])


def page_of(attempt: ConsentAttempt) -> str:
    """Return the page of an attempt: an operator's is at the address they came from, a customer's at this one."""
    if attempt.operator_id is None:
        return reverse("console:consent-attempt", args=[attempt.id])
    path = reverse("console:connecting", args=[attempt.domain.path, attempt.source_id, attempt.id])
    return f"{attempt.origin}{path}"


def stray(request: HttpRequest, error: MailrollError) -> HttpResponse:
    """Answer somebody whose attempt is not known: no name of a customer is on this page."""
    return render(request, "console/connect/stray.html", {"refusal": refusal.of_error(error, "")}, status=403)


def send_away(way: Going) -> HttpResponseRedirect:
    response = HttpResponseRedirect(way.url)
    browser.remember(response, way.browser)
    return response


def _of_operator(attempt: UUID, domain: str, source: UUID, operator: UUID) -> ConsentAttempt:
    rows = ConsentAttempt.objects.select_related("domain__organization", "source__owner", "operator", "link")
    domains = queries.by_path(Domain.objects.all(), domain)
    return get_object_or_404(rows, id=attempt, domain__in=domains, source=source, operator=operator)
