"""What stands for the objects of a listing, byte for byte, without holding any of them."""

from hashlib import blake2b, sha256
from typing import Final

import msgspec

from mailroll.connectors.microsoft365.wire import Envelope

SIZE: Final = 16
"""Bytes of a hash: 128 bits."""

_APART: Final = msgspec.json.Decoder(Envelope[msgspec.Raw])


class Imprint:
    """The set of the objects of a listing, each as the bytes it came as.

    Equal sets are equal imprints, in whatever order and on whatever pages they come. One that comes twice, as objects
    move between pages while a listing goes on, counts once; two versions of one are two. Whether Graph writes an
    object that did not change in the same way each time is not documented: where it does not, imprints differ, and
    that is all.
    """

    def __init__(self) -> None:
        self._hashes = bytearray()
        self._is_whole = True

    def add(self, body: bytes) -> None:
        """Add a page. Nothing of it is decoded."""
        try:
            objects = _APART.decode(body).value
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            # msgspec refuses a page with a lone surrogate, even where objects are left as they are.
            self._is_whole = False
            return
        if isinstance(objects, msgspec.UnsetType):
            self._is_whole = False
            return
        for each in objects:
            self._hashes += blake2b(each, digest_size=SIZE).digest()

    def digest(self) -> str | None:
        """SHA-256 over all of it, hexadecimal; None where a page could not be taken apart."""
        if not self._is_whole:
            return None
        hashes = bytes(self._hashes)
        each = {hashes[start : start + SIZE] for start in range(0, len(hashes), SIZE)}
        return sha256(b"".join(sorted(each))).hexdigest()
