"""Why an address is accepted, or why it is not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from mailroll.connectors.words import sentence
from mailroll.directory import queries
from mailroll.directory.lifecycle import Lifetime, Stage
from mailroll.directory.models import Domain, User
from mailroll.gateway import recipients
from mailroll.gateway.answers import Answer as GatewayAnswer
from mailroll.gateway.answers import Because, Verdict
from mailroll.insight.why import facts, gateway_verdict, readings, users
from mailroll.insight.why.address_sayings import AddressSaying
from mailroll.insight.why.facts import AddressFacts
from mailroll.insight.why.readings import PlanStage, stage
from mailroll.insight.why.sayings import Mark
from mailroll.insight.why.steps import WhyStep, written
from mailroll.insight.why.user_sayings import UserSaying
from mailroll.reconcile.addresses import Address, AddressFault, bare, domain_of, given, is_onmicrosoft
from mailroll.reconcile.reasons import KIND_RULES, Reason, ReasonCode
from mailroll.sync import store
from mailroll.sync.models import Run, RunState

_ADDS = {
    PlanStage.PREVIEW: AddressSaying.IN_PREVIEW,
    PlanStage.FILE: AddressSaying.IN_FILE,
    PlanStage.HELD: AddressSaying.IN_HELD,
    PlanStage.UNDER_WAY: AddressSaying.IN_RUN,
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
    """What mail servers are told of one address, and the chain of reasons. `user` is who has it.

    `waits_in`: the run whose plan would add it. `reading`: the run that last read its domain.
    """

    address: str
    verdict: Verdict
    user: queries.ListedUser | None
    steps: tuple[WhyStep, ...]
    domain: Domain | None = None
    waits_in: Run | None = None
    reading: Run | None = None

    @property
    def accepted(self) -> bool:
        return self.verdict.answer is GatewayAnswer.ACCEPT

    @property
    def stage(self) -> Stage:
        """What becomes of mail for it, in the words of an address's life."""
        match self.verdict.answer:
            case GatewayAnswer.ACCEPT:
                return Stage.ENDING if self.verdict.because is Because.ENDING else Stage.IN_SERVICE
            case GatewayAnswer.LATER | GatewayAnswer.CANNOT_SAY:
                return Stage.LATER
            case _:
                return Stage.ENDED

    @property
    def reasons(self) -> list[dict[str, str]]:
        """The steps as other programs read them, each a code and a sentence."""
        return [{"code": step.code, "message": step.message} for step in self.steps if step.message]


def explain(text: str, now: datetime) -> Why:
    """Say what mail servers are told of an address, and the chain of reasons. Never fails on an address."""
    address, verdict = given(text), recipients.ask(bare(text), now)
    if isinstance(address, AddressFault):
        step = WhyStep.of_reason(Reason.of(ReasonCode(address.value)), mark=Mark.FAILED)
        return _end_chain(text, verdict, None, [step])
    if is_onmicrosoft(domain_of(address)) and queries.holder(address) is None:
        return Why(address, verdict, None, (WhyStep.say(AddressSaying.ONMICROSOFT),))
    tagged = verdict.address if verdict.address is not None and verdict.address != address else None
    base = Address(tagged or address)
    steps = [WhyStep.say(AddressSaying.TAGGED, base=base)] if tagged else []
    had = queries.holder_with_lives(base)
    holder = None if had is None else had[0]
    life = None if had is None else next((lifetime for lifetime in had[2] if lifetime.address == base), None)
    if had is not None and life is not None and (life.own or life.stage(now) is not Stage.ENDED):
        user_facts = facts.of_user(had[0], now, had[1:])
        steps += _holder_steps(user_facts, base, now) if life.own else _loss_steps(had[0], life, now)
        return _end_chain(address, verdict, user_facts, steps)
    domain = queries.accepting(domain_of(address))
    if domain is None:
        return Why(address, verdict, None, (WhyStep.say(AddressSaying.DOMAIN_NOT_HERE, domain=domain_of(address)),))
    if verdict.because is Because.POSTMASTER:
        return _end_chain(address, verdict, None, [], domain)
    absent = facts.of_address(base, domain, now, holder)
    explanation = _end_chain(address, verdict, None, [*steps, *_absent(absent, now)], domain)
    return replace(explanation, waits_in=next(iter(absent.waits_in), None), reading=absent.reading)


