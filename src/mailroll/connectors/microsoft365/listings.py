"""Listings to the last page, begun again with smaller pages where Graph loses its place or sends too much at once."""

import re
from collections.abc import AsyncIterator
from typing import Final, TypeVar

import msgspec

from mailroll.connectors.microsoft365.channel import TooLarge, malformed
from mailroll.connectors.microsoft365.decode import Decoded, PageDecoder, Spoiled
from mailroll.connectors.microsoft365.transport import Transport, call_of
from mailroll.connectors.microsoft365.verdicts import Expired

PAGE_SIZES: Final = (999, 500, 250, 100, 50)
"""Objects that a page may hold: the most that Graph gives, then less with each new beginning.

Tokens of large tenants expire seconds after the first page, again and again (msgraph-sdk-java#368, cartography#2853);
999 users with a hundred service plans each are more than 16 MiB.
"""
PAGE_SIZE: Final = PAGE_SIZES[0]

_TOP: Final = re.compile(r"(?<=[?&]\$top=)[0-9]+", re.ASCII)

_T = TypeVar("_T", bound=msgspec.Struct)


async def pages(transport: Transport, path: str, decoder: PageDecoder[_T]) -> AsyncIterator[Decoded[_T]]:
    """Yield every page of a listing; what came before a new beginning comes again, perhaps in a newer version.

    `path`: with the largest page that is wanted as `$top`, where the resource takes one. Raises `Expired` or `TooLarge`
    where every beginning met that end.
    """
    async for _, page in _numbered(transport, path, decoder):
        yield page


async def listed(transport: Transport, path: str, decoder: PageDecoder[_T]) -> tuple[list[_T], list[Spoiled]]:
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


async def whole(transport: Transport, path: str, decoder: PageDecoder[_T]) -> list[_T]:
    """Return a short listing, in which one object that cannot be read is one too many."""
    found, spoiled = await listed(transport, path, decoder)
    if spoiled:
        cure = f"{spoiled[0].message} Nothing of the answer is used."
        raise malformed(call_of(path), "has an object that cannot be read", cure)
    return found


async def _numbered(
    transport: Transport, path: str, decoder: PageDecoder[_T]
) -> AsyncIterator[tuple[int, Decoded[_T]]]:
    """Yield pages with the number of the beginning that they follow."""
    beginnings = [_sized(path, size) for size in PAGE_SIZES]
    for number, beginning in enumerate(beginnings):
        try:
            async for page in transport.pages(await transport.get(beginning), decoder):
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
