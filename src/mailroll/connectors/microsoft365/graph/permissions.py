"""The application permissions that this version uses, why, and which request tells whether they are there.

Names and requests: Microsoft Graph "permissions reference". All of them read; none reads mail. A feature that needs
another permission adds its line here.
"""

import re
from typing import Final

from mailroll.connectors.consent import Need


def _need(name: str, reason: str, without: str, *, required: bool = True) -> Need:
    return Need(name, reason, without, fix_for(name), required)


def fix_for(name: str) -> str:
    return f"Add the application permission {name} to the registration and let an administrator consent again."


USERS: Final = _need("User.Read.All", "Reads users with their addresses and licences.", "No sync")
DOMAINS: Final = _need("Domain.Read.All", "Reads which mail domains the tenant has verified.", "No sync")
ORGANIZATION: Final = _need(
    "Organization.Read.All", "Reads which tenant it is that answers, and which products it has.", "No connection"
)
GROUPS: Final = _need(
    "GroupMember.Read.All",
    "Reads groups with their addresses, and who is in them.",
    "No addresses of groups, and no filters by group",
    required=False,
)
CONTACTS: Final = _need(
    "OrgContact.Read.All", "Reads the contacts in the address book.", "No addresses of contacts", required=False
)
MAILBOXES: Final = _need(
    "MailboxSettings.Read",
    "Tells shared mailboxes, rooms and equipment from people.",
    "Kinds of mailboxes are guessed from licences",
    required=False,
)
PLACES: Final = _need("Place.Read.All", "Reads the list of rooms.", "Some rooms are not told apart", required=False)

NEEDS: Final = (USERS, DOMAINS, ORGANIZATION, GROUPS, CONTACTS, MAILBOXES, PLACES)

# The paths below the version that demand a permission; the longer path comes first.
_PATHS: Final = tuple(
    (re.compile(rf"(?:{pattern})(?:[/?]|\Z)", re.ASCII), need)
    for pattern, need in (
        (r"users/[^/]+/mailboxSettings", MAILBOXES),
        ("users", USERS),
        ("domains", DOMAINS),
        ("organization|subscribedSkus", ORGANIZATION),
        ("groups", GROUPS),
        ("contacts", CONTACTS),
        ("places", PLACES),
    )
)


LISTINGS: Final = frozenset({"users", "domains", "organization", "groups", "contacts", "places/microsoft.graph.room"})
"""The paths whose answer tells whether their permission is there, whatever single objects say."""


def permission_for(path: str) -> str:
    """Return the name of the permission that a request to this path (below the version) needs.

    What is left over (`directoryObjects`) is documented as demanding all of the directory. See `Microsoft365.find`.
    """
    return next((need.name for pattern, need in _PATHS if pattern.match(path)), "Directory.Read.All")
