"""A real PostgreSQL out of a wheel, kept in the data folder: nothing to install, nothing listening."""

from mailroll.embedded.cluster import Profile
from mailroll.embedded.errors import EmbeddedError, NotInstalledError, NotReadyError, RefusedError
from mailroll.embedded.places import Address, address, dsn
from mailroll.embedded.server import Started, State, administrator, ensure, status, stop

__all__ = [
    "Address",
    "EmbeddedError",
    "NotInstalledError",
    "NotReadyError",
    "Profile",
    "RefusedError",
    "Started",
    "State",
    "address",
    "administrator",
    "dsn",
    "ensure",
    "status",
    "stop",
]
