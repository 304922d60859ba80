"""Who may read the metrics: whoever brings the token, from a network that may; nobody where neither is set."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Final

TOKEN_LEAST: Final = 20
"""Characters: what has fewer can be guessed."""


class Admittance(StrEnum):
    """What becomes of somebody who asks."""

    OFF = "off"
    WRONG_PLACE = "wrong place"
    WRONG_TOKEN = "wrong token"  # noqa: S105 - what became of it, not one of them
    NO_TOKEN_KEPT = "no token kept"  # noqa: S105
    """The file of the token cannot be read, or what it holds is too short."""
    GRANTED = "granted"


@dataclass(frozen=True, slots=True)
class Admission:
    """What is set has to hold: a token, networks, or both."""

    token_file: Path | None = None
    networks: Sequence[IPv4Network | IPv6Network] = ()

    @property
    def is_off(self) -> bool:
        return self.token_file is None and not self.networks

    def judge(self, authorization: str, visitor: str | None) -> Admittance:
        """`visitor`: the address of who asks; None where something in between that nobody vouches for hides it."""
        if self.is_off:
            return Admittance.OFF
        if self.networks and not is_within(visitor, self.networks):
            return Admittance.WRONG_PLACE
        if self.token_file is None:
            return Admittance.GRANTED
        # Read each time: a token that is changed holds from the next question on, and it is asked four times a minute.
        kept_token = _read(self.token_file)
        if len(kept_token) < TOKEN_LEAST:
            return Admittance.NO_TOKEN_KEPT
        scheme, _, token = authorization.partition(" ")
        is_right = hmac.compare_digest(token.strip().encode("utf-8", "replace"), kept_token.encode())
        return Admittance.GRANTED if is_right and scheme.lower() == "bearer" else Admittance.WRONG_TOKEN


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def is_within(visitor: str | None, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    try:
        address = ip_address((visitor or "").partition("%")[0])
    except ValueError:
        return False
    # A socket that takes both kinds shows an IPv4 address inside of an IPv6 one (RFC 4291, 2.5.5.2).
    mapped = getattr(address, "ipv4_mapped", None)
    return any((mapped or address) in network for network in networks)
