"""A real PostgreSQL out of a wheel, kept in the data folder: nothing to install, nothing listening."""

from mailroll.embedded.cluster import Profile
from mailroll.embedded.errors import EmbeddedError
from mailroll.embedded.places import ServerAddress, address, dsn
from mailroll.embedded.server import FolderState, Started, administrator, ensure, fell, status, stop

__all__ = [
    "EmbeddedError",
    "FolderState",
    "Profile",
    "ServerAddress",
    "Started",
    "address",
    "administrator",
    "dsn",
    "ensure",
    "fell",
    "status",
    "stop",
]
