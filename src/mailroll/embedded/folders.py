"""The folders of the server: made closed, and refused where others could reach in."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from mailroll.embedded.account import Account
from mailroll.embedded.errors import EmbeddedError
from mailroll.embedded.places import ServerFiles

_CLOSED = 0o700
_OPEN_TO_OTHERS = 0o077
_WRITABLE_BY_OTHERS = 0o022


def prepare_home(home: Path) -> None:
    """Make the data folder, or check that it is ours and that nobody else can change what is in it."""
    try:
        home.mkdir(mode=_CLOSED, parents=True, exist_ok=True)
    except OSError as problem:
        raise _unusable(home, problem) from problem
    used(home)


def used(home: Path) -> bool:
    """Whether there is a data folder to look into; refuses one that is not ours."""
    try:
        folder_stat = home.stat()
    except FileNotFoundError:
        return False
    except OSError as problem:
        raise _unusable(home, problem) from problem
    if folder_stat.st_uid != os.geteuid():
        raise EmbeddedError(
            "embedded_folder_not_ours",
            f"The data folder {home} belongs to user {folder_stat.st_uid}, and this is user {os.geteuid()}.",
            "Run Mailroll as the folder's owner, or set MAILROLL_DATA_DIR to a folder of your own.",
        )
    if folder_stat.st_mode & _WRITABLE_BY_OTHERS:
        raise EmbeddedError(
            "embedded_folder_open",
            f"Other users can write to the data folder {home}, so they could replace the database.",
            f"Close it: chmod 700 {home}",
        )
    return True


def _unusable(home: Path, problem: OSError) -> EmbeddedError:
    return EmbeddedError(
        "embedded_folder_unusable",
        f"The data folder {home} cannot be used ({problem.strerror}).",
        "Set MAILROLL_DATA_DIR to a folder that you can write to.",
    )


def prepare_cluster(folder: Path, account: Account) -> None:
    folder.mkdir(mode=_CLOSED)
    account.own(folder)


def prepare_sockets(places: ServerFiles, account: Account) -> None:
    """Make the short folder of a long path; where it exists, trust it only as a closed folder of ours."""
    if not places.sockets_apart:
        return
    with suppress(FileExistsError):
        places.sockets.mkdir(mode=_CLOSED)
    folder_stat = places.sockets.lstat()
    if (
        not stat.S_ISDIR(folder_stat.st_mode)
        or folder_stat.st_uid not in {os.geteuid(), account.uid}
        or folder_stat.st_mode & _OPEN_TO_OTHERS
    ):
        raise EmbeddedError(
            "embedded_socket_folder_not_ours",
            f"{places.sockets} is not a folder that only user {account.uid} can enter.",
            "Have it removed by its owner, or set MAILROLL_DATA_DIR to a shorter path.",
        )
    account.own(places.sockets)
