"""A run under way, step by step."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.dateparse import parse_datetime

from mailroll.connections import share
from mailroll.directory import queries
from mailroll.insight import run_queries
from mailroll.sync import tasks
from mailroll.sync.locks import domain_lock
from mailroll.sync.models import Decision, Run, RunProgress, RunRequest, RunState, RunStep, Trigger
from mailroll.sync.plans import planning
from mailroll.sync.runs.ask import Followed

_STEPS = {
    RunStep.CONNECT: "Connect",
    RunStep.READ: "Read Microsoft 365",
    RunStep.MATCH: "Match and place",
    RunStep.COMPARE: "Compare with the list",
    RunStep.CHECK: "Check limits",
    RunStep.APPLY: "Apply, all or nothing",
}
_WAITING = "Waiting for its turn"


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: `state` is its mark, `took` is empty until it has begun."""

    words: str
    detail: str
    state: str
    took: str


@dataclass(frozen=True, slots=True)
class Live:
    """What the live page shows. `key` is the address's id: that of the run, or of the request for it.

    `decision` is what was asked about the run's plan, where that is what is waited for. `staffed`: a worker lives that
    can begin; True also where it has begun.
    """

    key: UUID
    trigger: str
    actor: str
    since: datetime
    begun: bool
    applying: bool
    step: str
    now: str
    lines: tuple[StepLine, ...]
    last: Run | None
    staffed: bool
    read: int = 0
    total: int | None = None
    cancelled: bool = False
    decision: str = ""
    silent_since: datetime | None = None

    @property
    def preview(self) -> bool:
        return self.trigger == Trigger.PREVIEW and not self.decision

    @property
    def release(self) -> bool:
        return self.decision == Decision.RELEASE


def live_view(followed_run: Followed, now: datetime) -> Live:
    if followed_run.run is not None and followed_run.decision is not None and not followed_run.decision.outcome:
        return _decided(followed_run, followed_run.run, followed_run.decision, now)
    run, request, along = followed_run.run, followed_run.request, followed_run.progress
    recent = [
        recent_run
        for recent_run in run_queries.recent(followed_run.domain, 2)
        if run is None or recent_run.id != run.id
    ]
    step = RunStep(along.step) if along is not None else None
    # How much a tenant has that other customers read, too, is theirs to know.
    object_count = along.objects_read if along is not None and not share.borrowed(followed_run.domain) else 0
    run_or_request = run or request
    if run_or_request is None:
        raise ValueError("neither a run nor a request")
    return Live(
        key=run_or_request.id,
        trigger=run_or_request.trigger,
        actor=run_or_request.actor,
        since=run.started_at if run is not None else request.asked_at if request is not None else now,
        begun=run is not None,
        applying=run is not None and (run.state == RunState.APPLYING or step is RunStep.APPLY),
        step=step.value if step else "",
        now=_STEPS[step] if step else _WAITING,
        read=object_count,
        total=along.total if along and step is RunStep.READ else None,
        lines=_lines(followed_run, step, along, now, object_count),
        last=recent[0] if recent else None,
        cancelled=bool(along and along.cancelled_by),
        staffed=run is not None or tasks.staffed(),
        silent_since=_silent_since(run, now),
    )


def _decided(followed_run: Followed, run: Run, decision: RunRequest, now: datetime) -> Live:
    """A plan that is applied because a person said so: it has been read long ago, and one step is left."""
    applying = run.state == RunState.APPLYING
    recent = [recent_run for recent_run in run_queries.recent(followed_run.domain, 2) if recent_run.id != run.id]
    took = f"{max(0.0, (now - decision.asked_at).total_seconds()):.1f} s" if applying else ""
    state = "running" if applying else "begin"
    return Live(
        key=run.id,
        trigger=run.trigger,
        actor=decision.actor,
        since=decision.asked_at,
        begun=applying,
        applying=applying,
        step=RunStep.APPLY.value if applying else "",
        now=_STEPS[RunStep.APPLY] if applying else _WAITING,
        lines=(StepLine(_STEPS[RunStep.APPLY], _detail(RunStep.APPLY, followed_run, 0), state, took),),
        last=recent[0] if recent else None,
        decision=decision.decision,
        staffed=applying or tasks.staffed(),
        silent_since=_silent_since(run, now) if applying else None,
    )


def _silent_since(run: Run | None, now: datetime) -> datetime | None:
    """Asked of a run alone that takes longer than a worker may be silent: the page loads every two seconds."""
    if run is None or now - run.started_at <= domain_lock.SILENT:
        return None
    name = run.domain.name
    return next((holder.since for holder in domain_lock.silent_holders() if holder.domain == name), None)


def _lines(
    followed_run: Followed, step: RunStep | None, along: RunProgress | None, now: datetime, object_count: int
) -> tuple[StepLine, ...]:
    steps = list(RunStep)
    step_index = steps.index(step) if step else -1
    began = {name: parse_datetime(str(at)) for name, at in along.began.items()} if along else {}
    run_or_request = followed_run.run or followed_run.request
    preview = run_or_request is not None and run_or_request.trigger == Trigger.PREVIEW
    lines: list[StepLine] = []
    for place, run_step in enumerate(steps):
        if run_step is RunStep.APPLY and preview:
            continue
        start = began.get(run_step.value)
        later = [at for name in steps[place + 1 :] if (at := began.get(name.value))]
        end = min(later, default=now)
        lines.append(
            StepLine(
                words=_STEPS[run_step],
                detail=_detail(run_step, followed_run, object_count),
                state="ok" if place < step_index else "running" if place == step_index else "begin",
                took=f"{max(0.0, (end - start).total_seconds()):.1f} s" if start else "",
            )
        )
    return tuple(lines)


def _detail(step: RunStep, followed_run: Followed, object_count: int) -> str:
    match step:
        case RunStep.CONNECT:
            return f"Consent, permissions and {followed_run.domain.name} are checked."
        case RunStep.READ:
            return f"{object_count:,} objects read." if object_count else "Every page to the end."
        case RunStep.MATCH:
            return "The first source that matches a mailbox takes it."
        case RunStep.COMPARE:
            return f"{queries.counts(followed_run.domain).users:,} users in the list."
        case RunStep.CHECK:
            limit = planning.LIMITS.of_run(queries.managed(followed_run.domain))
            return f"At most {limit:,} removals in one run; more are held." if limit else "Any removal would be held."
        case RunStep.APPLY:
            return "Cancel works until here. Apply itself takes a moment and cannot be stopped half-way."
