"""Looks at the sample behind a source, and has a newer one taken where that is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from mailroll import promises
from mailroll.audit.actor import Acting
from mailroll.connections import share
from mailroll.connections.models import Source
from mailroll.connectors.base import GroupName
from mailroll.directory import queries
from mailroll.reconcile.addresses import AddressFault, DomainName, canonical, domain_of
from mailroll.reconcile.errors import Refused
from mailroll.reconcile.filters.counter import SampledPerson
from mailroll.sync import tasks
from mailroll.sync.models import Sample
from mailroll.sync.samples import intake, pack

FRESH: Final = timedelta(minutes=15)
KEPT: Final = promises.SAMPLES
LOST: Final = timedelta(minutes=10)
"""After so long whoever was asked for a sample is taken to have died."""
MEMBERSHIPS_MAX: Final = 50
"""Groups whose members one sample tells: the latest named."""


@dataclass(frozen=True, slots=True)
class SampleView:
    """What there is to count. `people` is None where there is nothing yet; `asked`: a newer reading is on its way.

    `groups` are those of the tenant, `offered` those to choose from. `partial`: only the first people of a large
    tenant. `fault`: why the latest reading came to nothing.
    """

    people: tuple[SampledPerson, ...] | None
    groups: Sequence[GroupName] = ()
    offered: Sequence[GroupName] = ()
    read_at: datetime | None = None
    asked: bool = False
    partial: bool = False
    fault: str = ""


def sampled(source: Source, memberships: frozenset[str], acting: Acting) -> SampleView:
    """Return the people of the source's domain in the sample of its connection.

    Where there is none, where it is old, or where it does not tell the members of a group that is named, another one
    is asked for; the old one serves meanwhile.
    """
    if source.connection_id is None:
        return SampleView(None)
    now = acting.now()
    row = Sample.objects.filter(connection=source.connection_id).first()
    is_asked = row is not None and _is_asked(row, now)
    if not is_asked and _wanting(row, memberships, now):
        ask_for(source.connection_id, memberships, now)
        is_asked = True
    if row is None or row.read_at is None or not row.read_at <= now <= row.read_at + KEPT:
        return SampleView(None, asked=is_asked)
    if row.data is None:
        return SampleView(None, read_at=row.read_at, asked=is_asked, fault=(row.error or {}).get("message", ""))
    accepts = queries.accepted(source.domain)
    people, groups, partial = _people(bytes(row.data), accepts)
    borrowed = source.connection_id in share.borrowed(source.domain)
    # Of a tenant that other customers read, too, a group is named only where its address tells whose it is.
    offered = tuple(group for group in groups if _lies_in(group, accepts)) if borrowed else groups
    return SampleView(people, groups, offered, row.read_at, is_asked, partial)


def read_again(source: Source, memberships: frozenset[str], acting: Acting) -> None:
    """Have a newer sample taken, however young the one there is; one that is asked for already is enough."""
    now = acting.now()
    if source.connection_id is None:
        return
    row = Sample.objects.filter(connection=source.connection_id).first()
    if row is None or not _is_asked(row, now) or not memberships <= set(row.memberships):
        ask_for(source.connection_id, memberships, now)


def read(source: Source, memberships: frozenset[str], acting: Acting) -> None:
    """Take a sample now, in this process. Raises what the reading raises."""
    if source.connection_id is None:
        raise Refused(
            "source_not_connected",
            f"“{source.owner.label}” is connected to no tenant, so there is nobody to count.",
            "Connect it first.",
        )
    with transaction.atomic():
        row = _locked(source.connection_id)
        _name(row, memberships)
        row.save(update_fields=["memberships"])
    intake.take_now(source.connection_id, acting.now())


def ask_for(connection: UUID, memberships: frozenset[str], now: datetime) -> None:
    """Queue the taking of a sample that also tells the members of these groups."""
    with transaction.atomic():
        row = _locked(connection)
        _name(row, memberships)
        row.asked_at = now
        row.save(update_fields=["memberships", "asked_at"])
        tasks.enqueue_sample(connection)


def _locked(connection: UUID) -> Sample:
    Sample.objects.bulk_create([Sample(connection_id=connection)], ignore_conflicts=True)
    return Sample.objects.select_for_update().get(connection=connection)


def _name(row: Sample, memberships: frozenset[str]) -> None:
    all_memberships = [*(name for name in row.memberships if name not in memberships), *sorted(memberships)]
    row.memberships = all_memberships[-MEMBERSHIPS_MAX:]


def _is_asked(row: Sample, now: datetime) -> bool:
    return row.asked_at is not None and row.asked_at <= now < row.asked_at + LOST


def drop_old(now: datetime) -> int:
    """Delete samples that are older than a day; return how many. One that is just taken anew keeps its row until then.

    Whoever was asked for it longer ago has died, or could not say that nothing came of it.
    """
    old = Q(read_at__lt=now - KEPT) | Q(read_at__gt=now)
    is_asked = Q(asked_at__gt=now - LOST, asked_at__lte=now)
    return Sample.objects.filter(old).exclude(is_asked).delete()[0]


def _wanting(row: Sample | None, memberships: frozenset[str], now: datetime) -> bool:
    if row is None or row.read_at is None or not row.read_at <= now <= row.read_at + FRESH:
        return True
    return row.data is not None and not memberships <= set(row.memberships)


def _lies_in(group: GroupName, accepts: frozenset[DomainName]) -> bool:
    address = canonical(group.mail)
    return not isinstance(address, AddressFault) and domain_of(address) in accepts


@lru_cache(maxsize=4)
def _people(
    data: bytes, accepts: frozenset[DomainName]
) -> tuple[tuple[SampledPerson, ...], tuple[GroupName, ...], bool]:
    """Unpacked once while somebody writes: every key stroke asks again."""
    contents = pack.unpack(data)
    groups = tuple(GroupName(*group) for group in contents.groups)
    return pack.people(contents, accepts), groups, contents.partial
