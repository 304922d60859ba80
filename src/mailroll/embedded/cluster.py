"""A data directory of PostgreSQL: made whole or not at all, and only ever opened by its own version."""

import re
import shutil
from enum import Enum
from pathlib import Path

from mailroll.disk import flush_folder
from mailroll.embedded import folders
from mailroll.embedded.account import Account
from mailroll.embedded.binaries import MAJOR
from mailroll.embedded.errors import EmbeddedError
from mailroll.embedded.places import ServerFiles

SUPERUSER = "postgres"


class Profile(Enum):
    """What the data is worth."""

    DURABLE = "durable"
    """Survives a power cut."""
    DISPOSABLE = "disposable"
    """For tests: survives a killed server, not a power cut."""


def make(places: ServerFiles, account: Account, programs: Path, profile: Profile) -> None:
    """1. Run initdb beside the final place  2. rename: what has the name is complete."""
    if places.unborn.exists():
        shutil.rmtree(places.unborn)
    folders.prepare_cluster(places.unborn, account)
    process = account.run([str(programs / "initdb"), *_words(account, profile)], folder=places.unborn)
    if process.returncode:
        raise EmbeddedError(
            "embedded_initdb_failed",
            f"PostgreSQL could not make its data directory: {_reason(process.stdout)}.",
            "Put that right, or set DATABASE_URL.",
        )
    places.unborn.rename(places.cluster)
    flush_folder(places.home)


def _words(account: Account, profile: Profile) -> list[str]:
    return [
        f"--pgdata={account.here}",
        f"--username={SUPERUSER}",
        "--auth-local=trust",  # only the owner can enter the folder of the socket
        "--auth-host=reject",
        "--encoding=UTF8",
        # Built in, so that an upgrade of the system's C library never breaks an index.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--set=timezone=UTC",
        "--set=log_timezone=UTC",
        "--set=shared_buffers=128MB",
        "--set=max_connections=100",
        # Errors come back to the caller; in the log their statements would spread people's addresses.
        "--set=log_min_messages=log",
        "--set=log_min_error_statement=panic",
        "--set=log_checkpoints=off",
        *(["--no-sync"] if profile is Profile.DISPOSABLE else []),
    ]


def check_version(places: ServerFiles) -> None:
    """Refuse the data of another major version: PostgreSQL cannot read it."""
    try:
        version = (places.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise EmbeddedError(
            "embedded_no_cluster",
            f"{places.cluster} exists but is no data directory of PostgreSQL.",
            "Restore it from a backup, or move it away to begin with an empty database.",
        ) from problem
    if version != MAJOR:
        raise EmbeddedError(
            "embedded_other_major",
            f"{places.cluster} was made by PostgreSQL {version}, and this installation has {MAJOR}.",
            f"With the Mailroll that made it, run mailroll backup. Then move {places.cluster} away, and run mailroll "
            f"restore with this one; or run PostgreSQL {version} and set DATABASE_URL.",
        )


def _reason(output: str) -> str:
    """Return what went wrong first: the last line of initdb says that it tidies up."""
    if error := re.search(r"(?:FATAL:  |initdb: error: )(.+)", output):
        return error[1].rstrip(".")
    lines = output.strip().splitlines()
    return lines[-1].removeprefix("initdb: ").rstrip(".") if lines else "it gave no reason"
