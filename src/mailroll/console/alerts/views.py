"""The list of alerts, one of them, its file, and what people do with one."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from mailroll.accounts import access, refusals
from mailroll.alerts import alert_list as stored
from mailroll.alerts import attention
from mailroll.alerts.attention import Snooze
from mailroll.alerts.models import Alert
from mailroll.console import scope
from mailroll.console.alerts import alert_table
from mailroll.console.alerts.forms import AcknowledgeForm, AlertSearch, SnoozeForm
from mailroll.console.explanation import ToldFaults
from mailroll.console.stream import as_file
from mailroll.console.templatetags.words import say_time

_NAMED = 500
"""Domains that the page of an alert names: a tenant has some hundreds at the most."""


@scope.signed_in
@scope.asking_once
@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    operator = scope.operator(request)
    table = alert_table.compose(operator, AlertSearch(request.GET), scope.now(request))
    context = {"table": table, "may_settle": scope.administers(request)}
    return render(request, "console/alerts/alerts.html", context)


@scope.signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    operator = scope.operator(request)
    return as_file(request, alert_table.lines(operator, AlertSearch(request.GET), scope.now(request)), "alerts.csv")


@scope.signed_in
@scope.asking_once
@require_GET
def alert(request: HttpRequest, alert: UUID) -> HttpResponse:
    """Show one, with all its domains and what a support asks for."""
    (row,) = alert_table.rows_of([_find(request, alert)], scope.operator(request), scope.now(request), _NAMED)
    tellings = alert_table.tellings(row.alert, scope.operator(request))
    return render(request, "console/alerts/alert.html", {"row": row, "told": tellings})


@scope.signed_in
@require_POST
def snooze(request: HttpRequest, alert: UUID) -> HttpResponseBase:
    form = SnoozeForm(request.POST)

    def put_off(row: Alert) -> str:
        if not form.is_valid():
            raise Http404
        until = attention.snooze(row, Snooze(form.cleaned_data["length"]), scope.acting(request))
        return f"Put off until {say_time(until)}." if until else "Put off until it changes."

    return _do(request, alert, put_off)


@scope.signed_in
@require_POST
def acknowledge(request: HttpRequest, alert: UUID) -> HttpResponseBase:
    form = AcknowledgeForm(request.POST)

    def take(row: Alert) -> str:
        note = form.cleaned_data["note"] if form.is_valid() else str(form.data.get("note", ""))
        attention.acknowledge(row, note, scope.acting(request))
        return "Acknowledged. Others see who sees to it."

    return _do(request, alert, take)


@scope.signed_in
@require_POST
def reopen(request: HttpRequest, alert: UUID) -> HttpResponseBase:
    def give_back(row: Alert) -> str:
        attention.reopen(row, scope.acting(request))
        return "Open again."

    return _do(request, alert, give_back)


def _do(request: HttpRequest, key: UUID, act: Callable[[Alert], str]) -> HttpResponseBase:
    """Act on an alert if the operator may, say what became of it, and lead back to the list."""
    alert = _find(request, key)
    if not access.may_attend(scope.operator(request), alert.organization):
        raise PermissionDenied
    with ToldFaults(request):
        messages.success(request, act(alert))
    return redirect("console:alerts")


def _find(request: HttpRequest, key: UUID) -> Alert:
    operator = scope.operator(request)
    alert = stored.seen_by(operator).select_related("organization").filter(id=key).first()
    if alert is None:
        refusals.note_page(operator, "alert", out_of_reach=True)
        raise Http404
    return alert
