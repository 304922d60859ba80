"""Being told by a directory that something changed in it: a hint to read soon, and never what is read."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mailroll.reconcile.errors import Broken
from mailroll.reconcile.model import ObjectType


class NoticeGone(Broken):
    """The directory has no such subscription, or no longer: one can be made anew."""


class NoticeTaken(Broken):
    """The directory has a subscription for the same already, of the same application."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A subscription, by the id that the directory gives it, and when it ends (aware, UTC)."""

    id: str
    ends_at: datetime


class Notices(Protocol):
    """Makes and ends subscriptions in one directory. Every method raises one of the core's errors, and tries once."""

    async def begin(self, type_: ObjectType, url: str, state: str, ends_at: datetime) -> Notice:
        """Have changes of one type of object told to an address, each with a state that proves who tells them."""
        ...

    async def renew(self, notice: str, ends_at: datetime) -> Notice:
        """Have it end later; it is authorized anew, too."""
        ...

    async def end(self, notice: str) -> None:
        """End it; one that is gone is none to end."""
        ...

    async def at(self, url: str, type_: ObjectType) -> tuple[str, ...]:
        """Return the subscriptions of this application that tell one type of object to an address."""
        ...


class NoticesOpening(Protocol):
    """Opens what makes subscriptions, from the settings of a connection."""

    def __call__(self, settings: Mapping[str, str]) -> AbstractAsyncContextManager[Notices]: ...
