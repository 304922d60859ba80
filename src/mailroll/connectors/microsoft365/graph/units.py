"""What Graph lets an application ask for in a while, and what each question costs of it.

All of it is Microsoft's own page (learn.microsoft.com/graph/throttling-limits, "Identity and access service limits"):
resource units in token buckets, one for each application and tenant, by how many users the tenant has, and one for the
application over all tenants. It may refuse earlier, too, when the service or the tenant is under load.
"""

import re
from typing import Final
from urllib.parse import parse_qsl

from mailroll.connectors.meter import UnitScope

PAIR_SPAN: Final = 10.0
"""Seconds in which an application may ask one tenant for `SMALL`, `MEDIUM` or `LARGE` units."""
SMALL: Final = 3_500
MEDIUM: Final = 5_000
MEDIUM_FROM: Final = 50
"""Users."""
LARGE: Final = 8_000
LARGE_ABOVE: Final = 500

APPLICATION_SPAN: Final = 20.0
APPLICATION: Final = 150_000

_FEW: Final = 20
_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_COSTS: Final = {
    "users": 2,
    "users/{}/memberOf": 2,
    "users/{}/transitiveMemberOf": 2,
    "users/{}/checkMemberGroups": 4,
    "groups/{}/members": 3,
    "groups/{}/transitiveMembers": 5,
    "subscribedSkus": 3,
    "directoryObjects/getByIds": 5,
}
_SELECTED: Final = {"directoryObjects/getByIds": 2}
"""What costs another sum with `$select` than one less."""
_ELSEWHERE: Final = ("$batch", "places")
"""What is not of identity and access. Of a batch each part counts; ours hold questions to mailboxes alone."""


def of_pair(graph: str, client: str, tenant: str, users: int) -> UnitScope:
    """Return what an application may ask of a tenant, which is known to have so many users."""
    quota = SMALL if users < MEDIUM_FROM else MEDIUM if users <= LARGE_ABOVE else LARGE
    return UnitScope(f"{graph} {client} {tenant}", quota, PAIR_SPAN)


def of_application(graph: str, client: str) -> UnitScope:
    return UnitScope(f"{graph} {client}", APPLICATION, APPLICATION_SPAN)


def cost(path: str, query: str) -> int:
    """Return what a question costs by the page: a base, less for `$select` and few objects, more for `$expand`.

    `path` is below the version. A link holds what was asked for in its tokens, so it counts as the page has it.
    """
    parts = ["{}" if _GUID.fullmatch(part) else part for part in path.split("/")]
    if parts[0] in _ELSEWHERE or "mailboxSettings" in parts:
        return 0
    plain = "/".join(part for part in parts if not part.startswith("microsoft.graph."))
    options = _options(query)
    if "$select" in options and plain in _SELECTED:
        return _SELECTED[plain]
    few = options.get("$top", "")
    less = ("$select" in options) + (few.isdecimal() and int(few) < _FEW)
    return max(1, _COSTS.get(plain, 1) + ("$expand" in options) - less)


def _options(query: str) -> dict[str, str]:
    if "%" in query or "+" in query:
        return dict(parse_qsl(query))
    # What is written plainly, as nearly every question is, need not be unquoted piece by piece.
    parted = (part.partition("=") for part in query.split("&"))
    return {name: value for name, _, value in parted if value}
