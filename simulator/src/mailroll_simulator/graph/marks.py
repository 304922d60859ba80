"""Page and delta tokens: opaque to a client, and sealed, so that a made-up or altered one is refused."""

import hashlib
import hmac

import msgspec

from mailroll_simulator.values import base64url, from_base64url

# Not a secret: it keeps a client under test from making tokens up, nobody else.
_KEY = b"simulated page tokens"
_SEAL = 8


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """Where a listing goes on, or up to where a delta round has told."""

    kind: str  # skip or delta
    tenant: str
    path: str
    issued: float
    query: str = ""  # of a listing: a digest of its other options; of a delta round: the options themselves
    position: int = 0
    page: int = 1
    since: int | None = None  # of a delta round: the change it starts after; None lists all
    until: int = 0  # of a delta round: the change it ends with
    epoch: int = 0
    lost: bool = False  # of a listing: out of the answer to a retried request, and good for nothing


def seal(mark: Mark) -> str:
    body = msgspec.msgpack.encode(mark)
    return base64url(_sealed(body) + body)


def unseal(text: str) -> Mark | None:
    """Read a token; None where it was not made here."""
    try:
        raw = from_base64url(text)
        if not hmac.compare_digest(_sealed(raw[_SEAL:]), raw[:_SEAL]):
            return None
        return msgspec.msgpack.decode(raw[_SEAL:], type=Mark)
    except (ValueError, msgspec.DecodeError):
        return None


def digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _sealed(body: bytes) -> bytes:
    return hashlib.blake2b(body, key=_KEY, digest_size=_SEAL).digest()
