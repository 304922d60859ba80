"""What stands for the objects of a listing, byte for byte, without holding any of them."""

import json
import re
from binascii import unhexlify
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b, sha256
from itertools import accumulate, chain
from struct import Struct
from typing import Any, Final

import msgspec

from mailroll.connectors.base import BlockMarks
from mailroll.connectors.microsoft365.facts.attributes import Chosen, Products
from mailroll.connectors.microsoft365.facts.products import PRODUCTS
from mailroll.connectors.microsoft365.facts.wire import Envelope
from mailroll.connectors.microsoft365.listing import blocks
from mailroll.connectors.microsoft365.settings import GUID

_SORT: Final = "microsoft365-1"
"""Of what sort an imprint is: another one where the same bytes make other records from now on."""
SIZE: Final = 16
"""Bytes of a hash: 128 bits."""
_PAIR: Final = 2 * SIZE
_BOTH: Final = Struct(f"{SIZE}s{SIZE}s")
_TOGETHER: Final = Struct(f"{_PAIR}s")
_HASH: Final = Struct(f"{SIZE}s")


_SORTED_MAX: Final = 20_000
"""Hashes that are sorted at once: as objects they are 150 bytes each."""
_SORTED_BESIDE_EARLIER: Final = 1_000
"""Objects up to which hashes are sorted wherever a listing is compared with an earlier one. Sorting 100,000 takes ten
times as long as hashing them as they stand; small tenants are listed between runs too, with nothing to compare with
(`readings.repeated_listing`).
"""
_IN_ORDER: Final = b"in order"
"""What is hashed before objects that were not sorted, so that no sorted ones come to the same."""
_HELD_MAX: Final = 8 * 1024 * 1024
"""Bytes of objects that are held as they came, so that their pages are not opened again: 1 % of 100,000 users, all over
a listing, stand in blocks of 6 MB.
"""
_FRESH: Final = blake2b(digest_size=SIZE)
_IDENTITY: Final = re.compile(GUID.pattern, re.ASCII | re.IGNORECASE)
_LINES: Final = re.compile(rf"(?:{GUID.pattern}\n)*", re.ASCII | re.IGNORECASE)
_LINE: Final = 37


class _Named(msgspec.Struct, gc=False):
    id: str


_APART: Final = msgspec.json.Decoder(Envelope[msgspec.Raw])
_NAMED: Final = msgspec.json.Decoder(_Named)
_ALL_NAMED: Final = msgspec.json.Decoder(list[_Named])


