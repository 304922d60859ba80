"""What stands for the objects of a listing, byte for byte, without holding any of them."""

import json
from collections.abc import Iterable, Iterator
from hashlib import blake2b, sha256
from typing import Final

import msgspec

from mailroll.connectors.microsoft365.attributes import Chosen
from mailroll.connectors.microsoft365.settings import GUID
from mailroll.connectors.microsoft365.wire import Envelope

_SORT: Final = "microsoft365-1"
"""Of what sort an imprint is: another one where the same bytes make other records from now on."""
SIZE: Final = 16
"""Bytes of a hash: 128 bits."""


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

    def __init__(self) -> None:
        self.pages: list[bytes] = []
        """Of each page its objects as `trace` has them, one after the other."""
        self._is_whole = True
        self._is_named = True

    def add(self, body: bytes) -> None:
        """Add a page. Nothing of it is decoded but the ids."""
        try:
            objects = _APART.decode(body).value
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            # msgspec refuses a page with a lone surrogate, even where objects are left as they are.
            self._is_whole = False
            return
        if isinstance(objects, msgspec.UnsetType):
            self._is_whole = False
            return
        self.pages.append(b"".join(map(self._pair, objects)))

    def _pair(self, raw: msgspec.Raw) -> bytes:
        try:
            name = _NAMED.decode(raw).id.lower()
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            name = ""
        if not GUID.fullmatch(name):
            self._is_named, name = False, "00" * SIZE
        return bytes.fromhex(name.replace("-", "")) + blake2b(raw, digest_size=SIZE).digest()

    def digest(self) -> str | None:
        """SHA-256 over all of it, hexadecimal; None where a page could not be taken apart."""
        if not self._is_whole:
            return None
        each = {pair[SIZE:] for page in self.pages for pair in pairs(page)}
        return sha256(b"".join(sorted(each))).hexdigest()

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
