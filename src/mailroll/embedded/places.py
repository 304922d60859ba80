"""Where an embedded PostgreSQL keeps its things, computed from the data folder alone."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

PORT = 5432
ROLE = "mailroll"
DATABASE = "mailroll"

_SOCKET = f".s.PGSQL.{PORT}"
# sun_path holds 108 bytes with its final zero on Linux, 104 on macOS.
_LONGEST_SOCKET_PATH = 103
# Not tempfile.gettempdir(): server and clients must agree, whatever TMPDIR each of them has.
_SHORT = Path("/tmp")  # noqa: S108 - the folder made in it is checked to be ours


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """What a client needs; `host` is the folder of the socket."""

    host: str
    port: int
    user: str
    dbname: str

    @property
    def dsn(self) -> str:
        return f"postgresql://{self.user}@/{self.dbname}?host={quote(self.host, safe='')}&port={self.port}"


@dataclass(frozen=True, slots=True)
class ServerFiles:
    home: Path
    """The data folder: ours, with other things in it."""
    cluster: Path
    """PostgreSQL's own data directory."""
    unborn: Path
    """Where a new cluster is made before it takes its name."""
    sockets: Path
    log: Path
    earlier_log: Path
    turn: Path
    """Locked by whoever starts or stops the server."""
    alive: Path
    """Locked by the server's processes themselves, so the kernel frees it with the last of them."""

    @property
    def socket(self) -> Path:
        return self.sockets / _SOCKET

    @property
    def pid(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def sockets_apart(self) -> bool:
        return self.sockets != self.cluster


def places(data_dir: Path) -> ServerFiles:
    home = data_dir.absolute()
    cluster = home / "postgresql"
    return ServerFiles(
        home=home,
        cluster=cluster,
        unborn=home / "postgresql.new",
        sockets=_sockets(home, cluster),
        log=home / "postgresql.log",
        earlier_log=home / "postgresql.log.1",
        turn=home / "postgresql.lock",
        alive=home / "postgresql.alive",
    )


def _sockets(home: Path, cluster: Path) -> Path:
    if len(os.fsencode(cluster / _SOCKET)) <= _LONGEST_SOCKET_PATH:
        return cluster
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return _SHORT / f"mailroll-{os.geteuid()}-{digest}"


def address(data_dir: Path) -> ServerAddress:
    """The address of the data folder's server, whether it runs or not."""
    return ServerAddress(host=str(places(data_dir).sockets), port=PORT, user=ROLE, dbname=DATABASE)


def dsn(data_dir: Path) -> str:
    """The same address as a libpq URL."""
    return address(data_dir).dsn
