"""Delta rounds: one for each type of object, from a link that is kept to the next one.

Facts of Microsoft's page "Use delta query to track changes" (learn.microsoft.com/graph/delta-query-overview) and of
"user: delta", "group: delta" and "orgContact: delta" (v1.0):

- `$deltatoken=latest` gives a deltaLink and no object. `$select` says what is tracked, and is part of every token; an
  option that is given again, `$top`, `$expand` and `$orderby` are not supported.
- A page has a nextLink, and may be empty, or a deltaLink, and never both. No order is to be relied on; the same object
  may come several times, changes may come again in a later round, and some of them late.
- The tokens of directory objects hold for seven days; those that are kept here are a day old at the most
  (`sync/sources/since.py`). An expired one is answered with an error of 40X, and the tenant may be moved at any time:
  410, with a Location that leads to a round from the beginning. That is not followed: a listing has pages of 999
  objects, a round of some 200.
- All national clouds know it; external tenants (Entra External ID) and Azure AD B2C do not.
- A group's `members@delta` has direct members alone, of a large group in several entries; whoever was removed from it
  bears `@removed` ("delta-query-groups").
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, Final

import msgspec
from multidict import CIMultiDict, CIMultiDictProxy

from mailroll.connectors.delta import (
    Altered,
    CursorLost,
    DeltaCursor,
    Regrouped,
    RemovalReason,
    Removed,
    Told,
)
from mailroll.connectors.microsoft365.facts import merge
from mailroll.connectors.microsoft365.facts.decode import Decoded, PageSplitter
from mailroll.connectors.microsoft365.facts.records import external_id
from mailroll.connectors.microsoft365.facts.repair import identified
from mailroll.connectors.microsoft365.graph.transport import Transport
from mailroll.connectors.microsoft365.graph.verdicts import Expired
from mailroll.connectors.microsoft365.http.channel import OK, HttpAnswer, malformed
from mailroll.connectors.microsoft365.listing.listings import follow
from mailroll.connectors.microsoft365.listing.objects import as_bytes
from mailroll.connectors.microsoft365.listing.tape import Tape
from mailroll.connectors.microsoft365.settings import ConnectionSettings
from mailroll.reconcile.errors import Broken, NeedsConsent
from mailroll.reconcile.model import ObjectType

_ATTEMPTS: Final = 2
_FINAL: Final = "deleted"


@dataclass(frozen=True, slots=True)
class Tracked:
    """What is asked of one type of object: the path it is listed at, with which properties, and what is tracked beside.

    `watched`: relations and properties whose changes are to be told although no listing shows them.
    """

    type: ObjectType
    path: str
    select: tuple[str, ...]
    watched: tuple[str, ...] = ()


class RoundSplitter(PageSplitter):
    """Takes the pages of one round apart. `end`: the deltaLink that the last page had."""

    def __init__(self) -> None:
        self.end: str | None = None

    def decode(self, body: bytes, call: str) -> Decoded[object]:
        page = super().decode(body, call)
        link = page.delta_link
        if not isinstance(link, str | msgspec.UnsetType):
            raise malformed(call, "has a deltaLink that is none")
        self.end = None if isinstance(link, msgspec.UnsetType) else link
        if (self.end is None) is (page.next_link is None):
            raise malformed(call, "has not one of nextLink and deltaLink")
        return page


class Rounds:
    """The rounds of one tenant. `tracked` tells what is asked, perhaps after a question; `candidates`, without one."""

    def __init__(
        self,
        settings: ConnectionSettings,
        transport: Transport,
        tracked: Callable[[], Awaitable[Sequence[Tracked]]],
        candidates: Callable[[], Sequence[Tracked]],
        tape: Callable[[Sequence[bytes]], Tape],
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._tracked = tracked
        self._candidates = candidates
        self._tape = tape

    async def latest(self) -> tuple[DeltaCursor, ...]:
        cursors = []
        for tracked in await self._tracked():
            path = f"{tracked.path}/delta?$select={','.join((*tracked.select, *tracked.watched))}&$deltatoken=latest"
            splitter = RoundSplitter()
            try:
                async for _ in follow(self._transport, await self._transport.get(path), splitter):
                    pass
            except (NeedsConsent, Broken):
                continue  # the listing says it better, where that fails as well
            link = self._link(tracked, splitter.end, f"/{tracked.path}/delta")
            cursors.append(DeltaCursor(tracked.type, self._bound(tracked), link))
        return tuple(cursors)

    async def changes(self, cursor: DeltaCursor, kept_pages: Sequence[bytes] = ()) -> AsyncIterator[Told | DeltaCursor]:
        """Follow a round to its end; where its own links expire, it begins once more, and what came comes again."""
        tracked = self._question(cursor)
        call = f"/{tracked.path}/delta"
        tape = self._tape(kept_pages)
        for attempt in range(_ATTEMPTS):
            splitter = RoundSplitter()
            has_begun = False
            try:
                async for page in self._pages(cursor, call, splitter, tape):
                    has_begun = True
                    for item in page.objects:
                        for change in self._changes_of_entry(tracked, as_bytes(item)):
                            yield change
            except Expired as expired:
                tape.take(cursor.link)
                if has_begun and attempt + 1 < _ATTEMPTS:
                    continue
                raise _cursor_loss(
                    "cursor_expired", "Microsoft Graph no longer knows where the changes began."
                ) from expired
            yield DeltaCursor(cursor.type, cursor.bound, self._link(tracked, splitter.end, call))
            return

    def merged(self, cursor: DeltaCursor, raw: bytes | None, entry: bytes) -> bytes:
        return merge.merged(raw, entry, self._question(cursor).select)

    async def _pages(
        self, cursor: DeltaCursor, call: str, splitter: RoundSplitter, tape: Tape
    ) -> AsyncIterator[Decoded[object]]:
        """Yield what an earlier reading came to, and all that follows."""
        note = partial(tape.keep, cursor.link)
        *before, last = tape.take(cursor.link) or [b""]
        for body in before:
            note(body)
            yield splitter.decode(body, call)
        first = (
            HttpAnswer(call, OK, CIMultiDictProxy(CIMultiDict()), last)
            if last
            else await self._transport.follow(cursor.link, call)
        )
        async for page in follow(self._transport, first, splitter, note):
            yield page

    def _question(self, cursor: DeltaCursor) -> Tracked:
        """Return what a cursor is about; raises where it is another's."""
        for tracked in self._candidates():
            if tracked.type is cursor.type and self._bound(tracked) == cursor.bound:
                return tracked
        raise _cursor_loss(
            "cursor_foreign", "What was asked for when changes were last told is not what is asked for now."
        )

    def _changes_of_entry(self, tracked: Tracked, entry: bytes) -> Iterator[Told]:
        try:
            item = merge.parsed(entry)
        except ValueError as fault:
            raise _unreadable() from fault
        if not identified(item):
            raise _unreadable()
        name = external_id(self._settings.tenant, item["id"])
        if (removed := item.get(merge.REMOVED)) is not None:
            is_final = isinstance(removed, dict) and removed.get("reason") == _FINAL
            yield Removed(tracked.type, name, RemovalReason.FINAL if is_final else RemovalReason.RESTORABLE)
            return
        if (entries := item.get(merge.MEMBERS)) is not None:
            yield Regrouped(name, *self._members(entries))
        yield Altered(tracked.type, name, entry)

    def _members(self, entries: object) -> tuple[Any, Any]:
        if not isinstance(entries, list) or not all(map(identified, entries)):
            raise _unreadable()
        return merge.members(self._settings.tenant, entries)

    def _link(self, tracked: Tracked, link: str | None, call: str) -> str:
        """Return the link of a new cursor; raises `Broken` for one that leads elsewhere, before anybody keeps it."""
        if link is None:
            raise malformed(call, "has no deltaLink")
        self._transport.check_link(link, tracked.path)
        return link

    def _bound(self, tracked: Tracked) -> str:
        made_of = (
            self._settings.tenant,
            self._settings.client,
            self._settings.cloud.graph,
            tracked.path,
            *tracked.select,
            "",
            *tracked.watched,
        )
        return sha256("\n".join(made_of).encode()).hexdigest()


def _unreadable() -> CursorLost:
    return _cursor_loss("changes_unreadable", "Microsoft Graph told of a change, and not of which object.")


def _cursor_loss(code: str, message: str) -> CursorLost:
    return CursorLost(code, message, "The next reading reads everything, by itself.")
