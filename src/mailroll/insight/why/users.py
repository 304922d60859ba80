"""Why a user is as it is: a chain that a person can follow from the source to the mail server."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mailroll.connections import filters
from mailroll.connections.models import Source
from mailroll.connectors.words import DIRECTORY, sentence
from mailroll.directory.lifecycle import ACCEPTED, Lifetime, Stage
from mailroll.directory.models import User
from mailroll.insight.why import facts
from mailroll.insight.why.facts import UserFacts
from mailroll.insight.why.readings import PlanStage, stage
from mailroll.insight.why.sayings import Mark
from mailroll.insight.why.steps import WhyStep, written
from mailroll.insight.why.user_sayings import UserSaying
from mailroll.reconcile import kinds
from mailroll.reconcile.model import Kind, ObjectType
from mailroll.reconcile.reasons import Reason, ReasonCode
from mailroll.sync import store
from mailroll.sync.models import Run

_UNJUDGED = frozenset({ReasonCode.UNDECIDED, ReasonCode.FILTER_UNDECIDED, ReasonCode.UNREADABLE})
_STAYS = frozenset({ReasonCode.PINNED, ReasonCode.KEPT})
_CONTESTED = frozenset({ReasonCode.CONFLICT, ReasonCode.CONFLICT_ELSEWHERE})

_LEAVES = {
    PlanStage.PREVIEW: UserSaying.LEAVES_IN_PREVIEW,
    PlanStage.FILE: UserSaying.LEAVES_IN_FILE,
    PlanStage.HELD: UserSaying.LEAVES_IN_HELD,
    PlanStage.UNDER_WAY: UserSaying.LEAVES_IN_RUN,
}


@dataclass(frozen=True, slots=True)
class LeftOutAddress:
    """An address of the same object that is not in the list, and why."""

    address: str
    why: str


@dataclass(frozen=True, slots=True)
class Lost:
    """An address that the user lost and that only ends, and what becomes of mail for it."""

    address: str
    step: WhyStep


@dataclass(frozen=True, slots=True)
class WhyUser:
    """`stage`: where in their life the user's addresses are; None where it has none. `seen_at`: when its source last
    showed it. `lost`: addresses that only end. `known`: what all of it was told by.
    """

    known: UserFacts

    stage: Stage | None
    steps: tuple[WhyStep, ...]
    left_out: tuple[LeftOutAddress, ...]
    source: Source | None
    seen_at: datetime | None
    lost: tuple[Lost, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether mail for the user's addresses passes at this moment."""
        return self.stage in ACCEPTED

    @property
    def links(self) -> tuple[WhyStep, ...]:
        """The steps that a page draws as a chain."""
        return tuple(step for step in self.steps if step.headline)


def explain_user(user: User, now: datetime) -> WhyUser:
    """Follow one user from the source that names it to whether mail for it is accepted."""
    return tell(facts.of_user(user, now), now)


def tell(user_facts: UserFacts, now: datetime, address: str | None = None) -> WhyUser:
    """Tell it all; of its addresses, `address` is the one that it is about, else the primary one."""
    user = user_facts.user
    own = [life for life in user_facts.lives if life.own]
    life = next((own_life for own_life in own if own_life.address == address), own[0] if own else None)
    own_addresses = {*user_facts.listed.aliases, *([user_facts.listed.address] if user_facts.listed.address else [])}
    origin, seen_at = _origin(user_facts)
    return WhyUser(
        known=user_facts,
        stage=None if life is None else life.stage(now),
        steps=(
            origin,
            _addresses(user_facts),
            _kind(user),
            *_decisions(user_facts),
            *_plans(user_facts),
            _mail(user_facts, life, now),
        ),
        left_out=tuple(
            LeftOutAddress(skip.address, sentence(skip.reason))
            for skip in user_facts.skips
            if skip.address and skip.address not in own_addresses
        ),
        source=user_facts.source,
        seen_at=seen_at,
        lost=tuple(
            Lost(life.address, of_lost(life, now))
            for life in user_facts.lives
            if not life.own and life.stage(now) is not Stage.ENDED
        ),
    )


def _origin(user_facts: UserFacts) -> tuple[WhyStep, datetime | None]:
    """Who keeps the user, and when the source last showed it."""
    user, source, reading = user_facts.user, user_facts.source, user_facts.reading
    if user.owner is None:
        return WhyStep.say(UserSaying.BY_HAND, user.created_at), None
    name = user.owner.label
    if source is None:
        if user.retired_at is not None:
            return WhyStep.say(UserSaying.RETIRED_WITH_SOURCE, user.retired_at, source=name), None
        stays = user.pinned or user.kept or user.exempt
        return WhyStep.say(UserSaying.SOURCE_REMOVED_STAYS if stays else UserSaying.SOURCE_REMOVED, source=name), None
    place = str(source.precedence)
    if user.retired_at is not None:
        return WhyStep.say(UserSaying.SOURCE_RETIRED, user.retired_at, source=name, place=place), None
    read_at = reading.read_at if reading else None
    # Who is kept was not there when it was restored, and no reading has had it since, or the mark would be gone.
    is_lost = user_facts.lost or any(skip.reason.code in _STAYS for skip in user_facts.skips)
    if is_lost or (user.kept and not user_facts.listed_again):
        return WhyStep.say(UserSaying.SOURCE_LOST, read_at, source=name, place=place), None
    if not source.enabled:
        return WhyStep.say(UserSaying.SOURCE_OFF, source=name, place=place), None
    if reading is not None and not _answered(source, reading):
        return _without_reading(UserSaying.SOURCE_UNREAD, source, reading), None
    unjudged = next(
        (skip.reason for skip in user_facts.skips if skip.reason.code in _UNJUDGED and not skip.address), None
    )
    if unjudged is not None:
        return WhyStep.say(UserSaying.NOT_JUDGED, read_at, source=name, place=place, why=sentence(unjudged)), read_at
    if reading is not None and _doubted(source, reading):
        return _without_reading(UserSaying.SOURCE_DOUBTED, source, reading), None
    takes = filters.describe(source) if source.filter and user.object_type == ObjectType.USER else ""
    words = {"takes": f", which takes: {takes}" if takes else "", "by": f" by its filter, {takes}" if takes else ""}
    return WhyStep.say(UserSaying.MANAGED, read_at, source=name, place=place, **words), read_at


