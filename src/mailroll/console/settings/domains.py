"""The settings of one domain: its alias domains, whom syncs leave out, and the way out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from mailroll.accounts import access
from mailroll.connections import new_domains
from mailroll.console import scope
from mailroll.console.explanation import tell_error
from mailroll.console.settings.forms import AliasDomainForm, ExemptionForm, entered
from mailroll.console.settings.proof import alike
from mailroll.directory import edit, queries
from mailroll.directory.models import Domain
from mailroll.insight import alias_domains, ownership
from mailroll.reconcile.errors import MailrollError


@scope.on_domain(access.may_connect)
@require_GET
def domain(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    return _page(request, domain, AliasDomainForm())


@scope.on_domain(access.may_connect)
@require_POST
def add_alias(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    form = AliasDomainForm(request.POST)
    try:
        made, proved = new_domains.add_alias(
            domain, entered(form, "name"), scope.operator(request), scope.acting(request)
        )
    except MailrollError as problem:
        form.add_error("name", f"{problem.message} {problem.help}")
        return _page(request, domain, form)
    joining = "at the next run" if proved else "once it is proved"
    messages.success(request, f"{made} is an alias domain. Its addresses join the list {joining}.")
    return redirect("console:domain-settings", domain.path)


@scope.on_domain(access.may_connect)
@require_POST
def remove_alias(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    form = AliasDomainForm(request.POST)
    try:
        gone = edit.remove_domain_alias(domain, entered(form, "name"), scope.acting(request))
    except MailrollError as problem:
        tell_error(request, problem)
    else:
        messages.success(request, f"{gone} is no alias domain any more. The next run takes its addresses out.")
    return redirect("console:domain-settings", domain.path)


@scope.on_domain(access.may_connect)
@require_POST
def end_exemption(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    form = ExemptionForm(request.POST)
    try:
        ended = edit.unexempt_object(domain, entered(form, "object"), scope.acting(request))
    except MailrollError as problem:
        tell_error(request, problem)
    else:
        messages.success(request, f"{ended} is no longer exempt: the next sync looks at it again.")
    return redirect("console:domain-settings", domain.path)


def _page(request: HttpRequest, domain: Domain, form: AliasDomainForm) -> HttpResponseBase:
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
