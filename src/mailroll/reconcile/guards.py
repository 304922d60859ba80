"""Rules over a plan and the reading behind it. They do not raise: they return what they have to say, all of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.merge import Desired
from mailroll.reconcile.model import Current, Kind, User
from mailroll.reconcile.plan import Action, Plan
from mailroll.reconcile.reasons import ReasonCode


class Level(StrEnum):
    """What a finding does to a plan."""

    NOTE = "note"
    WARNING = "warning"
    HOLDS_REMOVALS = "holds-removals"
    HOLDS_PLAN = "holds-plan"


class FindingCode(StrEnum):
    """A closed list; every code has its sentence in `explain`."""

    EVERYONE_WOULD_GO = "everyone_would_go"
    HAND_MADE_WOULD_GO = "hand_made_would_go"
    SOURCE_EMPTY = "source_empty"
    NO_MAILBOX = "no_mailbox_in_domain"
    USER_LIMIT = "removal_limit"
    ADDRESS_LIMIT = "address_limit"
    SOURCE_UNREAD = "source_unread"
    TENANT_CHANGED = "tenant_changed"
    DOMAIN_NOT_VERIFIED = "domain_not_verified"
    LISTING_INCOMPLETE = "listing_incomplete"
    OBJECT_UNREADABLE = "object_unreadable"
    PROPERTIES_MISSING = "properties_missing"
    FILTER_UNDECIDED = "filter_undecided"
    FILTER_SELECTS_NOBODY = "filter_selects_nobody"
    CONFLICTS = "conflicts"
    DOMAIN_NOT_HERE = "tenant_domain_not_here"
    # what a run finds before the core is asked
    TYPE_UNREAD = "type_unread"
    GROUP_NOT_TOLD = "group_not_told"
    FILTERS_CHANGED = "filters_changed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a guard has to say. `facts` fill the sentence."""

    code: FindingCode
    level: Level
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: FindingCode, level: Level, **facts: object) -> "Finding":
        return cls(code, level, tuple(sorted((name, str(value)) for name, value in facts.items())))


# A person cannot make these right by a decision: the plan was made of nothing, so there is nothing to release.
NOT_FOR_RELEASE = frozenset({FindingCode.TENANT_CHANGED, FindingCode.DOMAIN_NOT_VERIFIED})


# Where the answer was not whole, another reading tells who is really gone; a decision would be a guess.
_INCOMPLETE = frozenset({FindingCode.SOURCE_UNREAD, FindingCode.LISTING_INCOMPLETE, FindingCode.OBJECT_UNREADABLE})