def _answered(source: Source, reading: Run) -> bool:
    """Whether a reading has this source; where the run does not tell its sources, it is taken to."""
    sources = store.sources_from_json(reading.sources)
    return not sources or any(read_source.answered for read_source in sources if read_source.id == source.owner_id)


def _doubted(source: Source, reading: Run) -> bool:
    sources = store.sources_from_json(reading.sources)
    return any(read_source.trusted is False for read_source in sources if read_source.id == source.owner_id)


def _without_reading(saying: UserSaying, source: Source, reading: Run) -> WhyStep:
    """Say that a reading tells nothing of a source, and which one did."""
    good = source.read_at
    return WhyStep.say(
        saying,
        good,
        source=source.owner.label,
        place=str(source.precedence),
        time=written(reading.read_at or reading.started_at),
        good="It has no good reading yet." if good is None else f"Its last good reading was that of {written(good)}.",
        since="It has no good reading yet." if good is None else "Last good reading",
    )


def _addresses(user_facts: UserFacts) -> WhyStep:
    person = user_facts.listed
    if person.address is None:
        return WhyStep.say(UserSaying.NO_ADDRESS)
    origin = "It was given by hand"
    if person.external_id is not None:
        key = person.external_id.partition(":")[2]
        origin = f"Primary address of object {key[:4]}…{key[-4:]} in {DIRECTORY}"
    lost_addresses = [skip.address for skip in user_facts.skips if skip.address and skip.reason.code in _CONTESTED]
    if lost_addresses:
        return WhyStep.say(UserSaying.CONTESTED, whose=origin, others=", ".join(lost_addresses))
    return WhyStep.say(UserSaying.OWN_ADDRESS, whose=origin)


def _kind(user: User) -> WhyStep:
    """What it is and who says so; the reason is the core's where a rule decided."""
    kind = user.kind.replace("-", " ")
    chain = WhyStep.say(UserSaying.KIND, kind=kind, billed="billable" if user.billable else "not billable")
    reason: Reason | None = None
    if user.kind_by_hand:
        reason = Reason.of(ReasonCode.KIND_BY_HAND)
    elif user.kind_rule:
        reason = kinds.kind_reason(ReasonCode(user.kind_rule), Kind(user.kind))
    if user.retired_at is not None:
        chain = WhyStep.say(UserSaying.KIND_RETIRED, kind=kind)
        return (
            chain if reason is None else WhyStep(reason.code, sentence(reason), Mark.INFO, chain.headline, chain.detail)
        )
    if reason is None:
        return chain
    return WhyStep(reason.code, sentence(reason), headline=chain.headline, detail=sentence(reason))


def _decisions(user_facts: UserFacts) -> Iterator[WhyStep]:
    user = user_facts.user
    if user.group_by_hand:
        yield WhyStep.say(UserSaying.GROUP_BY_HAND)
    if user.pinned:
        yield WhyStep.say(UserSaying.PINNED)
    if user.kept:
        yield WhyStep.say(UserSaying.KEPT, until=kept_until(user, user_facts.source))
    if user.exempt:
        yield WhyStep.say(UserSaying.EXEMPT)


def kept_until(user: User, source: Source | None) -> str:
    """Say what ends the mark of who was restored, besides a person; `source` is the one that keeps it."""
    if source is not None:
        return f"the source “{source.owner.label}” lists it again"
    return "a file lists it" if user.owner_id is None else "another source lists it"


def _plans(user_facts: UserFacts) -> Iterator[WhyStep]:
    run = user_facts.leaves_in
    if run is None or user_facts.user.retired_at is not None:
        return
    yield WhyStep.say(_LEAVES[stage(run)], run.read_at or run.started_at)


def _mail(user_facts: UserFacts, life: Lifetime | None, now: datetime) -> WhyStep:
    if life is None:
        return WhyStep.say(UserSaying.NOTHING_ACCEPTED)
    match life.stage(now):
        case Stage.IN_SERVICE:
            return WhyStep.say(UserSaying.ACCEPTED, user_facts.user.created_at)
        case Stage.ENDING:
            ending = UserSaying.ENDING_UNCONFIRMED if life.confirmed_at is None else UserSaying.ENDING
            return WhyStep.say(ending, life.accepted_until)
        case Stage.LATER:
            return WhyStep.say(UserSaying.PUT_OFF, life.later_until)
        case Stage.ENDED:
            return WhyStep.say(UserSaying.ENDED, life.later_until)


def of_lost(life: Lifetime, now: datetime) -> WhyStep:
    """Say what becomes of mail for an address that its user lost."""
    match life.stage(now):
        case Stage.LATER:
            return WhyStep.say(UserSaying.ADDRESS_LATER, life.later_until)
        case Stage.ENDED:
            return WhyStep.say(UserSaying.ADDRESS_ENDED, life.later_until)
        case _ if life.confirmed_at is None:
            return WhyStep.say(UserSaying.ADDRESS_UNCONFIRMED, life.ending_since)
        case _:
            return WhyStep.say(UserSaying.ADDRESS_ENDING, life.accepted_until)
