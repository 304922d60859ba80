"""How much of everything the server gives away."""

import resource
from dataclasses import dataclass
from typing import Final

BACKLOG: Final = 64
"""Connections that wait to be accepted, and that asyncio accepts at a time."""
KEPT_FILES: Final = 4 * BACKLOG + 64
"""Open files that are not connections of visitors: those that are accepted before others have closed, the database's,
uploads on disk, and the interpreter's own."""
WANTED_FILES: Final = 4096


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Seconds, bytes and numbers. A visitor with a slow line is far inside all of them."""

    head_within: float = 10.0
    """From the first byte of a request, or from the connection, to the end of its head."""
    body_within: float = 20.0
    body_rate: int = 4096
    """A body may take `body_within`, and a second longer for every so many bytes of it that came."""
    read_within: float = 30.0
    """How long a visitor may leave an answer unread, once 64 KiB of it wait for them."""
    head_bytes: int = 32 * 1024
    body_bytes: int = 256 * 1024
    """Of a form; a page that takes files says so itself."""
    connections: int = 1000

    @property
    def open_connections(self) -> int:
        """As many as wanted, and as the limit of open files leaves."""
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if files == resource.RLIM_INFINITY:
            return self.connections
        return max(16, min(self.connections, files - KEPT_FILES))


def raise_open_files() -> None:
    """Take as many open files as are wanted, where the system lets us: the usual limit of 1,024 is one to be raised."""
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted_files = WANTED_FILES if most == resource.RLIM_INFINITY else min(WANTED_FILES, most)
    if files != resource.RLIM_INFINITY and files < wanted_files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted_files, most))