class Imprint:
    """The set of the objects of a listing, each as the bytes it came as.

    Equal imprints are equal sets. Equal sets are equal imprints, in whatever order and on whatever pages they come,
    but for one that was compared with an earlier one, is another, and is large. One that comes twice, as objects
    move between pages while a listing goes on, counts once; two versions of one are two. Whether Graph writes an
    object that did not change in the same way each time is not documented: where it does not, imprints differ, and
    that is all.

    `before`: the marks of an earlier listing. Nobody looks at the objects of blocks that came then, wherever they stand
    now: what they were is known from the trace of that listing (`compare`), or from what came of them (`fill`).
    `is_put_off`: nobody looks at any before that is asked for (`fill`).
    """

    def __init__(
        self, before: BlockMarks | None = None, at_once: int = _SORTED_MAX, *, is_put_off: bool = False
    ) -> None:
        self._at_once = at_once
        self._is_put_off = is_put_off
        self._before = before
        self._known = {} if before is None else blocks.places(before.blocks)
        self._came: set[bytes] = set()
        self._marks: list[bytes | None] = []
        self.held: dict[bytes, tuple[bytes, bytes]] = {}
        """By mark the objects of blocks that did not come before: as `trace` has them, and as they came."""
        self._held_size = 0
        self._parts: list[list[bytes | None]] = []
        """Of each page its objects as `trace` has them, by block or all at once; None where nobody looked."""
        self._new: list[bytes] = []
        """The objects of blocks that did not come before, one after the other."""
        self._digest = ""
        self._differs: bool | None = None
        """Whether any object is another than in the earlier listing; None as long as its trace was not looked at."""
        self._count = 0
        self._is_whole = True
        self._is_named = True

    @property
    def is_as_before(self) -> bool:
        """Whether all objects are those of the earlier listing."""
        if self._before is None or not self._is_whole:
            return False
        return self._differs is False or self._came == self._known.keys()

    def add(self, body: bytes, objects: Sequence[object] = ()) -> None:
        """Add a page. Nothing of it is decoded but the ids.

        `objects`: those of the page, as they came or decoded, where it was taken apart before.
        """
        self._digest, self._differs = "", None
        came_apart = is_apart(objects)
        raws = objects if came_apart else self._apart(body)
        self._count += len(raws)
        if self._before is not None:
            marks = blocks.marks(raws)
            self._came.update(blocks.apart(marks))
            self._marks.append(marks)
            self._parts.append(self._unknown(raws, marks))
            return
        # One that became records has marks once they are wanted: a first listing leaves none.
        marked = blocks.marks(raws) if came_apart or not raws else None
        self._marks.append(marked)
        is_left = self._is_put_off and marked is None
        self._parts.append([None] if is_left else _cut(self._pairs(raws, () if came_apart else objects), marked))

    def fill(self, place: int, body: bytes) -> None:
        """Look at the objects of a page that came before."""
        raws = self._apart(body)
        marks = self._marks[place]
        joined = self._pairs(raws) if None in self._parts[place] else self.page(place)
        self._marks[place] = marks = blocks.marks(raws) if marks is None else marks
        self._parts[place] = _cut(joined, marks)

    def compare(self, trace: bytes) -> set[bytes]:
        """Return the objects that this or the earlier listing, which has this trace, has alone, each as there.

        What blocks were that came before is taken from that trace.
        """
        missing = b"".join([self._of(trace, mark) for mark in self._known.keys() - self._came])
        others = pairs(missing) ^ pairs(b"".join(self._new))
        for marks, parts in zip(self._marks, self._parts, strict=True):
            if None in parts:
                parts[:] = [self._completed(trace, marks or b"", parts)]
        self._differs = bool(others)
        return others

    def _completed(self, trace: bytes, marks: bytes, parts: Sequence[bytes | None]) -> bytes:
        """Return the objects of a page; those that nobody looked at stand in the earlier trace, nearly all in a row."""
        pieces: list[bytes] = []
        start = end = 0
        for mark, part in zip(blocks.apart(marks), parts, strict=True):
            if part is not None:
                pieces += trace[start:end], part
                start = end = 0
                continue
            place = self._known[mark] * _PAIR
            if place != end:
                pieces.append(trace[start:end])
                start = place
            end = place + blocks.objects(mark) * _PAIR
        return b"".join([*pieces, trace[start:end]])

    def gaps(self, *, marked: bool = False) -> list[int]:
        """The places of pages with objects that nobody looked at; `marked`: and of those that have no marks."""
        both = enumerate(zip(self._parts, self._marks, strict=True))
        return [place for place, (parts, marks) in both if None in parts or (marked and marks is None)]

    def page(self, place: int) -> bytes:
        """Return id and hash of each object of a page, one after the other."""
        parts = [part for part in self._parts[place] if part is not None]
        if len(parts) != len(self._parts[place]):
            raise RuntimeError("objects that nobody looked at would be left out")
        return b"".join(parts)

    def _of(self, trace: bytes, mark: bytes) -> bytes:
        start = self._known[mark] * _PAIR
        return trace[start : start + blocks.objects(mark) * _PAIR]

    def _unknown(self, raws: Sequence[Any], marks: bytes) -> list[bytes | None]:
        """Look at the objects of each block that did not come before."""
        unknown: dict[bytes, Sequence[Any]] = {}
        end = 0
        for mark in blocks.apart(marks):
            start, end = end, end + blocks.objects(mark)
            if mark not in self._known:
                unknown[mark] = raws[start:end]
        joined = self._pairs(list(chain.from_iterable(unknown.values())))
        self._new.append(joined)
        looked_at: dict[bytes, bytes] = {}
        for mark, block in unknown.items():
            size = len(block) * _PAIR
            looked_at[mark], joined = joined[:size], joined[size:]
            self._hold(mark, looked_at[mark], block)
        return [looked_at.get(mark) for mark in blocks.apart(marks)]

    def _hold(self, mark: bytes, part: bytes, block: Sequence[Any]) -> None:
        """Hold the objects of a block that did not come before: whoever changed is wanted in a moment."""
        if self._held_size < _HELD_MAX:
            self.held[mark] = part, b",".join(block)
            self._held_size += len(self.held[mark][1])

    def _apart(self, body: bytes) -> Sequence[object]:
        try:
            apart = _APART.decode(body).value
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            # msgspec refuses a page with a lone surrogate, even where objects are left as they are.
            apart = msgspec.UNSET
        if isinstance(apart, msgspec.UnsetType):
            self._is_whole = False
            return ()
        return apart

    def _pairs(self, raws: Sequence[Any], decoded: Sequence[Any] = ()) -> bytes:
        """Return id and hash of each object. What is `decoded` has told its id, unless one of the page was spoiled."""
        names = [graph_object.id for graph_object in decoded] if len(decoded) == len(raws) else _names(raws)
        lines = "".join([f"{name}\n" for name in names])
        if len(lines) != _LINE * len(names) or not _LINES.fullmatch(lines):
            self._is_named = False
            names = [name if _IDENTITY.fullmatch(name) else "00" * SIZE for name in names]
        ids = unhexlify("".join(names).replace("-", ""))
        pairs: list[bytes] = []
        for place, raw in enumerate(raws):
            # A hash that is ready and copied takes less than a new one: of every object of every listing.
            spent = _FRESH.copy()
            spent.update(raw)
            pairs += ids[place * SIZE : (place + 1) * SIZE], spent.digest()
        return b"".join(pairs)

    def digest(self) -> str | None:
        """SHA-256 over all of it, hexadecimal.

        None where a page could not be taken apart, and where the earlier listing was another and nobody has looked at
        all objects.
        """
        if self._before is not None and self.is_as_before:
            return self._before.digest
        if not self._is_whole or self.gaps():
            return None
        # Asked for with marks as well, and to sort the hashes is most of what it takes.
        is_in_order = self._differs and self._count > _SORTED_BESIDE_EARLIER
        self._digest = self._digest or (self._ordered_digest() if is_in_order else self._sorted_digest())
        return self._digest

    def _ordered_digest(self) -> str:
        """Stand for a listing that is another than the earlier one: in another order it is told by that to be it."""
        hasher = sha256(_IN_ORDER)
        for place in range(len(self._parts)):
            hasher.update(self.page(place))
        return hasher.hexdigest()

    def _sorted_digest(self) -> str:
        hasher = sha256()
        for part in self._sorts():
            hasher.update(b"".join(sorted(part)))
        return hasher.hexdigest()

    def marks(self) -> BlockMarks | None:
        """What a later listing is compared with; None where there is no digest. No page may be without marks."""
        digest = self.digest()
        return None if digest is None else BlockMarks(digest, b"".join(marks or b"" for marks in self._marks))

    def objects(self) -> int | None:
        """How many objects came; None where a page could not be taken apart."""
        return self._count if self._is_whole else None

    def _sorts(self) -> Iterator[set[bytes]]:
        """Yield the hashes of all objects by their first byte: never are all of them objects.

        A million of them would be 120 MB, sorted at once; as bytes they are 16. A short listing is one part.
        """
        joined = self._joined()
        if len(joined) <= self._at_once * _PAIR:
            yield {object_hash for _, object_hash in _BOTH.iter_unpack(joined)}
            return
        parts = [bytearray() for _ in range(256)]
        for _, digest in _BOTH.iter_unpack(joined):
            parts[digest[0]] += digest
        yield from ({digest for (digest,) in _HASH.iter_unpack(part)} for part in parts)

    def trace(self) -> bytes | None:
        """Each object as its id and a hash of its bytes, in their order; None where one has no readable id."""
        return self._joined() if self._is_whole and self._is_named else None

    def _joined(self) -> bytes:
        return b"".join([self.page(place) for place in range(len(self._parts))])


