"""What a reading leaves for the next one, that it need not list everything: from where changes are told, sealed.

Delta tells of users, groups with their members, and contacts. What it does not tell is as old as the last full listing,
a day at most: the tenant's domains and products, its rooms, and what mailboxes are for, which has a time of its own.

What is kept counts for a day by the database's clock (`steady_state.outlines`), so no cursor grows older than that, and
none has an age of its own: by the clocks of several machines it would be told wrongly.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from mailroll.accounts import installation
from mailroll.connections.access import Access
from mailroll.connectors.base import Connector, WantedObjects
from mailroll.connectors.delta import ChangeRound, DeltaCursor, gathered
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import Broken, NeedsConsent
from mailroll.reconcile.model import ObjectType
from mailroll.sealing import Sealer, SealingError

FULL: Final = timedelta(hours=22)
"""After which everything is listed at the latest: before the end of the day for which a run may repeat an earlier one
(`steady_state.VALID`), so that it is known what the directory told."""
_SPREAD: Final = 0.25
"""The part of it by which domains differ, each by its own id, so that many that began together do not list together."""
BEHIND: Final = timedelta(minutes=15)
"""For how long a listing may be behind what was told: Graph names no time, and hints make runs follow in seconds."""
MOST: Final = 1_000
"""What may be told of one type of object: where it is more, a listing is the shorter way."""

_FORMAT: Final = 4
"""Of what is sealed: it goes up with any change of that. Whoever beats, opens what another release left."""


@dataclass(frozen=True, slots=True)
class Since:
    """From where changes are told, when everything was last listed, and the domains that the tenant had then.

    `anchored_at`: when the first of these cursors was taken that others only went on from.
    `settled`: a run took effect whose listing began well after that (`BEHIND`). An earlier one may come from a replica
    that is behind what delta has told already, and then nobody would tell of it again. Of what was told since, the
    listing may be behind as well: that is looked at again.
    `changed_at`: when a reading last was told something, or saw what its run then changed. Answers may be behind that
    (`is_recent`).
    `pending`: the run that left it had something to do, so there is something to look at where nothing is told.
    `is_due`: everything is to be listed, whatever is told.
    """

    cursors: tuple[DeltaCursor, ...]
    listed_at: datetime
    verified: frozenset[DomainName]
    anchored_at: datetime
    changed_at: datetime | None = None
    settled: bool = False
    pending: bool = False
    is_due: bool = False

    def is_recent(self, now: datetime) -> bool:
        """Whether what answers now may be behind what was told; also where the clock was set back a little since."""
        return self.changed_at is not None and abs(now - self.changed_at) < BEHIND

    @property
    def leads(self) -> bool:
        """Whether nothing need be listed but what is told, and what that reaches."""
        return self.settled and not self.is_due

    @property
    def suffices(self) -> bool:
        """Whether nothing need be listed where nothing is told."""
        return self.leads and not self.pending


class _SealedSince(msgspec.Struct, tag_field="format", tag=_FORMAT):
    """What is sealed of it. Of another format it does not decode."""

    cursors: tuple[DeltaCursor, ...]
    listed_at: datetime
    verified: tuple[DomainName, ...]
    anchored_at: datetime
    changed_at: datetime | None
    settled: bool
    pending: bool


_SEALED: Final = msgspec.json.Decoder(_SealedSince)


@dataclass(frozen=True, slots=True)
class ToldSince:
    """All that was told, and with what the next reading goes on where it is taken in."""

    since: Since
    rounds: tuple[ChangeRound, ...] = field(repr=False)

    @property
    def is_empty(self) -> bool:
        return all(change_round.is_empty for change_round in self.rounds)

    @property
    def if_nothing(self) -> Since | None:
        """With what the next reading goes on where nothing changed; None where something did."""
        return self.since if self.is_empty else None


async def is_silent(connector: Connector, since: Since) -> bool:
    """Whether the directory was asked for all that changed, and told of nothing."""
    try:
        for cursor in since.cursors:
            if not (await gathered(connector.delta.changes(cursor), MOST)).is_empty:
                return False
    except (NeedsConsent, Broken):
        return False
    return True


async def told_since(connector: Connector, since: Since) -> ToldSince | None:
    """Return what was told; None where nobody can tell, or it is much: a full listing tells better, also what is wrong.

    Where everything is to be compared anyway, it is enough to know that something was told.
    """
    rounds: list[ChangeRound] = []
    for cursor in since.cursors:
        try:
            rounds.append(await gathered(connector.delta.changes(cursor), MOST))
        except (NeedsConsent, Broken):
            return None
        if since.is_due and not rounds[-1].is_empty:
            return None
    cursors = tuple(change_round.cursor for change_round in rounds)
    return ToldSince(replace(since, cursors=cursors), tuple(rounds))


async def begin(
    connector: Connector, followed: Since | None, listed_at: datetime, verified: frozenset[DomainName]
) -> Since:
    """Return what is kept of a listing that begins. Cursors that were followed are older than new ones, so safer."""
    if followed is None:
        return Since(await connector.delta.latest(), listed_at, verified, listed_at)
    is_behind = listed_at - followed.anchored_at < BEHIND
    return replace(followed, listed_at=listed_at, verified=verified, settled=not is_behind, is_due=False)


def seal(since: Since | None, domain: UUID, access: Access, wanted_objects: WantedObjects) -> str:
    """Return what is kept of it, a line; nothing where a type of object is read of which no changes are told.

    A `SteadyState` has a line for each connection of its domain.
    """
    if since is None or {cursor.type for cursor in since.cursors} != _types(wanted_objects):
        return ""
    line = _SealedSince(
        since.cursors,
        since.listed_at,
        tuple(sorted(since.verified)),
        since.anchored_at,
        since.changed_at,
        since.settled,
        since.pending,
    )
    sealed = installation.sealer().seal(msgspec.json.encode(line), _context(domain, access))
    return f"{access.connection} {sealed}"


def opened(
    lines: str, domain: UUID, access: Access, now: datetime, sealer: Callable[[], Sealer] = installation.sealer
) -> Since | None:
    """Return what the last reading of a connection left; None where that is nothing, opens elsewhere, or is older."""
    sealed = dict(line.split(" ", 1) for line in lines.splitlines() if " " in line).get(str(access.connection))
    if sealed is None:
        return None
    try:
        kept = _SEALED.decode(sealer().open(sealed, _context(domain, access)))
    except (SealingError, msgspec.ValidationError):
        return None
    return Since(
        kept.cursors,
        kept.listed_at,
        frozenset(kept.verified),
        kept.anchored_at,
        kept.changed_at,
        kept.settled,
        kept.pending,
        is_due=not timedelta(0) <= now - kept.listed_at < due_after(domain),
    )


def due_after(domain: UUID) -> timedelta:
    """How long after a full listing the next one of a domain is due."""
    return FULL * (1 - _SPREAD * (domain.int % 1000) / 1000)


def _types(wanted_objects: WantedObjects) -> set[ObjectType]:
    also = (
        (wanted_objects.groups or wanted_objects.members, ObjectType.GROUP),
        (wanted_objects.contacts, ObjectType.CONTACT),
    )
    return {ObjectType.USER, *(type_ for is_wanted, type_ in also if is_wanted)}


def _context(domain: UUID, access: Access) -> str:
    return f"since:{access.tenant}:{access.connection}:{domain}"
