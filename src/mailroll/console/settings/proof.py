"""The page of a domain that nobody has proved yet, and the button that looks for a record."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from mailroll.accounts import access
from mailroll.connections import share, sources
from mailroll.connections.lookalikes import find_look_alikes
from mailroll.connections.ownership import watch
from mailroll.console import parameters, scope
from mailroll.console.explanation import tell_error
from mailroll.directory.models import Domain
from mailroll.insight import ownership
from mailroll.reconcile.errors import MailrollError


@scope.on_domain(access.may_view, unproved=True)
@require_GET
def page(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    if domain.proved_at is not None:
        return redirect("console:domain", domain.path)
    may_connect = access.may_connect(scope.operator(request), domain.organization)
    context = {
        "domain": domain,
        "may_connect": may_connect,
        "proof": ownership.of_name(domain, domain.name) if may_connect else None,
        "sources": sources.ordered(domain),
        "like": alike(request, domain),
        "usable": share.usable(domain, scope.operator(request)),
    }
    return render(request, "console/settings/proof.html", context)


def alike(request: HttpRequest, domain: Domain) -> list[str]:
    """The names that a domain looks like, of those alone that the reader may see."""
    found = find_look_alikes(domain.name)
    if not found:
        return []
    seen = access.domains(scope.operator(request)).filter(name__in=found)
    return sorted(set(seen.values_list("name", flat=True)))


@scope.on_domain(access.may_connect, unproved=True)
@require_POST
def check(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """Look for a record now, and say on the page what was found."""
    name, first = parameters.text(request.POST, "name"), domain.proved_at is None
    try:
        watch.check(domain, name, scope.acting(request))
    except MailrollError as problem:
        tell_error(request, problem)
        return redirect("console:domain-proof" if first else "console:domain-settings", domain.path)
    if first:
        domain.refresh_from_db()
        messages.success(request, f"{name} is proved. Next, connect a source.")
        return redirect("console:domain", domain.path)
    messages.success(request, f"{name} is proved. What its tenant lists there joins the list at the next run.")
    return redirect("console:domain-settings", domain.path)
