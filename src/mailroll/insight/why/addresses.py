"""Why an address is accepted, or why it is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mailroll.directory import queries
from mailroll.directory.lifecycle import ACCEPTED, Lifetime, Stage
from mailroll.directory.models import User
from mailroll.insight.why import facts, readings, users
from mailroll.insight.why.facts import AddressFacts
from mailroll.insight.why.readings import PlanStage, stage
from mailroll.insight.why.sayings import Saying
from mailroll.insight.why.steps import Step, written
from mailroll.reconcile.addresses import Address, AddressFault, domain_of, given, is_onmicrosoft
from mailroll.reconcile.reasons import KIND_RULES, Reason, ReasonCode
from mailroll.sync import store
from mailroll.sync.models import RunState

_ADDS = {
    PlanStage.PREVIEW: Saying.IN_PREVIEW,
    PlanStage.FILE: Saying.IN_FILE,
    PlanStage.HELD: Saying.IN_HELD,
    PlanStage.UNDER_WAY: Saying.IN_RUN,
}
_TOO_LATE = "was not applied in time"
_ENDS = {
    RunState.DISCARDED: "was discarded",
    RunState.SUPERSEDED: "was superseded",
    RunState.FAILED: "could not be applied",
    RunState.CANCELLED: "was cancelled",
}
"""What becomes of a plan that never takes effect; else its time runs out, or the list has moved on."""


@dataclass(frozen=True, slots=True)
class Why:
    """The answer for one address. `user` is who has it, or had it until it ends.

    `stage`: where in its life it is; ENDED where nobody has it. LATER too where only its plan waits.
    """

    address: str
    stage: Stage
    user: queries.Listed | None
    steps: tuple[Step, ...]

    @property
    def accepted(self) -> bool:
        return self.stage in ACCEPTED

    @property
    def reasons(self) -> list[dict[str, str]]:
        """The steps as other programs read them, each a code and a sentence."""
        return [{"code": step.code, "message": step.message} for step in self.steps if step.message]


def explain(text: str, now: datetime) -> Why:
    """Say whether the gateway would accept an address, and the chain of reasons. Never fails on an address."""
    address = given(text)
    if isinstance(address, AddressFault):
        return _refused(text, Step.of_reason(Reason.of(ReasonCode(address.value))))
    holder = queries.holder(address)
    life = None if holder is None else facts.life_of(address, holder)
    if holder is not None and life is not None:
        if life.own:
            return _held(address, holder, now)
        if life.stage(now) is not Stage.ENDED:
            return _ending(life, holder, now)
    if is_onmicrosoft(domain_of(address)):
        return _refused(address, Step.say(Saying.ONMICROSOFT))
    domain = queries.accepting(domain_of(address))
    if domain is None:
        return _refused(address, Step.say(Saying.DOMAIN_NOT_HERE, domain=domain_of(address)))
    known = facts.of_address(address, domain, now, holder)
    return Why(address, Stage.LATER if known.waiting else Stage.ENDED, None, tuple(_absent(known, now)))


def _refused(address: str, *steps: Step) -> Why:
    return Why(address, Stage.ENDED, user=None, steps=steps)


def _ending(life: Lifetime, holder: User, now: datetime) -> Why:
    """Its user lost it, and it is accepted, or put off, until it has ended."""
    known = facts.of_user(holder, now)
    had = Step.say(Saying.LEFT_BY, name=queries.primary_of(holder), domain=holder.domain.name)
    return Why(life.address, life.stage(now), known.listed, (had, users.of_lost(life, now)))


def _held(address: Address, user: User, now: datetime) -> Why:
    known = facts.of_user(user, now)
    told = users.tell(known, now, address)
    holder = Step.say(Saying.HELD_BY, name=queries.primary_of(user), domain=user.domain.name)
    return Why(address, told.stage or Stage.ENDED, known.listed, (holder, *told.steps, *_last_change(known)))


def _last_change(known: facts.UserFacts) -> Iterator[Step]:
    """Why it was changed the last time. What makes the kind is a step of its own, as it is by now."""
    if known.last is None:
        return
    run = known.last.run
    before = f"Last changed {written(run.finished_at or run.started_at)}: "
    yield from (Step.of_reason(reason, before) for reason in known.reasons if reason.code not in KIND_RULES)


def _absent(known: AddressFacts, now: datetime) -> Iterator[Step]:
    """Nobody has it: who had it, what waits, and what the last reading said of it."""
    domain = known.domain.name
    yield Step.say(Saying.NOT_IN_LIST, domain=domain)
    if known.unproved:
        yield Step.say(Saying.ALIAS_NOT_VERIFIED, alias=domain_of(known.address), domain=domain)
    if known.plus is not None:
        yield Step.say(Saying.PLUS, base=known.plus.base, name=queries.primary_of(known.plus.holder))
    if known.former is not None:
        yield Step.say(Saying.FORMER, name=known.former.display_name or str(known.former.id))
    if known.ended is not None:
        yield users.of_lost(known.ended, now)
    if known.removed_at is not None:
        yield Step.say(Saying.REMOVED_BY_HAND, known.removed_at)
    if known.waiting and not known.waits_in:
        yield Step.say(Saying.WAITING)
    for run in known.waits_in[:1]:
        yield Step.say(_ADDS[stage(run)], run.read_at or run.started_at)
    yield from _of_reading(known)


def _of_reading(known: AddressFacts) -> Iterator[Step]:
    reading, added_by = known.reading, known.added_by
    if reading is None:
        yield Step.say(Saying.NEVER_READ)
        return
    if known.skips:
        yield from (Step.of_reason(skip.reason) for skip in known.skips)
        return
    if added_by is not None:
        if added_by.state == RunState.APPLIED:
            yield Step.say(Saying.GONE_SINCE, reading.read_at)
        elif added_by not in known.waits_in:
            yield Step.say(Saying.NOT_APPLIED, reading.read_at, end=_ENDS.get(RunState(added_by.state), _TOO_LATE))
        return
    if known.removed_at is not None and reading.read_at is not None and known.removed_at > reading.read_at:
        # The user was here when it was read, and a run tells only of what it changes.
        return
    if known.skips_cut:
        yield Step.say(Saying.NOT_TOLD, reading.read_at, most=f"{store.SKIPS_MAX:,}")
    else:
        yield Step.say(Saying.NOT_LISTED, reading.read_at)
    yield from map(Step.of_finding, readings.doubts_of(reading))
