"""The page of an address that was looked up, and accepting it all the same."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from mailroll.accounts import access
from mailroll.audit import clock
from mailroll.console import scope
from mailroll.console.lookup.forms import AcceptForm, prefilled
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.insight.lookup import LONGEST, Headline, LookUp, look_up
from mailroll.reconcile.addresses import domain_of
from mailroll.reconcile.errors import MailrollError
from mailroll.reconcile.reasons import ReasonCode

_SHOWN = 100
"""Characters of what is no address, as it is shown again."""


@scope.signed_in
@require_GET
def lookup(request: HttpRequest) -> HttpResponse:
    """Answer for an address: of a domain that the reader may not see as of one that is nowhere, by the same status."""
    text = request.GET.get("address", "").strip()
    if not text:
        return render(request, "console/lookup/lookup.html", {"found": None})
    found = look_up(text, access.domains(scope.operator(request)), clock.now())
    return _page(request, found, None)


@scope.on_domain(access.may_edit)
@require_POST
def accept(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """Make a static address of one that was looked up; what is wrong with the form is said on the same page."""
    form = AcceptForm(domain, request.POST)
    if form.is_valid():
        try:
            edit.add_static(domain, form.static, scope.acting(request))
        except (edit.Malformed, edit.Taken) as refused:
            for one in refused.problems:
                form.add_error(one.field if one.field in {"owner", "note"} else None, one.message)
        except MailrollError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Accepted from now on, as a static address. Gateways know within seconds.")
            return redirect(address_of(form.static.address))
    text = request.POST.get("address", "")[:LONGEST]
    return _page(request, look_up(text, access.domains(scope.operator(request)), clock.now()), form)


def address_of(text: str) -> str:
    """Where an address is looked up."""
    return f"{reverse('console:lookup')}?{urlencode({'address': text})}"


def _page(request: HttpRequest, found: LookUp, form: AcceptForm | None) -> HttpResponse:
    who, domain = scope.operator(request), found.domain
    may_edit = domain is not None and access.may_edit(who, domain.organization)
    if form is None and may_edit and domain is not None and found.may_be_static:
        form = prefilled(domain, found.address or "", who.name or who.email, timezone.localdate())
    codes = {step.code for step in found.steps}
    context = {
        "found": found,
        "title": _title(found),
        "form": form,
        "may_edit": may_edit,
        "may_settle": domain is not None and access.may_settle(who, domain.organization),
        "exempted": ReasonCode.EXEMPT.value in codes and found.user is None,
        "near": [(one, address_of(one)) for one in found.near],
        "looked_up": found.text,
        "back": address_of(found.text),
    }
    for name in form.errors if form is not None else ():
        if form is not None and name in form.fields:
            form.fields[name].widget.attrs["aria-invalid"] = "true"
    status = 422 if form is not None and form.errors else 200
    return render(request, "console/lookup/lookup.html", context, status=status)


def _title(found: LookUp) -> str:
    """What stands above the answer. A page with a time in its title adds that itself."""
    match found.headline:
        case Headline.NO_ADDRESS:
            text = found.text if len(found.text) <= _SHOWN else f"{found.text[:_SHOWN]}…"
            return f"“{text}” is not an address"
        case Headline.NOT_HERE if found.address is not None:
            return f"{domain_of(found.address)} is not in this Console"
        case _:
            return f"{found.headline.words}: {found.address or found.text}"
