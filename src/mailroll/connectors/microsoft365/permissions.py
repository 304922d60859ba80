"""The application permissions that this version uses, why, and which request tells whether they are there.

Names and requests: Microsoft Graph "permissions reference". All of them read; none reads mail. A feature that needs
another permission adds its line here.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Need:
    """A permission, the requests below `resource` that demand it, and what there is not without it."""

    name: str
    resource: str
    why: str
    without: str

    @property
    def fix(self) -> str:
        return f"Add the application permission {self.name} to the registration and let an administrator consent again."


USERS: Final = Need("User.Read.All", "users", "Reads users with their addresses and licences.", "No sync")
DOMAINS: Final = Need("Domain.Read.All", "domains", "Reads which mail domains the tenant has verified.", "No sync")
ORGANIZATION: Final = Need(
    "Organization.Read.All", "organization", "Reads which tenant it is that answers.", "No connection"
)

NEEDS: Final = (USERS, DOMAINS, ORGANIZATION)

# Documented as demanding all of the directory; in practice User.Read.All answers for users. See Microsoft365.find.
_BY_IDS: Final = Need("Directory.Read.All", "directoryObjects", "Asks for many objects by id.", "Fewer at a time")


def permission_for(path: str) -> str:
    """Return the name of the permission that a request to this path (below the version) needs."""
    head = path.partition("/")[0].partition("?")[0]
    return next((need.name for need in (*NEEDS, _BY_IDS) if need.resource == head), "Directory.Read.All")
