"""Rules over a plan and the reading behind it. They do not raise: they return what they have to say, all of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from mailroll.reconcile.addresses import Address, DomainName
from mailroll.reconcile.departures import NO_DEPARTURES, Departures
from mailroll.reconcile.desired import Desired, Later
from mailroll.reconcile.findings import Finding, FindingCode, Level
from mailroll.reconcile.model import Current, ExternalId, Kind, RollUser, Sum
from mailroll.reconcile.plan import Action, Plan
from mailroll.reconcile.reasons import ReasonCode, Skip
from mailroll.reconcile.split import Ending
from mailroll.reconcile.statements import Keep, SourceState, Take

NAMED = 5
"""Objects that a finding names."""

_DOUBTS: Mapping[SourceState, FindingCode] = {
    SourceState.OTHER_TENANT: FindingCode.TENANT_CHANGED,
    SourceState.UNVERIFIED: FindingCode.DOMAIN_NOT_VERIFIED,
    SourceState.UNREAD: FindingCode.SOURCE_UNREAD,
    SourceState.EMPTY: FindingCode.SOURCE_EMPTY,
}
_CONFLICTS = frozenset({ReasonCode.CONFLICT, ReasonCode.CONFLICT_ELSEWHERE})


@dataclass(frozen=True, slots=True)
class Limits:
    """How many may go in one run: `min(max(floor, share), half, cap)`; the same rule for 3 users and 30,000.

    `weekly`: the share that may go in 7 days. `growth` and `billing`: how many may come in one run, the larger of a
    number and a share.
    """

    floor: int = 3
    share: float = 0.10
    cap: int = 500
    weekly: float = 0.20
    growth: tuple[int, float] = (50, 1.0)
    billing: tuple[int, float] = (20, 0.5)

    def of_run(self, total: int) -> int:
        return int(min(max(self.floor, total * self.share), total / 2, self.cap))

    def of_day(self, total: int) -> int:
        return 2 * self.of_run(total)

    def of_week(self, total: int) -> int:
        return max(self.of_run(total), int(total * self.weekly))

    def of_growth(self, total: int) -> int:
        return max(self.growth[0], int(total * self.growth[1]))

    def of_billing(self, total: int) -> int:
        return max(self.billing[0], int(total * self.billing[1]))


def judge_reading(current: Current, desired: Desired) -> tuple[Finding, ...]:
    """Look at what was read: whether it is the right tenant, whether it is whole, whether anything is in it."""
    return tuple(_reading(current, desired))


def judge_domains(desired: Desired, proved: Mapping[DomainName, datetime]) -> tuple[Finding, ...]:
    """Name the domains of ours that this reading does not prove; `proved`: the last reading that did not say so."""
    return tuple(
        Finding.of(FindingCode.DOMAIN_UNPROVED, domain=name, since=_since(proved.get(name)))
        for name in sorted(desired.unproved)
    )


def judge_conflicts(skips: Iterable[Skip]) -> tuple[Finding, ...]:
    """Count the addresses that more than one wants."""
    contested = {skip.address for skip in skips if skip.reason.code in _CONFLICTS}
    return (Finding.of(FindingCode.CONFLICTS, addresses=len(contested)),) if contested else ()


def judge_filters(plan: Plan, *, unseen: bool) -> tuple[Finding, ...]:
    """Look at who would go after filters were changed, as long as no person has seen what the change does."""
    return (Finding.of(FindingCode.FILTERS_CHANGED),) if unseen and plan.counts[Action.RETIRE] else ()


def judge_plan(
    plan: Plan, current: Current, limits: Limits, departures: Departures = NO_DEPARTURES
) -> tuple[Finding, ...]:
    """Look at what would change. Run when a plan is made and again when it is applied.

    `departures`: what left lately, so that few at a time are not many in the end.
    """
    counted, beside = managed(current), current.rest.managed
    return (
        *_growth(plan, current, limits, counted, beside),
        *_removals(plan, current, limits, counted, beside, FindingCode.EVERYONE_WOULD_GO, departures),
    )


def judge_pause(plan: Plan, paused: Finding | None) -> tuple[Finding, ...]:
    """Say that removals are paused, where the plan would end anything. Run like `judge_plan`."""
    return (paused,) if paused is not None and Ending.of(plan) else ()


def judge_import(plan: Plan, current: Current, limits: Limits) -> tuple[Finding, ...]:
    """Look at what an import would change: it is measured by the users that were made by hand."""
    # A person is behind every file, so one is not measured together with those before it.
    counted, beside = by_hand(current), current.rest.by_hand
    return tuple(_removals(plan, current, limits, counted, beside, FindingCode.HAND_MADE_WOULD_GO, NO_DEPARTURES))


def managed(current: Current) -> list[RollUser]:
    """The users that the limits of a sync are measured by, as far as they are loaded."""
    return [user for user in current.users if user.state.owner is not None and not user.state.retired]


def by_hand(current: Current) -> list[RollUser]:
    """The users that the limits of a file are measured by, as far as they are loaded."""
    return [
        user
        for user in current.users
        if user.state.owner is None and not user.state.retired and user.state.kind is not Kind.STATIC
    ]


def _reading(current: Current, desired: Desired) -> Iterator[Finding]:
    yield from _sources(current, desired)
    few = _few(current, desired)
    if desired.slipped:
        # A listing is no snapshot of the directory, so a few may slip through; many mean that a part is missing.
        milder = None if desired.slipped > few else Level.WARNING
        yield Finding.of(FindingCode.LISTING_INCOMPLETE, milder, objects=desired.slipped)
    if contradicting := _contradicting(current, desired):
        harder = Level.HOLDS_REMOVALS if len(contradicting) > few else None
        yield Finding.of(FindingCode.NO_ADDRESSES_SHOWN, harder, objects=len(contradicting))
    causes = Counter(verdict.reason.code for verdict in desired.verdicts.values() if isinstance(verdict, Keep | Later))
    if causes[ReasonCode.UNDECIDED]:
        yield Finding.of(FindingCode.PROPERTIES_MISSING, objects=causes[ReasonCode.UNDECIDED])
    if causes[ReasonCode.FILTER_UNDECIDED]:
        yield Finding.of(FindingCode.FILTER_UNDECIDED, objects=causes[ReasonCode.FILTER_UNDECIDED])
    if mended := desired.mended:
        first = sorted(mended_object.name for mended_object in mended.values())[:NAMED]
        yield Finding.of(
            FindingCode.PROPERTIES_MENDED,
            objects=len(mended),
            properties=", ".join(sorted({flaw for mended_object in mended.values() for flaw in mended_object.flaws})),
            names=", ".join(first) + (" and others" if len(mended) > NAMED else ""),
        )
    unreadable = causes[ReasonCode.UNREADABLE] + desired.nameless
    if unreadable:
        # Who stands behind an object without an id cannot be told, so nobody is taken out on this reading.
        harder = Level.HOLDS_REMOVALS if desired.nameless else None
        yield Finding.of(FindingCode.OBJECT_UNREADABLE, harder, objects=unreadable)


def _sources(current: Current, desired: Desired) -> Iterator[Finding]:
    """Judge one by one: what one source lost is not hidden by another, and stops no other.

    Only where every source is in doubt, so is the domain: then nothing of the plan is applied by itself.
    """
    doubted = in_doubt(current, desired)
    level = Level.HOLDS_PLAN if len(doubted) == len(desired.sources) else None
    for source, report in sorted(
        desired.sources.items(), key=lambda source_report: (source_report[1].source, str(source_report[0]))
    ):
        match report.state:
            case SourceState.EMPTY if source not in doubted:
                yield Finding.of(FindingCode.NO_MAILBOX, source=report.source)
            case SourceState.NOBODY:
                milder = None if _managed(current, source) else Level.WARNING
                yield Finding.of(FindingCode.FILTER_SELECTS_NOBODY, milder, source=report.source)
            case SourceState.UNDECIDED if not any(map(partial(_managed, current), desired.heard)):
                # Nobody is there yet who would stay as they are: a list of groups alone is no first sync.
                yield Finding.of(FindingCode.FILTER_DECIDES_NOBODY)
            case state if source in doubted:
                yield Finding.of(_DOUBTS[state], level, source=report.source, users=_managed(current, source))
            case _:
                pass


def in_doubt(current: Current, desired: Desired) -> frozenset[UUID]:
    """The sources whose word is not to be trusted: not heard, or an empty answer where there was somebody."""
    empty = {source for source in desired.sources_in(SourceState.EMPTY) if _managed(current, source)}
    return frozenset(desired.sources.keys() - desired.heard | empty)


def trusted(current: Current, desired: Desired) -> frozenset[UUID]:
    """The sources whose reading nobody doubts: it shows somebody, its filter could be decided, nothing is missing."""
    few, contradicting = _few(current, desired), _contradicting(current, desired)
    suspect = {key.partition(":")[0] for key in contradicting} if len(contradicting) > few else set()
    return frozenset(
        source
        for source in desired.sources_in(SourceState.READ, SourceState.NOBODY)
        if not (report := desired.sources[source]).nameless
        and not (report.slipped and desired.slipped > few)
        and report.tenant not in suspect
    )


def _few(current: Current, desired: Desired) -> int:
    """How many oddities in a reading say nothing against the rest of it."""
    shown_count = sum(isinstance(verdict, Take) for verdict in desired.verdicts.values())
    beside = sum(source_sum.users for owner, source_sum in current.rest.sources.items() if owner in desired.heard)
    return max(3, (shown_count + desired.beside + beside) // 100)


def _since(read_at: datetime | None) -> str:
    return "" if read_at is None else f" The last reading without this was that of {read_at:%Y-%m-%d %H:%M} UTC."


def _contradicting(current: Current, desired: Desired) -> frozenset[ExternalId]:
    """The objects of users whose mailbox is licensed and has no address at all."""
    return frozenset(
        user.state.external_id
        for user in current.users
        if user.state.external_id is not None
        and not user.state.retired
        and isinstance(verdict := desired.verdicts.get(user.state.external_id), Keep)
        and verdict.reason.code is ReasonCode.NOT_READY
    )


def _growth(plan: Plan, current: Current, limits: Limits, managed: list[RollUser], beside: Sum) -> Iterator[Finding]:
    """Measure who comes, and who has to be paid for from now on. A first sync is nothing but growth.

    Who comes back was here before, however many do.
    """
    if not current.rest.owned and all(user.state.owner is None for user in current.users):
        return
    new, total = plan.counts[Action.CREATE], len(managed) + beside.users
    if new > (allowed := limits.of_growth(total)):
        yield Finding.of(FindingCode.GROWTH_LIMIT, users=new, total=total, limit=allowed)
    paid = sum(user.state.billable for user in managed) + beside.billable
    more = (
        sum(
            change.after is not None
            and change.after.billable
            and not (change.before is not None and change.before.billable)
            for change in plan.others
            if change.action not in {Action.RETIRE, Action.RESTORE}
        )
        + plan.arrivals.billable
    )
    if more > (allowed := limits.of_billing(paid)):
        yield Finding.of(FindingCode.BILLING_LIMIT, users=more, total=paid, limit=allowed)


def _removals(  # noqa: PLR0917 - the plan, and all that it is measured by
    plan: Plan,
    current: Current,
    limits: Limits,
    counted: list[RollUser],
    beside: Sum,
    everyone: FindingCode,
    departures: Departures,
) -> Iterator[Finding]:
    """Measure who goes, and which addresses end, by the users that count here: those loaded, and those beside them."""
    leaver_ids = {change.user for change in plan.others if change.action in {Action.RETIRE, Action.REMOVE}}
    leaving = [user for user in counted if user.id in leaver_ids]
    users_count = len(counted) + beside.users
    if leaving and len(leaving) == users_count:
        yield Finding.of(everyone, users=users_count)
    allowed = limits.of_run(users_count)
    if len(leaving) > allowed:
        yield Finding.of(FindingCode.USER_LIMIT, users=len(leaving), total=users_count, limit=allowed)
    # Adopting a hand-made user can end addresses too.
    at_stake = {user.id for user in counted}
    active = [
        user for user in current.users if not user.state.retired and (user.id in at_stake or plan.touches(user.id))
    ]
    ending = _ending(plan, active, leaver_ids)
    total = sum(len(user.state.addresses) for user in active) + beside.addresses
    allowed = limits.of_run(total)
    if len(ending) > allowed:
        yield Finding.of(FindingCode.ADDRESS_LIMIT, addresses=len(ending), total=total, limit=allowed)
    day, week = departures.day.still(current), departures.week.still(current)
    yield from _drip(len(day.users), len(leaving), users_count, limits.of_day, FindingCode.USER_LIMIT_DAY)
    yield from _drip(len(week.users), len(leaving), users_count, limits.of_week, FindingCode.USER_LIMIT_WEEK)
    yield from _drip(len(day.addresses), len(ending), total, limits.of_day, FindingCode.ADDRESS_LIMIT_DAY)
    yield from _drip(len(week.addresses), len(ending), total, limits.of_week, FindingCode.ADDRESS_LIMIT_WEEK)


def _drip(
    earlier: int, more: int, current_count: int, limit: Callable[[int], int], code: FindingCode
) -> Iterator[Finding]:
    """Measure what goes together with what went before, by all that there was then."""
    allowed = limit(current_count + earlier)
    # Alone, it is measured by the limit of one run.
    if earlier and more and earlier + more > allowed:
        yield Finding.of(code, gone=earlier, more=more, total=current_count + earlier, limit=allowed)


def _ending(plan: Plan, active: list[RollUser], leaver_ids: set[UUID]) -> set[Address]:
    """The addresses that stop being accepted: held now by someone active, held afterwards by no one active."""
    after: Mapping[UUID, frozenset[Address]] = {
        change.user: frozenset() if change.user in leaver_ids else change.held_after for change in plan.others
    }
    ending = {
        address
        for user in active
        if (kept := after.get(user.id)) is not None
        for address in user.state.addresses
        if address not in kept
    }
    return ending.difference(*after.values(), plan.arrivals.addresses()) if ending else ending


def _managed(current: Current, owner: UUID) -> int:
    loaded_count = sum(user.state.owner == owner and not user.state.retired for user in current.users)
    return loaded_count + current.rest.sources.get(owner, Sum()).users
