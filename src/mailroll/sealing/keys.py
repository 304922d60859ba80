"""Where the keys come from: given as text, in a file of the operator's, or in a file made by us."""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet

from mailroll.disk import whole_file
from mailroll.sealing.errors import LostKeyError, SealingError
from mailroll.sealing.sealer import MAKE_A_KEY

KEY_FILE = "secret.key"

_HEADER = (
    "# Mailroll seals stored credentials with these keys: the first one seals, all of them open.\n"
    "# Keep a copy apart from the database; without it the credentials have to be entered again.\n"
)
_OTHERS = 0o007
_GROUP_AND_OTHERS = 0o077
_WRITABLE_BY_OTHERS = 0o022


def keys_from(keys: Sequence[str], file: Path | None, data_dir: Path) -> tuple[str, ...]:
    """The keys given, else those of the file, else those of the data folder's own file.

    Raises `SealingError`, and of these `LostKeyError` where that last one is missing; what is a key is for `Sealer`
    to say.
    """
    if keys:
        return tuple(keys)
    if file is not None:
        # A group may share it: orchestrators hand out secrets that way.
        return _read_keys(file, closed_to=_OTHERS, flags=0)
    own = data_dir / KEY_FILE
    if not os.path.lexists(own):  # a link into nowhere is not followed, and not missing
        raise LostKeyError(
            "sealing_key_file_missing",
            f"There is no key file {own}, and the database holds secrets that were sealed with a key.",
            "Bring that file back from where its copy is, or set MAILROLL_SECRET_KEY as it was. If the key is lost for "
            "good, run: mailroll keys make. It names what has to be connected anew.",
        )
    return _read_keys(own, closed_to=_GROUP_AND_OTHERS, flags=os.O_NOFOLLOW)


def make_key(data_dir: Path) -> tuple[str, ...]:
    """Make the data folder's own file with a new key, unless there is one; returns what it holds then."""
    own = data_dir / KEY_FILE
    if not os.path.lexists(own):
        _make(own)
    return keys_from((), None, data_dir)


def add_keys(keys: Sequence[str], data_dir: Path) -> tuple[str, ...]:
    """Put keys behind those of the data folder's own file, made when missing; returns what it holds then."""
    own = data_dir / KEY_FILE
    held = make_key(data_dir)
    new = [key for key in keys if key not in held]
    if new:
        text = own.read_text(encoding="ascii").rstrip("\n")
        with whole_file(own) as opened:
            opened.write(("\n".join([text, "# From a backup: these only open.", *new]) + "\n").encode("ascii"))
    return (*held, *new)


def _read_keys(file: Path, *, closed_to: int, flags: int) -> tuple[str, ...]:
    def opener(path: str, usual: int) -> int:
        return os.open(path, usual | flags)

    try:
        with open(file, encoding="ascii", errors="replace", opener=opener) as opened:
            # Asked of the open file, so that what was checked is what is read.
            _check(file, os.fstat(opened.fileno()), closed_to)
            lines = [line.strip() for line in opened]
    except OSError as problem:
        raise SealingError(
            "sealing_key_file_unreadable",
            f"The key file {file} cannot be read ({problem.strerror}).",
            "Bring it back, or name the right one in MAILROLL_SECRET_KEY_FILE.",
        ) from problem
    keys = tuple(line for line in lines if line and not line.startswith("#"))
    if not keys:
        raise SealingError(
            "sealing_key_file_empty", f"The key file {file} holds no key.", f"Write one into it: {MAKE_A_KEY}"
        )
    return keys


def _check(file: Path, file_stat: os.stat_result, closed_to: int) -> None:
    if not stat.S_ISREG(file_stat.st_mode):
        raise SealingError(
            "sealing_key_file_unreadable",
            f"The key file {file} is no file.",
            "Name the right one in MAILROLL_SECRET_KEY_FILE.",
        )
    if file_stat.st_mode & closed_to:
        raise SealingError(
            "sealing_key_file_open",
            f"Other users can read the key file {file} (mode {stat.S_IMODE(file_stat.st_mode):04o}).",
            f"Close it: chmod 600 {file}. If others may have read it, put a new key in front: {MAKE_A_KEY}",
        )
    if file_stat.st_uid not in {0, os.geteuid()}:
        raise SealingError(
            "sealing_key_file_not_ours",
            f"The key file {file} belongs to user {file_stat.st_uid}, and this is user {os.geteuid()}.",
            "Run Mailroll as the file's owner, or name a file of your own in MAILROLL_SECRET_KEY_FILE.",
        )


def _make(file: Path) -> None:
    """1. Write the whole file under another name  2. link it to its own: the first of several makers wins."""
    _prepare(file.parent)
    with suppress(FileExistsError), whole_file(file, os.link) as opened:
        opened.write(_HEADER.encode("ascii") + Fernet.generate_key() + b"\n")


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise SealingError(
            "sealing_no_folder",
            f"The data folder {folder} cannot be made or is no folder ({problem.strerror}).",
            "Set MAILROLL_DATA_DIR to a folder that you can write to, or set MAILROLL_SECRET_KEY.",
        ) from problem
    folder_stat = folder.stat()
    if folder_stat.st_uid != os.geteuid() or folder_stat.st_mode & _WRITABLE_BY_OTHERS:
        raise SealingError(
            "sealing_folder_open",
            f"The data folder {folder} is not yours alone, so others could replace the key in it.",
            f"Close it (chmod 700 {folder}), set MAILROLL_DATA_DIR to another one, or set MAILROLL_SECRET_KEY.",
        )