def _end_chain(
    address: str,
    verdict: Verdict,
    user_facts: facts.UserFacts | None,
    steps: list[WhyStep],
    domain: Domain | None = None,
) -> Why:
    """End a chain with what the gateway makes of it."""
    if user_facts is not None:
        domain = user_facts.user.domain
    if domain is None and verdict.domain is not None:
        domain = Domain.objects.select_related("organization").get(id=verdict.domain)
    if domain is not None and verdict.domain == domain.id:
        steps = [*steps, *gateway_verdict.tell(verdict, domain)]
    listed, reading = (None, None) if user_facts is None else (user_facts.listed, user_facts.reading)
    return Why(address, verdict, listed, tuple(steps), domain, reading=reading)


def _holder_steps(user_facts: facts.UserFacts, address: Address, now: datetime) -> Iterator[WhyStep]:
    """Who has it, why, and where in its life it is."""
    yield WhyStep.say(
        UserSaying.HELD_BY,
        name=user_facts.listed.address or queries.primary_of(user_facts.user),
        domain=user_facts.user.domain.name,
    )
    yield from users.tell(user_facts, now, address).steps
    yield from _last_change(user_facts)


def _loss_steps(holder: User, life: Lifetime, now: datetime) -> Iterator[WhyStep]:
    """Its user lost it, and it is accepted, or put off, until it has ended."""
    yield WhyStep.say(UserSaying.LEFT_BY, name=queries.primary_of(holder), domain=holder.domain.name)
    yield users.of_lost(life, now)


def _last_change(user_facts: facts.UserFacts) -> Iterator[WhyStep]:
    """Why it was changed the last time. What makes the kind is a step of its own, as it is by now."""
    if user_facts.last is None:
        return
    run = user_facts.last.run
    at = run.finished_at or run.started_at
    for reason in user_facts.reasons:
        if reason.code not in KIND_RULES:
            step = WhyStep.of_reason(reason, f"Last changed {written(at)}: ", Mark.INFO)
            detail = f"The reason then: {sentence(reason)} That was"
            yield replace(step, headline="A run changed it last", detail=detail, at=at)


def _absent(address_facts: AddressFacts, now: datetime) -> Iterator[WhyStep]:
    """Nobody has it: who had it, what waits, and what the last reading said of it."""
    domain = address_facts.domain.name
    yield WhyStep.say(AddressSaying.NOT_IN_LIST, domain=domain)
    if address_facts.unproved:
        yield WhyStep.say(AddressSaying.ALIAS_NOT_VERIFIED, alias=domain_of(address_facts.address), domain=domain)
    if address_facts.plus is not None:
        yield WhyStep.say(
            AddressSaying.PLUS, base=address_facts.plus.base, name=queries.primary_of(address_facts.plus.holder)
        )
    if address_facts.former is not None:
        yield WhyStep.say(AddressSaying.FORMER, name=address_facts.former.display_name or str(address_facts.former.id))
    if address_facts.ended is not None:
        yield users.of_lost(address_facts.ended, now)
    if address_facts.removed_at is not None:
        yield WhyStep.say(AddressSaying.REMOVED_BY_HAND, address_facts.removed_at)
    for run in address_facts.waits_in[:1]:
        yield WhyStep.say(_ADDS[stage(run)], run.read_at or run.started_at)
    yield from _of_reading(address_facts)


def _of_reading(address_facts: AddressFacts) -> Iterator[WhyStep]:
    reading, added_by = address_facts.reading, address_facts.added_by
    if reading is None:
        yield WhyStep.say(AddressSaying.NEVER_READ)
        return
    if address_facts.skips:
        yield from (WhyStep.of_reason(skip.reason, mark=Mark.FAILED) for skip in address_facts.skips)
        return
    if added_by is not None:
        if added_by.state == RunState.APPLIED:
            yield WhyStep.say(AddressSaying.GONE_SINCE, reading.read_at)
        elif added_by not in address_facts.waits_in:
            yield WhyStep.say(
                AddressSaying.NOT_APPLIED, reading.read_at, end=_ENDS.get(RunState(added_by.state), _TOO_LATE)
            )
        return
    if (
        address_facts.removed_at is not None
        and reading.read_at is not None
        and address_facts.removed_at > reading.read_at
    ):
        # The user was here when it was read, and a run tells only of what it changes.
        return
    if address_facts.skips_cut:
        yield WhyStep.say(AddressSaying.NOT_TOLD, reading.read_at, most=f"{store.SKIPS_MAX:,}")
    else:
        yield WhyStep.say(AddressSaying.NOT_LISTED, reading.read_at)
    yield from map(WhyStep.of_finding, readings.doubts_of(reading))