def _cut(joined: bytes, marks: bytes | None) -> list[bytes | None]:
    """Return what is known of the objects of a page by its blocks; all at once where it has no marks."""
    if marks is None:
        return [joined]
    ends = list(accumulate(blocks.objects(mark) * _PAIR for mark in blocks.apart(marks)))
    return [joined[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def is_apart(objects: Sequence[object]) -> bool:
    """Whether the objects of a page are as they came, and none was decoded."""
    return bool(objects) and isinstance(objects[0], msgspec.Raw)


def _names(raws: Sequence[Any]) -> list[str]:
    """Return the ids of objects: of all at once, where each of them has one."""
    try:
        return [stub.id for stub in _ALL_NAMED.decode(b"[%b]" % b",".join(raws))]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return [_name(raw) for raw in raws]


def _name(raw: Any) -> str:
    try:
        return _NAMED.decode(raw).id
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return ""


def places(joined: bytes, ids: Container[bytes]) -> dict[int, bytes]:
    """Return at which places some objects stand that come one after the other, each as its id and a hash."""
    return {place: name for place, (name, _) in enumerate(_BOTH.iter_unpack(joined)) if name in ids}


def pairs(joined_pairs: bytes) -> set[bytes]:
    """Take apart what stands one after the other."""
    return {pair for (pair,) in _TOGETHER.iter_unpack(joined_pairs)}


def basis(tenant: str, attributes: Iterable[str], selection: Chosen) -> str:
    """Return what stands for all but the objects that records are made of."""
    sold = selection.subscriptions
    # All tenants share what is well known, several hundred products: that is hashed once.
    own = {sku: product for sku, product in selection.products.items() if product is not PRODUCTS.get(sku)}
    return combined(
        _SORT,
        tenant,
        sorted(attributes),
        _well_known(),
        sorted(PRODUCTS.keys() - selection.products.keys()),
        _product_rows(own),
        None if sold is None else (sorted((sku, sorted(plans)) for sku, plans in sold.plans.items())),
        None if sold is None else sorted(sold.settled),
    )


@cache
def _well_known() -> str:
    return combined(_product_rows(PRODUCTS))


def _product_rows(products: Products) -> list[tuple[str, str, str]]:
    return sorted((sku, product.part, product.name) for sku, product in products.items())


def combined(*parts: object) -> str:
    """Stand for several parts, hexadecimal."""
    return sha256(json.dumps(parts).encode()).hexdigest()
