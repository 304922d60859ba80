"""Listings to the last page, begun again with smaller pages where Graph loses its place or sends too much at once."""

import re
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Final, TypeVar

from multidict import CIMultiDict, CIMultiDictProxy

from mailroll.connectors.microsoft365.channel import OK, HttpAnswer, TooLarge, malformed
from mailroll.connectors.microsoft365.decode import Decoded, Decoder, Spoiled
from mailroll.connectors.microsoft365.tape import Tape
from mailroll.connectors.microsoft365.transport import Transport, call_of
from mailroll.connectors.microsoft365.verdicts import Expired

PAGE_SIZES: Final = (999, 500, 250, 100, 50)
"""Objects that a page may hold: the most that Graph gives, then less with each new beginning.

Tokens of large tenants expire seconds after the first page, again and again (msgraph-sdk-java#368, cartography#2853);
999 users with a hundred service plans each are more than 16 MiB.
"""
PAGE_SIZE: Final = PAGE_SIZES[0]

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


async def _gone_on(
    transport: Transport, path: str, bodies: Sequence[bytes], decoder: Decoder[_T], tape: Tape
) -> AsyncIterator[Decoded[_T]]:
    """Yield pages that were noted, and those that the link of the last one leads to."""
    for body in bodies[:-1]:
        tape.note(path, body)
        yield decoder.decode(body, call_of(path))
    last = HttpAnswer(call_of(path), OK, CIMultiDictProxy(CIMultiDict()), bodies[-1])
    async for page in transport.pages(last, decoder, partial(tape.note, path)):
        yield page


async def listed(transport: Transport, path: str, decoder: Decoder[_T]) -> tuple[list[_T], list[Spoiled]]:
    """Return a listing at once, with what of it cannot be read; of what came before a new beginning, nothing."""
    beginning = 0
    found: list[_T] = []
    spoiled: list[Spoiled] = []
    async for number, page in _numbered(transport, path, decoder):
        if number != beginning:
            beginning, found, spoiled = number, [], []
        found += page.objects
        spoiled += page.spoiled
    return found, spoiled


async def whole(transport: Transport, path: str, decoder: Decoder[_T]) -> list[_T]:
    """Return a short listing, in which one object that cannot be read is one too many."""
    found, spoiled = await listed(transport, path, decoder)
    if spoiled:
        cure = f"{spoiled[0].message} Nothing of the answer is used."
        raise malformed(call_of(path), "has an object that cannot be read", cure)
    return found


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
            async for page in transport.pages(await transport.get(beginning), decoder, note):
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
