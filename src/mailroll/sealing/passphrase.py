"""Keys on their way to another machine: sealed with a passphrase that a person keeps."""

import hashlib
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from mailroll.sealing.errors import SealingError, WrongKeyError

SHORTEST: Final = 12
"""Characters: whoever has the file may guess for as long as they like."""

# What OWASP's cheat sheet on storing passwords names for scrypt: 128 MiB and some tenths of a second for a guess.
# They belong to the form of the file and are not read from it: nobody can have this process take more.
_N, _R, _P = 1 << 17, 8, 1
_SALT, _NONCE, _KEY = 16, 12, 32


def seal_with(passphrase: str, plain: bytes, context: bytes) -> bytes:
    """Seal for a context that has to be the same when it is opened. Raises `SealingError` for a short passphrase."""
    if len(passphrase) < SHORTEST:
        raise SealingError(
            "passphrase_short",
            f"The passphrase has fewer than {SHORTEST} characters.",
            "Take a longer one: five words of a dice list, for example.",
        )
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    return salt + nonce + ChaCha20Poly1305(_key(passphrase, salt)).encrypt(nonce, plain, context)


def open_with(passphrase: str, sealed: bytes, context: bytes) -> bytes:
    """Open what was sealed so; raises `WrongKeyError`, as another passphrase and another context look alike."""
    salt, nonce, body = sealed[:_SALT], sealed[_SALT : _SALT + _NONCE], sealed[_SALT + _NONCE :]
    try:
        return ChaCha20Poly1305(_key(passphrase, salt)).decrypt(nonce, body, context)
    except (InvalidTag, ValueError) as problem:
        raise WrongKeyError(
            "passphrase_wrong",
            "The passphrase is another one, or the backup was changed after it was made.",
            "Try the passphrase again. If it is lost, restore with --without-keys: stored secrets then open only with "
            "keys that this installation has.",
        ) from problem


def name_of(key: str) -> str:
    """Tell keys apart without telling anything about them: they are 32 bytes of chance, so nobody guesses them."""
    return hashlib.sha256(b"mailroll key\0" + key.encode()).hexdigest()[:16]


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=_KEY, n=_N, r=_R, p=_P).derive(passphrase.encode("utf-8", "surrogatepass"))
