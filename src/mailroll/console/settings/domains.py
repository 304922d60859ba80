"""The settings of one domain: its alias domains, whom syncs leave out, and the way out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from mailroll.accounts import access
from mailroll.connections import new_domains
from mailroll.console import parameters, scope
from mailroll.console.explanation import tell_error
from mailroll.console.parameters import NameForm
from mailroll.console.settings.proof import alike
from mailroll.directory import edit, queries
from mailroll.directory.models import Domain
from mailroll.insight import alias_domains, ownership
from mailroll.reconcile.errors import MailrollError


@scope.on_domain(access.may_connect)
@require_GET
def domain(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    return _page(request, domain, NameForm())


@scope.on_domain(access.may_connect)
@require_POST
def add_alias(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    form = NameForm(request.POST)
    try:
        made, proved = new_domains.add_alias(
            domain, parameters.text(request.POST, "name"), scope.operator(request), scope.acting(request)
        )
    except MailrollError as problem:
        form.add_error("name", str(problem))
        return _page(request, domain, form)
    joining = "at the next run" if proved else "once it is proved"
    messages.success(request, f"{made} is an alias domain. Its addresses join the list {joining}.")
    return redirect("console:domain-settings", domain.path)


@scope.on_domain(access.may_connect)
@require_POST
def remove_alias(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    try:
        gone = edit.remove_domain_alias(domain, parameters.text(request.POST, "name"), scope.acting(request))
    except MailrollError as problem:
        tell_error(request, problem)
    else:
        messages.success(request, f"{gone} is no alias domain any more. The next run takes its addresses out.")
    return redirect("console:domain-settings", domain.path)


@scope.on_domain(access.may_connect)
@require_POST
def end_exemption(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    try:
        ended = edit.unexempt_object(domain, parameters.text(request.POST, "object"), scope.acting(request))
    except MailrollError as problem:
        tell_error(request, problem)
    else:
        messages.success(request, f"{ended} is no longer exempt: the next sync looks at it again.")
    return redirect("console:domain-settings", domain.path)


def _page(request: HttpRequest, domain: Domain, form: NameForm) -> HttpResponseBase:
    context = {
        "domain": domain,
        "aliases": alias_domains.of_domain(domain),
        "proofs": ownership.of_alias_domains(domain),
        "like": alike(request, domain),
        "claimed": queries.is_claimed(domain.name),
        "exemptions": domain.exemptions.order_by("display_name", "id"),
        "form": form,
    }
    return render(request, "console/settings/domain.html", context, status=422 if form.errors else 200)
