"""JSON values, times and identifiers as the simulated services write them."""

import base64
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


def instant(at: datetime) -> str:
    """Give a time as Graph writes one: UTC, whole seconds, with a Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def guid(chance: Random) -> str:
    """Give a random (version 4) GUID from the seeded source."""
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