def releasable(findings: Iterable[Finding]) -> bool:
    """Whether a person's decision can make right what these findings hold; if not, only another reading can."""
    holding = {one.code for one in findings if one.level in {Level.HOLDS_REMOVALS, Level.HOLDS_PLAN}}
    return not holding & (NOT_FOR_RELEASE | _INCOMPLETE)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many may go in one run: `min(max(floor, share), half, cap)`; the same rule for 3 users and 30,000."""

    floor: int = 3
    share: float = 0.10
    cap: int = 500

    def of(self, total: int) -> int:
        return int(min(max(self.floor, total * self.share), total / 2, self.cap))


def judge_reading(current: Current, desired: Desired) -> tuple[Finding, ...]:
    """Look at what was read: whether it is the right tenant, whether it is whole, whether anything is in it."""
    return tuple(_reading(current, desired))


def judge_plan(plan: Plan, current: Current, limits: Limits) -> tuple[Finding, ...]:
    """Look at what would change. Run when a plan is made and again when it is applied."""
    managed = [user for user in current.users if user.state.owner is not None and not user.state.retired]
    return tuple(_removals(plan, current, limits, managed, FindingCode.EVERYONE_WOULD_GO))


def judge_import(plan: Plan, current: Current, limits: Limits) -> tuple[Finding, ...]:
    """Look at what an import would change: it is measured by the users that were made by hand."""
    by_hand = [
        user
        for user in current.users
        if user.state.owner is None and not user.state.retired and user.state.kind is not Kind.STATIC
    ]
    return tuple(_removals(plan, current, limits, by_hand, FindingCode.HAND_MADE_WOULD_GO))


def level(findings: Iterable[Finding]) -> Level:
    """The strongest level among findings."""
    order = list(Level)
    return max((finding.level for finding in findings), key=order.index, default=Level.NOTE)


def _reading(current: Current, desired: Desired) -> Iterator[Finding]:
    if desired.other_tenant:
        yield Finding.of(FindingCode.TENANT_CHANGED, Level.HOLDS_PLAN)
    if desired.unverified:
        yield Finding.of(FindingCode.DOMAIN_NOT_VERIFIED, Level.HOLDS_PLAN)
    if desired.unread:
        yield Finding.of(FindingCode.SOURCE_UNREAD, Level.HOLDS_REMOVALS, sources=len(desired.unread))
    yield from _nobody(current, desired)
    if desired.slipped:
        # A listing is no snapshot of the directory, so a few may slip through; many mean that a part is missing.
        doubtful = desired.slipped > max(3, len(desired.entries) // 100)
        level_of = Level.HOLDS_REMOVALS if doubtful else Level.WARNING
        yield Finding.of(FindingCode.LISTING_INCOMPLETE, level_of, objects=desired.slipped)
    causes = Counter(reason.code for reason in desired.kept.values())
    if causes[ReasonCode.UNDECIDED]:
        yield Finding.of(FindingCode.PROPERTIES_MISSING, Level.WARNING, objects=causes[ReasonCode.UNDECIDED])
    if causes[ReasonCode.FILTER_UNDECIDED]:
        yield Finding.of(FindingCode.FILTER_UNDECIDED, Level.WARNING, objects=causes[ReasonCode.FILTER_UNDECIDED])
    unreadable = causes[ReasonCode.UNREADABLE] + desired.anonymous
    if unreadable:
        # Who stands behind an object without an id cannot be told, so nobody is taken out on this reading.
        level_of = Level.HOLDS_REMOVALS if desired.anonymous else Level.WARNING
        yield Finding.of(FindingCode.OBJECT_UNREADABLE, level_of, objects=unreadable)


def _nobody(current: Current, desired: Desired) -> Iterator[Finding]:
    """One by one: the users of another source must not hide that this one has lost all of its own."""
    if desired.empty:
        if _managed(current, desired.empty):
            yield Finding.of(FindingCode.SOURCE_EMPTY, Level.HOLDS_REMOVALS)
        else:
            yield Finding.of(FindingCode.NO_MAILBOX, Level.WARNING)
    for source in sorted(desired.nobody, key=str):
        holds = Level.HOLDS_REMOVALS if _managed(current, frozenset({source})) else Level.WARNING
        yield Finding.of(FindingCode.FILTER_SELECTS_NOBODY, holds)


def _removals(
    plan: Plan, current: Current, limits: Limits, counted: list[User], everyone: FindingCode
) -> Iterator[Finding]:
    """Measure who goes, and which addresses end, by the users that count here."""
    going = {change.user for change in plan.changes if change.action in {Action.RETIRE, Action.REMOVE}}
    leaving = [user for user in counted if user.id in going]
    if leaving and len(leaving) == len(counted):
        yield Finding.of(everyone, Level.HOLDS_REMOVALS, users=len(counted))
    allowed = limits.of(len(counted))
    if len(leaving) > allowed:
        yield Finding.of(
            FindingCode.USER_LIMIT, Level.HOLDS_REMOVALS, users=len(leaving), total=len(counted), limit=allowed
        )
    # Adopting a hand-made user can end addresses too.
    at_stake = plan.touched_users | {user.id for user in counted}
    active = [user for user in current.users if not user.state.retired and user.id in at_stake]
    ending = _ending(plan, active, going)
    total = sum(len(user.state.addresses) for user in active)
    allowed = limits.of(total)
    if len(ending) > allowed:
        yield Finding.of(
            FindingCode.ADDRESS_LIMIT, Level.HOLDS_REMOVALS, addresses=len(ending), total=total, limit=allowed
        )


def _ending(plan: Plan, active: list[User], going: set[UUID]) -> set[Address]:
    """The addresses that stop being accepted: held now by someone active, held afterwards by no one active."""
    after: Mapping[UUID, frozenset[Address]] = {change.user: change.held_after for change in plan.changes}
    taken = {address for change in plan.changes if change.user not in going for address in change.held_after}
    return {
        address
        for user in active
        if user.id in after
        for address in user.state.addresses
        if (user.id in going or address not in after[user.id]) and address not in taken
    }


def _managed(current: Current, owners: frozenset[UUID]) -> int:
    return sum(user.state.owner in owners and not user.state.retired for user in current.users)
