"""Answers with the Gateway tab: whole, also where something that was sent to it could not be done."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from mailroll.accounts import access, installation, tokens
from mailroll.console import parameters, scope
from mailroll.console.gateway.check import GatewayCheck
from mailroll.console.gateway.configuration import configuration
from mailroll.console.gateway.forms import PauseForm, TokenForm
from mailroll.console.gateway.levels import levels
from mailroll.console.gateway.page import MODES, page, token_row
from mailroll.console.statics.forms import FileForm
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.gateway.missing_rights import lacking


def show(
    request: HttpRequest,
    domain: Domain,
    *,
    fault: str = "",
    pause_form: PauseForm | None = None,
    token_form: TokenForm | None = None,
    check: GatewayCheck | None = None,
) -> HttpResponseBase:
    who, now, organization = scope.operator(request), scope.now(request), domain.organization
    mine = levels(who, domain)
    shown = page(domain, mine, now)
    paused = {one.level.key for one in shown.pauses if one.level is not None}
    running = [one for one in mine if one.key not in paused]
    may_set_up = access.may_set_up(who, organization)
    context = {
        "domain": domain,
        "page": shown,
        "setup": configuration(domain, parameters.text(request.GET, "kind"), installation.settings())
        if may_set_up
        else None,
        "lacking": lacking() if may_set_up else (),
        "modes": MODES,
        "hours": edit.STALE_HOURS,
        "may_settle": access.may_connect(who, organization),
        "may_edit": access.may_edit(who, organization),
        "pause_form": pause_form or (PauseForm(running) if running else None),
        "may_issue": access.may_issue(who, organization),
        "tokens": [token_row(one, now) for one in tokens.reaching(organization, by=who)],
        "token_form": token_form or TokenForm(),
        "check": check,
        "file_form": FileForm(),
        "fault": fault,
    }
    status = 422 if fault or pause_form or token_form else 200
    return render(request, "console/gateway/tab.html", context, status=status)
