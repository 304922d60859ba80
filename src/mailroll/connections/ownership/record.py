"""The record that proves a name: where it has to stand, and what it has to say.

Both follow the IETF's advice for it (draft-ietf-dnsop-domain-verification-techniques): a label of our own with an
underscore, so that it stands in nobody's way, and a token of at least 128 bits of chance that is good for one asker.
"""

from dataclasses import dataclass
from secrets import token_hex
from typing import Final

LABEL: Final = "_mailroll-challenge"
KEY: Final = "mailroll-proof="
_OCTETS: Final = 16


@dataclass(frozen=True, slots=True)
class TxtRecord:
    """A TXT record, as people enter it at whoever keeps their zone."""

    name: str
    value: str


def new_token() -> str:
    return token_hex(_OCTETS)


def record_of(name: str, token: str) -> TxtRecord:
    """The record that proves a name (in A-labels) to whoever gave out the token."""
    return TxtRecord(f"{LABEL}.{name}", KEY + token)
