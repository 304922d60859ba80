"""The link of the first run, and the page behind it."""

import os
from collections.abc import Sequence
from typing import Final

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from mailroll.accounts import demands, first_run, installation, refusals, second_factor, throttle
from mailroll.accounts.models import Role
from mailroll.console import scope
from mailroll.console.first_run.forms import StartForm
from mailroll.console.settings.installation import MARKS, brought
from mailroll.directory.models import Organization
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Condition, Examined
from mailroll.insight.doctor.examination import CHECKS, examine
from mailroll.reconcile.errors import MailrollError, Refused

_SHOWN = "first_run"
"""The session's key for what it keeps of the link."""
_FREE = 5
_PAGE = "console/first_run/start.html"
_ALWAYS: Final = {"database", "address", "mail"}
_IF_WRONG: Final = {"settings", "keys", "disk", "migrations", "clock", "workers"}
_PATIENCE: Final = 3.0
"""Seconds that the page waits for a mail server."""


@scope.public
@require_GET
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Keep in the session that the link was shown, and go on without its token: an address may be seen by others."""
    if first_run.LINK.waits() is None:
        return _ended_page(request)
    # Before any count: 256 random bits are not guessed, and guesses of others in one's network must keep nobody out.
    link = first_run.LINK.opens(token)
    if link is None:
        client = throttle.network(request.META.get("REMOTE_ADDR") or "")
        if throttle.take((throttle.Allowance(f"first run {client}", _FREE),)):
            return render(request, "429.html", status=429)
        refusals.note_start_link(request)
        return _ended_page(request)
    request.session[_SHOWN] = link.mark
    return redirect("console:start")


@scope.public
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Make the first operator, and sign them in. Where they owe a second factor, that comes before the first domain."""
    mark = str(request.session.get(_SHOWN, ""))
    link = first_run.LINK.shown(mark)
    if link is None:
        return _ended_page(request)
    tops = list(Organization.objects.filter(parent=None).order_by("name", "id"))
    form = StartForm(request.POST if request.method == "POST" else None, has_organization=bool(tops))
    if form.is_valid():
        fields = form.cleaned_data
        try:
            operator = first_run.LINK.begin(
                mark,
                email=fields["email"],
                password=fields["password"],
                name=fields["name"],
                organization=fields.get("organization", ""),
            )
        except Refused:
            return _ended_page(request)
        except MailrollError as problem:
            form.add_error(None, str(problem))
        else:
            del request.session[_SHOWN]
            # They gave the password just now, so the second factor is set up without asking for it again.
            record_authentication(request, operator, method="password", email=operator.email, reauthenticated=True)
            return perform_login(request, Login(user=operator, redirect_url=reverse("console:domain-add")))
    context = {
        "form": form,
        "ends_at": link.ends_at,
        "tops": tops,
        "factor": _owes_factor(tops),
        "examined": _looked_at(request),
    }
    return render(request, _PAGE, context, status=422 if form.errors else 200)


def _ended_page(request: HttpRequest) -> HttpResponse:
    """Say the same whatever ended a link, and of one that never was."""
    return render(request, _PAGE, {"ended": True}, status=410)


def _owes_factor(tops: Sequence[Organization]) -> bool:
    """Whether who administers them owes a second factor."""
    levels = {demands.demand_on(top).level for top in tops} or {installation.settings().second_factor}
    return any(Role.ADMINISTRATOR in second_factor.DEMANDED_OF[level] for level in levels)


def _looked_at(request: HttpRequest) -> list[tuple[Examined, str]]:
    """What `mailroll doctor` says, with its marks: of some things always, of others where they are not good."""
    circumstances = Circumstances(installation.settings(), os.environ, brought=brought(request), patience=_PATIENCE)
    checks = [check for check in CHECKS if check.code in _ALWAYS | _IF_WRONG]
    return [
        (examination, MARKS[examination.diagnosis.condition][0])
        for examination in examine(circumstances, checks, within=_PATIENCE)
        if examination.code in _ALWAYS or examination.diagnosis.condition in {Condition.WARNS, Condition.FAILS}
    ]
