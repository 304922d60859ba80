"""Run pytest on Debian's PostgreSQL 15, older than the one in the wheel; 75 where this machine can have none.

The tables belong to a plain owner there too. The packages are unpacked and never installed, as the servers of
`tests/gateways_real` are.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailroll.embedded.account import Account, account
from tests.gateways_real.servers import debian

_WANTED = (("postgresql-15",),)
_CLUSTER = "--username=postgres --locale=C.UTF-8 --encoding=UTF8 --auth-local=trust --auth-host=reject".split()
# What is worth nothing need not survive a power cut.
_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


def main() -> int:
    try:
        root = debian.unpacked(_WANTED)
    except debian.NotHereError as reason:
        print(reason, file=sys.stderr)
        return 75
    with tempfile.TemporaryDirectory(prefix="mailroll-postgresql-") as folder, _serving(root, Path(folder)) as url:
        words = [sys.executable, "-m", "pytest", *sys.argv[1:]]
        return subprocess.run(words, check=False, env={**os.environ, "DATABASE_URL": url}).returncode  # noqa: S603


@contextmanager
def _serving(root: Path, folder: Path) -> Iterator[str]:
    """Give the address of a fresh cluster, reached by its socket alone."""
    who = account(folder / "data")
    who.own(folder)
    programs, options = root / "usr/lib/postgresql/15/bin", {**_OPTIONS, "unix_socket_directories": str(folder)}
    server = " ".join(f"-c {name}={value}" for name, value in options.items())
    data = ("-D", str(folder / "data"))
    _run(who, root, folder, programs / "initdb", *data, *_CLUSTER)
    _run(who, root, folder, programs / "pg_ctl", *data, "-l", str(folder / "log"), "-o", server, "-w", "start")
    try:
        # Whoever owns the tables is no superuser, as it should be; CREATEDB is for the databases of tests.
        _run(who, root, folder, programs / "createuser", "-h", str(folder), "-U", "postgres", "--createdb", "mailroll")
        yield f"postgresql://mailroll@/postgres?host={folder}"
    finally:
        _run(who, root, folder, programs / "pg_ctl", *data, "-m", "immediate", "-w", "stop")


def _run(who: Account, root: Path, folder: Path, *words: str | Path) -> None:
    """Run a program of Debian's as the account that PostgreSQL has, which refuses root."""
    done = subprocess.run(  # noqa: S603 - the words are ours
        [str(word) for word in words],
        cwd=folder,
        env=debian.environment(root),
        user=who.switch.pw_uid if who.switch else None,
        group=who.switch.pw_gid if who.switch else None,
        extra_groups=[] if who.switch else None,
        stdout=subprocess.DEVNULL,  # no pipe: the server would hold it open
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{words[0]} failed")


if __name__ == "__main__":
    sys.exit(main())
