"""What people decide about a run: cancel, apply, discard, release, and a mark on one of its users."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from mailroll.accounts import access, step_up
from mailroll.console import scope
from mailroll.console.explanation import tell_error
from mailroll.console.notice import STAYS
from mailroll.console.runs import page
from mailroll.console.runs.decision_faults import carried_out, refusal
from mailroll.console.runs.forms import MarkForm, ReleaseForm
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.insight import run_changes, run_queries
from mailroll.reconcile.errors import MailrollError
from mailroll.sync.models import Decision, Run, RunState, Trigger
from mailroll.sync.runs import ask, decide


@scope.on_domain(access.may_run)
@require_POST
def cancel(request: HttpRequest, domain: Domain, run: UUID) -> HttpResponse:
    followed = ask.follow(run)
    if followed is None or followed.domain.id != domain.id:
        raise Http404
    try:
        ask.cancel(run, scope.acting(request))
        subject = "The run" if followed.decision is None or followed.decision.outcome else "It"
        messages.success(request, f"{subject} is cancelled. Nothing was changed.")
    except MailrollError as error:
        tell_error(request, error, refusal(error.as_json()))
    return redirect("console:run", domain.name, run)


@scope.on_domain(access.may_run)
@require_POST
def apply(request: HttpRequest, domain: Domain, run: UUID) -> HttpResponse:
    run_row = find(domain, run)
    return carried_out(request, run_row, lambda: ask.for_decision(run_row.id, Decision.APPLY, scope.acting(request)))


@scope.on_domain(access.may_run)
@require_POST
def discard(request: HttpRequest, domain: Domain, run: UUID) -> HttpResponse:
    run_row = find(domain, run)

    def drop() -> None:
        decide.discard(run_row.id, scope.acting(request))
        messages.success(request, "The plan is discarded. Nothing was changed.")

    carried_out(request, run_row, drop)
    return redirect("console:user-sync", domain.name)


@scope.on_domain(access.may_release)
@require_POST
def release(request: HttpRequest, domain: Domain, run: UUID) -> HttpResponse:
    """Ask for a held plan to be applied: with a reason, the number of what it does, and the password once more.

    All faults are told at once.
    """
    run_row = find(domain, run)
    noun = "changes" if run_queries.held_whole(run_row) else "removals"
    form = ReleaseForm(request.POST, number=run_queries.to_release(run_row), noun=noun)
    if run_row.state == RunState.HELD and (faults := _faults(request, form)):
        context = {**page.context(request, run_row), "faults": faults, "given": form.data}
        return render(request, "console/runs/held.html", context, status=422)
    form.is_valid()
    acting, reason = scope.acting(request), form.cleaned_data.get("reason", "")
    return carried_out(request, run_row, lambda: ask.for_decision(run_row.id, Decision.RELEASE, acting, reason))


@scope.on_domain(access.may_edit)
@require_POST
def mark(request: HttpRequest, domain: Domain, run: UUID) -> HttpResponse:
    """Pin or exempt the user of one change, and make a new preview that honours it."""
    run_row, form = find(domain, run), MarkForm(request.POST)
    row = run_changes.change_of(run_row, form.cleaned_data["position"]) if form.is_valid() else None
    if row is None:
        raise Http404
    acting, name = scope.acting(request), row.name or row.address
    try:
        if form.cleaned_data["mark"] == "pin":
            edit.pin(domain, row.user, acting)
            messages.success(request, f"Pinned {name}: no sync removes this user.", STAYS)
        elif not row.known and row.after is not None and row.after.external_id is not None:
            edit.exempt_object(
                domain,
                row.after.external_id,
                acting,
                display_name=row.name,
                address=row.address,
                addresses=row.after.addresses,
            )
            messages.success(request, f"{name} is exempt and stays out of the list.", STAYS)
        else:
            edit.exempt(domain, row.user, acting, row.after.addresses if row.after is not None else ())
            messages.success(request, f"{name} is exempt: every sync leaves this user alone.", STAYS)
    except MailrollError as error:
        tell_error(request, error, refusal(error.as_json()))
        return redirect("console:run", domain.name, run)
    return redirect("console:run", domain.name, ask.for_run(domain, Trigger.PREVIEW, acting))


def _faults(request: HttpRequest, form: ReleaseForm) -> dict[str, str]:
    faults = {name: str(said[0]) for name, said in form.errors.items()}
    password = form.data.get("password", "")
    if not step_up.by_passkey(request) and (wrong := step_up.fault(scope.operator(request), password)):
        faults["password"] = wrong
    return faults


def find(domain: Domain, run: UUID) -> Run:
    run_row = run_queries.find_run(domain, run)
    if run_row is None:
        raise Http404
    return run_row
