"""The file of a backup: a ZIP that is whole or not there, and is read only after every checksum in it was right.

ZIP, as it has its table of contents at the end: what was cut short cannot be taken for less. Any tool opens it.
"""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from mailroll.backup.manifest import BackupManifest, StoredTable, decoded, encoded
from mailroll.disk import whole_file
from mailroll.reconcile.errors import BadInput, MailrollError

MANIFEST: Final = "manifest.json"
KEYS: Final = "keys.sealed"
_FIRST: Final = "mailroll-backup.txt"
_HEAD: Final = 30
"""Bytes before the name of the first file: PKWARE's APPNOTE.TXT, section 4.3.7."""
_PIECE: Final = 1 << 18
_TEXT: Final = (
    "A backup of Mailroll. Bring it back with: mailroll restore FILE\n"
    "It holds names and addresses of people in plain text: keep it as safe as the database itself.\n"
)


class BackupWriter:
    """Puts parts into a backup that is being written."""

    def __init__(self, into: zipfile.ZipFile) -> None:
        self._zip = into

    def put(self, name: str, pieces: Iterable[bytes]) -> tuple[int, str]:
        """Write one part; returns how many lines it has, and its SHA-256."""
        digest, lines = hashlib.sha256(), 0
        # Who opens the parts gets their rows, so they are for the owner alone as well.
        entry = zipfile.ZipInfo(name)
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100600 << 16
        with self._zip.open(entry, "w", force_zip64=True) as part:
            for piece in _in_large(pieces):
                part.write(piece)
                digest.update(piece)
                lines += piece.count(b"\n")
        return lines, digest.hexdigest()

    def finish(self, manifest: BackupManifest) -> bytes:
        """Write the manifest and return it as it is written."""
        content = encoded(manifest)
        self.put(MANIFEST, [content])
        return content


@contextmanager
def writing(file: Path) -> Iterator[BackupWriter]:
    """Write a backup beside its place, and move it there once all of it is on the disk. Raises `MailrollError`."""
    _expect_free(file)
    try:
        with whole_file(file) as opened, zipfile.ZipFile(opened, "w") as into:
            writer = BackupWriter(into)
            writer.put(_FIRST, [_TEXT.encode()])
            yield writer
    except OSError as error:
        raise MailrollError(
            "backup_not_written",
            f"The backup cannot be written to {file} ({error.strerror}). What was there before is still there.",
            "Make room, or name a place that this account can write to.",
        ) from error


class BackupReader:
    """Gives what is in a backup, which was checked as a whole."""

    def __init__(self, of: zipfile.ZipFile) -> None:
        self._zip = of
        self.raw_manifest = of.read(MANIFEST)
        self.manifest = decoded(self.raw_manifest)
        for part in self.manifest.parts:
            self._check(part)
        self.sealed_keys = of.read(KEYS) if self.manifest.keys_inside else None

    def pieces(self, name: str) -> Iterator[bytes]:
        with self._zip.open(name) as part:
            while piece := part.read(_PIECE):
                yield piece

    def _check(self, part: StoredTable) -> None:
        digest = hashlib.sha256()
        for piece in self.pieces(part.file):
            digest.update(piece)
        if digest.hexdigest() != part.sha256:
            raise _damaged(f"The checksum of {part.table} is another one")


@contextmanager
def reading(file: Path) -> Iterator[BackupReader]:
    """Open a backup; raises `BadInput` where it is none, is not whole, or any of it is not what was written."""
    try:
        opened = file.open("rb")
    except OSError as error:
        raise BadInput("file_unreadable", f"{file} cannot be read ({error.strerror}).", "Name another file.") from error
    with opened:
        if not is_backup(file):
            raise BadInput("not_a_backup", f"{file} is no backup of Mailroll.", "Name another file.")
        if not zipfile.is_zipfile(opened):
            raise BadInput(
                "backup_cut_short",
                f"{file} ends too early, so it is not whole. Nothing of it was restored.",
                "Copy it again from where it was made, or take another backup.",
            )
        with _unzipped(opened) as of:
            yield _checked(of)


def is_backup(file: Path) -> bool:
    """Whether a file begins as a backup does."""
    with file.open("rb") as opened:
        return opened.read(_HEAD + len(_FIRST))[_HEAD:] == _FIRST.encode()


_DAMAGES: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    # A part is not there, ends early, is said to be encrypted or packed in another way, or to lie before the file.
    KeyError,
    EOFError,
    RuntimeError,
    ValueError,
    OverflowError,
    OSError,
)
"""What `zipfile` raises over bytes that were changed."""


def _unzipped(opened: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(opened)
    except _DAMAGES as error:
        raise _damaged(f"Its table of contents cannot be read ({error})") from error


def _checked(of: zipfile.ZipFile) -> BackupReader:
    try:
        return BackupReader(of)
    except _DAMAGES as error:
        raise _damaged(f"A part of it cannot be read ({error})") from error


def _damaged(reason: str) -> BadInput:
    return BadInput(
        "backup_damaged",
        f"{reason}, so the backup is not what was written. Nothing of it was restored.",
        "Copy it again from where it was made, or take another backup.",
    )


def _in_large(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Join what comes row by row: to compress each by itself takes several times as long."""
    buffer = bytearray()
    for piece in pieces:
        buffer += piece
        if len(buffer) >= _PIECE:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer)


def _expect_free(file: Path) -> None:
    """An earlier backup may be replaced, and nothing else."""
    if file.is_symlink() or (file.exists() and not (file.is_file() and (not file.stat().st_size or is_backup(file)))):
        raise BadInput(
            "backup_in_the_way",
            f"{file} is there already and is no backup of Mailroll, so it was left alone.",
            "Name another file.",
        )
