"""What a page says when a decision about a plan does not take effect."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mailroll import promises
from mailroll.connectors.words import parted
from mailroll.console.explanation import tell_error
from mailroll.reconcile.errors import MailrollError
from mailroll.sync.locks.domain_lock import AlreadyRunning
from mailroll.sync.models import Run, RunRequest, RunState

_TOO_OLD = f"This plan is more than {promises.in_words(promises.PLAN)} old, so nothing of it was applied. Read again."
_MOVED = {"plan_moved_on", "run_not_planned", "run_not_held"}


def carried_out(request: HttpRequest, run: Run, decide: Callable[[], object]) -> HttpResponse:
    """Make a decision or ask for it, and lead to the run; where another run is under way, to that one."""
    run_id = run.id
    try:
        decide()
    except AlreadyRunning as running:
        messages.info(request, "A run of this domain is already under way, so nothing else was done.")
        run_id = running.run or run_id
    except MailrollError as error:
        run.refresh_from_db()
        lapsed = run.state == RunState.LAPSED and not run.error
        tell_error(request, error, _TOO_OLD if lapsed else refusal(error.as_json()))
    return redirect("console:run", run.domain.name, run_id)


def refusal(error: Mapping[str, str]) -> str:
    """Say an error (code, message, help) as the page of its run does."""
    if error["code"] in _MOVED:
        return "The list has changed since this plan was made, so nothing of it was applied. Read again."
    return f"{parted(error['message'])[0]} {error['help']}"


def refused(run: Run, decision: RunRequest | None) -> str:
    """Say why what was last asked about a run did not take effect; empty where it did, or where the run says it."""
    if decision is None or decision.error is None or run.state == RunState.LAPSED:
        return ""
    if run.state in {RunState.APPLIED, RunState.UNCHANGED, RunState.DISCARDED}:
        return parted(decision.error["message"])[0]
    return refusal(decision.error)
