"""What stands for the objects of a listing, byte for byte, without holding any of them."""

import json
import re
from binascii import unhexlify
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b, sha256
from typing import Any, Final

import msgspec

from mailroll.connectors.base import PageMarks
from mailroll.connectors.microsoft365.attributes import Chosen, Products
from mailroll.connectors.microsoft365.products import PRODUCTS
from mailroll.connectors.microsoft365.settings import GUID
from mailroll.connectors.microsoft365.wire import Envelope

_SORT: Final = "microsoft365-1"
"""Of what sort an imprint is: another one where the same bytes make other records from now on."""
SIZE: Final = 16
"""Bytes of a hash: 128 bits."""


_SORTED_MAX: Final = 100_000
"""Hashes that are sorted at once."""
_FRESH: Final = blake2b(digest_size=SIZE)
_IDENTITY: Final = re.compile(GUID.pattern, re.ASCII | re.IGNORECASE)
_LINES: Final = re.compile(rf"(?:{GUID.pattern}\n)*", re.ASCII | re.IGNORECASE)
_LINE: Final = 37


class _Named(msgspec.Struct, gc=False):
    id: str


_APART: Final = msgspec.json.Decoder(Envelope[msgspec.Raw])
_NAMED: Final = msgspec.json.Decoder(_Named)


class Imprint:
    """The set of the objects of a listing, each as the bytes it came as.

    Equal sets are equal imprints, in whatever order and on whatever pages they come. One that comes twice, as objects
    move between pages while a listing goes on, counts once; two versions of one are two. Whether Graph writes an
    object that did not change in the same way each time is not documented: where it does not, imprints differ, and
    that is all.

    `before`: the marks of an earlier listing. Up to the first page that is another, pages are compared whole: then
    nobody looks at their objects, unless they are wanted (`fill`).
    """

    def __init__(self, before: PageMarks = (), at_once: int = _SORTED_MAX) -> None:
        self._at_once = at_once
        self._before = before
        self._marks: list[str] = []
        self.pages: list[bytes | None] = []
        """Of each page its objects as `trace` has them, one after the other; None where nobody looked at them."""
        self._follows = bool(before)
        self._digest = ""
        self._is_whole = True
        self._is_named = True

    @property
    def is_as_before(self) -> bool:
        """Whether all pages are those of the earlier listing."""
        return self._follows and len(self._marks) == len(self._before) - 1

    def add(self, body: bytes, objects: Sequence[object] = ()) -> None:
        """Add a page. Nothing of it is decoded but the ids.

        `objects`: those of the page, as they came or decoded, where it was taken apart before.
        """
        self._digest = ""
        came_apart = is_apart(objects)
        raws = objects if came_apart else self._apart(body)
        # One that became records has a mark once it is wanted: a first listing leaves none.
        mark = _mark(raws) if came_apart or not raws else ""
        self._marks.append(mark)
        place = len(self._marks)
        is_known = self._is_whole and place < len(self._before) and self._before[place] == mark
        self._follows = self._follows and is_known
        self.pages.append(None if self._follows else self._pairs(raws, () if came_apart else objects))

    def fill(self, place: int, body: bytes) -> None:
        """Look at the objects of a page that came before."""
        raws = self._apart(body)
        self._marks[place] = self._marks[place] or _mark(raws)
        if self.pages[place] is None:
            self.pages[place] = self._pairs(raws)

    def gaps(self, *, marked: bool = False) -> list[int]:
        """The places of pages whose objects nobody looked at; `marked`: and of those that have no mark."""
        both = enumerate(zip(self.pages, self._marks, strict=True))
        return [place for place, (page, mark) in both if page is None or (marked and not mark)]

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
        names = [one.id for one in decoded] if len(decoded) == len(raws) else [_name(raw) for raw in raws]
        lines = "".join([f"{name}\n" for name in names])
        if len(lines) != _LINE * len(names) or not _LINES.fullmatch(lines):
            self._is_named = False
            names = [name if _IDENTITY.fullmatch(name) else "00" * SIZE for name in names]
        ids = unhexlify("".join(names).replace("-", ""))
        found: list[bytes] = []
        for place, raw in enumerate(raws):
            # A hash that is ready and copied takes less than a new one: of every object of every listing.
            spent = _FRESH.copy()
            spent.update(raw)
            found += ids[place * SIZE : (place + 1) * SIZE], spent.digest()
        return b"".join(found)

    def digest(self) -> str | None:
        """SHA-256 over all of it, hexadecimal; None where a page could not be taken apart."""
        if self.is_as_before:
            return self._before[0]
        if not self._is_whole:
            return None
        # Asked for with marks as well, and to sort the hashes is most of what it takes.
        self._digest = self._digest or self._sorted_digest()
        return self._digest

    def _sorted_digest(self) -> str:
        whole = sha256()
        for part in self._parts():
            whole.update(b"".join(sorted({part[start : start + SIZE] for start in range(0, len(part), SIZE)})))
        return whole.hexdigest()

    def marks(self) -> PageMarks | None:
        """What a later listing is compared with; None where there is no digest. No page may be without a mark."""
        digest = self.digest()
        return None if digest is None else (digest, *self._marks)

    def objects(self) -> int | None:
        """How many objects came; None where a page could not be taken apart."""
        return sum(map(len, self._all_pages())) // (2 * SIZE) if self._is_whole else None

    def _parts(self) -> Iterator[bytes]:
        """Yield the hashes of all objects by their first byte, one after the other: never are all of them objects.

        A million of them would be 120 MB, sorted at once; as bytes they are 16. A short listing is one part.
        """
        joined = b"".join(self._all_pages())
        hashes = (joined[start : start + SIZE] for start in range(SIZE, len(joined), 2 * SIZE))
        if len(joined) <= self._at_once * 2 * SIZE:
            yield b"".join(hashes)
            return
        parts = [bytearray() for _ in range(256)]
        for each in hashes:
            parts[each[0]] += each
        yield from map(bytes, parts)

    def trace(self) -> frozenset[bytes] | None:
        """Each object as its id and a hash of its bytes; None where one has no readable id."""
        if not (self._is_whole and self._is_named):
            return None
        return frozenset(pair for page in self._all_pages() for pair in pairs(page))

    def _all_pages(self) -> list[bytes]:
        pages = [page for page in self.pages if page is not None]
        if len(pages) != len(self.pages):
            raise RuntimeError("pages that nobody looked at would be left out")
        return pages


