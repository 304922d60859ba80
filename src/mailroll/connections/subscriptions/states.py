"""What proves a notification: the id of our row, and a code over it that only this installation can make.

It is given to the directory with the subscription (`clientState`, up to 128 characters) and comes back with each
notification. So what is forged is told at once, in memory, whatever comes and however much.
"""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from typing import Final
from uuid import UUID

from mailroll.accounts import installation
from mailroll.sealing import Sealer

LENGTH: Final = 32 + 1 + 43
"""Characters: an id in hexadecimal, a dot, and 256 bits in base64."""
_PURPOSE: Final = b"mailroll: notifications are proved with this"


def issue(row: UUID) -> str:
    """Return what stands for a row, made with the first key of the installation."""
    return f"{row.hex}.{_code(_keys(installation.sealer())[0], row)}"


def judge(state: str) -> UUID | None:
    """Return the row that a state stands for; None where none of our keys made it. Every code takes the same time."""
    if len(state) != LENGTH or not state.isascii():
        return None
    try:
        row = UUID(hex=state[:32])
    except ValueError:
        return None
    keys = _keys(installation.sealer())
    matches = [hmac.compare_digest(state.encode(), f"{row.hex}.{_code(key, row)}".encode()) for key in keys]
    return row if any(matches) else None


def digest(state: str) -> bytes:
    """Return what is kept of it: whether a key of before made it is seen, and it cannot be got back."""
    return sha256(state.encode()).digest()


@lru_cache(maxsize=1)
def _keys(sealer: Sealer) -> tuple[bytes, ...]:
    """As long as this sealer is the present one; there is another where the keys changed."""
    return sealer.derive(_PURPOSE)


def _code(key: bytes, row: UUID) -> str:
    return urlsafe_b64encode(hmac.digest(key, row.bytes, "sha256")).rstrip(b"=").decode()
