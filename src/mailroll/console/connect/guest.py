"""The pages of somebody who was sent a link, and has no account here."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from mailroll.audit.actor import Acting
from mailroll.connections import sources
from mailroll.connections.consent import arrival, links
from mailroll.connections.models import AttemptStep, ConsentAttempt, ConsentLink
from mailroll.console import scope
from mailroll.console.connect import browser, refusal
from mailroll.console.connect.travel import ANYBODY, POLL, send_away
from mailroll.reconcile.errors import MailrollError
from mailroll.sync.schedules import resumption

GONE = 410


@scope.public
@require_GET
def asked(request: HttpRequest, token: str) -> HttpResponseBase:
    """Say who asks, what for, and what it can and cannot do."""
    if not browser.at_home(request):
        return HttpResponseRedirect(browser.home_url(request))
    try:
        link = links.opened(token, Acting(ANYBODY))
    except MailrollError:
        return _ended_page(request)
    needs = sources.needs(link.source.kind)
    return render(request, "console/connect/asked.html", {**_asking(link), "token": token, "needs": needs})


@scope.public
@require_GET
def go(request: HttpRequest, token: str) -> HttpResponseBase:
    if not browser.at_home(request):
        return HttpResponseRedirect(browser.home_url(request))
    try:
        way = links.follow(token, Acting(ANYBODY))
    except MailrollError:
        return _ended_page(request)
    return send_away(way)


@scope.public
@require_POST
def decline(request: HttpRequest, token: str) -> HttpResponse:
    try:
        link = links.decline(token, Acting(ANYBODY))
    except MailrollError:
        return _ended_page(request)
    return render(request, "console/connect/thanks.html", {**_asking(link), "declined": True})


@scope.public
@require_GET
def attempted(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Tell the browser that went to Microsoft, and no other, how it went."""
    rows = ConsentAttempt.objects.select_related("domain__organization", "source", "operator", "link__created_by")
    row = rows.filter(id=attempt, operator=None).first()
    link = row.link if row is not None else None
    if row is None or link is None or not arrival.same_browser(row, browser.value(request)):
        raise Http404
    try:
        row = resumption.advance(row, Acting(ANYBODY))
    except MailrollError:
        return _ended_page(request)
    context: dict[str, object] = {"attempt": row, "poll": POLL, **_asking(link)}
    if row.step == AttemptStep.DONE:
        return render(request, "console/connect/thanks.html", context)
    if row.step in {AttemptStep.WAITING, AttemptStep.REDEEMING}:
        return render(request, "console/connect/patience.html", context)
    context |= {"refusal": refusal.of_attempt(row), "again": _again(row)}
    return render(request, "console/connect/not_yet.html", context)


def _asking(link: ConsentLink) -> dict[str, object]:
    """What every page of a link shows: the link, and in whose name it asks."""
    return {"link": link, "asker": links.asker(link), "sender": links.sender(link)}


def _again(attempt: ConsentAttempt) -> str:
    """Return the link once more, where it is still good."""
    if attempt.link is None or attempt.link.ended_at is not None or attempt.link.accepted_at is not None:
        return ""
    return links.address(attempt.link)


def _ended_page(request: HttpRequest) -> HttpResponse:
    """Answer with the same words for a link that was used, that ended, and that never was."""
    return render(request, "console/connect/ended.html", status=GONE)
