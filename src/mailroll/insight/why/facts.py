"""Gathers what is known of a user or of an address, once, for all who tell of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from mailroll.audit.models import AuditEntry
from mailroll.connections.models import Source
from mailroll.directory import queries
from mailroll.directory.lifecycle import ACCEPTED, Lifetime
from mailroll.directory.models import Domain, User, WaitingAddress
from mailroll.insight import alias_domains
from mailroll.insight.why import readings
from mailroll.reconcile import storage
from mailroll.reconcile.addresses import Address, domain_of
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import Reason, ReasonCode, Skip
from mailroll.sync import store
from mailroll.sync.models import Run, RunChange, RunSkip, RunState

_GOING = (Action.RETIRE, Action.REMOVE)
_REMOVALS = ("user.removed", "user.alias_removed")


@dataclass(frozen=True, slots=True)
class UserFacts:
    """`skips` are what the last reading left out of its object. `leaves_in`: the run whose plan retires it, as long as
    that waits; `lost`: the last reading had it leave, whatever became of the plan. `last` is its last change. `lives`:
    its addresses and those that it lost, the primary one first. `listed_again`: it is kept, and the last reading
    has it again.
    """

    user: User
    listed: queries.ListedUser
    source: Source | None
    reading: Run | None
    skips: tuple[Skip, ...]
    leaves_in: Run | None
    lost: bool
    last: RunChange | None
    lives: tuple[Lifetime, ...] = ()
    listed_again: bool = False

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it was changed the last time."""
        return () if self.last is None else storage.reasons_from_json(self.last.reasons)


@dataclass(frozen=True, slots=True)
class Plus:
    """The address that mail with a plus in its own would reach, and who has that."""

    base: Address
    holder: User


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """What is known of an address of a domain that nobody has.

    `waits_in`: the runs whose plan would add it, the latest first. `added_by`: the part of the last reading that adds
    it, whatever became of that plan. `removed_at`: when a person last took it away. `skips_cut`: the last reading left
    out so many that it does not list them all. `waiting`: the newest reading that nobody doubts shows it, and only its
    plan waits. `ended`: its life, where it ran out.
    """

    address: Address
    domain: Domain
    unproved: bool
    plus: Plus | None
    former: User | None
    removed_at: datetime | None
    waits_in: tuple[Run, ...]
    reading: Run | None
    added_by: Run | None
    skips: tuple[Skip, ...]
    skips_cut: bool
    waiting: bool = False
    ended: Lifetime | None = None


def of_user(user: User, now: datetime) -> UserFacts:
    reading = readings.newest(user.domain)
    going = RunChange.objects.filter(user=user.id, action__in=_GOING)
    waiting = _newest(going.filter(run__in=readings.waiting(user.domain, now)))
    last = RunChange.objects.filter(user=user.id, run__state=RunState.APPLIED).order_by("-id")
    lost = waiting is not None and reading is not None and reading.waits_in_id == waiting.id
    if reading is not None and not lost:
        lost = going.filter(run__in=readings.parts(reading)).exclude(run__state=RunState.APPLIED).exists()
    return UserFacts(
        user=user,
        listed=queries.listed(user),
        source=Source.objects.select_related("owner", "connection").filter(owner=user.owner_id).first(),
        reading=reading,
        skips=() if reading is None or user.external_id is None else _skips(reading, external_id=user.external_id),
        leaves_in=waiting,
        lost=lost,
        last=last.select_related("run").first(),
        lives=queries.lives([user.id], user.domain).get(user.id, ()),
        listed_again=user.kept and reading is not None and _listed_again(user, reading),
    )


def _listed_again(user: User, reading: Run) -> bool:
    changes = RunChange.objects.filter(user=user.id, run__in=readings.parts(reading))
    return changes.filter(reasons__contains=[{"code": ReasonCode.LISTED_AGAIN.value}]).exists()


def of_address(address: Address, domain: Domain, now: datetime, holder: User | None = None) -> AddressFacts:
    """Gather it; `holder` is who had the address until it ended, if it is not purged yet."""
    reading = readings.newest(domain)
    adding = RunChange.objects.filter(Q(primary=address) | Q(aliases__contains=[address])).exclude(action__in=_GOING)
    removals = AuditEntry.objects.filter(organization=domain.organization_id, action__in=_REMOVALS)
    removals = removals.filter(
        Q(details__addresses__contains=[address]) | Q(details__alias=address), details__domain=domain.name
    )
    return AddressFacts(
        address=address,
        domain=domain,
        unproved=alias_domains.unproved(domain, domain_of(address)),
        plus=_plus(address, now),
        former=holder or User.objects.filter(domain=domain, former_addresses__contains=[address]).first(),
        removed_at=removals.order_by("-id").values_list("at", flat=True).first(),
        waits_in=_runs_of(adding.filter(run__in=readings.waiting(domain, now))),
        reading=reading,
        added_by=None if reading is None else _newest(adding.filter(run__in=readings.parts(reading))),
        skips=() if reading is None else _skips(reading, address=address),
        skips_cut=reading is not None and RunSkip.objects.filter(run=reading).count() >= store.SKIPS_MAX,
        waiting=WaitingAddress.objects.filter(domain=domain, address=address).exists(),
        ended=None if holder is None else life_of(address, holder),
    )


def life_of(address: Address, holder: User) -> Lifetime | None:
    found = queries.lives([holder.id], holder.domain).get(holder.id, ())
    return next((life for life in found if life.address == address), None)


def _newest(changes: "QuerySet[RunChange]") -> Run | None:
    return next(iter(_runs_of(changes)), None)


def _runs_of(changes: "QuerySet[RunChange]") -> tuple[Run, ...]:
    return tuple(change.run for change in changes.select_related("run").order_by("-run__number", "-id"))


def _plus(address: Address, now: datetime) -> Plus | None:
    local, plus, _ = address.partition("@")[0].partition("+")
    base = Address(f"{local}@{domain_of(address)}")
    holder = queries.holder(base) if plus and local else None
    life = None if holder is None else life_of(base, holder)
    return None if holder is None or life is None or life.stage(now) not in ACCEPTED else Plus(base, holder)


def _skips(reading: Run, **which: str) -> tuple[Skip, ...]:
    rows = RunSkip.objects.filter(run=reading, **which).order_by("address", "id")
    return tuple(
        Skip(row.external_id or None, row.address or None, storage.reasons_from_json([row.reason])[0]) for row in rows
    )
