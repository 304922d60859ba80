"""What stands for the objects of a listing, byte for byte, without holding any of them."""

import json
import re
from binascii import unhexlify
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b, sha256
from typing import Any, Final

import msgspec

from mailroll.connectors.microsoft365.attributes import Chosen
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
    """

    def __init__(self, at_once: int = _SORTED_MAX) -> None:
        self._at_once = at_once
        self.pages: list[bytes] = []
        """Of each page its objects as `trace` has them, one after the other."""
        self._is_whole = True
        self._is_named = True

    def add(self, body: bytes, objects: Sequence[object] = ()) -> None:
        """Add a page. Nothing of it is decoded but the ids.

        `objects`: those of the page, where it was taken apart before; they count where they are as they came.
        """
        if objects and isinstance(objects[0], msgspec.Raw):
            self.pages.append(b"".join(map(self._pair, objects)))
            return
        try:
            apart = _APART.decode(body).value
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            # msgspec refuses a page with a lone surrogate, even where objects are left as they are.
            self._is_whole = False
            return
        if isinstance(apart, msgspec.UnsetType):
            self._is_whole = False
            return
        self.pages.append(b"".join(map(self._pair, apart)))

    def _pair(self, raw: Any) -> bytes:
        try:
            name = _NAMED.decode(raw).id
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            name = ""
        if not _IDENTITY.fullmatch(name):
            self._is_named, name = False, "00" * SIZE
        # A hash that is ready and copied takes less than a new one: of every object of every listing.
        spent = _FRESH.copy()
        spent.update(raw)
        return unhexlify(name.replace("-", "")) + spent.digest()

    def digest(self) -> str | None:
        """SHA-256 over all of it, hexadecimal; None where a page could not be taken apart."""
        if not self._is_whole:
            return None
        whole = sha256()
        for part in self._parts():
            whole.update(b"".join(sorted({part[start : start + SIZE] for start in range(0, len(part), SIZE)})))
        return whole.hexdigest()

    def objects(self) -> int | None:
        """How many objects came; None where a page could not be taken apart."""
        return sum(map(len, self.pages)) // (2 * SIZE) if self._is_whole else None

    def _parts(self) -> Iterator[bytes]:
        """Yield the hashes of all objects by their first byte, one after the other: never are all of them objects.

        A million of them would be 120 MB, sorted at once; as bytes they are 16. A short listing is one part.
        """
        joined = b"".join(self.pages)
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
        return frozenset(pair for page in self.pages for pair in pairs(page))


def pairs(joined: bytes) -> Iterator[bytes]:
    """Take apart what stands one after the other."""
    return (joined[start : start + 2 * SIZE] for start in range(0, len(joined), 2 * SIZE))


def basis(tenant: str, attributes: Iterable[str], picked: Chosen) -> str:
    """Return what stands for all but the objects that records are made of."""
    sold = picked.subscriptions
    return combined(
        _SORT,
        tenant,
        sorted(attributes),
        sorted((sku, each.part, each.name) for sku, each in picked.products.items()),
        None if sold is None else (sorted((sku, sorted(plans)) for sku, plans in sold.plans.items())),
        None if sold is None else sorted(sold.settled),
    )


def combined(*parts: object) -> str:
    """Stand for several parts, hexadecimal."""
    return sha256(json.dumps(parts).encode()).hexdigest()
