"""Listings: every link followed to the last page, begun again with smaller pages where Graph cannot go on."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from multidict import CIMultiDict, CIMultiDictProxy

from mailroll.connectors.microsoft365.facts.decode import Decoded, Decoder, Spoiled
from mailroll.connectors.microsoft365.graph.transport import Transport, call_of
from mailroll.connectors.microsoft365.graph.verdicts import Expired
from mailroll.connectors.microsoft365.http.channel import OK, HttpAnswer, TooLarge, malformed
from mailroll.connectors.microsoft365.listing.tape import Tape
from mailroll.reconcile.errors import Broken

PAGE_SIZES: Final = (999, 500, 250, 100, 50)
"""Objects that a page may hold: the most that Graph gives, then less with each new beginning.

Tokens of large tenants expire seconds after the first page, again and again (msgraph-sdk-java#368, cartography#2853);
999 users with a hundred service plans each are more than 16 MiB.
"""
PAGE_SIZE: Final = PAGE_SIZES[0]
PAGES_MAX: Final = 10_000
"""Ten million users at 999 a page: more than any tenant has."""

_TOP: Final = re.compile(r"(?<=[?&]\$top=)[0-9]+", re.ASCII)

_T = TypeVar("_T")


async def pages(
    transport: Transport, path: str, decoder: Decoder[_T], tape: Tape | None = None
) -> AsyncIterator[Decoded[_T]]:
    """Yield every page of a listing; what came before a new beginning comes again, perhaps in a newer version.

    `path`: with the largest page that is wanted as `$top`, where the resource takes one. `tape`: gives the pages that
    an earlier reading came to, whose last link is followed while Graph takes it, and notes all that come. How long it
    does is not published. Raises `Expired` or `TooLarge` where every beginning met that end.
    """
    if tape is not None and (bodies := tape.take(path)):
        try:
            async for page in _gone_on(transport, path, bodies, decoder, tape):
                yield page
        except (Expired, TooLarge):
            tape.take(path)
        else:
            return
    async for _, page in _numbered(transport, path, decoder, tape):
        yield page


async def follow(
    transport: Transport,
    first: HttpAnswer,
    decoder: Decoder[_T],
    note: Callable[[bytes, Sequence[object]], None] | None = None,
) -> AsyncIterator[Decoded[_T]]:
    """Yield every page from the first answer on, to the one that names no next; raises in every other case.

    Ours, as Microsoft's own pager stops at an empty page without a word. Links are opaque: followed whole,
    compared whole. An empty page is a page like any other. A link out of the answer to a retried request may lead
    nowhere (concepts/paging): then that page is asked for once more, and its other link is followed.
    `note` is given every page as it came, and its objects, whose link is a good one as far as is known.
    Where pages are noted, all of them are wanted: then the next one is asked for before a page is yielded, so that it
    comes while that one is worked on.
    """
    link_hashes: set[int] = set()
    retried: str | None = None  # where the last page is, if its answer came only after others failed
    page = decoder.decode(first.body, first.call)
    body = first.body
    listed = 0
    while True:
        listed += len(page.objects)
        transport.count(first.call, len(page.objects) + len(page.spoiled), listed)
        if note is not None:
            note(body, page.objects)
        link = page.next_link
        if link is None:
            yield page
            return
        if hash(link) in link_hashes:
            raise Broken(
                "reading_loop",
                "Microsoft Graph named the same next page twice: the reading would never end.",
                "Nothing of it is used. Try again later.",
            )
        if len(link_hashes) >= PAGES_MAX:
            raise Broken("too_many_pages", f"The listing has more than {PAGES_MAX:,} pages.", "Report this.")
        link_hashes.add(hash(link))
        upcoming = None if note is None else await _ahead(partial(transport.follow, link, first.call))
        try:
            yield page
            answer = await (transport.follow(link, first.call) if upcoming is None else upcoming)
            retried = link if answer.retried else None
        except Expired:
            if retried is None:
                raise
            link_hashes.discard(hash(link))
            answer, retried = await transport.follow(retried, first.call), None
        finally:
            if upcoming is not None:
                upcoming.cancel()
        page, body = decoder.decode(answer.body, answer.call), answer.body


async def _ahead(
    question: Callable[[Callable[[], None]], Coroutine[Any, Any, HttpAnswer]],
) -> "asyncio.Task[HttpAnswer]":
    """Send a question whose answer is wanted later, perhaps, and return once it was sent.

    It may wait for units, and it leaves by a thread of its own: both would wait until the page is worked on.
    """
    departure = asyncio.Event()
    task = asyncio.create_task(question(departure.set))
    # asyncio logs an error that nobody looked at, and nobody does where the answer is no longer wanted.
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    task.add_done_callback(lambda _: departure.set())
    try:
        await departure.wait()
    except asyncio.CancelledError:
        task.cancel()
        raise
    return task


async def _gone_on(
    transport: Transport, path: str, bodies: Sequence[bytes], decoder: Decoder[_T], tape: Tape
) -> AsyncIterator[Decoded[_T]]:
    """Yield pages that were noted, and those that the link of the last one leads to."""
    for body in bodies[:-1]:
        tape.note(path, body)
        yield decoder.decode(body, call_of(path))
    last = HttpAnswer(call_of(path), OK, CIMultiDictProxy(CIMultiDict()), bodies[-1])
    async for page in follow(transport, last, decoder, partial(tape.note, path)):
        yield page


async def listed(transport: Transport, path: str, decoder: Decoder[_T]) -> tuple[list[_T], list[Spoiled]]:
    """Return a listing at once, with what of it cannot be read; of what came before a new beginning, nothing."""
    beginning = 0
    objects: list[_T] = []
    spoiled: list[Spoiled] = []
    async for number, page in _numbered(transport, path, decoder):
        if number != beginning:
            beginning, objects, spoiled = number, [], []
        objects += page.objects
        spoiled += page.spoiled
    return objects, spoiled


async def whole(transport: Transport, path: str, decoder: Decoder[_T]) -> list[_T]:
    """Return a short listing, in which one object that cannot be read is one too many."""
    objects, spoiled = await listed(transport, path, decoder)
    if spoiled:
        cure = f"{spoiled[0].message} Nothing of the answer is used."
        raise malformed(call_of(path), "has an object that cannot be read", cure)
    return objects


async def _numbered(
    transport: Transport, path: str, decoder: Decoder[_T], tape: Tape | None = None
) -> AsyncIterator[tuple[int, Decoded[_T]]]:
    """Yield pages with the number of the beginning that they follow."""
    beginnings = [_sized(path, size) for size in PAGE_SIZES]
    note = None if tape is None else partial(tape.note, path)
    for number, beginning in enumerate(beginnings):
        if tape is not None:
            tape.take(path)  # what came before this beginning is read again
        try:
            async for page in follow(transport, await transport.get(beginning), decoder, note):
                yield number, page
        except Expired:
            if number == len(beginnings) - 1:
                raise
        except TooLarge:
            if beginning == beginnings[-1]:
                raise
        else:
            return


def _sized(path: str, size: int) -> str:
    return _TOP.sub(lambda top: str(min(size, int(top.group()))), path)
