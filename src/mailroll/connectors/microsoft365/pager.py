"""Follows a listing to its end mark. Ours, as Microsoft's own pager stops at an empty page without a word."""

from collections.abc import AsyncIterator
from typing import Final, TypeVar

import msgspec

from mailroll.connectors.microsoft365.channel import Answer
from mailroll.connectors.microsoft365.decode import Decoded, PageDecoder
from mailroll.connectors.microsoft365.transport import Transport
from mailroll.reconcile.errors import Broken

PAGES_MAX: Final = 10_000
"""Ten million users at 999 a page: more than any tenant has."""

_T = TypeVar("_T", bound=msgspec.Struct)


async def pages(transport: Transport, first: Answer, decoder: PageDecoder[_T]) -> AsyncIterator[Decoded[_T]]:
    """Yield every page from the first answer on; ends where a page names no next one, and raises in every other case.

    Links are opaque: followed whole, compared whole. An empty page is a page like any other.
    """
    seen: set[int] = set()
    page = decoder.decode(first.body)
    while True:
        yield page
        link = page.next_link
        if link is None:
            return
        if hash(link) in seen:
            raise Broken(
                "reading_loop",
                "Microsoft Graph named the same next page twice: the reading would never end.",
                "Nothing of it is used. Try again later.",
            )
        if len(seen) >= PAGES_MAX:
            raise Broken("too_many_pages", f"The listing has more than {PAGES_MAX:,} pages.", "Report this.")
        seen.add(hash(link))
        page = decoder.decode((await transport.follow(link)).body)
