"""The core in one call: what was read and what the roll has go in, a guarded proposal comes out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from mailroll.reconcile import kinds, memberships, newcomers
from mailroll.reconcile.absences import absent
from mailroll.reconcile.addresses import Address, DomainName
from mailroll.reconcile.change import diff
from mailroll.reconcile.departures import NO_DEPARTURES, Departures
from mailroll.reconcile.desired import Later
from mailroll.reconcile.findings import Finding
from mailroll.reconcile.guards import (
    Limits,
    judge_conflicts,
    judge_domains,
    judge_filters,
    judge_pause,
    judge_plan,
    judge_reading,
    managed,
    trusted,
)
from mailroll.reconcile.model import Current, Reading, Scope
from mailroll.reconcile.neighbours import not_here
from mailroll.reconcile.newcomers import Newcomers
from mailroll.reconcile.plan import Plan, Tally, Touched, fingerprint
from mailroll.reconcile.resolve import resolve
from mailroll.reconcile.skips import Skips
from mailroll.reconcile.statements import Take
from mailroll.reconcile.touched import Seeds, left_open

Elsewhere = Callable[[frozenset[Address]], Mapping[Address, str]]
"""Tells which of some addresses are held outside the domain. Asked for newcomers, and once more for all others."""
Find = Callable[[Sequence[Reading], Current, Scope], Newcomers]
"""Tells newcomers from all others, as `newcomers.find` does."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan is made under, beside what was read.

    `revision` counts the changes of the domain's sources and limits. `here`: the domains that this Console has; of
    others in the same tenants it is told what they would bring: `outside`, by the addresses they have, where readings
    are parts of what was read. `lacking`: what a reading had to do without.
    `filters_unseen`: no person has seen what a change of filters does. `proved`: for each alias domain the time (UTC)
    of the last reading that did not miss it. `departures`: what left lately. `paused`: that removals
    are, if they are.
    """

    revision: int
    limits: Limits
    here: frozenset[DomainName] = frozenset()
    outside: Mapping[DomainName, int] | None = None
    lacking: tuple[Finding, ...] = ()
    filters_unseen: bool = False
    proved: Mapping[DomainName, datetime] = field(default_factory=dict)
    departures: Departures = NO_DEPARTURES
    paused: Finding | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan with what the guards say of it, and the fingerprint of what it touches.

    `reading_findings` are those that a later look at the roll cannot repeat. `trusted`: the sources whose reading
    nobody doubts. `measured`: how many users the limits are measured by. `absent`: addresses that end and that the
    reading confirms to be gone, unless it is in doubt. `open`: what the next plan has to look at, whatever is new then;
    None where that is everything. `taking`: how many objects each source takes.
    """

    plan: Plan
    reading_findings: tuple[Finding, ...]
    plan_findings: tuple[Finding, ...]
    skips: Skips
    unchanged: int
    before: Tally
    fingerprint: str
    trusted: frozenset[UUID] = frozenset()
    measured: int = 0
    absent: frozenset[Address] = frozenset()
    open: Seeds | None = None
    taking: Mapping[UUID, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        plan: Plan,
        current: Current,
        findings: tuple[tuple[Finding, ...], tuple[Finding, ...]],
        skips: Skips,
    ) -> "Proposal":
        """Complete a plan made for a roll; `findings` are those of the reading and those of the plan."""
        tally, rest = Tally.of(user.state for user in current.users), current.rest.whole
        return cls(
            plan,
            *findings,
            skips,
            unchanged=sum(not plan.touches(user.id) and not user.state.retired for user in current.users) + rest.users,
            before=Tally(tally.users + rest.users, tally.billable + rest.billable),
            fingerprint=fingerprint(plan, Touched.within(plan, current)),
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.reading_findings + self.plan_findings


def propose(  # noqa: PLR0917 - what is read, what is there, and whom to ask
    readings: Iterable[Reading],
    current: Current,
    scope: Scope,
    terms: Terms,
    elsewhere: Elsewhere,
    asking: memberships.Asking = memberships.nobody,
    *,
    find: Find = newcomers.find,
) -> Proposal:
    """Make a plan and judge it.

    1. `find` the newcomers, whose outcome is known, among all others.
    2. Work out what the sources say there should be, then who outside holds an address that is new here. `asking` is
       asked at most once: about users whom a filter would leave out because a list of members lacks them.
    3. Resolve one whole target state, and compare it with the roll.
    4. Judge the reading, the conflicts and the plan.
    """
    all_readings = tuple(readings)
    fresh = find(all_readings, current, scope)
    taken_addresses = {address for several in fresh.arrivals.portions() for address in elsewhere(frozenset(several))}
    fresh = fresh.without(all_readings, taken_addresses)
    readings = fresh.beside(all_readings)
    checked = memberships.check(readings, current, scope, kinds.settled(current), asking)
    desired = replace(checked.desired, beside=len(fresh))
    wanted_addresses = (
        verdict.entry.addresses for verdict in desired.verdicts.values() if isinstance(verdict, Take | Later)
    )
    current = ask_elsewhere(current, wanted_addresses, elsewhere)
    target = resolve(current, desired, scope)
    plan = Plan.of(scope.id, terms.revision, desired.tenants, diff(target), fresh.arrivals)
    of_reading = (
        *judge_reading(current, desired),
        *judge_domains(desired, terms.proved),
        *judge_conflicts(target.skips),
        *terms.lacking,
        *checked.findings,
        *judge_filters(plan, unseen=terms.filters_unseen),
        *not_here(readings, scope, terms.here, terms.outside, fresh.beyond),
    )
    of_plan = (*judge_plan(plan, current, terms.limits, terms.departures), *judge_pause(plan, terms.paused))
    skips = Skips(desired.skips, target.skips, fresh.left_out)
    proposal = Proposal.of(plan, current, (of_reading, of_plan), skips)
    return replace(
        proposal,
        open=left_open(readings, desired, plan, target.skips, checked.doubtful),
        taking={source: report.taking + fresh.count(source) for source, report in desired.sources.items()},
        trusted=trusted(current, desired),
        measured=len(managed(current)) + current.rest.managed.users,
        absent=absent(current, desired, scope),
    )


def ask_elsewhere(current: Current, wanted_addresses: Iterable[Iterable[Address]], elsewhere: Elsewhere) -> Current:
    """Complete a roll with who outside has an address that is wanted here: only new ones can be held elsewhere."""
    held_addresses = {address for user in current.users for address in user.state.addresses}
    new = frozenset(address for several in wanted_addresses for address in several if address not in held_addresses)
    return replace(current, elsewhere=elsewhere(new))
