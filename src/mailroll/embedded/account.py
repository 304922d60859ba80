"""Whom PostgreSQL runs as: ourselves, or for root an account without rights, since PostgreSQL refuses root.

`initdb` looks its user up in the password database, so a bare number will not do. Root uses the account
`postgres` where there is one, and else makes the system account `mailroll-postgres` once. `nobody` is no
choice: files that belong to it belong to every other service that fell back on it.
An existing cluster stays with the account that owns it.

Root's folders are often closed to that account (/root is 0700). No mode is changed for it: the server gets
its folder as working directory and finds it as /proc/self/cwd, which needs no right on the folders above.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from mailroll.embedded import locks
from mailroll.embedded.errors import EmbeddedError

_KNOWN = ("postgres", "mailroll-postgres")
_MADE = "mailroll-postgres"
_ONE_USERADD = Path("/run/mailroll-useradd.lock")
_PATIENCE = 60.0
# Nothing of ours: PGDATA, PGPORT or a locale of the caller would change what is made.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """A user to run PostgreSQL's programs as; `switch` is None where that is the caller."""

    uid: int
    switch: pwd.struct_passwd | None = None

    @property
    def here(self) -> str:
        """The working directory in words that PostgreSQL can follow as this user."""
        return "/proc/self/cwd" if self.switch else "."

    def own(self, folder: Path) -> None:
        if self.switch:
            os.chown(folder, self.switch.pw_uid, self.switch.pw_gid, follow_symlinks=False)

    def run(
        self, command: list[str], *, folder: Path, output: int = subprocess.PIPE, keep: tuple[int, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run in `folder` without input, terminal or environment; descriptors in `keep` are inherited."""
        return subprocess.run(  # noqa: S603 - every word of the command is ours
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=keep,
            env=_ENVIRONMENT,
            umask=0o077,
            start_new_session=True,
            user=self.switch.pw_uid if self.switch else None,
            group=self.switch.pw_gid if self.switch else None,
            extra_groups=[] if self.switch else None,
            check=False,
            text=True,
            errors="replace",
        )


def account(cluster: Path) -> Account:
    """Who runs the server of this cluster, made or not."""
    if os.geteuid() != 0:
        return Account(os.geteuid())
    if cluster.exists():
        return _switch(_owner(cluster))
    for name in _KNOWN:
        if entry := _entry(name):
            return _switch(entry)
    return _switch(_make())


def _switch(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_uid, entry)


def _owner(cluster: Path) -> pwd.struct_passwd:
    uid = cluster.lstat().st_uid
    try:
        if uid != 0:
            return pwd.getpwuid(uid)
    except KeyError:
        pass
    raise EmbeddedError(
        "embedded_owner_unknown",
        f"{cluster} belongs to user {uid}, under which PostgreSQL cannot run.",
        f"Give it to an account without rights: chown -R postgres: {cluster}",
    )


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make() -> pwd.struct_passwd:
    words = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", _MADE]
    if useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin"):
        # Two useradd at once both succeed, and the later one gives the name another number.
        with locks.turn(_ONE_USERADD, _PATIENCE):
            if not _entry(_MADE):
                Account(0).run([useradd, *words], folder=Path("/"))
    if entry := _entry(_MADE):
        return entry
    raise EmbeddedError(
        "embedded_no_account",
        "PostgreSQL does not run as root, and no account without rights could be made for it.",
        "Make one (useradd --system postgres), run Mailroll as an ordinary user, or set DATABASE_URL.",
    )
