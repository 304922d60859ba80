"""Secrets at rest: sealed with the first of our keys, for one place only."""

import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from mailroll.sealing.errors import MisplacedError, SealingError, WrongKeyError

MAKE_A_KEY = 'python3 -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'

# The envelope inside the seal: version, length of the context in 2 bytes, context, secret.
_VERSION = b"\x01"
_LENGTH = 2


class Sealer:
    """Seals and opens with a list of Fernet keys: the first one seals, all of them open.

    A context names the place of a value, such as "connection:<uuid>:secret". It is sealed with the value, so
    that a ciphertext copied to another row does not open there.
    """

    __slots__ = ("_fernet", "_keys")

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise SealingError("sealing_no_key", "No key was given to seal with.", f"Make one: {MAKE_A_KEY}")
        self._keys = tuple(keys)
        self._fernet = MultiFernet([_fernet(key, which) for which, key in enumerate(keys, start=1)])

    def __repr__(self) -> str:
        return f"Sealer({len(self._keys)} keys)"

    def seal(self, plain: bytes | str, context: str) -> str:
        """The sealed value as ASCII text."""
        secret = plain.encode() if isinstance(plain, str) else plain
        return self._fernet.encrypt(_envelope(context) + secret).decode("ascii")

    def open(self, sealed: str, context: str) -> bytes:
        """Raises `WrongKeyError` or `MisplacedError`."""
        try:
            opened = self._fernet.decrypt(sealed)
        except (InvalidToken, ValueError) as problem:
            raise _wrong_key() from problem
        expected = _envelope(context)
        # The length lies in the compared part, so an equal start is an equal context.
        if not hmac.compare_digest(opened[: len(expected)], expected):
            raise MisplacedError(
                "sealing_misplaced",
                "A stored secret was sealed for another place, so it was moved or copied there.",
                "Enter that secret again, and find out who changed the database.",
            )
        return opened[len(expected) :]

    def rotate(self, sealed: str, context: str) -> str:
        """The same secret under the first key; for the same place only."""
        return self.seal(self.open(sealed, context), context)

    def derive(self, purpose: bytes) -> tuple[bytes, ...]:
        """Keys of 32 bytes for another purpose than sealing, one of each key of ours and in their order."""
        return tuple(hmac.digest(key.encode(), purpose, "sha256") for key in self._keys)


def _envelope(context: str) -> bytes:
    name = context.encode()
    return _VERSION + len(name).to_bytes(_LENGTH, "big") + name


def _fernet(key: str, which: int) -> Fernet:
    try:
        return Fernet(key)
    except ValueError as problem:
        raise SealingError(
            "sealing_bad_key",
            f"Secret key number {which} is no Fernet key (32 bytes in URL-safe base64).",
            "Bring back the one that was there: stored secrets open with it alone. Where nothing was stored"
            f" yet, make one: {MAKE_A_KEY}",
        ) from problem


def _wrong_key() -> WrongKeyError:
    return WrongKeyError(
        "sealing_wrong_key",
        "A stored secret was sealed with a key this installation does not have, or it was damaged.",
        "Give back the earlier key, behind the present one in MAILROLL_SECRET_KEY or in the key file, "
        "or enter that secret again. If all was sealed anew since this process began, give it the new key.",
    )
