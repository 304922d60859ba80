"""What a directory says has changed since a moment, in place of all that it holds.

What is told comes in any order and perhaps more than once, also again the next time, and some of it late: whoever takes
it in that order, the last word on a property last, has what a full listing would show. It never proves an absence.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

from mailroll.reconcile.errors import Broken
from mailroll.reconcile.model import ExternalId, ObjectType


class CursorLost(Broken):
    """Nobody can tell any more what has changed since: everything has to be read. Nothing that was told counts."""


@dataclass(frozen=True, slots=True)
class DeltaCursor:
    """From where changes of one type of object are told: opaque, and a secret of the tenant.

    `bound`: stands for the tenant, the application, its host and the question; no connector takes another's.
    """

    type: ObjectType
    bound: str
    link: str = field(repr=False)


class RemovalReason(StrEnum):
    """Why a directory tells of an object as removed."""

    RESTORABLE = "restorable"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Altered:
    """An object that is there and may have changed. `entry`: JSON of what was told of it, perhaps not all it has."""

    type: ObjectType
    id: ExternalId
    entry: bytes


@dataclass(frozen=True, slots=True)
class Removed:
    """An object that was told as removed. Ask for it by id before anybody goes."""

    type: ObjectType
    id: ExternalId
    reason: RemovalReason


@dataclass(frozen=True, slots=True)
class Regrouped:
    """Objects that came to be direct members of a group, or no longer are. Of a large group it comes in parts."""

    group: ExternalId
    joined: tuple[ExternalId, ...]
    left: tuple[ExternalId, ...]


Told: TypeAlias = Altered | Removed | Regrouped


@dataclass(frozen=True, slots=True)
class ChangeRound:
    """A whole round: nothing in it may be kept without `cursor`, where the next one begins.

    `altered`: entries of each object in their order. `removed`: those that were told as removed, whatever else was told
    of them before or after: ask for them by id, and leave the entries. `regrouped`: groups whose members changed.
    `disputed`: those removed of which something else was told as well; as no order is to be relied on, nobody knows
    which is the last word.
    """

    cursor: DeltaCursor
    altered: Mapping[ExternalId, tuple[bytes, ...]]
    removed: frozenset[ExternalId]
    regrouped: frozenset[ExternalId]
    disputed: frozenset[ExternalId] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.altered or self.removed or self.regrouped)


async def gathered(changes: AsyncIterator[Told | DeltaCursor], most: int | None = None) -> ChangeRound:
    """Follow the changes of one cursor to their end. Raises what they raise; `Broken` where more than `most` come."""
    altered: dict[ExternalId, tuple[bytes, ...]] = {}
    removed: set[ExternalId] = set()
    regrouped: set[ExternalId] = set()
    cursor: DeltaCursor | None = None
    number = 0
    async for change in changes:
        number += 1
        if most is not None and number > most:
            raise Broken(
                "changes_many",
                f"More than {most:,} changes were told.",
                "The next reading reads everything, by itself.",
            )
        match change:
            case Altered():
                altered[change.id] = (*altered.get(change.id, ()), change.entry)
            case Removed():
                removed.add(change.id)
            case Regrouped():
                regrouped.add(change.group)
            case DeltaCursor():
                cursor = change
    if cursor is None:
        raise Broken(
            "changes_not_whole",
            "Changes ended without the mark that they are whole.",
            "Nothing of them was used. Try again; if it stays so, report it.",
        )
    kept_entries = {name: entries for name, entries in altered.items() if name not in removed}
    disputed = frozenset(removed & altered.keys())
    return ChangeRound(cursor, kept_entries, frozenset(removed), frozenset(regrouped), disputed)


class Delta(Protocol):
    """Tells changes. Every method raises one of the core's errors; a `CursorLost` wants a full reading."""

    async def latest(self) -> tuple[DeltaCursor, ...]:
        """Return a cursor for each type of object that is wanted and may be read, which tells what comes from now on.

        To be asked before everything is listed, so that nothing in between is lost. A type without one is listed each
        time: where its permission is missing, and where the directory tells no changes.
        """
        ...

    def changes(self, cursor: DeltaCursor, kept_pages: Sequence[bytes] = ()) -> AsyncIterator[Told | DeltaCursor]:
        """Yield what changed since, and last of all the next cursor: without it nothing that came may be kept.

        The cursor that was given stays good, so that what broke off is asked for once more. `kept_pages`: as in
        `Connector.read`.
        """
        ...

    def merged(self, cursor: DeltaCursor, raw: bytes | None, entry: bytes) -> bytes:
        """Return the object as a listing would show it, by what it was (None: not known) and what was told of it.

        `cursor`: the one whose changes it is among. What comes is equal in what it says, not byte for byte.
        """
        ...
