"""The pages of one reading as they came, so that a later reading can go on behind them, and what they amount to."""

import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from mailroll.connectors.base import NOTHING_SHOWN, BlockMarks, ListingMarks, ObjectTrace
from mailroll.connectors.microsoft365.listing import blocks
from mailroll.connectors.microsoft365.listing.imprint import SIZE, Imprint, is_apart, pairs, places

SIZE_MAX: Final = 256 * 1024 * 1024
"""Bytes that are kept, packed. 1,000 pages of a million simulated users are 45 MB; what is larger begins anew."""
_PLAIN_MAX: Final = 8 * 1024 * 1024
"""Bytes of pages that a skimming keeps without making them smaller: nearly always nobody wants them any more. Of a page
that tells of no change zlib would take as long as all else that is done with it."""
_LEVEL: Final = 1  # zlib: a page of users shrinks to a tenth; more effort gains little
_MARK: Final = b"\n"
_PLAIN: Final = b"\0"
"""With this a page begins that was not made smaller; none of zlib's does (RFC 1950 section 2.2)."""
_TOGETHER: Final = 50
"""Blocks of what is held that come as one page: one by one takes longer, and all at once as much memory again."""


class Tape:
    """Pages by the question of their listing: what is asked for differently by now finds none.

    They hold people and links with page tokens (`$skiptoken`): whoever stores what `kept` gives, seals it.
    `before`: the marks that an earlier reading left of its listings. `is_put_off`: what stands for objects that were
    decoded is worked out once that is asked for.
    """

    def __init__(
        self, kept_pages: Iterable[bytes] = (), before: ListingMarks = NOTHING_SHOWN, *, is_put_off: bool = False
    ) -> None:
        self._before = before
        self._is_put_off = is_put_off
        self._pages: dict[str, list[bytes]] = {}
        self._imprints: dict[str, Imprint] = {}
        self._size = 0
        for packed in kept_pages:
            listing = _unpacked(packed)[0]
            self._pages.setdefault(listing, []).append(packed)
            self._size += len(packed)

    def note(self, listing: str, body: bytes, objects: Sequence[object] = ()) -> None:
        """Keep a page, and what stands for its objects; `objects`: see `Imprint.add`."""
        self.keep(listing, body, objects)
        if listing not in self._imprints:
            self._imprints[listing] = Imprint(self._before.get(listing), is_put_off=self._is_put_off)
        self._imprints[listing].add(body, objects)

    def keep(self, listing: str, body: bytes, objects: Sequence[object] = ()) -> None:
        """Keep a page alone. It is packed where objects were decoded, or pages are many."""
        is_plain = (not objects or is_apart(objects)) and self._size + len(body) <= _PLAIN_MAX
        text = listing.encode() + _MARK + body
        packed = _PLAIN + text if is_plain else zlib.compress(text, _LEVEL)
        self._pages.setdefault(listing, []).append(packed)
        self._size += len(packed)

    def take(self, listing: str) -> list[bytes]:
        """Return the bodies of a listing in their order, and forget them."""
        packed = self._pages.pop(listing, [])
        self._imprints.pop(listing, None)
        self._size -= sum(map(len, packed))
        return [_unpacked(packed_page)[1] for packed_page in packed]

    def kept(self) -> tuple[bytes, ...]:
        """Return what a later reading goes on from; nothing where it is more than is kept."""
        return () if self._size > SIZE_MAX else tuple(page for pages in self._pages.values() for page in pages)

    def digests(self) -> dict[str, str | None]:
        """What stands for the objects of each listing that was noted.

        None where a page could not be taken apart; and where it is another one than before, as long as nobody has
        looked at all of its objects (`trace`).
        """
        return {listing: self._caught_up(listing).digest() for listing in sorted(self._imprints)}

    def marks(self) -> dict[str, BlockMarks]:
        """With what a later reading compares its listings, block by block."""
        listing_marks = {
            listing: self._complete_imprint(listing, marked=True).marks() for listing in sorted(self._imprints)
        }
        return {listing: marks for listing, marks in listing_marks.items() if marks is not None}

    def trace(self, before: bytes | None = None) -> ObjectTrace | None:
        """Return what stands for each object of all listings; None where one cannot be told.

        `before`: the trace of the earlier reading that left the marks.
        """
        others = None if before is None else self._others(before)
        traces = [self._complete_imprint(listing).trace() for listing in sorted(self._imprints)]
        known_traces = [trace for trace in traces if trace is not None]
        return ObjectTrace(b"".join(known_traces), others) if len(known_traces) == len(traces) else None

    def _others(self, before: bytes) -> frozenset[bytes]:
        """Return the ids of objects that are not as they were, and take what is known of all others from before."""
        others: set[bytes] = set()
        for listing, marks in sorted(self._before.items()):
            size = sum(map(blocks.objects, blocks.apart(marks.blocks))) * 2 * SIZE
            part, before = before[:size], before[size:]
            imprint = self._imprints.get(listing)
            others |= pairs(part) if imprint is None else imprint.compare(part)
        new = [self._complete_imprint(listing).trace() for listing in self._imprints.keys() - self._before.keys()]
        # Of the rest of what was before there are no marks.
        others |= pairs(before) ^ pairs(b"".join(filter(None, new)))
        return frozenset([pair[:SIZE] for pair in others])

    def objects(self) -> int | None:
        """How many objects there are on pages that were noted; None where one could not be taken apart."""
        numbers = [imprint.objects() for imprint in self._imprints.values()]
        known_numbers = [number for number in numbers if number is not None]
        return sum(known_numbers) if len(known_numbers) == len(numbers) else None

    def picked(self, listing: str, ids: Collection[bytes]) -> Iterator[tuple[bytes, list[int]]]:
        """Yield pages of a listing on which some objects stand, as they came, and at which places those are.

        What is held of some comes as one page. Who came twice in the same version may be yielded once.
        """
        if not ids or listing not in self._imprints:
            return
        imprint, missing = self._complete_imprint(listing), set(ids)
        blocks_held: list[tuple[bytes, int, list[int]]] = []
        for joined, raws in imprint.held.values():
            if block_places := places(joined, missing):
                missing.difference_update(block_places.values())
                blocks_held.append((raws, len(joined) // (2 * SIZE), list(block_places)))
        for start in range(0, len(blocks_held), _TOGETHER):
            yield _page(blocks_held[start : start + _TOGETHER])
        for number, packed in enumerate(self._pages[listing] if missing else ()):
            if page_places := places(imprint.page(number), missing):
                yield _unpacked(packed)[1], list(page_places)

    def _caught_up(self, listing: str) -> Imprint:
        """Return an imprint once the objects were looked at of which that was put off."""
        return self._imprints[listing] if listing in self._before else self._complete_imprint(listing)

    def _complete_imprint(self, listing: str, *, marked: bool = False) -> Imprint:
        """Return an imprint once all objects of the listing were looked at; `marked`: and each page has its mark."""
        imprint = self._imprints[listing]
        for place in imprint.gaps(marked=marked):
            imprint.fill(place, _unpacked(self._pages[listing][place])[1])
        return imprint


def _page(blocks_held: Sequence[tuple[bytes, int, list[int]]]) -> tuple[bytes, list[int]]:
    """Make a page of blocks, each with how many objects it has, and at which places of it some of them stand."""
    before, page_places = 0, list[int]()
    for _, size, block_places in blocks_held:
        page_places += [before + place for place in block_places]
        before += size
    return b'{"value":[%b]}' % b",".join([raws for raws, _, _ in blocks_held]), page_places


def _unpacked(packed: bytes) -> tuple[str, bytes]:
    text = packed[1:] if packed.startswith(_PLAIN) else zlib.decompress(packed)
    listing, _, body = text.partition(_MARK)
    return listing.decode(), body
