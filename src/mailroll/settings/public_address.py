"""Whether an address can be one that programs on the Internet reach."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

_NAMES_OF_NOBODY: Final = frozenset("localhost local internal test invalid example onion arpa lan home corp".split())
"""Last labels that no public name has: RFC 6761, 6762, 7686, 8375 and ICANN's reservation of `internal`; the last three
are what people call their own networks by."""


def is_public(url: str | None) -> bool:
    """Whether it is https, and its host a name with a dot or an address that can stand in the Internet.

    What its name leads to, only a look-up could tell, and from elsewhere that may be another.
    """
    parts = urlsplit(url or "")
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme != "https" or not host:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and host.rpartition(".")[2] not in _NAMES_OF_NOBODY
