"""Values that only one browser knows: made by chance, stored as hashes, and what goes with them sealed."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from mailroll.accounts import installation
from mailroll.sealing import Sealer

BYTES: Final = 32
"""256 bits of chance; 128 would do."""


def fresh() -> str:
    return secrets.token_urlsafe(BYTES)


def hash_of(token: str) -> bytes:
    """A plain hash is enough: nobody guesses 256 bits, however fast they hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def seal(attempt: UUID, values: Mapping[str, str]) -> str:
    return installation.sealer().seal(json.dumps(dict(values)), _context(attempt))


def unseal(attempt: UUID, sealed: str) -> Mapping[str, str]:
    opened: Mapping[str, str] = json.loads(installation.sealer().open(sealed, _context(attempt)))
    return opened


def try_open(attempt: UUID, sealed: str, sealer: Sealer) -> None:
    """Raise `SealingError` where it does not open; it goes nowhere."""
    sealer.open(sealed, _context(attempt))


def reseal(attempt: UUID, sealed: str) -> str:
    return installation.sealer().rotate(sealed, _context(attempt))


def _context(attempt: UUID) -> str:
    return f"consent:{attempt}:sign-in"