def is_apart(objects: Sequence[object]) -> bool:
    """Whether the objects of a page are as they came, and none was decoded."""
    return bool(objects) and isinstance(objects[0], msgspec.Raw)


def _mark(raws: Sequence[Any]) -> str:
    """Stand for the objects of a page in their order, as they came: parted by commas, JSON can be read in one way."""
    return sha256(b",".join(raws)).hexdigest()[: 2 * SIZE]


def _name(raw: Any) -> str:
    try:
        return _NAMED.decode(raw).id
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return ""


def pairs(joined: bytes) -> Iterator[bytes]:
    """Take apart what stands one after the other."""
    return (joined[start : start + 2 * SIZE] for start in range(0, len(joined), 2 * SIZE))


def basis(tenant: str, attributes: Iterable[str], picked: Chosen) -> str:
    """Return what stands for all but the objects that records are made of."""
    sold = picked.subscriptions
    # All tenants share what is well known, several hundred products: that is hashed once.
    own = {sku: each for sku, each in picked.products.items() if each is not PRODUCTS.get(sku)}
    return combined(
        _SORT,
        tenant,
        sorted(attributes),
        _well_known(),
        sorted(PRODUCTS.keys() - picked.products.keys()),
        _written(own),
        None if sold is None else (sorted((sku, sorted(plans)) for sku, plans in sold.plans.items())),
        None if sold is None else sorted(sold.settled),
    )


@cache
def _well_known() -> str:
    return combined(_written(PRODUCTS))


def _written(products: Products) -> list[tuple[str, str, str]]:
    return sorted((sku, each.part, each.name) for sku, each in products.items())


def combined(*parts: object) -> str:
    """Stand for several parts, hexadecimal."""
    return sha256(json.dumps(parts).encode()).hexdigest()
