"""The settings of one domain: its proof, its alias domains, whom syncs leave out, and the ways out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mailroll.accounts import access
from mailroll.connections import new_domains, share, sources
from mailroll.connections.lookalikes import find_look_alikes
from mailroll.connections.ownership import watch
from mailroll.console import parameters, scope
from mailroll.console.explanation import ShownFaults, ToldFaults
from mailroll.console.parameters import NameForm
from mailroll.console.settings.forms import MoveForm
from mailroll.customers import relocation
from mailroll.directory import edit, queries
from mailroll.directory.models import Domain
from mailroll.insight import alias_domains, ownership
from mailroll.sync import removal
from mailroll.sync.models import Run


@scope.on_domain(access.may_connect)
@require_GET
def domain(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    return _page(request, domain, NameForm())


@scope.on_domain(access.may_connect)
@require_POST
def add_alias(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    form = NameForm(request.POST)
    with ShownFaults(form, "name"):
        alias, proved = new_domains.add_alias(
            domain, parameters.text(request.POST, "name"), scope.operator(request), scope.acting(request)
        )
        joining = "at the next run" if proved else "once it is proved"
        messages.success(request, f"{alias} is an alias domain. Its addresses join the list {joining}.")
        return redirect("console:domain-settings", domain.path)
    return _page(request, domain, form)


@scope.on_domain(access.may_connect)
@require_POST
def remove_alias(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    with ToldFaults(request):
        alias = edit.remove_domain_alias(domain, parameters.text(request.POST, "name"), scope.acting(request))
        messages.success(request, f"{alias} is no alias domain any more. The next run takes its addresses out.")
    return redirect("console:domain-settings", domain.path)


@scope.on_domain(access.may_connect)
@require_POST
def end_exemption(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    with ToldFaults(request):
        exemption = edit.unexempt_object(domain, parameters.text(request.POST, "object"), scope.acting(request))
        messages.success(request, f"{exemption} is no longer exempt: the next sync looks at it again.")
    return redirect("console:domain-settings", domain.path)


@scope.on_domain(access.may_connect)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """Move a domain to another organization that one administers, too, after asking."""
    operator = scope.operator(request)
    places = relocation.destinations(domain, operator)
    form = MoveForm(request.POST if request.method == "POST" else None, places=places)
    if form.is_valid():
        to, although_served = form.cleaned_data["organization"], form.cleaned_data["although_served"]
        with ShownFaults(form, "organization"):
            outcome = relocation.move_domain(
                domain, to, scope.acting(request), by=operator, although_served=although_served
            )
            anew = f" Connect anew: {', '.join(outcome.disconnected)}." if outcome.disconnected else ""
            messages.success(request, f"{domain.name} is in {to.name} now. Automatic sync is off.{anew}")
            return redirect("console:domain-settings", domain.path)
    readers = relocation.read_by_token(domain, scope.acting(request).now())
    context = {"domain": domain, "form": form, "places": places.exists(), "readers": readers}
    return render(request, "console/settings/domain_move.html", context, status=422 if form.errors else 200)


@scope.on_domain(access.may_connect, unproved=True)
@scope.confirmed
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """Remove a domain with all that is kept of it, after asking."""
    form = NameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        with ShownFaults(form, "name"):
            removal.remove_domain(domain, parameters.text(request.POST, "name"), scope.acting(request))
            rest = "sources" if domain.proved_at is None else "list, sources and runs"
            messages.success(request, f"{domain.name} was removed with its {rest}.")
            return redirect("console:home")
    context = {
        "domain": domain,
        "counts": queries.counts(domain),
        "sources": len(sources.ordered(domain)),
        "runs": Run.objects.filter(domain=domain).count(),
        "form": form,
        "may_settle": access.may_settle(scope.operator(request), domain.organization),
    }
    return render(request, "console/settings/domain_remove.html", context, status=422 if form.errors else 200)


@scope.on_domain(access.may_view, unproved=True)
@require_GET
def proof(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """Show what proves a domain that nobody has proved yet."""
    if domain.proved_at is not None:
        return redirect("console:domain", domain.path)
    may_connect = access.may_connect(scope.operator(request), domain.organization)
    context = {
        "domain": domain,
        "may_connect": may_connect,
        "proof": ownership.of_name(domain, domain.name) if may_connect else None,
        "sources": sources.ordered(domain),
        "like": _alike(request, domain),
        "usable": share.usable(domain, scope.operator(request)),
    }
    return render(request, "console/settings/proof.html", context)


@scope.on_domain(access.may_connect, unproved=True)
@require_POST
def check_proof(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """Look for a record now, and say on the page what was found."""
    name, first = parameters.text(request.POST, "name"), domain.proved_at is None
    with ToldFaults(request):
        watch.check(domain, name, scope.acting(request))
        if first:
            domain.refresh_from_db()
            messages.success(request, f"{name} is proved. Next, connect a source.")
            return redirect("console:domain", domain.path)
        messages.success(request, f"{name} is proved. What its tenant lists there joins the list at the next run.")
    return redirect("console:domain-proof" if first else "console:domain-settings", domain.path)


def _page(request: HttpRequest, domain: Domain, form: NameForm) -> HttpResponseBase:
    context = {
        "domain": domain,
        "aliases": alias_domains.of_domain(domain),
        "proofs": ownership.of_alias_domains(domain),
        "like": _alike(request, domain),
        "claimed": queries.is_claimed(domain.name),
        "exemptions": domain.exemptions.order_by("display_name", "id"),
        "form": form,
    }
    return render(request, "console/settings/domain.html", context, status=422 if form.errors else 200)


def _alike(request: HttpRequest, domain: Domain) -> list[str]:
    """The names that a domain looks like, of those alone that the reader may see."""
    look_alikes = find_look_alikes(domain.name)
    if not look_alikes:
        return []
    domains = access.domains(scope.operator(request)).filter(name__in=look_alikes)
    return sorted(set(domains.values_list("name", flat=True)))
