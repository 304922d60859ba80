"""The server process: started in a session of its own, found again, cleared away after a violent death."""

import fcntl
import os
import sys
from pathlib import Path

from mailroll.embedded import locks
from mailroll.embedded.account import Account
from mailroll.embedded.cluster import Profile
from mailroll.embedded.errors import EmbeddedError
from mailroll.embedded.places import PORT, ServerFiles

_STATUS_LINE = 7
_SHUT_DOWN = frozenset({1, 2})
_FAST_AND_LOOSE = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)


def start(places: ServerFiles, account: Account, programs: Path, profile: Profile) -> None:
    """Start the server and return at once; its processes inherit the lock that says they are alive."""
    with locks.opened(places.alive) as alive:
        if not locks.take(alive, fcntl.LOCK_EX):
            raise EmbeddedError(
                "embedded_not_gone",
                "Processes of a PostgreSQL that was stopped are still ending.",
                "Run the command again in a moment.",
            )
        _clear(places)
        log = _fresh_log(places)
        try:
            started = account.run(
                [
                    str(programs / "pg_ctl"),
                    "--no-wait",
                    "--silent",
                    f"--pgdata={account.here}",
                    f"--options={_options(places, profile)}",
                    "start",
                ],
                folder=places.cluster,
                output=log,
                keep=(alive,),
            )
        finally:
            os.close(log)
    if started.returncode:
        raise failed(places)


def _options(places: ServerFiles, profile: Profile) -> str:
    """Read by a shell in pg_ctl: only words that need no quoting."""
    settings = [
        "listen_addresses=",
        f"port={PORT}",
        # A relative folder has no length limit on the server's side.
        f"unix_socket_directories={places.sockets if places.sockets_apart else '.'}",
        "unix_socket_permissions=0700",
    ]
    if profile is Profile.DISPOSABLE:
        settings += _FAST_AND_LOOSE
    return " ".join(f"-c {setting}" for setting in settings)


def _clear(places: ServerFiles) -> None:
    """Remove what a dead server left, where PostgreSQL itself would take it for alive.

    PostgreSQL only asks whether the noted process exists. In a container its number soon belongs to another
    process, and a killed server stays a zombie where process 1 reaps nobody.
    """
    lock = places.socket.with_name(f"{places.socket.name}.lock")
    for note in (places.pid, lock):
        pid = _read_pid(note)
        if pid is not None and not _is_postgres(pid):
            note.unlink(missing_ok=True)


def _fresh_log(places: ServerFiles) -> int:
    if places.log.exists():
        places.log.replace(places.earlier_log)
    return os.open(places.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)


def find(places: ServerFiles) -> int | None:
    """The process id of the server, where one runs."""
    pid = _read_pid(places.pid)
    return pid if pid is not None and _is_postgres(pid) else None


def ready(places: ServerFiles) -> bool:
    """Whether the server says that it takes connections."""
    lines = _lines(places.pid)
    return len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"


def ended_by_itself(places: ServerFiles) -> bool:
    """Whether a server that is gone was stopped by nobody: its last word about itself is not that it was shut down.

    That is the member `state` of PostgreSQL's `ControlFileData`, behind 16 bytes: 0 begins, 1 and 2 were shut down
    (src/include/catalog/pg_control.h).
    """
    try:
        state = (places.cluster / "global/pg_control").read_bytes()[16:20]
    except OSError:
        return False
    return len(state) == 4 and int.from_bytes(state, sys.byteorder) not in _SHUT_DOWN  # noqa: PLR2004 - an int


def failed(places: ServerFiles) -> EmbeddedError:
    """The error of a server that ended while starting, with its last word."""
    words = _lines(places.log)
    reason = next((line.partition("FATAL:")[2].strip() for line in words if "FATAL:" in line), None)
    return EmbeddedError(
        "embedded_start_failed",
        f"PostgreSQL ended while starting{f': {reason}' if reason else ''}.",
        f"Its log says more: {places.log}",
    )


def _read_pid(note: Path) -> int | None:
    lines = _lines(note)
    try:
        return int(lines[0]) if lines else None
    except ValueError:
        return None


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _is_postgres(pid: int) -> bool:
    """Whether that process is a living `postgres`; where there is no /proc, whether it lives at all."""
    if Path("/proc/self/stat").exists():
        try:
            # "12 (postgres) S 1 ...": a name may hold spaces and brackets, so split at the last one.
            name, _, rest = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return name.partition("(")[2] == "postgres" and rest.split()[0] not in {"Z", "X"}
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
