"""Commands about runs: preview, sync, apply, release, discard, cancel, and their history."""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated
from uuid import UUID

import typer

from mailroll.audit.actor import Acting
from mailroll.cli import run_text
from mailroll.cli.output import Exit, Output, acting, answers
from mailroll.directory import queries
from mailroll.directory.models import Domain
from mailroll.insight import reports
from mailroll.reconcile.errors import BadInput, MailrollError, Refused
from mailroll.sync.locks.domain_lock import AlreadyRunning
from mailroll.sync.models import Run, RunState
from mailroll.sync.runs import ask, decide, make, rows
from mailroll.sync.schedules import schedule
from mailroll.sync.shared_units import metered

Changes = Annotated[bool, typer.Option("--changes", help="With --json: print every change of the plan, too.")]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="The id of a run.")]


@answers
def preview(domain: str, changes: Changes = False) -> Output:
    """Read the sources of a domain and show what would change. Nothing is applied."""
    return _of_domain(domain, _preview, whole=changes)


@answers
def sync(domain: str, changes: Changes = False) -> Output:
    """Read, plan and apply. What is beyond the limits waits for a person."""
    return _of_domain(domain, make.run, whole=changes)


@answers
def apply(run: RunId, changes: Changes = False) -> Output:
    """Apply the plan that a preview showed, or less: who is still there stays. Refused where the list has moved on."""
    return _of_run(run, decide.apply, whole=changes)


@answers
def release(
    run: RunId,
    reason: Annotated[str, typer.Option(help="Why it is right; kept in the audit trail.")],
    changes: Changes = False,
) -> Output:
    """Apply a plan that waits for a person, or less of it: who is still there stays."""
    return _of_run(run, lambda key, actor: decide.release(key, reason, actor), whole=changes)


@answers
def discard(run: RunId, changes: Changes = False) -> Output:
    """Drop a plan that waits."""
    return _of_run(run, decide.discard, whole=changes)


@answers
def cancel(run: RunId) -> Output:
    """End a run before it applies anything, or before a worker begins it, also for another time."""
    run_id = _run_id(run)
    ask.cancel(run_id, acting())
    return Output({"run": str(run_id), "cancelled": True}, "It is cancelled. Nothing was changed.")


@answers
def history(domain: str) -> Output:
    """List the runs of a domain, the latest first."""
    summaries = [reports.summary(run) for run in rows.of_domain(queries.domain(domain))]
    return Output(summaries, run_text.history(summaries))


def _preview(domain: Domain, actor: Acting) -> Run:
    """Whoever ran the command reads its answer: that is a look at the preview, as opening its page is."""
    run = make.preview(domain, actor)
    schedule.opened(run, actor)
    return run


def _of_domain(name: str, use: Callable[[Domain, Acting], Run], *, whole: bool) -> Output:
    try:
        with metered():
            run = use(queries.domain(name), acting())
    except MailrollError as error:
        return refused(name, error, whole=whole)
    return answer(run, whole=whole)


def _of_run(key: str, use: Callable[[UUID, Acting], Run], *, whole: bool) -> Output:
    try:
        run_id = _run_id(key)
    except BadInput as problem:
        return refused("", problem, whole=whole)
    try:
        with metered():
            decided_run = use(run_id, acting())
        return answer(decided_run, whole=whole)
    except MailrollError as error:
        run = rows.look_up(run_id)
        return refused("", error, whole=whole) if run is None else answer(run, error, whole=whole)


def _run_id(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError:
        message, way_out = f"There is no run {key}.", "List them with: mailroll runs DOMAIN"
        raise BadInput("run_unknown", message, way_out) from None


def answer(run: Run, error: MailrollError | None = None, *, whole: bool) -> Output:
    """Answer with a run; `whole`: with every change of its plan."""
    report = reports.report(run)
    if error is not None:
        report["error"] = error.as_json()
    text = run_text.report(report, tuple(reports.changes(run, run_text.SHOWN)))
    lists = {"changes": reports.changes(run)} if whole else {}
    return Output(report, text, _exit(report["state"], report["held_run"], error), lists)


def refused(domain: str, error: MailrollError, *, whole: bool) -> Output:
    """Answer in the shape of a run where none was made; with the run under way where there is one."""
    under_way = rows.look_up(error.run) if isinstance(error, AlreadyRunning) and error.run else None
    if under_way is not None:
        return answer(under_way, error, whole=whole)
    report = reports.failed(domain, RunState.FAILED, error.as_json())
    lists: Mapping[str, Iterable[object]] = {"changes": ()} if whole else {}
    return Output(report, run_text.report(report), _exit(RunState.FAILED, None, error), lists)


def _exit(state: str, held_run: str | None, error: MailrollError | None) -> Exit:
    if error is not None:
        return Exit.HELD if isinstance(error, Refused) else Exit.FAILED
    if state == RunState.FAILED:
        return Exit.FAILED
    return Exit.HELD if held_run is not None else Exit.DONE
