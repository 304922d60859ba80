"""The page of an address that was looked up, and accepting it all the same."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from mailroll.accounts import access
from mailroll.connectors.words import DIRECTORY
from mailroll.console import parameters, scope
from mailroll.console.explanation import ShownFaults, ToldFaults
from mailroll.console.lookup.forms import AcceptForm, QuestionForm, prefilled
from mailroll.directory import edit, queries
from mailroll.directory.models import Domain
from mailroll.insight import directory_answers
from mailroll.insight.lookup import LONGEST, Headline, LookUp, look_up
from mailroll.reconcile.addresses import AddressFault, domain_of, given
from mailroll.reconcile.reasons import ReasonCode
from mailroll.sync import tasks
from mailroll.sync.addresses import questions

_POLL = 2
"""Seconds between two looks whether the directory has answered."""
_STEPS = 3
"""Steps that the box has room for."""
_SHOWN = 100
"""Characters of what is no address, as it is shown again."""


@scope.signed_in
@scope.asking_once
@require_GET
def lookup(request: HttpRequest) -> HttpResponse:
    """Answer for an address: of a domain that the reader may not see as of one that is nowhere, by the same status."""
    text = parameters.text(request.GET, "address")
    if not text:
        return render(request, "console/lookup/lookup.html", {"found": None})
    lookup = look_up(text, _visible_domains(request), scope.now(request))
    return _page(request, lookup, None)


@scope.signed_in
@scope.asking_once
@require_GET
def answer(request: HttpRequest) -> HttpResponse:
    """Give the box what it drops down: the page's own answer, cut short."""
    text = parameters.text(request.GET, "address")
    lookup = look_up(text, _visible_domains(request), scope.now(request))
    # The page below has fields of its own.
    return render(request, "console/lookup/answer.html", _context(request, lookup, None, ids="answer_%s"))


@scope.on_domain(access.may_edit)
@require_POST
def accept(request: HttpRequest, domain: Domain) -> HttpResponseBase:
    """Make a static address of one that was looked up; what is wrong with the form is said on the same page."""
    form = AcceptForm(domain, request.POST)
    if form.is_valid():
        with ShownFaults(form):
            edit.add_static(domain, form.static, scope.acting(request))
            messages.success(request, "Accepted from now on, as a static address. Gateways know within seconds.")
            return redirect(address_of(form.static.address))
    text = str(form["address"].value() or "")[:LONGEST]
    return _page(request, look_up(text, _visible_domains(request), scope.now(request)), form)


@scope.on_domain(access.may_run)
@require_POST
def ask(request: HttpRequest, domain: Domain) -> HttpResponse:
    """Ask a worker to ask the directory for an address of this domain."""
    form = QuestionForm(request.POST)
    if not form.is_valid():
        raise Http404
    address = given(form.cleaned_data["address"])
    if isinstance(address, AddressFault) or domain_of(address) not in queries.accepted(domain):
        raise Http404
    with ToldFaults(request):
        questions.ask_for(address, domain, scope.acting(request))
    return redirect(address_of(address))


def _visible_domains(request: HttpRequest) -> "QuerySet[Domain]":
    """The domains that who asks may see: of the few that are looked for, each is asked upwards."""
    domains: QuerySet[Any] = access.domains_with_role(scope.operator(request).id)
    return domains.exclude(held=[])


def address_of(text: str) -> str:
    return f"{reverse('console:lookup')}?{urlencode({'address': text})}"


def _page(request: HttpRequest, lookup: LookUp, form: AcceptForm | None) -> HttpResponse:
    status = 422 if form is not None and form.errors else 200
    return render(request, "console/lookup/lookup.html", _context(request, lookup, form), status=status)


def _context(request: HttpRequest, lookup: LookUp, form: AcceptForm | None, *, ids: str = "id_%s") -> dict[str, object]:
    operator, domain = scope.operator(request), lookup.domain
    if domain is not None:
        access.role_with(domain, operator)
    may_edit = domain is not None and access.may_edit(operator, domain.organization)
    if form is None and may_edit and domain is not None and lookup.may_be_static:
        form = prefilled(domain, lookup.address or "", operator.name or operator.email, timezone.localdate())
        form.auto_id = ids
    may_run = domain is not None and access.may_run(operator, domain.organization)
    directory_answer = None
    if domain is not None and lookup.address is not None and may_run:
        directory_answer = directory_answers.of_address(lookup.address, domain, scope.now(request))
    codes = {step.code for step in lookup.steps}
    return {
        "found": lookup,
        "title": _title(lookup),
        "last_steps": lookup.steps[-_STEPS:],
        "form": form,
        "may_edit": may_edit,
        "may_ask": _may_ask(lookup, may_run=may_run),
        "told": directory_answer,
        "staffed": directory_answer is None or not directory_answer.waits or tasks.staffed(),
        "directory": DIRECTORY,
        "poll": _POLL,
        "may_settle": domain is not None and access.may_settle(operator, domain.organization),
        "exempted": ReasonCode.EXEMPT.value in codes and lookup.user is None,
        "near": [(address, address_of(address)) for address in lookup.near],
        "looked_up": lookup.text,
        "back": address_of(lookup.text),
    }


def _may_ask(lookup: LookUp, *, may_run: bool) -> bool:
    if not may_run or lookup.domain is None or lookup.address is None:
        return False
    return queries.accepts(lookup.domain, domain_of(lookup.address))


def _title(lookup: LookUp) -> str:
    """What stands above the answer. A page with a time in its title adds that itself."""
    match lookup.headline:
        case Headline.NO_ADDRESS:
            text = lookup.text if len(lookup.text) <= _SHOWN else f"{lookup.text[:_SHOWN]}…"
            return f"“{text}” is not an address"
        case Headline.NOT_HERE if lookup.address is not None:
            return f"{domain_of(lookup.address)} is not in this Console"
        case _:
            return f"{lookup.headline.words}: {lookup.address or lookup.text}"
