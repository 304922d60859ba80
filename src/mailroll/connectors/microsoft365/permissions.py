"""The application permissions that this version uses, why, and which request tells whether they are there.

Names and requests: Microsoft Graph "permissions reference". All of them read; none reads mail. A feature that needs
another permission adds its line here.
"""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Need:
    """A permission, the paths below the version that demand it, and what there is not without it.

    Those that are not `required` make Mailroll know more: it works without them.
    """

    name: str
    paths: re.Pattern[str]
    why: str
    without: str
    required: bool = True

    @property
    def fix(self) -> str:
        return f"Add the application permission {self.name} to the registration and let an administrator consent again."


def _below(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})(?:[/?]|\Z)", re.ASCII)


USERS: Final = Need("User.Read.All", _below("users"), "Reads users with their addresses and licences.", "No sync")
DOMAINS: Final = Need(
    "Domain.Read.All", _below("domains"), "Reads which mail domains the tenant has verified.", "No sync"
)
ORGANIZATION: Final = Need(
    "Organization.Read.All",
    _below("organization|subscribedSkus"),
    "Reads which tenant it is that answers, and which products it has.",
    "No connection",
)
GROUPS: Final = Need(
    "GroupMember.Read.All",
    _below("groups"),
    "Reads groups with their addresses, and who is in them.",
    "No addresses of groups, and no filters by group",
    required=False,
)
CONTACTS: Final = Need(
    "OrgContact.Read.All",
    _below("contacts"),
    "Reads the contacts in the address book.",
    "No addresses of contacts",
    required=False,
)
MAILBOXES: Final = Need(
    "MailboxSettings.Read",
    _below(r"users/[^/]+/mailboxSettings"),
    "Tells shared mailboxes, rooms and equipment from people.",
    "Kinds of mailboxes are guessed from licences",
    required=False,
)
PLACES: Final = Need(
    "Place.Read.All", _below("places"), "Reads the list of rooms.", "Some rooms are not told apart", required=False
)

NEEDS: Final = (USERS, DOMAINS, ORGANIZATION, GROUPS, CONTACTS, MAILBOXES, PLACES)

_BY_PATH: Final = (MAILBOXES, *(need for need in NEEDS if need is not MAILBOXES))  # the longer path first


def permission_for(path: str) -> str:
    """Return the name of the permission that a request to this path (below the version) needs.

    What is left over (`directoryObjects`) is documented as demanding all of the directory. See `Microsoft365.find`.
    """
    return next((need.name for need in _BY_PATH if need.paths.match(path)), "Directory.Read.All")
