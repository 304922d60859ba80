"""Gathers what is known of a user or of an address, once, for all who tell of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

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
    """`changes` are all that runs ever planned for it, the latest first. `skips` are what the last reading left out of
    its object. `leaves_in`: the run whose plan retires it, as long as that waits; `lost`: the last reading had it
    leave, whatever became of the plan. `last` is its last change. `lives`: its addresses and those that it lost, the
    primary one first. `listed_again`: it is kept, and the last reading has it again.
    """

    user: User
    listed: queries.ListedUser
    source: Source | None
    reading: Run | None
    skips: tuple[Skip, ...]
    leaves_in: Run | None
    lost: bool
    last: RunChange | None
    changes: tuple[RunChange, ...]
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


HeldAddresses = tuple[queries.ListedUser, tuple[Lifetime, ...]]
"""What `queries.listed_with_lives` tells of a user."""


def of_user(user: User, now: datetime, held_addresses: HeldAddresses | None = None) -> UserFacts:
    """1. Read its changes, the last reading with what that left out, and its addresses  2. judge them."""
    rows = RunChange.objects.filter(user=user.id, run__domain=user.domain_id).select_related("run").order_by("-id")
    changes = tuple(rows)
    departures = [change for change in changes if change.action in _GOING]
    reading, skips = _reading(user)
    leaving = sorted((change for change in departures if readings.waits(change.run, now)), key=_change_order)
    waiting_run = leaving[-1].run if leaving else None
    parts = [change for change in changes if reading is not None and readings.is_part(change.run, reading)]
    is_lost = any(change.action in _GOING and change.run.state != RunState.APPLIED for change in parts)
    again = any(reason["code"] == ReasonCode.LISTED_AGAIN for change in parts for reason in change.reasons)
    listed, lives = held_addresses or queries.listed_with_lives(user)
    return UserFacts(
        user=user,
        listed=listed,
        source=_source(user),
        reading=reading,
        skips=skips,
        leaves_in=waiting_run,
        lost=is_lost or (waiting_run is not None and reading is not None and reading.waits_in_id == waiting_run.id),
        last=next((change for change in changes if change.run.state == RunState.APPLIED), None),
        changes=changes,
        lives=lives,
        listed_again=user.kept and again,
    )


def _change_order(change: RunChange) -> tuple[int, int]:
    return change.run.number, change.id


def _source(user: User) -> Source | None:
    if user.owner_id is None:
        return None
    return Source.objects.select_related("owner", "connection").filter(owner=user.owner_id).first()


def _reading(user: User) -> tuple[Run | None, tuple[Skip, ...]]:
    """Return the last reading of the user's domain, and what it left out of its object."""
    rows = readings.of_domain(user.domain)
    if user.external_id is None:
        return rows.first(), ()
    left_out = RunSkip.objects.filter(run=OuterRef("id"), external_id=user.external_id).order_by("address", "id")
    skip_json = JSONObject(external_id="external_id", address="address", reason="reason")
    reading: Any = rows.annotate(left_out=ArraySubquery(left_out.values_list(skip_json))).first()
    if reading is None:
        return None, ()
    return reading, tuple(_skip(row["external_id"], row["address"], row["reason"]) for row in reading.left_out)


def of_address(address: Address, domain: Domain, now: datetime, holder: User | None = None) -> AddressFacts:
    """Gather it; `holder` is who had the address until it ended, if it is not purged yet.

    A name may have been another domain's, of somebody else's: of who has or had addresses in it there nothing is told.
    """
    if holder is not None and holder.domain_id != domain.id:
        holder = None
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
        plus=_plus(address, domain, now),
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
    lives = queries.lives([holder.id], holder.domain).get(holder.id, ())
    return next((life for life in lives if life.address == address), None)


def _newest(changes: "QuerySet[RunChange]") -> Run | None:
    return next(iter(_runs_of(changes)), None)


def _runs_of(changes: "QuerySet[RunChange]") -> tuple[Run, ...]:
    return tuple(change.run for change in changes.select_related("run").order_by("-run__number", "-id"))


def _plus(address: Address, domain: Domain, now: datetime) -> Plus | None:
    local, plus, _ = address.partition("@")[0].partition("+")
    base = Address(f"{local}@{domain_of(address)}")
    holder = queries.holder(base) if plus and local else None
    if holder is None or holder.domain_id != domain.id:
        return None
    life = life_of(base, holder)
    return Plus(base, holder) if life is not None and life.stage(now) in ACCEPTED else None


def _skips(reading: Run, **which: str) -> tuple[Skip, ...]:
    rows = RunSkip.objects.filter(run=reading, **which).order_by("address", "id")
    return tuple(_skip(row.external_id, row.address, row.reason) for row in rows)


def _skip(external_id: str, address: str, reason: Mapping[str, Any]) -> Skip:
    return Skip(external_id or None, address or None, storage.reasons_from_json([reason])[0])
